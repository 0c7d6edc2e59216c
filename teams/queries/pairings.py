"""Who helps which household on a day, and which households must have somebody."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q

from households.models import Household
from households.models.households import HouseholdQuerySet
from households.queries import visible_households
from households.rules import ON_REGISTER, State
from officers.models import Officer
from teams.models import Cadre, Pairing
from teams.models.terms import DatedQuerySet
from teams.rules.helping import busiest, needs_helper
from teams.rules.terms import Span
from workflow.parameters import PAIRING_MOST_HOUSEHOLDS, PAIRING_SUPPORT_YEARS
from workflow.queries import parameter

GONE = (State.CLEARED, State.CANCELLED)


def support_years(code: str, year: int) -> int:
    """Years after its exit in which a household of the county of `code` is tracked and helped."""
    return int(parameter(PAIRING_SUPPORT_YEARS, code, year))


def needing_helper(year: int, years: int) -> Q:
    """The condition of `rules.helping.needs_helper` on households; `years` is the support."""
    supported = Q(state=State.EXITED, exit_year__gte=year - years)
    return Q(state__in=ON_REGISTER) | supported


def is_closed(household: Household) -> bool:
    """Whether nobody helps the household any more: cleared, cancelled, or taken back."""
    return household.state in GONE or household.withdrawn_at is not None


def counted() -> DatedQuerySet:
    """Pairings that take a place of their helper: not those of a household that is closed."""
    found = Pairing.everywhere.filter(household__withdrawn_at=None)
    return found.exclude(household__state__in=GONE)


def running_pairings(on: date) -> DatedQuerySet:
    """Those of them that are in force on a day."""
    return counted().in_force(on)


def most_households(code: str, year: int) -> int:
    """How many households a helper of the county of `code` may have at a time."""
    return int(parameter(PAIRING_MOST_HOUSEHOLDS, code, year))


def free_places(cadres: Iterable[Cadre], first: date) -> dict[int, int]:
    """How many more households each cadre can take from a day on; below 0 when he has too many.

    What is promised for a later day takes a place now.
    """
    rows = list(cadres)
    spans: dict[int, list[Span]] = {one.pk: [] for one in rows}
    ahead = counted().meeting(first, date.max).filter(cadre__in=spans)
    for cadre, starts_on, last_day in ahead.values_list("cadre_id", "starts_on", "last_day"):
        spans[cadre].append(Span(starts_on, last_day))
    most = {code: most_households(code, first.year) for code in {one.division_id for one in rows}}
    return {one.pk: most[one.division_id] - busiest(spans[one.pk], first) for one in rows}


def with_helper(on: date) -> Exists:
    """The condition on households that somebody helps them on the day."""
    return Exists(Pairing.everywhere.in_force(on).filter(household=OuterRef("pk")))


def households_of(officer: Officer, on: date) -> HouseholdQuerySet:
    """The households that the officer himself helps on the day, within his posting."""
    own = Pairing.everywhere.in_force(on).filter(cadre__account=officer)
    return visible_households(officer).filter(Exists(own.filter(household=OuterRef("pk"))))


@dataclass(frozen=True)
class OnRecord:
    """The helpers of a household: who helps now, who is to, who did; None and empty for nobody.

    `is_due` tells that it must have one and has none.
    """

    now: Pairing | None
    coming: Pairing | None
    before: list[Pairing]
    is_due: bool


def pairings_on_record(household: Household, on: date) -> OnRecord:
    """All helpers of a household that is in scope, the latest first; two or three queries."""
    rows = Pairing.everywhere.filter(household=household).select_related("cadre__unit")
    pairings = list(rows.order_by("-starts_on"))
    now = next((one for one in pairings if Span(one.starts_on, one.last_day).holds(on)), None)
    years = support_years(household.village_id, on.year)
    needs = needs_helper(household.state, household.exit_year, year=on.year, support_years=years)
    return OnRecord(
        now=now,
        coming=next((one for one in reversed(pairings) if one.starts_on > on), None),
        before=[one for one in pairings if one.last_day and one.last_day < on],
        is_due=needs and now is None,
    )


def helper_of(household: Household, on: date) -> Pairing | None:
    """Who helps a household on the day, with the cadre and his unit; the household is in scope."""
    return helpers_of([household.pk], on).get(household.pk)


def helper_named_by(number: str, on: date) -> Pairing | None:
    """Who helps the standing household with this number on the day; the officer sees its case."""
    found = running_pairings(on).filter(household__number=number)
    return found.select_related("cadre").first()


def helpers_of(household_ids: Iterable[int], on: date) -> dict[int, Pairing]:
    """Who helps each of these households, by their keys; those without one are left out."""
    found = Pairing.everywhere.in_force(on).filter(household__in=list(household_ids))
    return {one.household_id: one for one in found.select_related("cadre__unit")}
