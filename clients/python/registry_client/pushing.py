"""Sending a file of households, batch by batch, so that a broken run goes on where it stopped."""

import gzip
import json
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import file_digest
from io import BufferedReader
from pathlib import Path
from typing import IO, Any

from registry_client.batching import Batch, batches
from registry_client.door import Door


@dataclass
class Progress:
    """How far a run is with a file: lines, and how many bytes of results are kept for them.

    `run` stands in the Idempotency-Keys: what another run sends is judged anew. `door` names the
    site and the key: what was answered elsewhere, or to another system, is not done here.
    """

    sha256: str
    door: str
    run: str
    lines: int = 0
    results_bytes: int = 0
    counts: Counter[str] = field(default_factory=Counter)


Told = Callable[[Progress], None]


@dataclass(frozen=True)
class _Errand:
    """What is done with a file: how it is asked for, and the files beside it that belong to it."""

    params: dict[str, str]
    results: Path
    kept: Path


def push_file(door: Door, path: Path, *, told: Told = lambda _: None) -> Progress:
    """Send every household of an NDJSON file (.gz too), one JSON object a line.

    What became of each stands in `<file>.results.ndjson` beside it, in the order of the file. While
    it runs `<file>.progress.json` remembers what is answered: called again after a crash, it goes
    on there; a batch whose answer was lost is sent with its old Idempotency-Key and done once. A
    file that changed, that was sent to its end, or that goes to another site or by another key, is
    sent from its beginning, and judged as the registry stands by then. Raises Refusal, Unreachable.
    """
    kept, results = _beside(path, "progress.json"), _beside(path, "results.ndjson")
    return _run(door, path, _Errand({}, results, kept), told)


def try_file(door: Door, path: Path, *, told: Told = lambda _: None) -> Progress:
    """Let the registry judge every household as `push_file` would send it; nothing is changed.

    Results and progress have files of their own, `<file>.tried.ndjson` and `<file>.trying.json`.
    """
    kept, results = _beside(path, "trying.json"), _beside(path, "tried.ndjson")
    return _run(door, path, _Errand({"dry_run": "1"}, results, kept), told)


def _run(door: Door, path: Path, errand: _Errand, told: Told) -> Progress:
    progress = _begin(path, errand.kept, door.name)
    with errand.results.open("ab") as out, _opened(path) as lines:
        out.truncate(progress.results_bytes)
        for batch in batches(lines, start=progress.lines):
            key = f"{progress.run}-{batch.places[0]}-{len(batch.lines)}"
            answer = door.post_lines("sync/batches/", batch.body, key=key, **errand.params)
            _note(progress, answer["results"], batch, out)
            _keep(errand.kept, progress)
            told(progress)
    errand.kept.unlink()
    return progress


def _opened(path: Path) -> gzip.GzipFile | BufferedReader:
    return gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb")


def _begin(path: Path, kept: Path, door: str) -> Progress:
    """The run that was broken off, if it was one of this file as it stands here; else a new one."""
    with path.open("rb") as file:
        sha256 = file_digest(file, "sha256").hexdigest()
    if kept.exists():
        found = json.loads(kept.read_text())
        if (found["sha256"], found.get("door")) == (sha256, door):
            return Progress(**found | {"counts": Counter(found["counts"])})
    progress = Progress(sha256, door, uuid.uuid4().hex)
    _keep(kept, progress)
    return progress


def _note(progress: Progress, results: list[dict[str, Any]], batch: Batch, out: IO[bytes]) -> None:
    for result in results:
        told = result | {"index": batch.places[result["index"]]}
        out.write(json.dumps(told, ensure_ascii=False).encode() + b"\n")
        progress.counts[result["result"]] += 1
    out.flush()
    progress.lines = batch.places[-1] + 1
    progress.results_bytes = out.tell()


def _keep(kept: Path, progress: Progress) -> None:
    """Keep the progress, whole or not at all."""
    fresh = kept.with_suffix(".new")
    fresh.write_text(json.dumps(vars(progress)))
    fresh.replace(kept)


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(f"{path.name}.{ending}")
