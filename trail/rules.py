"""Digests that do not depend on the order in which facts were put down."""

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any


def canonical(facts: Mapping[str, Any]) -> str:
    """JSON with sorted keys; money as its exact text, dates as ISO, no float."""
    return json.dumps(
        facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain
    )


def digest(facts: Mapping[str, Any]) -> str:
    """Hexadecimal sha256 of the canonical form."""
    return sha256(canonical(facts).encode()).hexdigest()


def _plain(value: Any) -> str:
    if isinstance(value, Decimal | date):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no canonical form")
