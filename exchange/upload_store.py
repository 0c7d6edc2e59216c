"""Parts of uploads and reports about them: sealed, outside the web root, gone after some days."""

import json
import uuid
import zlib
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from trail.sealing import seal_bytes, unseal_bytes

KEPT_FOR = timedelta(days=30)
PART, PIECE = "part", "told"
FIELD = "exchange.upload.{}"


def keep_part(content: bytes, *, upload: uuid.UUID, number: int) -> None:
    """Seal a part; an earlier one of its number is replaced at once."""
    _keep(content, upload, f"{PART}{number}")


def part_of(*, upload: uuid.UUID, number: int) -> bytes:
    """A part as it was sent. Raises FileNotFoundError when it is gone."""
    return _kept(upload, f"{PART}{number}")


def keep_piece(results: list[dict[str, Any]], *, upload: uuid.UUID, number: int) -> int:
    """Keep what became of some households, the next piece of the report; returns its bytes."""
    packed = zlib.compress(json.dumps(results, ensure_ascii=False).encode())
    _keep(packed, upload, f"{PIECE}{number}")
    return len(packed)


def piece_of(*, upload: uuid.UUID, number: int) -> list[dict[str, Any]]:
    """A piece of the report. Raises FileNotFoundError when it is gone."""
    found: list[dict[str, Any]] = json.loads(zlib.decompress(_kept(upload, f"{PIECE}{number}")))
    return found


def drop_parts(*, upload: uuid.UUID) -> None:
    """Forget what was sent: it is taken in, or will not be."""
    for place in _folder().glob(f"{upload}.{PART}*"):
        place.unlink(missing_ok=True)


def purge() -> int:
    """Remove what is older than KEPT_FOR; returns how many files."""
    oldest = (timezone.now() - KEPT_FOR).timestamp()
    old = [place for place in _folder().glob("*") if place.stat().st_mtime < oldest]
    for place in old:
        place.unlink(missing_ok=True)
    return len(old)


def _keep(content: bytes, upload: uuid.UUID, name: str) -> None:
    place = _folder() / f"{upload}.{name}"
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = place.with_name(f"{place.name}.new")
    fresh.write_bytes(seal_bytes(content, field=FIELD.format(name), row=upload))
    fresh.chmod(0o600)
    fresh.replace(place)


def _kept(upload: uuid.UUID, name: str) -> bytes:
    sealed = (_folder() / f"{upload}.{name}").read_bytes()
    return unseal_bytes(sealed, field=FIELD.format(name), row=upload)


def _folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "uploads"
