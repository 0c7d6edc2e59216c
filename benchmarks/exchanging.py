"""A province's night: a file pushed by the client through a real site, and totals to compare."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

from django.conf import settings

from benchmarks.batches import household
from benchmarks.feed import HOST, key_of, site
from benchmarks.measuring import Line, peaks_of, timed
from divisions.models import Division, Level
from exchange.actions.digesting import follow_log
from exchange.models import HouseholdDigest
from officers.rules import Scope

PROVINCE = "97"
PUSHED, FEW = 100_000, 10_000
FIRST = 2_000
"""Numbers below are those of the other benchmarks."""

WORKERS = 2
ALL_PARTS = 100_000
PUSH_BUDGET, TOTALS_BUDGET = "≤ 150 s for 100,000", "≤ 3 s"


def measure() -> Iterator[Line]:
    """Ten thousand, then a hundred thousand new households by the client; then the totals."""
    key = key_of("bench-client", Scope.READ, Scope.WRITE)
    with tempfile.TemporaryDirectory() as folder, site(WORKERS) as (port, server):
        for first, count in ((FIRST, FEW), (FIRST + FEW, PUSHED)):
            path = Path(folder) / f"{count}.ndjson"
            _write(path, first, count)
            seconds = timed(lambda path=path: _push(path, port, key))
            peak = max(peaks_of(server.pid).values())
            yield Line(
                f"{count:,} new households with people and a survey pushed by the client,"
                f" {WORKERS} web processes",
                f"{seconds:.0f} s, {count / seconds:,.0f} a second, largest process {peak:.0f} MiB",
                PUSH_BUDGET if count == PUSHED else "",
            )
        yield from _totals(port, key)


def _totals(port: int, key: str) -> Iterator[Line]:
    seconds = timed(lambda: follow_log(parts=ALL_PARTS))
    count = HouseholdDigest.everywhere.count()
    yield Line(
        f"digests of {count:,} households counted for the first time, by one worker",
        f"{seconds:.0f} s, {count / seconds:,.0f} a second",
    )
    for division, what in ((PROVINCE, "a province"), (PROVINCE + "01", "its first city")):
        seconds = timed(lambda division=division: _ask(port, key, division))
        yield Line(
            f"totals and hashes of {what}, {count:,} households on the register, over HTTP",
            f"{seconds:.2f} s",
            TOTALS_BUDGET,
        )


def _ask(port: int, key: str, division: str) -> None:
    connection = HTTPConnection(HOST, port)
    path = f"/api/v1/sync/totals/?division={division}&year=2019"
    connection.request("GET", path, headers={"Authorization": f"Bearer {key}"})
    answer = connection.getresponse()
    told = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"totals: {answer.status} {told[:500]!r}")


def _write(path: Path, first: int, count: int) -> None:
    villages = Division.objects.filter(level=Level.VILLAGE, code__startswith=PROVINCE)
    codes = list(villages.order_by("code").values_list("pk", flat=True))
    with path.open("w", encoding="utf-8") as file:
        for number in range(first, first + count):
            one = household(codes[number % len(codes)], number)
            file.write(json.dumps(one, ensure_ascii=False) + "\n")


def _push(path: Path, port: int, key: str) -> None:
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "registry_client", "push", str(path)],
        env=os.environ
        | {
            "PYTHONPATH": str(settings.BASE_DIR / "clients" / "python"),
            "SITE": f"http://{HOST}:{port}",
            "KEY": key,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        told = f"{done.stdout[-600:]}{done.stderr[-600:]}"
        raise RuntimeError(f"push, after {time.perf_counter() - began:.0f} s: {told}")
