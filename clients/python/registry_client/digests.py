"""What two systems compare: a 64-bit digest of a household's document, and sums of digests."""

import json
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

NOT_COMPARED = frozenset({"version", "id_number", "birth_date", "phone", "bank_account"})
"""What differs between systems that hold the same, and what not every client may read."""

BYTES = 8
WHOLE = 1 << 64


def digest_of(document: Any) -> int:
    """The first 64 bits of the SHA-256 of the document without NOT_COMPARED, as canonical JSON.

    Canonical: names sorted, no blanks, UTF-8, texts as they are; members by person number, then by
    date and reason of their end (who has not left comes first), then by their own canonical JSON.
    """
    bare = _bare(document)
    text = _canonical(bare | {"members": sorted(bare["members"], key=_place)})
    return int.from_bytes(sha256(text.encode()).digest()[:BYTES])


def sum_of(digests: Iterable[int]) -> str:
    """The sum of digests modulo 2^64, as 16 hexadecimal digits; it does not depend on an order."""
    return f"{sum(digests) % WHOLE:016x}"


def _canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _place(member: dict[str, Any]) -> tuple[str, ...]:
    """Where a membership stands: somebody who came back has several."""
    names = ("person_number", "end_date", "end_reason")
    return *(member[name] or "" for name in names), _canonical(member)


def _bare(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _bare(inner) for name, inner in value.items() if name not in NOT_COMPARED}
    if isinstance(value, list):
        return [_bare(inner) for inner in value]
    return value
