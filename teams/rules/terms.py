"""Terms of service as spans of days: who serves when, and where nobody does.

A span contains its first and its last day; without a last day it goes on. No clock here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

ONE_DAY = timedelta(days=1)


class Post(StrEnum):
    """What somebody is in a team."""

    FIRST_SECRETARY = "first_secretary"
    LEADER = "leader"
    MEMBER = "member"


class EndReason(StrEnum):
    """Why a term ended."""

    TERM = "term"
    RECALL = "recall"
    PROMOTION = "promotion"
    ILLNESS = "illness"
    OTHER = "other"


class Lack(StrEnum):
    """What a village that needs a team is short of."""

    NO_TEAM = "no_team"
    NO_FIRST_SECRETARY = "no_first_secretary"
    TOO_FEW = "too_few"


@dataclass(frozen=True, order=True)
class Span:
    """Days from `first` to `last`, both counted; `last` None is open."""

    first: date
    last: date | None = None

    def holds(self, day: date) -> bool:
        """Whether `day` belongs to the span."""
        return self.first <= day and (self.last is None or day <= self.last)

    def meets(self, other: "Span") -> bool:
        """Whether the two share a day."""
        return (other.last is None or self.first <= other.last) and (
            self.last is None or other.first <= self.last
        )

    def cut(self, window: "Span") -> "Span | None":
        """The part that lies in a window; None without a common day."""
        if not self.meets(window):
            return None
        lasts = [day for day in (self.last, window.last) if day is not None]
        return Span(max(self.first, window.first), min(lasts, default=None))

    @property
    def days(self) -> int:
        """How many days it has. ValueError for an open one."""
        if self.last is None:
            raise ValueError("an open span has no number of days")
        return (self.last - self.first).days + 1


def year_span(year: int) -> Span:
    """The days of a calendar year."""
    return Span(date(year, 1, 1), date(year, 12, 31))


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same days as spans that neither touch nor overlap, in their order."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda one: one.first):
        last = found[-1].last if found else None
        if found and (last is None or span.first <= last + ONE_DAY):
            longest = None if last is None or span.last is None else max(last, span.last)
            found[-1] = Span(found[-1].first, longest)
        else:
            found.append(span)
    return found


def gaps(spans: Iterable[Span], window: Span) -> list[Span]:
    """The spans of the window's days on which none of `spans` runs. The window is closed."""
    if window.last is None:
        raise ValueError("an open window has gaps without end")
    found, day = [], window.first
    for span in merged(_within(spans, window)):
        if span.first > day:
            found.append(Span(day, span.first - ONE_DAY))
        if span.last is None or span.last >= window.last:
            return found
        day = span.last + ONE_DAY
    return [*found, Span(day, window.last)]


def _within(spans: Iterable[Span], window: Span) -> list[Span]:
    return [part for span in spans if (part := span.cut(window))]


def team_lacks(posts: Sequence[str], *, fewest: int) -> list[Lack]:
    """What a team of these posts is short of where a team must be; nobody at all is one lack."""
    if not posts:
        return [Lack.NO_TEAM]
    lacks = [] if Post.FIRST_SECRETARY in posts else [Lack.NO_FIRST_SECRETARY]
    return [*lacks, Lack.TOO_FEW] if len(posts) < fewest else lacks


def is_overdue(span: Span, due_on: date, today: date) -> bool:
    """Whether a term runs on after the day that was planned as its last."""
    return span.holds(today) and due_on < today


def ends_soon(span: Span, due_on: date, today: date, *, days: int) -> bool:
    """Whether a running term ends, or is planned to, within `days` days from today."""
    last = due_on if span.last is None else min(span.last, due_on)
    return span.holds(today) and today <= last <= today + timedelta(days=days)
