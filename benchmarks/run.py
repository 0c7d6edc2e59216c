"""The stages in their order, on empty servers; prints the table and writes it where asked."""

import argparse
import os
import platform
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402

from benchmarks import (  # noqa: E402
    accepting,
    batches,
    caring,
    counting,
    exchanging,
    feed,
    imports,
    loading,
    pages,
    reviewing,
    seeding,
)
from benchmarks.measuring import Line, manage  # noqa: E402
from divisions.models import Division, Level  # noqa: E402

START, END = "<!-- measured -->", "<!-- end of measured -->"
DEMO_PROVINCE = "97"
MOST_VILLAGES = 2_000


def main() -> None:
    options = _options()
    manage("migrate", "-v0")
    manage("collectstatic", "-v0", "--no-input")
    lines: list[Line] = []
    for line in _stages(options):
        lines.append(line)
        budget = f"  [{line.budget}]" if line.budget else ""
        print(f"{line.what}: {line.measured}{budget}", flush=True)
    text = "\n".join([machine(), "", *table(lines)])
    print(f"\n{text}")
    if options.write:
        write(settings.BASE_DIR / "docs" / "performance.md", text)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--households", type=int, default=100_000)
    parser.add_argument("--divisions", type=Path, help="folder of the official lists")
    parser.add_argument("--without", nargs="*", default=[], choices=["divisions", "imports"])
    parser.add_argument("--write", action="store_true", help="into docs/performance.md")
    return parser.parse_args()


def _stages(options: argparse.Namespace) -> Iterable[Line]:
    """Each stage stands on the rows of the ones before it."""
    if "divisions" not in options.without:
        with tempfile.TemporaryDirectory() as folder:
            yield from loading.measure(options.divisions, Path(folder))
        if "imports" not in options.without:
            yield from _imports(options.households)
    yield from seeding.measure(options.households)
    yield from reviewing.measure()
    yield from counting.measure()
    yield from pages.measure()
    yield from feed.measure()
    yield from accepting.measure()
    yield from caring.measure()
    yield from batches.measure()
    yield from exchanging.measure()


def _imports(households: int) -> Iterable[Line]:
    """Into villages from both ends of the nation, so that no person is in two files."""
    villages = Division.objects.filter(level=Level.VILLAGE, code__lt=DEMO_PROVINCE)
    codes = villages.order_by("code").values_list("code", flat=True)
    yield from imports.measure(10_000, list(codes[:MOST_VILLAGES]))
    if households >= 100_000:
        yield from imports.measure(100_000, list(codes.reverse()[:MOST_VILLAGES])[::-1])


def machine() -> str:
    """The machine in one sentence."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        (version,) = cursor.fetchone()
    cpu = next(
        (
            line.partition(":")[2].strip()
            for line in _lines("/proc/cpuinfo")
            if "model name" in line
        ),
        platform.machine(),
    )
    memory = next(int(line.split()[1]) for line in _lines("/proc/meminfo") if "MemTotal" in line)
    return (
        f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} × {cpu}, {memory / 2**20:.0f} GiB, "
        f"Python {platform.python_version()}, PostgreSQL {version} with fsync on."
    )


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines()


def table(lines: Iterable[Line]) -> list[str]:
    """The lines as a Markdown table."""
    rows = [f"| {line.what} | {line.measured} | {line.budget} |" for line in lines]
    return ["| what | measured | budget |", "|---|---|---|", *rows]


def write(path: Path, text: str) -> None:
    """Put the text between the marks of the document."""
    before, _, rest = path.read_text(encoding="utf-8").partition(START)
    after = rest.partition(END)[2]
    path.write_text(f"{before}{START}\n\n{text}\n\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
