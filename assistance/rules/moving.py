"""Relocation: how large the new house may be, how much debt, and what comes before what.

Source: domain reference §10.1 (25 m² a person, own debt of 10,000 yuan a household at most).
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from workflow.machine import Fault, gettext_noop


@dataclass(frozen=True)
class Limits:
    """The largest area a person, m², and the largest own debt of the household, yuan."""

    area: int
    debt: int


@dataclass(frozen=True)
class Moving:
    """A relocation as it is to be recorded."""

    area: Decimal
    persons: int
    debt: Decimal
    moved_in_on: date | None = None
    old_house_gone_on: date | None = None


def move_faults(moving: Moving, limits: Limits, *, members: int, today: date) -> list[Fault]:
    """What keeps a relocation from being recorded, by field; `members` are those of today."""
    found = [*_size_faults(moving, limits, members), *_day_faults(moving, today)]
    if moving.debt < 0:
        found.append(Fault(gettext_noop("An amount is not negative."), field="own_debt"))
    elif moving.debt > limits.debt:
        text = gettext_noop("A household takes on %(most)s yuan of debt at most.")
        found.append(Fault(text, {"most": limits.debt}, "own_debt"))
    return found


def _size_faults(moving: Moving, limits: Limits, members: int) -> list[Fault]:
    if not 1 <= moving.persons <= members:
        text = gettext_noop("Of this household 1 to %(members)s persons can move.")
        return [Fault(text, {"members": members}, "persons")]
    if moving.area <= 0:
        return [Fault(gettext_noop("An area is more than zero."), field="area_m2")]
    if moving.area > limits.area * moving.persons:
        text = gettext_noop("For %(persons)s persons the house has %(most)s m² at most.")
        values = {"persons": moving.persons, "most": limits.area * moving.persons}
        return [Fault(text, values, "area_m2")]
    return []


def _day_faults(moving: Moving, today: date) -> list[Fault]:
    ahead = gettext_noop("The day lies ahead. Record it when it has come.")
    named = (
        ("moved_in_on", moving.moved_in_on),
        ("old_house_gone_on", moving.old_house_gone_on),
    )
    found = [Fault(ahead, field=name) for name, day in named if day is not None and day > today]
    if found or moving.old_house_gone_on is None:
        return found
    if moving.moved_in_on is None:
        text = gettext_noop("The old house is demolished after the move. Record the move too.")
        return [Fault(text, field="moved_in_on")]
    if moving.old_house_gone_on < moving.moved_in_on:
        text = gettext_noop("The old house is demolished after the household has moved in.")
        return [Fault(text, field="old_house_gone_on")]
    return []
