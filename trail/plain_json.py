"""Reading JSON without surprises: no name twice, no NaN, no lone surrogate, not nested too deep."""

import json
from typing import Any

DEEPEST = 8


class Odd(ValueError):
    """The text is JSON, but none that two programs would read alike."""


def read(text: str, *, deepest: int = DEEPEST) -> Any:
    """The value of a text. Raises ValueError."""
    try:
        found = DECODER.decode(text)
        check(found, deepest)
    except RecursionError:
        raise Odd("nested too deep") from None
    return found


def check(value: Any, depth: int) -> None:
    """Raises ValueError for more than `depth` levels, and for a text that is no Unicode."""
    if depth == 0:
        raise Odd("nested too deep")
    if isinstance(value, str):
        if not value.isascii():
            value.encode()
    elif isinstance(value, dict):
        for name, inner in value.items():
            if not name.isascii():
                name.encode()
            check(inner, depth - 1)
    elif isinstance(value, list):
        for inner in value:
            check(inner, depth - 1)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise Odd("a name stands twice")
    return found


def _no_constant(name: str) -> None:
    raise Odd(name)


DECODER = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_no_constant)
