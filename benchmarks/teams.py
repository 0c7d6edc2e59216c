"""Roster and coverage of a whole province: `python -m benchmarks.teams`, on servers of its own.

A province of 12,000 villages, 40,000 terms and 100,000 registered households with helpers.
"""

import sys

from benchmarks.fresh import run

if __name__ == "__main__":
    sys.exit(run("benchmarks.rostering", *sys.argv[1:]))
