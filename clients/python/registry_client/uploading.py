"""Sending a large file in parts: the registry takes it in by itself, and tells how far it is."""

import json
import time
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from registry_client.door import Door

PART_BYTES = 4 * 1024 * 1024
"""Below the 8 MiB that the registry takes: after a cut line so much is sent again."""

FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 1.0, 30.0
FORMATS = {".ndjson": "ndjson", ".jsonl": "ndjson", ".csv": "csv"}


class UploadFailed(Exception):
    """The registry stopped taking the file in. `upload` is the resource: fault, detail, counts."""

    def __init__(self, upload: dict[str, Any]):
        super().__init__(f"{upload['fault']}: {upload['detail']}")
        self.upload = upload


@dataclass(frozen=True)
class _Begun:
    """An upload that was begun: of which file, by which request, in parts of which size."""

    sha256: str
    year: int | None
    key: str
    part_bytes: int


def upload_file(
    door: Door,
    path: Path,
    *,
    year: int | None = None,
    told: Callable[[dict[str, Any]], None] = lambda _: None,
) -> dict[str, Any]:
    """Send a file in parts and wait until it is taken in; the upload at its end.

    The file is NDJSON, one household a line, or the register template as CSV (`.csv`), whose
    figures are those of `year`; `.gz` of both. What became of each household stands in
    `<file>.results.ndjson` beside it. `<file>.upload.json` remembers what was begun: called again
    after a crash, it sends the parts that lack, and waits on; a file that was taken in, failed or
    changed is begun anew, and judged as the registry stands by then. Raises UploadFailed, Refusal,
    Unreachable.
    """
    kept = path.with_name(f"{path.name}.upload.json")
    begun = _begin(path, kept, year)
    upload = _opened(door, path, begun)
    if upload["state"] == "failed":
        begun = _anew(kept, begun)
        upload = _opened(door, path, begun)
    if upload["state"] == "open":
        upload = _sent(door, path, begun, upload, told)
    upload = _finished(door, upload, told)
    if upload["state"] == "failed":
        raise UploadFailed(upload)
    _write_report(door, upload, path.with_name(f"{path.name}.results.ndjson"))
    kept.unlink()
    return upload


def _begin(path: Path, kept: Path, year: int | None) -> _Begun:
    with path.open("rb") as file:
        sha256 = file_digest(file, "sha256").hexdigest()
    if kept.exists():
        found = _Begun(**json.loads(kept.read_text()))
        if (found.sha256, found.year) == (sha256, year):
            return found
    return _anew(kept, _Begun(sha256, year, "", PART_BYTES))


def _anew(kept: Path, begun: _Begun) -> _Begun:
    """The same under a new Idempotency-Key; kept before it is sent, so that it opens once."""
    fresh = _Begun(begun.sha256, begun.year, uuid.uuid4().hex, PART_BYTES)
    beside = kept.with_suffix(".new")
    beside.write_text(json.dumps(asdict(fresh)))
    beside.replace(kept)
    return fresh


def _opened(door: Door, path: Path, begun: _Begun) -> dict[str, Any]:
    """The upload as it stands: the request that opened it is answered as it was, then read anew."""
    suffixes = [one.lower() for one in path.suffixes]
    packing = "gzip" if suffixes[-1:] == [".gz"] else "none"
    kind = suffixes[-2] if packing == "gzip" and len(suffixes) > 1 else path.suffix.lower()
    body: dict[str, Any] = {"packing": packing, "format": FORMATS.get(kind, "ndjson")}
    if begun.year is not None:
        body["year"] = begun.year
    opened = door.post("sync/uploads/", json.dumps(body).encode(), key=begun.key)
    found: dict[str, Any] = door.get(f"sync/uploads/{opened['uuid']}/")
    return found


def _sent(
    door: Door,
    path: Path,
    begun: _Begun,
    upload: dict[str, Any],
    told: Callable[[dict[str, Any]], None],
) -> dict[str, Any]:
    """Send the parts that the registry lacks, then close."""
    at, number = f"sync/uploads/{upload['uuid']}/", 0
    known = set(upload["parts"])
    with path.open("rb") as file:
        while part := file.read(begun.part_bytes):
            number += 1
            if number not in known:
                told(door.put(f"{at}parts/{number}/", part))
    end = {"parts": number, "sha256": begun.sha256}
    closed: dict[str, Any] = door.post(
        f"{at}close/", json.dumps(end).encode(), key=f"{begun.key}-close"
    )
    return closed


def _finished(
    door: Door, upload: dict[str, Any], told: Callable[[dict[str, Any]], None]
) -> dict[str, Any]:
    """Ask until the registry is done, more and more rarely while nothing moves."""
    pause = FIRST_PAUSE_SECONDS
    while upload["state"] == "waiting":
        time.sleep(pause)
        before, upload = upload, door.get(f"sync/uploads/{upload['uuid']}/")
        told(upload)
        is_moving = upload["lines_done"] > before["lines_done"]
        pause = FIRST_PAUSE_SECONDS if is_moving else min(pause * 2, LONGEST_PAUSE_SECONDS)
    return upload


def _write_report(door: Door, upload: dict[str, Any], path: Path) -> None:
    """What became of each household, whole or not at all."""
    fresh = path.with_suffix(".new")
    params: dict[str, Any] = {}
    with fresh.open("w", encoding="utf-8") as out:
        while True:
            page = door.get(f"sync/uploads/{upload['uuid']}/report/", **params)
            for result in page["results"]:
                out.write(json.dumps(result, ensure_ascii=False) + "\n")
            if page["next"] is None:
                break
            params = {"cursor": parse_qs(urlsplit(page["next"]).query)["cursor"][0]}
    fresh.replace(path)
