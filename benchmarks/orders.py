"""How long lists of plans and measures of a province take: `python -m benchmarks.orders`.

On servers of its own, with the province of benchmarks.gaps and a measure of each village.
"""

import sys

from benchmarks.fresh import run

if __name__ == "__main__":
    sys.exit(run("benchmarks.ordering", *sys.argv[1:]))
