"""Carrying a watch case. The household's state stays: who is under watch is what its case says."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from households.actions import lock_subject, notice_line, refuse_changed
from monitoring.rules import UNDER_WATCH
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
    """Take a step of a watch case.

    Raises what `take_step` raises, and Stale when taking the household under watch, or refusing it,
    would rest on facts that changed since. The end of a watch rests on its own visit.
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
    if event.decides and event.to_state in (UNDER_WATCH, "rejected"):
        refuse_changed(event.case, household, expected=event.case.facts)
    return event
