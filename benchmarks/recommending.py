"""How long it takes to read and judge every household of a province, and how much memory.

Started by benchmarks.recommendations; the servers are empty.
"""

import django

django.setup()

import resource  # noqa: E402
import time  # noqa: E402
from datetime import date  # noqa: E402

from assistance.queries.facts import chunks_in, frames_of, moment_in  # noqa: E402
from assistance.queries.recommendation import recommended_frame  # noqa: E402
from benchmarks.gap_rows import YEAR, write_province  # noqa: E402
from benchmarks.measuring import Line, manage, timed  # noqa: E402
from benchmarks.roster_rows import PROVINCE  # noqa: E402
from benchmarks.run import machine, table  # noqa: E402

TODAY = date(YEAR, 7, 1)


def main() -> None:
    """Fill the database, recommend for everybody, print the table."""
    manage("migrate", "-v0")
    print(f"{machine()}\n\nthe province is written in {timed(write_province):.0f} s\n", flush=True)
    moment = moment_in([PROVINCE], year=YEAR, today=TODAY)
    reading = judging = 0.0
    households = rows = 0
    for chunk in chunks_in(PROVINCE):
        began = time.monotonic()
        frames = frames_of(chunk, moment)
        read = time.monotonic()
        rows += len(recommended_frame(chunk, frames, year=YEAR))
        households += len(frames.households)
        reading += read - began
        judging += time.monotonic() - read
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    lines = [
        Line(f"facts of {households:,} households read", f"{reading:.1f} s"),
        Line(f"judged: {rows:,} recommendations", f"{judging:.1f} s"),
        Line("memory of the process", f"{peak:.0f} MiB", "≤ 300 MiB"),
    ]
    print("\n".join(table(lines)))


if __name__ == "__main__":
    main()
