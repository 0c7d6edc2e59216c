"""Carrying a revocation: the household gets back what it was before its exit."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from exits.actions.tracking import end_tracking
from exits.models import Revocation
from households.actions import before_case, change_state, lock_subject, notice_line, refuse_changed
from households.rules import State
from officers.models import Officer
from trail.transactions import retried
from workflow.actions import take_step
from workflow.models import CaseEvent


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
    """Take a step of a revocation, with its consequence for household and tracking.

    The exit stays on record as it was decided; this is another decision. Raises what `take_step`
    raises, and Stale when a decision would rest on facts that changed since.
    """
    household = lock_subject(case_id)
    event = take_step(
        case_id,
        step,
        by=by,
        version=version,
        note=note,
        evidence=evidence,
        line=notice_line(household),
    )
    case = event.case
    if event.decides:
        refuse_changed(case, household, expected=case.facts)
    if event.to_state == "revoked":
        before = before_case(Revocation.objects.select_related("exit").get(case=case).exit)
        state = State(before["state"])
        change_state(household, state, case=case, by=by, exit_year=before["exit_year"])
        end_tracking(household, case=case, by=by)
    return event
