"""Households with gaps, and a search that finds them."""

from datetime import date
from typing import Any

from assistance.actions.gap_runs import ask_search, drive
from assistance.models import Gap, Item
from divisions.models import Division
from households.models import Household, LivingConditions, Member
from households.rules import State
from tests import factories as make
from workflow.models import CaseEvent

YEAR, AT_EASE = 2019, date(1990, 6, 1)
CHILD = date(2009, 9, 1)


def found(*households: Household) -> dict[int, dict[str, dict[str, int]]]:
    """By household the rules that a search finds, with their facts."""
    run = ask_search(Division.objects.get(pk=make.PROVINCE), YEAR, by=make.the_operator())
    assert drive(run.pk)
    listed: dict[int, dict[str, dict[str, int]]] = {one.pk: {} for one in households}
    for gap in Gap.everywhere.standing():
        listed.setdefault(gap.household_id, {})[gap.rule] = gap.facts
    return listed


def poor(**fields: Any) -> Household:
    """A poor household whose head can neither work nor is insured in doubt."""
    return make.make_household(**{"state": State.POOR, "attribute": "01"} | fields)


def head(household: Household, **fields: Any) -> Member:
    """Its head, changed."""
    Member.objects.filter(household=household, relation="01").update(**fields)
    return household.members.get(relation="01")


def item(household: Household, code: str, member: Member | None = None, **fields: Any) -> Item:
    """A measure of its plan of the year."""
    plan = household.plans.filter(year=YEAR).first() or make.make_plan(household, YEAR)
    return make.make_item(plan, code, member, **fields)


def conditions(household: Household, survey: dict[str, Any] | None = None, **fields: Any) -> None:
    known = make.make_survey(household, YEAR, **survey or {})
    LivingConditions.objects.create(survey=known, **fields)


def watched(household: Household, since: date) -> None:
    case = make.make_case(household, "watch", opened_on=since)
    CaseEvent.objects.create(
        case=case, seq=2, step="approve", to_state="monitored", actor_id=case.proposed_by_id,
        actor_name="批", role="county_approver", posted_to=make.COUNTY, on=since,
        facts_hash="0" * 64,
    )  # fmt: skip


def village_item(code: str, **fields: Any) -> Item:
    plan = make.make_plan(year=YEAR, village_id=make.VILLAGE)
    return make.make_item(plan, code, **fields)
