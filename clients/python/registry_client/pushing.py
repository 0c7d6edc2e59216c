"""Sending a file of households, batch by batch, so that a broken run goes on where it stopped."""

import gzip
import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import file_digest
from io import BufferedReader
from pathlib import Path
from typing import IO, Any

from registry_client.door import Door

MOST_HOUSEHOLDS = 1_000
MOST_BYTES = 7 * 1024 * 1024
"""Below the 8 MiB that the registry takes."""


@dataclass(frozen=True)
class Batch:
    """Lines of the file, from `start` (0 is the first)."""

    start: int
    lines: list[bytes]

    @property
    def body(self) -> bytes:
        return b'{"households":[' + b",".join(self.lines) + b"]}"


@dataclass
class Progress:
    """How far a file is sent: lines, and how many bytes of results are kept for them."""

    sha256: str
    lines: int = 0
    results_bytes: int = 0
    counts: Counter[str] = field(default_factory=Counter)


def push_file(
    door: Door,
    path: Path,
    *,
    dry_run: bool = False,
    told: Callable[[Progress], None] = lambda _: None,
) -> Progress:
    """Send every household of an NDJSON file (.gz too), one JSON object a line.

    What became of each stands in `<file>.results.ndjson` beside it, in the order of the file. The
    file `<file>.progress.json` remembers what is answered: called again after a crash, it goes on
    there; a batch whose answer was lost is sent with its old Idempotency-Key and done once. A file
    that changed is sent from its beginning. Raises Refusal, Unreachable.
    """
    results, kept = _beside(path, "results.ndjson"), _beside(path, "progress.json")
    progress = _begin(path, kept, dry_run=dry_run)
    with results.open("ab") as out:
        out.truncate(progress.results_bytes)
        for batch in batches(path, progress.lines):
            key = f"{progress.sha256[:32]}-{batch.start}-{len(batch.lines)}"
            params = {"dry_run": "1"} if dry_run else {}
            answer = door.post("sync/batches/", batch.body, key=key, **params)
            _note(progress, answer["results"], batch, out)
            _replace(kept, progress)
            told(progress)
    return progress


def batches(path: Path, skipped: int) -> Iterator[Batch]:
    """The lines behind the first `skipped`, in batches that depend on the file alone."""
    lines: list[bytes] = []
    start, size = 0, 0
    with _opened(path) as file:
        for number, line in enumerate(file):
            text = line.strip()
            is_full = len(lines) == MOST_HOUSEHOLDS or size + len(text) > MOST_BYTES
            if lines and is_full:
                if start >= skipped:
                    yield Batch(start, lines)
                start, lines, size = number, [], 0
            lines.append(text)
            size += len(text) + 1
    if lines and start >= skipped:
        yield Batch(start, lines)


def _opened(path: Path) -> gzip.GzipFile | BufferedReader:
    return gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb")


def _begin(path: Path, kept: Path, *, dry_run: bool) -> Progress:
    with path.open("rb") as file:
        sha256 = file_digest(file, "sha256").hexdigest() + ("-dry" if dry_run else "")
    if kept.exists():
        found = json.loads(kept.read_text())
        if found["sha256"] == sha256:
            return Progress(**found | {"counts": Counter(found["counts"])})
    return Progress(sha256)


def _note(progress: Progress, results: list[dict[str, Any]], batch: Batch, out: IO[bytes]) -> None:
    for result in results:
        told = result | {"index": batch.start + result["index"]}
        out.write(json.dumps(told, ensure_ascii=False).encode() + b"\n")
        progress.counts[result["result"]] += 1
    out.flush()
    progress.lines = batch.start + len(batch.lines)
    progress.results_bytes = out.tell()


def _replace(kept: Path, progress: Progress) -> None:
    """Keep the progress, whole or not at all."""
    fresh = kept.with_suffix(".new")
    fresh.write_text(json.dumps(vars(progress)))
    fresh.replace(kept)


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(f"{path.name}.{ending}")
