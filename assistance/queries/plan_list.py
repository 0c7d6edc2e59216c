"""The plans of a place and year: how many stand where, one page of them, and who has none."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from assistance.models import Item, Plan
from assistance.models.plans import ItemStatus
from assistance.procedure import DRAFTED, PASSED_ON, PLAN, SIGNED
from assistance.queries.plans import visible_plans
from assistance.rights import PLAN_READERS
from divisions.scope import ScopedQuerySet
from households.models import Household, StateChange
from households.queries import visible_households
from households.rights import shown_count
from households.rules import ON_REGISTER
from officers.models import Officer
from officers.rules import Role
from teams.queries.pairings import helpers_of, households_of, needing_helper, support_years
from teams.queries.visits import heads_of
from workflow.models import Case
from workflow.parameters import PLAN_DAYS
from workflow.queries import parameter

PAGE_ROWS = 50
COUNTY_DIGITS = 6


class Kind(StrEnum):
    """Which plans a list shows; a plan that is being changed is agreed and drafted as well."""

    ALL = "all"
    DRAFTED = "drafted"
    WAITING = "waiting"
    AGREED = "agreed"
    VILLAGE = "village"
    NONE = "none"


KIND_LABELS: dict[Kind, Promise] = {
    Kind.ALL: gettext_lazy("all plans"),
    Kind.DRAFTED: gettext_lazy("being drafted"),
    Kind.WAITING: gettext_lazy("waiting for approval"),
    Kind.AGREED: pgettext_lazy("plan", "agreed"),
    Kind.VILLAGE: gettext_lazy("plans of villages"),
    Kind.NONE: gettext_lazy("households without a plan"),
}
BEING_DRAFTED, BEING_APPROVED = (DRAFTED, "returned"), (SIGNED, PASSED_ON)
WATCH = "watch"


def plans_in(officer: Officer, code: str, year: int) -> ScopedQuerySet:
    """The plans of a place and year that the officer reads, or for who reads figures all of them.

    A plan that was never agreed and is worked on no more counts as none.
    """
    reads = officer.acting_role in PLAN_READERS
    found = visible_plans(officer) if reads else Plan.objects.visible_to(officer)
    worked_on = Case.everywhere.open().filter(plan_case__plan=OuterRef("pk"))
    live = Q(approved_on__isnull=False) | Exists(worked_on)
    return found.within(code).filter(live, year=year)


def _at(states: Sequence[str]) -> Exists:
    """The condition on plans that their open case stands in one of the states."""
    found = Case.everywhere.open().filter(kind=PLAN.kind, state__in=states)
    return Exists(found.filter(plan_case__plan=OuterRef("pk")))


def conditions() -> dict[Kind, Q]:
    """What makes a plan belong to a kind."""
    return {
        Kind.ALL: Q(),
        Kind.DRAFTED: Q(_at(BEING_DRAFTED)),
        Kind.WAITING: Q(_at(BEING_APPROVED)),
        Kind.AGREED: Q(approved_on__isnull=False),
        Kind.VILLAGE: Q(household=None),
    }


def to_be_helped(officer: Officer, code: str, year: int, *, today: date) -> QuerySet[Household]:
    """The households that are to have a plan: on the register, in support, or under watch.

    A helper sees those that he helps today.
    """
    helps = officer.acting_role == Role.HELPER
    found = households_of(officer, today) if helps else visible_households(officer)
    watched = Case.everywhere.open().filter(kind=WATCH, subject=OuterRef("number"))
    years = support_years(code, year)
    return found.within(code).filter(needing_helper(year, years) | Q(Exists(watched)))


def without_plan(officer: Officer, code: str, year: int, *, today: date) -> QuerySet[Household]:
    """Those of them that have no plan of the year, not even one that is being drafted."""
    worked_on = Case.everywhere.open().filter(plan_case__plan=OuterRef("pk"))
    live = Q(approved_on__isnull=False) | Exists(worked_on)
    planned = Plan.everywhere.filter(live, household=OuterRef("pk"), year=year)
    return to_be_helped(officer, code, year, today=today).filter(~Exists(planned))


def missing_plans(officer: Officer, *, today: date) -> QuerySet[Household]:
    """Those without a plan of this year for whom the days of the policy are over.

    The days run from the first day of the year, or from the day on which the household came onto
    the register. None for a posting above the county.
    """
    code = officer.acting_division
    if len(code) < COUNTY_DIGITS:
        return Household.objects.visible_to(officer).none()
    latest = today - timedelta(days=int(parameter(PLAN_DAYS, code, today.year)))
    found = without_plan(officer, code, today.year, today=today)
    if latest < date(today.year, 1, 1):
        return found.none()
    came = StateChange.objects.filter(
        household=OuterRef("pk"), to_state__in=ON_REGISTER, on__gt=latest
    )
    return found.filter(~Exists(came.exclude(from_state__in=ON_REGISTER)))


def own_drafts(officer: Officer) -> QuerySet[Plan]:
    """The plans that the officer reads and that are being drafted, or came back to be mended."""
    return visible_plans(officer).filter(_at(BEING_DRAFTED))


@dataclass(frozen=True)
class Row:
    """A plan as a list shows it; `head` is empty for the plan of a village. Amounts are yuan."""

    plan: Plan
    head: str
    measures: int
    planned: Decimal
    delivered: Decimal
    state: str


@dataclass(frozen=True)
class Lacking:
    """A household without a plan: its head, and who helps it."""

    household: Household
    head: str
    helper: str


@dataclass(frozen=True)
class Page:
    """One page of plans, or of households without one; `number` counts from 1."""

    rows: list[Row]
    lacking: list[Lacking]
    count: int
    number: int

    @property
    def has_next(self) -> bool:
        """Whether more follow."""
        return self.number * PAGE_ROWS < self.count


@dataclass(frozen=True)
class Wanted:
    """Which plans of which place and year a list shows."""

    division: str
    year: int
    kind: Kind = Kind.ALL


def counts_of(officer: Officer, wanted: Wanted, *, today: date) -> dict[Kind, int]:
    """How many plans of the place and year stand where, and how many households have none.

    Two statements.
    """
    plans = plans_in(officer, wanted.division, wanted.year)
    tests = {kind.value: Count("pk", filter=test) for kind, test in conditions().items()}
    found = {Kind(name): number for name, number in plans.aggregate(**tests).items()}
    none = without_plan(officer, wanted.division, wanted.year, today=today).count()
    return found | {Kind.NONE: none}


def counts_shown(officer: Officer, counts: dict[Kind, int]) -> dict[Kind, str]:
    """The counts as the role may see them: few are hidden from who reads no names."""
    return {kind: shown_count(officer, number) for kind, number in counts.items()}


def plan_page(officer: Officer, wanted: Wanted, *, number: int, count: int, today: date) -> Page:
    """One page for who reads plans, by village; the households without one by village as well."""
    start = (number - 1) * PAGE_ROWS
    if wanted.kind is Kind.NONE:
        lacking = without_plan(officer, wanted.division, wanted.year, today=today)
        rows = lacking.select_related("village").defer("search").order_by("village_id", "pk")
        return Page([], _lacking(rows[start : start + PAGE_ROWS], today), count, number)
    found = plans_in(officer, wanted.division, wanted.year).filter(conditions()[wanted.kind])
    last = Case.everywhere.filter(plan_case__plan=OuterRef("pk")).order_by("-pk")
    found = found.annotate(state=Subquery(last.values("state")[:1]))
    found = found.select_related("household", "village", "helper").order_by("village_id", "pk")
    return Page(rows_of(found[start : start + PAGE_ROWS]), [], count, number)


def rows_of(plans: Iterable[Plan]) -> list[Row]:
    """Plans with heads and sums; they come with `household` and with `state` of the last case."""
    found = list(plans)
    heads = heads_of({one.household_id for one in found if one.household_id})
    standing = Item.everywhere.standing().filter(plan__in=found).order_by().values("plan")
    kept = ~Q(status=ItemStatus.STOPPED)
    sums = {
        row["plan"]: row
        for row in standing.annotate(
            measures=Count("pk", filter=kept),
            sum_planned=Sum("planned", filter=kept, default=Decimal()),
            sum_delivered=Sum("delivered", default=Decimal()),
        )
    }
    empty = {"measures": 0, "sum_planned": Decimal(), "sum_delivered": Decimal()}
    return [
        Row(
            one,
            heads.get(one.household_id or 0, ""),
            known["measures"],
            known["sum_planned"],
            known["sum_delivered"],
            state_in_words(getattr(one, "state", "") or ""),
        )
        for one in found
        for known in (sums.get(one.pk, empty),)
    ]


def state_in_words(state: str) -> str:
    """Where the latest case of a plan stands; a plan that came without a case is agreed."""
    return _(PLAN.states[state]) if state in PLAN.states else pgettext("plan", "agreed")


def _lacking(households: Iterable[Household], today: date) -> list[Lacking]:
    found = list(households)
    heads = heads_of(one.pk for one in found)
    helpers = helpers_of([one.pk for one in found], today)
    return [
        Lacking(
            one,
            heads.get(one.pk, ""),
            helpers[one.pk].cadre.name if one.pk in helpers else "",
        )
        for one in found
    ]
