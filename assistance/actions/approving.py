"""The steps of a plan's case, and what they do to the plan."""

import base64
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction

from assistance.actions.claims import agree, lock_replaced, locked_household, told
from assistance.actions.planning import require_planner
from assistance.models import Item, ItemStatus, Plan
from assistance.procedure import APPROVED, PLAN, PLANNERS
from assistance.queries.sheets import judge
from officers.models import Officer
from officers.rules import Role
from trail.actions import record
from trail.dates import business_date
from trail.transactions import retried
from workflow.actions import take_step
from workflow.models import Case, CaseEvent

GIVEN_UP = ("rejected", "withdrawn")


@retried
@transaction.atomic
def advance(
    case_id: int,
    step: str,
    *,
    by: Officer,
    version: int,
    note: str = "",
    evidence: Mapping[str, Any] | None = None,
) -> CaseEvent:
    """Take a step of a plan. The approval agrees on its measures, with their claims and caps.

    The household is locked first, so that of two plans that shut each other out one is approved and
    the other is told why. A refused or withdrawn change leaves the plan as it was agreed before.
    Raises what `take_step` raises; NotAllowed for a helper of another household; Refused when
    somebody holds a claim.
    """
    seen = Plan.everywhere.get(cases__case_id=case_id)
    household = locked_household(seen.household_id) if seen.household_id else None
    plan = Plan.everywhere.select_for_update().get(pk=seen.pk)
    if by.acting_role == Role.HELPER and by.acting_role in PLANNERS:
        require_planner(by, plan.village_id, household)
    lock_replaced(plan)
    event = take_step(case_id, step, by=by, version=version, note=note, evidence=evidence)
    if event.to_state == APPROVED:
        _agree(plan, by=by)
    elif event.to_state in GIVEN_UP:
        _give_up(plan, by=by, reason=note)
    elif step == "sign":
        _sign(plan, evidence or {}, by=by)
    elif step == "revise":
        plan.head_signed_on = plan.helper_signed_on = None
        plan.signing_way = ""
        plan.version += 1
        plan.save()
    return event


def _agree(plan: Plan, *, by: Officer) -> None:
    found = judge(plan)
    agree(found.drafts, found.measures, by=by)
    plan.approved_on = business_date()
    plan.version += 1
    plan.save()
    record(
        by=by,
        action="approve_plan",
        subject=plan,
        division=plan.village_id,
        after={"measures": len(found.drafts), "approved_on": plan.approved_on.isoformat()},
    )


def _sign(plan: Plan, evidence: Mapping[str, Any], *, by: Officer) -> None:
    plan.head_signed_on = evidence["head_signed_on"]
    plan.helper_signed_on = evidence["helper_signed_on"]
    plan.signing_way = evidence["way"]
    plan.version += 1
    plan.save()
    record(
        by=by,
        action="sign_plan",
        subject=plan,
        division=plan.village_id,
        after={
            "head_signed_on": plan.head_signed_on.isoformat(),
            "helper_signed_on": plan.helper_signed_on.isoformat(),
            "way": plan.signing_way,
        },
    )


def _give_up(plan: Plan, *, by: Officer, reason: str) -> None:
    """Take the drafts out, and let goal, target and helper be what was agreed last."""
    drafts = Item.everywhere.select_for_update().filter(plan=plan, status=ItemStatus.DRAFT)
    for item in drafts.order_by("pk"):
        before = told(item)
        item.status = ItemStatus.DROPPED
        item.version += 1
        item.save()
        record(
            by=by,
            action="drop_measure",
            subject=item,
            division=plan.village_id,
            before=before,
            after=told(item),
            reason=reason.strip(),
        )
    agreed = Case.everywhere.filter(plan_case__plan=plan, kind=PLAN.kind, state=APPROVED)
    last = agreed.order_by("-pk").first()
    if last is not None:
        _restore(plan, last.facts["frame"])
    plan.version += 1
    plan.save()


def _restore(plan: Plan, frame: Mapping[str, Any]) -> None:
    target = frame["target_income"]
    plan.goal_sealed = base64.b64decode(frame["goal"]) if frame["goal"] else None
    plan.target_income = Decimal(target) if target is not None else None
    plan.helper_id = frame["helper"]
