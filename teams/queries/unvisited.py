"""Households that need a helper, by their last visit: lists, and counts by place.

Counted for a county or a place in it, by one statement: of each household that is in scope and
needs a helper, the last standing visit is read from the index of visits by household.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, Min

from divisions.models import DIGITS, Division, Level
from divisions.scope import NATION
from households.models import Household
from households.models.households import HouseholdQuerySet
from households.queries import visible_households
from households.rights import ShownCounts, shown_counts
from households.suppression import Key, total
from officers.models import Officer
from teams.models import Task
from teams.queries.pairings import needing_helper, support_years
from teams.queries.visits import heads_of
from teams.rules.visiting import Pace, Urgency, next_visit_on, urgency_of
from workflow.parameters import VISIT_LATE_DAYS, VISIT_SOON_DAYS
from workflow.queries import parameters_in_force

PAGE_ROWS = 30
ALL, SOON, LATE = "all", "soon", "late"
KINDS = (ALL, SOON, LATE)
"""All households, those not visited for so many days, and those not visited for even longer."""

LAST_VISIT = """
    WITH wanted AS ({wanted})
    SELECT {columns}
    FROM wanted LEFT JOIN LATERAL (
        SELECT day FROM teams_visit
        WHERE household_id = wanted.id AND withdrawn_at IS NULL ORDER BY day DESC LIMIT 1
    ) AS latest ON true
"""


def is_counted_now(code: str) -> bool:
    """Whether a place is small enough for its households to be looked at when somebody asks."""
    return code != NATION and len(code) >= DIGITS[Level.COUNTY]


def pace_in(code: str, year: int) -> Pace:
    """After how many days a visit is due there, and overdue."""
    found = parameters_in_force([VISIT_SOON_DAYS, VISIT_LATE_DAYS], code, year)
    return Pace(int(found[VISIT_SOON_DAYS].value), int(found[VISIT_LATE_DAYS].value))


def to_be_visited(officer: Officer, code: str, *, today: date) -> HouseholdQuerySet:
    """The households of a place within the officer's scope that need a helper."""
    years = support_years(code, today.year)
    return visible_households(officer).within(code).filter(needing_helper(today.year, years))


def _statement(households: HouseholdQuerySet, columns: str) -> tuple[str, tuple[Any, ...]]:
    """The statement over these households and their last visits, with its values."""
    wanted = households.order_by().values("id", "village_id")
    sql, values = wanted.query.sql_with_params()
    return LAST_VISIT.format(wanted=sql, columns=columns), values


@dataclass(frozen=True)
class Counts:
    """Of the households of a place: how many there are, not visited for so long, for even longer.

    Who is late is soon as well.
    """

    households: int = 0
    soon: int = 0
    late: int = 0


COUNTED = """left(wanted.village_id, %s), count(*),
    count(*) FILTER (WHERE day IS NULL OR day < %s), count(*) FILTER (WHERE day IS NULL OR day < %s)
"""


def counts_by_place(
    households: HouseholdQuerySet, *, digits: int, today: date, pace: Pace
) -> dict[str, Counts]:
    """The counts by place of so many digits, in one statement."""
    try:
        statement, values = _statement(households, COUNTED)
    except EmptyResultSet:
        return {}
    days = (today - timedelta(days=pace.soon), today - timedelta(days=pace.late))
    with connection.cursor() as cursor:
        cursor.execute(f"{statement} GROUP BY 1", [*values, digits, *days])
        return {place: Counts(*numbers) for place, *numbers in cursor.fetchall()}


@dataclass(frozen=True)
class Row:
    """A place as the page shows it; counts as text, few are hidden from some roles."""

    division: Division
    households: str
    soon: str
    late: str


@dataclass(frozen=True)
class Overview:
    """A place with those right below it; a village has no parts."""

    whole: Row
    parts: list[Row]


def overview(officer: Officer, place: Division, *, today: date, pace: Pace) -> Overview:
    """How many households of a place were not visited for long, by the places right below it."""
    code = place.pk
    below = list(Division.objects.in_force(today).below(code))
    digits = len(below[0].pk) if below else len(code)
    households = to_be_visited(officer, code, today=today)
    found = counts_by_place(households, digits=digits, today=today, pace=pace)
    known = {one.pk for one in below}
    gone = Division.objects.filter(pk__in={*found} - known - {code})
    below = sorted([*below, *gone], key=lambda one: one.pk)
    shown = _shown(officer, code, found, [one.pk for one in below])
    return Overview(_row(place, shown), [_row(one, shown) for one in below])


def _shown(
    officer: Officer, code: str, found: Mapping[str, Counts], parts: Sequence[str]
) -> ShownCounts:
    """The counts as the officer may see them: they add up by place, and by how long ago."""
    whole = Counts(
        sum(one.households for one in found.values()),
        sum(one.soon for one in found.values()),
        sum(one.late for one in found.values()),
    )
    counts: dict[Key, int] = {}
    for key, one in {**found, code: whole}.items():
        counts |= {
            (key, ALL): one.households,
            (key, SOON): one.soon,
            (key, LATE): one.late,
            (key, "fresh"): one.households - one.soon,
            (key, "between"): one.soon - one.late,
        }
    sums = [total((key, ALL), [(key, SOON), (key, "fresh")]) for key in {*found, code}]
    sums += [total((key, SOON), [(key, LATE), (key, "between")]) for key in {*found, code}]
    if parts:
        sums += [total((code, kind), [(one, kind) for one in parts]) for kind in KINDS]
    return shown_counts(officer, counts, sums)


def _row(division: Division, shown: ShownCounts) -> Row:
    return Row(division, *(shown.text((division.pk, kind)) for kind in KINDS))


@dataclass(frozen=True)
class Card:
    """A household as its helper or its village sees it: the last visit and what is open."""

    household: Household
    head: str
    last_visit: date | None
    days_since: int | None
    urgency: Urgency
    next_on: date
    open_tasks: int
    next_due: date | None
    overdue_task: bool


@dataclass(frozen=True)
class CardPage:
    """One page of cards; `number` counts from 1, `count` is that of all pages."""

    cards: list[Card]
    count: int
    number: int

    @property
    def has_next(self) -> bool:
        """Whether more households follow."""
        return self.number * PAGE_ROWS < self.count


LISTED = "wanted.id, day, count(*) OVER ()"
OLDEST_FIRST = "ORDER BY day NULLS FIRST, wanted.village_id, wanted.id LIMIT %s OFFSET %s"
BEFORE = "WHERE day IS NULL OR day < %s"


def card_page(
    households: HouseholdQuerySet, kind: str, *, number: int, today: date, pace: Pace
) -> CardPage:
    """A page of these households, the one that waits longest for a visit first.

    `kind` is one of KINDS. In four queries; the names are for readers of names.
    """
    try:
        statement, values = _statement(households, LISTED)
    except EmptyResultSet:
        return CardPage([], 0, number)
    days = {SOON: pace.soon, LATE: pace.late}.get(kind)
    bound = [] if days is None else [today - timedelta(days=days)]
    where = BEFORE if bound else ""
    start = (number - 1) * PAGE_ROWS
    with connection.cursor() as cursor:
        cursor.execute(f"{statement} {where} {OLDEST_FIRST}", [*values, *bound, PAGE_ROWS, start])
        found = cursor.fetchall()
    last = {key: day for key, day, _all in found}
    count = found[0][2] if found else 0
    return CardPage(_cards(households, last, today=today, pace=pace), count, number)


def _cards(
    households: HouseholdQuerySet,
    last: Mapping[int, date | None],
    *,
    today: date,
    pace: Pace,
) -> list[Card]:
    rows = households.filter(pk__in=last).select_related("village").defer("search")
    heads, tasks = heads_of(last), _tasks_of(last)
    by_key = {one.pk: one for one in rows}
    cards = []
    for key, day in last.items():
        household, (number, due) = by_key[key], tasks.get(key, (0, None))
        cards.append(
            Card(
                household,
                heads.get(key, household.number),
                day,
                None if day is None else (today - day).days,
                urgency_of(day, today, pace),
                next_visit_on(day, today, pace),
                number,
                due,
                due is not None and due < today,
            )
        )
    return cards


def _tasks_of(household_ids: Iterable[int]) -> dict[int, tuple[int, date | None]]:
    """How many open tasks each household has, and the first day by which one is to be done."""
    found = Task.everywhere.open().filter(household__in=list(household_ids))
    grouped = found.values_list("household").annotate(Count("pk"), Min("due_on")).order_by()
    return {key: (number, due) for key, number, due in grouped}
