"""The two sides of a difference as texts: how they are packed, sealed and opened again."""

from typing import Any

from exchange.models import Difference
from exchange.models.pushes import PUSHED, RECORDED
from trail.rules import canonical
from trail.sealing import unseal


def packed(value: Any) -> str:
    """One side of a difference as the text that is sealed."""
    return canonical({"value": value})


def recorded_text(row: Difference) -> str:
    """What was on record when it was pushed, as it was packed."""
    return unseal(row.recorded_sealed, field=RECORDED, row=row.uuid)


def pushed_text(row: Difference) -> str:
    """What was pushed, as it was packed."""
    return unseal(row.pushed_sealed, field=PUSHED, row=row.uuid)
