"""What stands on the month sheet of one person: each day, the sums, how much he recorded."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from officers.models import Officer
from teams.models import Cadre, LogEntry, Term, Visit
from teams.queries.days import Day, Month, month_of
from teams.queries.presence import Totals, month_totals
from teams.rules.presence import month_span


@dataclass(frozen=True)
class DayLine:
    """A day with the visits and entries of the work log that he recorded of it."""

    day: Day
    visits: int
    entries: int


@dataclass(frozen=True)
class MonthSheet:
    """A month of one person; `term` is the one that ran last in it."""

    cadre: Cadre
    term: Term | None
    month: Month
    totals: Totals | None
    lines: list[DayLine]
    boxes: list[str] = field(default_factory=list)
    """Characters of the name that few fonts have."""

    @property
    def weeks(self) -> list[list[DayLine | None]]:
        """The lines as a calendar, None outside the month."""
        by_day = {line.day.day: line for line in self.lines}
        return [[by_day[one.day] if one else None for one in week] for week in self.month.weeks]

    @property
    def noted(self) -> list[DayLine]:
        """The days with a remark."""
        return [line for line in self.lines if line.day.row and line.day.row.note]

    @property
    def visits(self) -> int:
        return sum(line.visits for line in self.lines)

    @property
    def entries(self) -> int:
        return sum(line.entries for line in self.lines)


def month_sheet(officer: Officer, cadre: Cadre, month: date, today: date) -> MonthSheet:
    """The sheet as far as it lies within the officer's posting."""
    span = month_span(month)
    days = month_of(officer, cadre, month, today)
    window = {"day__gte": span.first, "day__lte": span.last}
    visits = Visit.objects.visible_to(officer).standing()
    made = visits.filter(visitor=cadre.account_id, **window).values_list("day", flat=True)
    log = LogEntry.objects.visible_to(officer).filter(writer=cadre.account_id, **window)
    counts, written = Counter(made), Counter(log.values_list("day", flat=True))
    terms = Term.objects.visible_to(officer).filter(cadre=cadre)
    last = span.last or span.first
    return MonthSheet(
        cadre=cadre,
        term=terms.meeting(span.first, last).select_related("village", "unit").last(),
        month=days,
        totals=month_totals([cadre.pk], month, today).get(cadre.pk),
        lines=[DayLine(one, counts[one.day], written[one.day]) for one in days.days],
    )
