"""Uploaded files and what was found in them: sealed, outside the web root, gone after some days."""

import json
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from trail.sealing import seal_bytes, unseal_bytes

KEPT_FOR = timedelta(days=30)
UPLOAD, FINDINGS = "upload", "findings"


def keep_file(content: bytes, *, batch: uuid.UUID, kind: str) -> None:
    """Seal a file of a batch; an earlier one of this kind is replaced at once."""
    place = _place(batch, kind)
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = place.with_suffix(".new")
    fresh.write_bytes(seal_bytes(content, field=_field(kind), row=batch))
    fresh.chmod(0o600)
    fresh.replace(place)


def kept_file(*, batch: uuid.UUID, kind: str) -> bytes | None:
    """The content of a file of a batch, None when it was never kept or is gone."""
    try:
        sealed = _place(batch, kind).read_bytes()
    except FileNotFoundError:
        return None
    return unseal_bytes(sealed, field=_field(kind), row=batch)


def keep_findings(findings: dict[str, Any], *, batch: uuid.UUID) -> None:
    """Keep what a run found: counts, first households, warnings and the error report."""
    keep_file(json.dumps(findings).encode(), batch=batch, kind=FINDINGS)


def kept_findings(*, batch: uuid.UUID) -> dict[str, Any] | None:
    """What the last run over a batch found, None when it is gone."""
    content = kept_file(batch=batch, kind=FINDINGS)
    found: dict[str, Any] | None = json.loads(content) if content else None
    return found


def is_kept(*, batch: uuid.UUID) -> bool:
    """Whether the uploaded file is still there."""
    return _place(batch, UPLOAD).exists()


def purge() -> int:
    """Remove files older than KEPT_FOR; returns how many."""
    oldest = (timezone.now() - KEPT_FOR).timestamp()
    old = [place for place in _folder().glob("*") if place.stat().st_mtime < oldest]
    for place in old:
        place.unlink(missing_ok=True)
    return len(old)


def _folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "imports"


def _place(batch: uuid.UUID, kind: str) -> Path:
    return _folder() / f"{batch}.{kind}"


def _field(kind: str) -> str:
    return f"households.importbatch.{kind}"
