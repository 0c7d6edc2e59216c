"""The digest of a household's document, by which two systems compare what they hold. Pure.

Documented in docs/api.md, so that any system can work it out; `clients/python` does.
"""

import json
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

NOT_COMPARED = frozenset({"version", "id_number", "birth_date", "phone", "bank_account"})
"""What differs between systems that hold the same, and what not every client may read."""

DEFINITION = 2
"""Of the digest, counted up when it changes: every household is then digested anew."""

BYTES = 8
WHOLE, HALF = 1 << 64, 1 << 63


def digest_of(document: Any) -> int:
    """The first 64 bits of the SHA-256 of the document's canonical JSON, without NOT_COMPARED.

    Canonical: names sorted, no blanks, UTF-8, texts as they are; members by person number, then by
    date and reason of their end (who has not left comes first), then by their own canonical JSON.
    """
    bare = _bare(document)
    text = _canonical(bare | {"members": sorted(bare["members"], key=_place)})
    return int.from_bytes(sha256(text.encode()).digest()[:BYTES])


def digests_of(epoch: str) -> str:
    """The name of all digests of an epoch of the log: a new definition makes other ones."""
    return sha256(f"{epoch} {DEFINITION}".encode()).hexdigest()[: 2 * BYTES]


def signed(digest: int) -> int:
    """The digest as PostgreSQL keeps 64 bits."""
    return digest - WHOLE if digest >= HALF else digest


def sum_of(digests: Iterable[int]) -> str:
    """The sum modulo 2^64 as 16 hexadecimal digits: no order of the households changes it."""
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
