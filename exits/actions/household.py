"""Carrying an exit case: its steps, and what they do to the household."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from exits.actions.tracking import begin_tracking
from exits.queries.kept import kept_with
from households.actions import before_case, change_state, lock_subject, notice_line, refuse_changed
from households.models import Household
from households.rules import State
from officers.models import Officer
from trail.transactions import retried
from workflow.actions import end_case, take_step
from workflow.models import Case, CaseEvent

FAILED = ("rejected", "withdrawn")
PLANNED: dict[str, Any] = {"state": int(State.PLANNED_EXIT), "exit_year": None}


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
    """Take a step of an exit case, with its consequence for the household.

    Planning makes it a planned exit, approval an exited household of the survey's year that is
    tracked from now on; a case that fails gives back the state it came from. Raises what
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
        adds=kept_with(Case.everywhere.get(pk=case_id), household, step),
    )
    case = event.case
    planned = household.state == State.PLANNED_EXIT != case.facts["state"]
    if event.decides:
        expected = case.facts | (PLANNED if planned else {})
        refuse_changed(case, household, expected=expected)
    if planned and event.to_state in FAILED:
        _give_back(case, household, by)
    elif event.step == "plan":
        change_state(household, State.PLANNED_EXIT, case=case, by=by)
    elif event.to_state == "approved":
        year = case.facts["year"]
        change_state(household, State.EXITED, case=case, by=by, exit_year=year)
        begin_tracking(household, case=case, by=by)
    return event


@retried
@transaction.atomic
def end(case_id: int, *, cause: CaseEvent, by: Officer) -> CaseEvent:
    """End an exit case by the decision `cause` on another case; a plan is given back.

    Raises what `end_case` raises.
    """
    household = lock_subject(case_id)
    event = end_case(case_id, cause=cause, by=by)
    if household.state == State.PLANNED_EXIT != event.case.facts["state"]:
        _give_back(event.case, household, by)
    return event


def _give_back(case: Case, household: Household, by: Officer) -> None:
    """The state and exit year that the household had before this case planned its exit."""
    before = before_case(case)
    change_state(household, State(before["state"]), case=case, by=by, exit_year=before["exit_year"])
