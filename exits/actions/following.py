"""What re-inclusions and changes of a household do to the tracking that its exit began."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

import assistance.actions.following
import identification.actions
from exits.actions.tracking import end_tracking, move_tracking, resume_tracking
from exits.models import Tracking
from households.changing.procedure import APPROVED
from households.models import Household
from households.rules import State
from officers.models import Officer
from trail.transactions import retried
from workflow.models import Case, CaseEvent


@retried
@transaction.atomic
def advance_reinclusion(
    case_id: int,
    step: str,
    *,
    by: Officer,
    version: int,
    note: str = "",
    evidence: Mapping[str, Any] | None = None,
) -> CaseEvent:
    """Take a step of a re-inclusion; approved, it ends the tracking, and taken back, that goes on.

    Raises what `identification.actions.advance` raises.
    """
    event = identification.actions.advance(
        case_id, step, by=by, version=version, note=note, evidence=evidence
    )
    household = _household_of(event.case)
    if household.state == State.RELAPSED:
        end_tracking(household, case=event.case, by=by)
    elif event.from_state == "announced" and household.state == State.EXITED:
        resume_tracking(household, case=event.case, by=by)
    return event


@retried
@transaction.atomic
def advance_change(
    case_id: int,
    step: str,
    *,
    by: Officer,
    version: int,
    note: str = "",
    evidence: Mapping[str, Any] | None = None,
) -> CaseEvent:
    """Take a step of a change, and let the tracking follow the household, or end with it.

    Raises what `assistance.actions.following.advance_change` raises.
    """
    event = assistance.actions.following.advance_change(
        case_id, step, by=by, version=version, note=note, evidence=evidence
    )
    if event.to_state == APPROVED:
        _follow(_household_of(event.case), event.case, by)
    return event


def _follow(household: Household, case: Case, by: Officer) -> None:
    running = Tracking.everywhere.filter(household=household, ended_on=None).first()
    if running is None:
        return
    if household.state != State.EXITED:
        end_tracking(household, case=case, by=by)
    elif running.village_id != household.village_id:
        move_tracking(household, case=case, by=by)


def _household_of(case: Case) -> Household:
    """The household as the step left it; its row is locked by the step."""
    return Household.everywhere.standing().get(number=case.subject)
