"""What re-inclusions and changes of a household do to the tracking that its exit began."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

import assistance.actions.following
import identification.actions
from exits.actions.tracking import (
    end_tracking,
    move_tracking,
    resume_tracking,
    share_tracking,
)
from exits.models import Tracking
from households.changing.procedure import APPROVED
from households.models import Household
from households.rules import State
from identification.models import Appeal
from identification.procedure import REINCLUSION
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
    _follow_return(event.case, by)
    return event


@retried
@transaction.atomic
def resolve_appeal(appeal_id: int, *, by: Officer, result: str, finding: str) -> Appeal:
    """Resolve an appeal; one upheld against a re-inclusion takes that back, and tracking goes on.

    Raises what `identification.actions.resolve_appeal` raises.
    """
    appeal = identification.actions.resolve_appeal(appeal_id, by=by, result=result, finding=finding)
    if appeal.case.kind == REINCLUSION.kind:
        _follow_return(appeal.case, by)
    return appeal


def _follow_return(case: Case, by: Officer) -> None:
    """End the tracking of who is back on the register; let it go on for who is exited again."""
    household = _household_of(case)
    if household.state == State.RELAPSED:
        end_tracking(household, case=case, by=by)
    elif household.state == State.EXITED:
        resume_tracking(household, case=case, by=by)


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

    Who splits off is tracked too.

    Raises what `assistance.actions.following.advance_change` raises.
    """
    event = assistance.actions.following.advance_change(
        case_id, step, by=by, version=version, note=note, evidence=evidence
    )
    if event.to_state == APPROVED:
        _follow(_household_of(event.case), event.case, by)
    return event


def _follow(household: Household, case: Case, by: Officer) -> None:
    for fresh in Household.everywhere.filter(split_from=household, state_changes__case=case):
        share_tracking(household, fresh, case=case, by=by)
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
