"""Single days as a page shows them: the month of a person, the days of a village's team."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from divisions.models import Division
from officers.models import Officer
from teams.models import Cadre, Presence, Term
from teams.models.presence import POSITION_FIELD, STATUS_NAMES
from teams.queries.assessments import policy_of
from teams.rules.assessment import Grade, best_grade
from teams.rules.presence import Status, month_span
from teams.rules.terms import ONE_DAY, Span
from trail.sealing import unseal

COUNTY_DIGITS = 6
WEEK, SATURDAY = 7, 5
MARKS: dict[str, Promise] = {
    Status.IN_VILLAGE: pgettext_lazy("mark of a day", "V"),
    Status.OFFICIAL: pgettext_lazy("mark of a day", "D"),
    Status.LEAVE: pgettext_lazy("mark of a day", "L"),
    Status.ABSENT: pgettext_lazy("mark of a day", "A"),
}
TONES: dict[str, str] = {
    Status.IN_VILLAGE: "good",
    Status.OFFICIAL: "info",
    Status.LEAVE: "warn",
    Status.ABSENT: "bad-tag",
}
LEGEND = [(MARKS[status], TONES[status], STATUS_NAMES[status]) for status in Status]
WEEKDAYS: tuple[Promise, ...] = (
    pgettext_lazy("day of the week", "Mo"),
    pgettext_lazy("day of the week", "Tu"),
    pgettext_lazy("day of the week", "We"),
    pgettext_lazy("day of the week", "Th"),
    pgettext_lazy("day of the week", "Fr"),
    pgettext_lazy("day of the week", "Sa"),
    pgettext_lazy("day of the week", "Su"),
)
VERDICTS: dict[Grade, Promise] = {
    Grade.EXCELLENT: gettext_lazy("no grade is shut out yet"),
    Grade.COMPETENT: gettext_lazy("not excellent"),
    Grade.BASIC: gettext_lazy("at most basically competent"),
    Grade.INCOMPETENT: gettext_lazy("incompetent"),
}


@dataclass(frozen=True)
class Day:
    """One day of somebody: what is on record, and whether anything had to be."""

    day: date
    row: Presence | None
    serves: bool
    today: date

    @property
    def mark(self) -> str:
        """The letter of what it was; "" for nothing."""
        return str(MARKS[self.row.status]) if self.row else ""

    @property
    def tone(self) -> str:
        """The colour of the mark."""
        return TONES[self.row.status] if self.row else ""

    @property
    def is_open(self) -> bool:
        """Whether it is a working day of a term that has come, and nothing is known of it."""
        working = self.day.weekday() < SATURDAY
        return self.serves and self.row is None and working and self.day <= self.today

    @property
    def words(self) -> str:
        """The same in words."""
        if self.row is not None:
            return _(", ").join((self.row.get_status_display(), self.row.get_source_display()))
        if not self.serves:
            return _("no service")
        return _("not on record") if self.is_open else ""

    @property
    def is_today(self) -> bool:
        return self.day == self.today


@dataclass(frozen=True)
class Month:
    """The days of a calendar month; `weeks` from Monday to Sunday, None outside the month."""

    first: date
    days: list[Day]

    @property
    def weeks(self) -> list[list[Day | None]]:
        cells: list[Day | None] = [None] * self.first.weekday() + list(self.days)
        cells += [None] * (-len(cells) % WEEK)
        return [cells[start : start + WEEK] for start in range(0, len(cells), WEEK)]

    @property
    def previous(self) -> date:
        """The first day of the month before."""
        return (self.first - ONE_DAY).replace(day=1)

    @property
    def next(self) -> date | None:
        """The first day of the month after; None when that has not begun."""
        after = self.days[-1].day + ONE_DAY
        return after if after <= self.days[0].today else None

    def week_of(self, day: date) -> list[Day]:
        """The days up to `day` of its week that lie in this month, the latest first."""
        monday = day - timedelta(days=day.weekday())
        return [one for one in reversed(self.days) if monday <= one.day <= day]


def month_of(officer: Officer, cadre: Cadre, month: date, today: date) -> Month:
    """The month of a person as far as it lies within the officer's posting."""
    span = month_span(month)
    rows = Presence.objects.visible_to(officer).filter(cadre=cadre, **_within(span))
    terms = Term.objects.visible_to(officer).filter(cadre=cadre)
    return _month(span, rows, [term.span for term in terms], today)


def _within(span: Span) -> dict[str, object]:
    return {"day__gte": span.first, "day__lte": span.last}


def _month(span: Span, rows: Iterable[Presence], terms: Sequence[Span], today: date) -> Month:
    known = {row.day: row for row in rows}
    dates = [span.first + timedelta(days=number) for number in range(span.days)]
    days = [Day(on, known.get(on), any(term.holds(on) for term in terms), today) for on in dates]
    return Month(span.first, days)


@dataclass(frozen=True)
class TeamMonth:
    """The team of a village in a month: its people, and each day with a cell for each of them."""

    people: list[Term]
    months: list[Month]

    @property
    def rows(self) -> list[tuple[date, list[Day]]]:
        """The days that have come, the latest first."""
        by_day = zip(*(month.days for month in self.months), strict=True)
        rows = [(cells[0].day, list(cells)) for cells in by_day if cells[0].day <= cells[0].today]
        return rows[::-1]

    def on(self, day: date) -> list[tuple[Term, Day]]:
        """Whoever serves on a day of the month, with that day."""
        pairs = zip(self.people, self.months, strict=True)
        found = [(term, month.days[day.day - 1]) for term, month in pairs]
        return [(term, cell) for term, cell in found if cell.serves]


def team_month(officer: Officer, village: Division, month: date, today: date) -> TeamMonth:
    """The days of a village's team; of somebody with two terms there in the month, both as one."""
    span = month_span(month)
    terms = Term.objects.visible_to(officer).filter(village=village)
    terms = terms.meeting(span.first, span.last).select_related("cadre").order_by("starts_on", "id")
    spans: dict[int, list[Span]] = {}
    people: dict[int, Term] = {}
    for term in terms:
        spans.setdefault(term.cadre_id, []).append(term.span)
        people[term.cadre_id] = term
    rows: dict[int, list[Presence]] = {}
    days = Presence.objects.visible_to(officer).filter(village=village, **_within(span))
    for row in days:
        rows.setdefault(row.cadre_id, []).append(row)
    months = [_month(span, rows.get(key, ()), own, today) for key, own in spans.items()]
    return TeamMonth([people[key] for key in spans], months)


def own_position(officer: Officer, row: Presence | None) -> str:
    """Where the officer himself signed in, as he chose to tell; nobody else is told."""
    if row is None or row.position_sealed is None or row.cadre.account_id != officer.pk:
        return ""
    return unseal(row.position_sealed, field=POSITION_FIELD, row=row.uuid)


def consequence(absent: int, county: str, year: int) -> str:
    """What so many days absent without leave mean for the grade of the year; "" without one."""
    if not absent:
        return ""
    grade = best_grade(absent, policy_of(county[:COUNTY_DIGITS], year).bounds)
    text = ngettext(
        "%(count)s absence without leave in %(year)s: %(verdict)s.",
        "%(count)s absences without leave in %(year)s: %(verdict)s.",
        absent,
    )
    return text % {"count": absent, "year": year, "verdict": VERDICTS[grade]}


def found_absent(officer: Officer, cadre: Cadre, year: int) -> list[Presence]:
    """The days of a year on which an inspection found him absent, within the posting."""
    rows = Presence.objects.visible_to(officer).filter(
        cadre=cadre, status=Status.ABSENT, day__year=year
    )
    return list(rows.order_by("-day"))
