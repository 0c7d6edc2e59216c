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

    Canonical: members by person number, names sorted, no blanks, UTF-8, texts as they are.
    """
    people = sorted(document["members"], key=lambda one: one["person_number"])
    bare = _bare(document | {"members": people})
    text = json.dumps(bare, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return int.from_bytes(sha256(text.encode()).digest()[:BYTES])


def sum_of(digests: Iterable[int]) -> str:
    """The sum of digests modulo 2^64, as 16 hexadecimal digits; it does not depend on an order."""
    return f"{sum(digests) % WHOLE:016x}"


def _bare(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _bare(inner) for name, inner in value.items() if name not in NOT_COMPARED}
    if isinstance(value, list):
        return [_bare(inner) for inner in value]
    return value
