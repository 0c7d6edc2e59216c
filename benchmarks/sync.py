"""What the REST door takes and gives: `python -m benchmarks.sync`, on servers of its own.

The feed, batches, a client's push of 100,000, digests and totals, on 100,000 households or as many
as `--households` says.
"""

import sys

from benchmarks.fresh import run

if __name__ == "__main__":
    sys.exit(run("benchmarks.sync_stages", *sys.argv[1:]))
