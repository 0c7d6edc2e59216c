"""Starts fresh servers in a folder of their own, measures on them, and removes them."""

import sys

from benchmarks.fresh import run

if __name__ == "__main__":
    sys.exit(run("benchmarks.run", *sys.argv[1:]))
