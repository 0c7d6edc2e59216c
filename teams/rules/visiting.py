"""Visits and tasks as days: when a visit can be recorded, and when the next one is due."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from teams.rules.helping import is_unvisited

DAYS_BACK = 60
"""So many days back a visit or an entry of the work log can still be recorded."""

MOST_PROBLEMS = 3
"""So many problems of one visit become tasks at once."""


class Urgency(StrEnum):
    """How pressing the next visit of a household is."""

    FRESH = "fresh"
    DUE = "due"
    OVERDUE = "overdue"


@dataclass(frozen=True)
class Pace:
    """After how many days without a visit the next one is due, and overdue."""

    soon: int
    late: int


def is_recordable(day: date, today: date) -> bool:
    """Whether something that happened on a day can be recorded now: neither ahead nor long ago."""
    return today - timedelta(days=DAYS_BACK) <= day <= today


def urgency_of(last: date | None, today: date, pace: Pace) -> Urgency:
    """What the last visit makes of the next; a household that was never visited is overdue.

    On the day itself nothing is due yet: with 30 days, a visit 30 days ago is fresh.
    """
    if is_unvisited(last, today, days=pace.late):
        return Urgency.OVERDUE
    return Urgency.DUE if is_unvisited(last, today, days=pace.soon) else Urgency.FRESH


def next_visit_on(last: date | None, today: date, pace: Pace) -> date:
    """The first day on which the household is due; today where it was never visited."""
    return today if last is None else last + timedelta(days=pace.soon + 1)
