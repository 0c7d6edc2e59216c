"""Public-benefit posts: who may hold one on which days, and for how long altogether."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from assistance.rules.planning import months_after
from teams.rules.terms import ONE_DAY, Span
from workflow.machine import Fault, gettext_noop

LONGEST_YEAR = 366


def age_on(born: date, day: date) -> int:
    """Completed years on a day."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


@dataclass(frozen=True)
class Ages:
    """The completed years between which somebody may hold a post; None for no bound."""

    least: int | None = None
    most: int | None = None


def ages_of(conditions: Iterable[Mapping[str, Any]]) -> Ages:
    """The bounds that the conditions of a measure put on the age of a person."""
    bounds = [one for one in conditions if one.get("fact") == "age"]
    least = [one["least"] for one in bounds if one.get("least") is not None]
    most = [one["most"] for one in bounds if one.get("most") is not None]
    return Ages(max(least, default=None), min(most, default=None))


def age_fault(born: date, ages: Ages, days: Span, field: str = "") -> Fault | None:
    """A fault where somebody is too young on the first or too old on the last of these days.

    He only grows older: between them no other day can fail.
    """
    last = days.last or days.first
    if ages.least is not None and age_on(born, days.first) < ages.least:
        text = gettext_noop("On the first day this person is %(age)s; the post asks for %(least)s.")
        return Fault(
            text, {"age": age_on(born, days.first), "least": ages.least}, field or "starts_on"
        )
    if ages.most is not None and age_on(born, last) > ages.most:
        text = gettext_noop("On the last day this person is %(age)s; the post ends at %(most)s.")
        return Fault(text, {"age": age_on(born, last), "most": ages.most}, field or "last_day")
    return None


def length_fault(days: Span, most_months: int | None) -> Fault | None:
    """A fault for a contract longer than the measure allows; both days are worked."""
    last = days.last or days.first
    if most_months is None or last < months_after(days.first, most_months):
        return None
    text = gettext_noop("A contract runs %(months)s months at most: until %(day)s.")
    until = months_after(days.first, most_months) - ONE_DAY
    return Fault(text, {"months": most_months, "day": until}, "last_day")


def years_fault(days: Span, others: Sequence[Span], most_years: int) -> Fault | None:
    """A fault where all contracts of a person together come to more than so many years.

    All days count, whether the contracts follow each other at once or not; a year has 366 days, so
    that no leap year costs anybody a day.
    """
    worked = days.days + sum(one.days for one in others)
    if worked <= most_years * LONGEST_YEAR:
        return None
    text = gettext_noop("With the other contracts this is more than %(years)s years in posts.")
    return Fault(text, {"years": most_years}, "last_day")
