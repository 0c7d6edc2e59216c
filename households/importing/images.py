"""Before- and after-images of changed cells, for the trace and for taking an import back.

Codes stand there plainly; names, dates of birth, ID and phone numbers are sealed for their row.
"""

import base64
import uuid
from datetime import date
from typing import Any

from households.importing.judging import Verdict
from households.importing.people import Membership
from trail.sealing import seal, unseal

SEALED_KEYS = {
    "name": "households.member.name",
    "birth_date": "households.member.birth_date",
}


def household_images(verdict: Verdict) -> tuple[dict[str, Any], dict[str, Any]]:
    """Before and after of the changed columns of a known household."""
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    known = verdict.known
    if known is None:
        return before, after
    for key in verdict.changed:
        if key == "phone":
            before[key] = {"sealed": packed(known.phone_sealed), "blind": _text(known.phone_blind)}
            after[key] = {"blind": _text(verdict.phone_blind)}
        else:
            before[key], after[key] = known.values[key], verdict.values[key]
    return before, after


def member_images(member: Membership) -> tuple[dict[str, Any], dict[str, Any]]:
    """Before and after of the changed columns of a known membership."""
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    known = member.known
    if known is None:
        return before, after
    for key in member.changed:
        if key == "id_number":
            before[key] = {
                "sealed": packed(known.id_sealed),
                "blind": known.id_blind,
                "digest": known.id_digest,
            }
            after[key] = {"digest": member.digest}
        else:
            before[key] = image(key, known.values[key], known.uuid)
            after[key] = image(key, member.values[key], known.uuid)
    return before, after


def image(key: str, value: Any, row: uuid.UUID) -> Any:
    """A value as the trace keeps it."""
    text = value.isoformat() if isinstance(value, date) else value
    if key in SEALED_KEYS:
        return {"sealed": packed(seal(text, field=SEALED_KEYS[key], row=row))}
    return text


def value_of(key: str, kept: Any, row: uuid.UUID) -> Any:
    """The value of an image, dates as text."""
    if key in SEALED_KEYS:
        return unseal(unpacked(kept["sealed"]), field=SEALED_KEYS[key], row=row)
    return kept


def packed(blob: bytes | memoryview | None) -> str | None:
    """Sealed bytes as text."""
    return None if blob is None else base64.b64encode(bytes(blob)).decode()


def unpacked(text: str) -> bytes:
    """The sealed bytes of such a text."""
    return base64.b64decode(text)


def _text(value: uuid.UUID | None) -> str | None:
    return None if value is None else str(value)
