"""Which households wait for a helper, since when, and who was theirs before."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import DateField, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Greatest

from households.models import Household
from identification.models import Application
from officers.models import Officer
from teams.models import Pairing
from teams.queries.helper_list import unhelped
from teams.queries.visits import heads_of

PAGE_ROWS = 40
COUNT_CAP = 10_000
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Line:
    """A household without a helper.

    `due` is the day by which it must have one: the day of its registration's deadline, or the day
    after its last helper's last, whichever is later; None where neither is known. `coming` is a
    pairing that is to begin.
    """

    household: Household
    head: str
    due: date | None
    is_overdue: bool
    former: Pairing | None
    coming: Pairing | None


@dataclass(frozen=True)
class UnhelpedPage:
    """One page; `count` stops at COUNT_CAP + 1."""

    lines: list[Line]
    count: int
    has_next: bool

    @property
    def is_capped(self) -> bool:
        """Whether there are more than are counted."""
        return self.count > COUNT_CAP


def by_due(households: QuerySet[Household], today: date) -> QuerySet[Household]:
    """The longest overdue first: those with no known day, then by the day; each with `due`."""
    registered = Application.objects.filter(
        case__subject=OuterRef("number"), helper_due_on__isnull=False
    )
    ended = Pairing.everywhere.filter(household=OuterRef("pk"), last_day__lt=today)
    due = Greatest(
        Subquery(registered.order_by("-pk").values("helper_due_on")[:1]),
        Subquery(ended.order_by("-last_day").values("last_day")[:1], output_field=DateField()),
    )
    return households.annotate(due=due).order_by(F("due").asc(nulls_first=True), "village_id", "pk")


def unhelped_page(officer: Officer, code: str, *, today: date, number: int) -> UnhelpedPage:
    """Page `number` of the households in a county, or a place in it, that wait for a helper."""
    found = unhelped(officer, code, today)
    first = (number - 1) * PAGE_ROWS
    rows = by_due(found, today).select_related("village").defer("search")
    households = list(rows[first : first + PAGE_ROWS + 1])
    return UnhelpedPage(
        lines=_lines(households[:PAGE_ROWS], today),
        count=found.order_by()[: COUNT_CAP + 1].count(),
        has_next=len(households) > PAGE_ROWS,
    )


def _lines(households: Iterable[Household], today: date) -> list[Line]:
    rows = list(households)
    keys = [one.pk for one in rows]
    heads = heads_of(keys)
    former: dict[int, Pairing] = {}
    coming: dict[int, Pairing] = {}
    pairings = Pairing.everywhere.filter(household__in=keys).select_related("cadre")
    for one in pairings.order_by("starts_on"):
        if one.starts_on > today:
            coming.setdefault(one.household_id, one)
        else:
            former[one.household_id] = one
    return [_line(one, heads.get(one.pk, ""), former, coming, today) for one in rows]


def _line(
    household: Household,
    head: str,
    former: dict[int, Pairing],
    coming: dict[int, Pairing],
    today: date,
) -> Line:
    before, due = former.get(household.pk), getattr(household, "due", None)
    if due and before and before.last_day == due:
        due += DAY
    return Line(
        household=household,
        head=head or household.number,
        due=due,
        is_overdue=due is None or due < today,
        former=before,
        coming=coming.get(household.pk),
    )
