"""What is unfinished at the end of a plan's year, carried forward into the plan of the next."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from assistance.actions.planning import (
    Frame,
    amended,
    draft_plan,
    draft_under_lock,
    draft_village_plan,
    locked_plan,
    open_change,
)
from assistance.models import Item, Origin, Plan
from assistance.queries.carrying import plan_after, to_carry
from assistance.queries.catalogue import catalogue_of
from assistance.queries.plans import goal_of, helper_now, open_case_of, responsible_for
from assistance.rules.planning import next_due
from officers.models import Officer
from trail.actions import record
from trail.dates import business_date
from trail.errors import Refused
from trail.transactions import retried


@retried
@transaction.atomic
def carry_forward(plan_id: int, *, by: Officer) -> Plan:
    """Draft the plan of the next year with goal and unfinished measures, each with what is left.

    Where the next year has its plan, they are added to its draft; to one that was agreed, rejected
    or withdrawn by a change of it. A measure that runs on beyond the year by itself (a loan, a
    post) stays in its own plan. The old ones stay live until the new plan is approved. Raises
    NotAllowed; Refused for a plan that was never agreed, where the next one is signed or returned,
    or holds all that is left already.
    """
    plan = locked_plan(plan_id, by=by)
    if plan.approved_on is None:
        raise Refused(_("Only a plan that was agreed is carried forward."), code="not_agreed")
    year = plan.year + 1
    items = [_carried(item, year) for item in to_carry(plan)]
    after = plan_after(plan)
    if after is not None:
        return _added(after.pk, items, plan, by=by)
    frame = Frame(goal_of(plan), plan.target_income, _helper(plan))
    if plan.household_id is not None:
        return draft_plan(plan.household_id, year, frame, by=by, items=items, carried_from=plan)
    return draft_village_plan(plan.village_id, year, frame, by=by, items=items, carried_from=plan)


def _added(plan_id: int, items: list[Item], before: Plan, *, by: Officer) -> Plan:
    """The plan with these measures in its draft, which is begun where nobody works on it."""
    plan = locked_plan(plan_id, by=by)
    if not items:
        text = _("The plan of %(year)s holds all that can be carried forward.")
        raise Refused(text % {"year": plan.year}, code="nothing_left")
    note = _("Carried forward from %(year)s") % {"year": before.year}
    case = open_case_of(plan) or open_change(plan.pk, note, by=by)
    case = draft_under_lock(plan, case.version)
    for item in items:
        item.plan, item.village_id, item.household = plan, plan.village_id, plan.household
        item.save(force_insert=True)
    plan.carried_from = plan.carried_from or before
    amended(plan, case, note, by=by)
    after = {"from": str(before.uuid), "codes": [item.code for item in items]}
    record(by=by, action="carry_forward", subject=plan, division=plan.village_id, after=after)
    return plan


def _helper(plan: Plan) -> int | None:
    """Who helps the household today; else who answered before, if he still serves there."""
    now = helper_now(plan.household_id, business_date()) if plan.household_id else None
    here = {cadre.pk for cadre in responsible_for(plan)}
    return now or (plan.helper_id if plan.helper_id in here else None)


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
