"""Policy gaps of a province: `python -m benchmarks.gaps`, on servers of its own.

A province of 12,000 villages and 100,000 registered households with people, plans and measures.
"""

import sys

from benchmarks.fresh import run

if __name__ == "__main__":
    sys.exit(run("benchmarks.gap_searching", *sys.argv[1:]))
