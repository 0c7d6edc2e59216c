"""Carrying an identification or re-inclusion case: its steps, and what they do to the household."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from households.actions import change_state, lock_subject, notice_line, refuse_changed
from households.rules import State
from identification.procedure import REINCLUSION
from officers.models import Officer
from workflow.actions import take_step
from workflow.models import CaseEvent
from workflow.transactions import retried


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
    """Take a step of an identification or re-inclusion case.

    Approval makes the household poor, or relapsed (it keeps the year of its exit). Raises what
    `take_step` raises, and Stale when a decision would rest on facts that changed since.
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
    if event.to_state == "approved":
        state = State.RELAPSED if case.kind == REINCLUSION.kind else State.POOR
        change_state(household, state, case=case, by=by, exit_year=household.exit_year)
    return event
