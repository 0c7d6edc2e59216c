"""Recommendations of a province: `python -m benchmarks.recommendations`, on servers of its own.

The province of benchmarks.gaps: 100,000 registered households with people, plans and measures.
"""

import sys

from benchmarks.fresh import run

if __name__ == "__main__":
    sys.exit(run("benchmarks.recommending", *sys.argv[1:]))
