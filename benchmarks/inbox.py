"""The inbox at 100,000 open cases: `python -m benchmarks.inbox`, on servers of its own.

A province of 12,000 villages with an open exit for each of 100,000 households.
"""

import sys

from benchmarks.fresh import run

if __name__ == "__main__":
    sys.exit(run("benchmarks.deciding", *sys.argv[1:]))
