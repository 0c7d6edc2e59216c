"""What is unfinished at the end of a plan's year, carried forward into the plan of the next."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from assistance.actions.planning import (
    Frame,
    draft_plan,
    draft_village_plan,
    locked_plan,
)
from assistance.models import Item, Origin, Plan
from assistance.queries.catalogue import catalogue_of
from assistance.queries.items import begun_of
from assistance.queries.plans import goal_of, helper_now, responsible_for
from assistance.rules.delivering import running_faults
from assistance.rules.planning import next_due
from officers.models import Officer
from trail.dates import business_date
from trail.errors import Refused
from workflow.transactions import retried


@retried
@transaction.atomic
def carry_forward(plan_id: int, *, by: Officer) -> Plan:
    """Draft the plan of the next year with goal and unfinished measures, each with what is left.

    A measure that runs on beyond the year by itself (a loan, a post) stays in its own plan. The old
    ones stay live until the new plan is approved. Raises NotAllowed; Refused for a plan that was
    never agreed, or where the next year has its plan.
    """
    plan = locked_plan(plan_id, by=by)
    if plan.approved_on is None:
        raise Refused(_("Only a plan that was agreed is carried forward."), code="not_agreed")
    year = plan.year + 1
    items = [_carried(item, year) for item in unfinished_of(plan)]
    frame = Frame(goal_of(plan), plan.target_income, _helper(plan))
    if plan.household_id is not None:
        return draft_plan(plan.household_id, year, frame, by=by, items=items, carried_from=plan)
    return draft_village_plan(plan.village_id, year, frame, by=by, items=items, carried_from=plan)


def unfinished_of(plan: Plan) -> list[Item]:
    """The live measures of a plan that are due in its year and have nothing running beyond it."""
    live = Item.everywhere.live().filter(plan=plan, due_on__lte=date(plan.year, 12, 31))
    found = live.select_related("measure").order_by("pk")
    last = date(plan.year, 12, 31)
    return [one for one in found if not running_faults(begun_of(one), last)]


def _helper(plan: Plan) -> int | None:
    """Who helps the household today; for a village who answered before, if he still serves."""
    if plan.household_id is not None:
        return helper_now(plan.household_id, business_date())
    here = {cadre.pk for cadre in responsible_for(plan)}
    return plan.helper_id if plan.helper_id in here else None


def _carried(item: Item, year: int) -> Item:
    """The draft of the next year, with what was not delivered; its conditions are checked anew."""
    measure = catalogue_of(item.village_id, year).get(item.code, item.measure)
    return Item(
        member_id=item.member_id,
        measure=measure,
        code=item.code,
        category=measure.category,
        unit=measure.unit,
        content=item.content,
        planned=item.planned - item.delivered,
        funding=item.funding,
        responsible_id=item.responsible_id,
        starts_on=date(year, 1, 1),
        due_on=next_due(item.due_on, year),
        origin=Origin.CARRIED,
        reasons=item.reasons,
        carried_from=item,
    )
