"""Who helps which household on a day, and which households must have somebody."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, OuterRef, Q

from households.models import Household
from households.models.households import HouseholdQuerySet
from households.queries import visible_households
from households.rules import ON_REGISTER, State
from officers.models import Officer
from teams.models import Pairing
from teams.models.terms import DatedQuerySet
from workflow.parameters import PAIRING_SUPPORT_YEARS
from workflow.queries import parameter


def support_years(code: str, year: int) -> int:
    """Years after its exit in which a household of the county of `code` keeps its helper."""
    return int(parameter(PAIRING_SUPPORT_YEARS, code, year))


def needing_helper(year: int, years: int) -> Q:
    """The condition of `rules.helping.needs_helper` on households; `years` is the support."""
    supported = Q(state=State.EXITED, exit_year__gte=year - years)
    return Q(state__in=ON_REGISTER) | supported


def running_pairings(on: date) -> DatedQuerySet:
    """Pairings in force on a day, of households that no withdrawal of an import took back."""
    return Pairing.everywhere.in_force(on).filter(household__withdrawn_at=None)


def with_helper(on: date) -> Exists:
    """The condition on households that somebody helps them on the day."""
    return Exists(Pairing.everywhere.in_force(on).filter(household=OuterRef("pk")))


def households_of(officer: Officer, on: date) -> HouseholdQuerySet:
    """The households that the officer himself helps on the day, within his posting."""
    own = Pairing.everywhere.in_force(on).filter(cadre__account=officer)
    return visible_households(officer).filter(Exists(own.filter(household=OuterRef("pk"))))


def helper_of(household: Household, on: date) -> Pairing | None:
    """Who helps a household on the day, with the cadre and his unit; the household is in scope."""
    return helpers_of([household.pk], on).get(household.pk)


def helpers_of(household_ids: Iterable[int], on: date) -> dict[int, Pairing]:
    """Who helps each of these households, by their keys; those without one are left out."""
    found = Pairing.everywhere.in_force(on).filter(household__in=list(household_ids))
    return {one.household_id: one for one in found.select_related("cadre__unit")}
