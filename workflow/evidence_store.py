"""The files of evidence: sealed for their row, below MEDIA_ROOT, outside the web root."""

import uuid
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from trail.sealing import seal_bytes, unseal_bytes
from workflow.models.attachments import CONTENT_FIELD


def keep(content: bytes, *, row: uuid.UUID) -> None:
    """Seal a file for its row."""
    place = _place(row)
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = place.with_suffix(".new")
    fresh.write_bytes(seal_bytes(content, field=CONTENT_FIELD, row=row))
    fresh.chmod(0o600)
    fresh.replace(place)


def kept(row: uuid.UUID) -> bytes | None:
    """The content of a file; None when it was removed."""
    try:
        sealed = _place(row).read_bytes()
    except FileNotFoundError:
        return None
    return unseal_bytes(sealed, field=CONTENT_FIELD, row=row)


def remove(rows: Iterable[uuid.UUID]) -> int:
    """Remove the files of these rows; returns how many were there."""
    places = [place for row in rows if (place := _place(row)).exists()]
    for place in places:
        place.unlink(missing_ok=True)
    return len(places)


def _place(row: uuid.UUID) -> Path:
    name = row.hex
    return Path(settings.MEDIA_ROOT) / "evidence" / name[:2] / name
