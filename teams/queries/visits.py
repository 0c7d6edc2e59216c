"""Visits and the work log as the pages show them: which ones, by whom, with whose words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.functional import Promise

from divisions.models import Division
from households.models import Household, Member
from households.models.members import HEAD
from officers.models import Officer
from officers.rules import Role
from teams.models import LogEntry, Met, Pairing, Topic, Visit
from teams.models.helping import LOG_FIELD, VISIT_FIELD, VisitQuerySet
from teams.rights import VISIT_LISTERS, reads_days
from trail.dates import business_date
from trail.models import Change
from trail.sealing import unseal

PAGE_ROWS = 50
Words = list[str | Promise]


def visible_visits(officer: Officer) -> VisitQuerySet:
    """The standing visits whose days the officer may see.

    A helper sees his own and those to the households that are paired with him today.
    """
    found = Visit.objects.visible_to(officer).standing()
    if officer.acting_role not in VISIT_LISTERS:
        return found.none()
    if officer.acting_role != Role.HELPER:
        return found
    own = Pairing.everywhere.in_force(business_date()).filter(
        cadre__account=officer, household=OuterRef("household")
    )
    return found.filter(Q(visitor=officer) | Exists(own))


def own_or_visible(officer: Officer) -> VisitQuerySet:
    """The same, and those that he took back himself, or that were taken back within his reach."""
    found = Visit.objects.visible_to(officer)
    if reads_days(officer):
        return found
    return found.filter(Q(pk__in=visible_visits(officer).values("pk")) | Q(visitor=officer))


def reads_text(officer: Officer, visit: Visit) -> bool:
    """Whether somebody reads the words of a visit that he sees: the field, and who wrote them."""
    return reads_days(officer) or visit.visitor_id == officer.pk


def text_of(officer: Officer, visit: Visit) -> str:
    """The words of a visit; empty where there are none, or they are not for this officer."""
    if visit.text_sealed is None or not reads_text(officer, visit):
        return ""
    return unseal(visit.text_sealed, field=VISIT_FIELD, row=visit.uuid)


def is_of_today(visit: Visit, *, today: date) -> bool:
    """Whether the visit was recorded on the business date, which the trace holds."""
    found = Change.objects.filter(
        subject_kind=Visit._meta.label_lower, subject_id=str(visit.pk), action="record_visit"
    )
    return found.filter(business_date=today).exists()


def withdrawal_of(visit: Visit) -> Change | None:
    """The act by which the visit was taken back, with its reason; None while it stands."""
    if visit.withdrawn_at is None:
        return None
    found = Change.objects.filter(
        subject_kind=Visit._meta.label_lower, subject_id=str(visit.pk), action="withdraw_visit"
    )
    return found.first()


@dataclass(frozen=True)
class VisitRow:
    """A visit as a list shows it; `text` is empty where it is not for the reader."""

    visit: Visit
    head: str
    met: Words
    topics: Words
    text: str


def rows_of(officer: Officer, visits: Iterable[Visit]) -> list[VisitRow]:
    """The visits with heads and words; they come with `household` and `visitor`."""
    found = list(visits)
    heads = heads_of({one.household_id for one in found})
    return [
        VisitRow(
            one,
            heads.get(one.household_id, one.household.number),
            [Met(code).label for code in one.met],
            [Topic(code).label for code in one.topics],
            text_of(officer, one),
        )
        for one in found
    ]


def heads_of(household_ids: Iterable[int]) -> dict[int, str]:
    """The names of the heads by household; the readers of visits read names."""
    heads = Member.objects.active().filter(household__in=list(household_ids), relation=HEAD)
    return dict(heads.values_list("household_id", "name"))


def visits_of_household(officer: Officer, household: Household, *, most: int) -> list[VisitRow]:
    """The latest visits of a household in the officer's scope, none for who may not see days."""
    found = visible_visits(officer).filter(household=household).order_by("-day", "-pk")
    return rows_of(officer, found.select_related("household", "visitor")[:most])


def visits_in_year(household: Household, year: int) -> int:
    """How many standing visits a household in the officer's scope had in a year."""
    return Visit.everywhere.standing().filter(household=household, day__year=year).count()


@dataclass(frozen=True)
class Wanted:
    """Which visits a list shows: of a place, from a first to a last day, of one visitor or all."""

    division: str
    first: date
    last: date
    visitor: int | None = None


@dataclass(frozen=True)
class VisitPage:
    """One page of a list, the latest visit first; `number` counts from 1."""

    rows: list[VisitRow]
    count: int
    number: int

    @property
    def has_next(self) -> bool:
        """Whether more visits follow."""
        return self.number * PAGE_ROWS < self.count


def visit_page(officer: Officer, wanted: Wanted, *, number: int) -> VisitPage:
    """A page of the visits that somebody wants to see and may."""
    found = visible_visits(officer).within(wanted.division)
    found = found.filter(day__gte=wanted.first, day__lte=wanted.last)
    if wanted.visitor is not None:
        found = found.filter(visitor=wanted.visitor)
    start = (number - 1) * PAGE_ROWS
    shown = found.order_by("-day", "-pk")[start : start + PAGE_ROWS]
    rows = rows_of(officer, shown.select_related("household__village", "visitor"))
    return VisitPage(rows, found.count(), number)


@dataclass(frozen=True)
class Worker:
    """How much one person did in a window: visits and entries of the log."""

    officer: Officer
    visits: int
    entries: int


def workers_in(officer: Officer, division: str, first: date, last: date) -> list[Worker]:
    """Everybody who visited or wrote the log there in these days, by name, as far as he sees."""
    window = Q(day__gte=first, day__lte=last)
    visits = visible_visits(officer).within(division).filter(window)
    entries = LogEntry.objects.visible_to(officer).within(division).filter(window)
    visited = dict(visits.values_list("visitor").annotate(Count("pk")).order_by())
    written = dict(entries.values_list("writer").annotate(Count("pk")).order_by())
    people = Officer.objects.filter(pk__in={*visited, *written}).order_by("name", "pk")
    return [Worker(one, visited.get(one.pk, 0), written.get(one.pk, 0)) for one in people]


def worked_in(officer: Officer, division: str, person: int) -> Officer | None:
    """Who visited or wrote the log there on any day, as far as the officer sees; else None."""
    visits = visible_visits(officer).within(division).filter(visitor=person)
    entries = LogEntry.objects.visible_to(officer).within(division).filter(writer=person)
    return Officer.objects.filter(Exists(visits) | Exists(entries), pk=person).first()


@dataclass(frozen=True)
class LogLine:
    """A line of somebody's work log: a visit (`household` is its number) or an entry.

    `met` is empty for an entry; `text` is empty for a visit without words.
    """

    day: date
    village: Division
    household: str
    topics: Words
    met: Words
    text: str


def log_of(officer_id: int, first: date, last: date) -> list[LogLine]:
    """The visits and log entries of one account from `first` to `last`, by day, in two queries.

    Unscoped and with their words: the caller answers for who may read them, and in which village.
    """
    window = Q(day__gte=first, day__lte=last)
    visits = Visit.everywhere.standing().filter(window, visitor=officer_id)
    entries = LogEntry.everywhere.filter(window, writer=officer_id)
    lines = [_visit_line(one) for one in visits.select_related("village", "household")]
    lines += [_entry_line(one) for one in entries.select_related("village")]
    return sorted(lines, key=lambda line: (line.day, line.village.pk, line.household))


def _visit_line(visit: Visit) -> LogLine:
    sealed = visit.text_sealed
    return LogLine(
        visit.day,
        visit.village,
        visit.household.number,
        [Topic(code).label for code in visit.topics],
        [Met(code).label for code in visit.met],
        unseal(sealed, field=VISIT_FIELD, row=visit.uuid) if sealed else "",
    )


def _entry_line(entry: LogEntry) -> LogLine:
    return LogLine(
        entry.day,
        entry.village,
        "",
        [Topic(code).label for code in entry.topics],
        [],
        unseal(entry.text_sealed, field=LOG_FIELD, row=entry.uuid),
    )
