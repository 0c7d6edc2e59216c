"""The effect of help in a county of 20,000 households: `python -m benchmarks.effect`.

On servers of its own; the county is one of a province with 100,000 households.
"""

import sys

from benchmarks.fresh import run

if __name__ == "__main__":
    sys.exit(run("benchmarks.effect_pages", *sys.argv[1:]))
