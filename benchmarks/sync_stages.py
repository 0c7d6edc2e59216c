"""The stages of the exchange with other systems alone, one after the other, as a table.

Started by benchmarks.sync; the servers are empty.
"""

import argparse

import django

django.setup()

import logging  # noqa: E402
from collections.abc import Iterator  # noqa: E402

from benchmarks import batches, exchanging, feed, seeding  # noqa: E402
from benchmarks.measuring import Line, manage  # noqa: E402
from benchmarks.run import machine, table  # noqa: E402


def main() -> None:
    """Fill the register, measure stage by stage, print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sync")
    parser.add_argument("--households", type=int, default=100_000)
    households = parser.parse_args().households
    manage("migrate", "-v0")
    manage("collectstatic", "-v0", "--no-input")
    logging.getLogger("registry").setLevel(logging.WARNING)
    lines: list[Line] = []
    for line in stages(households):
        lines.append(line)
        print(f"{line.what}: {line.measured}  [{line.budget}]", flush=True)
    print("\n".join(["", machine(), "", *table(lines)]))


def stages(households: int) -> Iterator[Line]:
    """Each stage stands on the rows of the ones before it."""
    yield from seeding.measure(households)
    yield from feed.measure()
    yield from batches.measure()
    yield from exchanging.measure()


if __name__ == "__main__":
    main()
