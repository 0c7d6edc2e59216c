"""The digest of a household's document, by which two systems compare what they hold. Pure.

Documented in docs/api.md, so that any system can work it out; `clients/python` does.
"""

import json
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

NOT_COMPARED = frozenset({"version", "id_number", "birth_date", "phone", "bank_account"})
"""What differs between systems that hold the same, and what not every client may read."""

BYTES = 8
WHOLE, HALF = 1 << 64, 1 << 63


def digest_of(document: Any) -> int:
    """The first 64 bits of the SHA-256 of the document's canonical JSON, without NOT_COMPARED.

    Canonical: members by person number, names sorted, no blanks, UTF-8, texts as they are.
    """
    people = sorted(document["members"], key=lambda one: one["person_number"])
    text = json.dumps(
        _bare(document | {"members": people}),
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    return int.from_bytes(sha256(text.encode()).digest()[:BYTES])


def signed(digest: int) -> int:
    """The digest as PostgreSQL keeps 64 bits."""
    return digest - WHOLE if digest >= HALF else digest


def sum_of(digests: Iterable[int]) -> str:
    """The sum modulo 2^64 as 16 hexadecimal digits: no order of the households changes it."""
    return f"{sum(digests) % WHOLE:016x}"


def _bare(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _bare(inner) for name, inner in value.items() if name not in NOT_COMPARED}
    if isinstance(value, list):
        return [_bare(inner) for inner in value]
    return value
