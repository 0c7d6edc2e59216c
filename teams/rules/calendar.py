"""Two years around a day, and how much of each month somebody serves. No clock here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import accumulate, pairwise

from teams.rules.terms import ONE_DAY, Span, merged

MONTHS_BEFORE, MONTHS = 12, 24


def month_start(day: date, months: int) -> date:
    """The first day of the month that lies `months` after that of `day`."""
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def months_around(today: date) -> list[Span]:
    """MONTHS whole months, the month of today in the middle."""
    starts = [month_start(today, number - MONTHS_BEFORE) for number in range(MONTHS + 1)]
    return [Span(first, after - ONE_DAY) for first, after in pairwise(starts)]


def expected(span: Span, due_on: date, today: date) -> Span:
    """The days of a term as far as one can tell today.

    A term with an end has that; without one it is planned to last until its due day, and one that
    is overdue lasts until today.
    """
    if span.last is not None:
        return span
    return Span(span.first, max(due_on, today, span.first))


@dataclass(frozen=True)
class Share:
    """Days on which somebody serves, of the days of all villages of a place."""

    covered: int
    days: int

    @property
    def percent(self) -> int | None:
        """Whole percent, rounded down, so that 100 means every day; None of no days."""
        return 100 * self.covered // self.days if self.days else None


def monthly_shares(villages: Iterable[Iterable[Span]], months: list[Span]) -> list[Share]:
    """For each month the days on which somebody serves, over several villages together.

    Each village brings the spans of its terms; two on the same day cover it once. The months
    follow each other without a gap.
    """
    first, last = months[0].first, months[-1].last
    window = Span(first, last)
    length, count = window.days, 0
    turns = [0] * (length + 1)
    for spans in villages:
        count += 1
        for span in merged(spans):
            part = span.cut(window)
            if part is not None and part.last is not None:
                turns[(part.first - first).days] += 1
                turns[(part.last - first).days + 1] -= 1
    sums = [0, *accumulate(accumulate(turns[:-1]))]
    shares = []
    for month in months:
        start = (month.first - first).days
        shares.append(Share(sums[start + month.days] - sums[start], count * month.days))
    return shares


def total_share(shares: Iterable[Share]) -> Share:
    """Several months together."""
    every = list(shares)
    return Share(sum(one.covered for one in every), sum(one.days for one in every))
