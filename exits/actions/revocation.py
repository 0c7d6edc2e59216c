"""Carrying a revocation: household and who split off since get back what was before the exit."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from exits.actions.tracking import end_tracking
from exits.models import Revocation
from exits.queries.revocation import standing_on
from households.actions import before_case, change_state, lock_subject, notice_line, refuse_changed
from households.models import Household
from households.rules import State
from officers.models import Officer
from trail.transactions import retried
from workflow.actions import take_step
from workflow.models import Case, CaseEvent


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
    """Take a step of a revocation, with its consequence for households and tracking.

    Who split off since and is exited by that exit alone is taken back with the household. The exit
    stays on record as it was decided; this is another decision. Raises what `take_step` raises, and
    Stale when a decision would rest on facts that changed since.
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
        revoked = Revocation.objects.select_related("exit").get(case=case).exit
        before = before_case(revoked)
        state = State(before["state"])
        for one in (household, *_split_off(revoked)):
            change_state(one, state, case=case, by=by, exit_year=before["exit_year"])
            end_tracking(one, case=case, by=by)
    return event


def _split_off(revoked: Case) -> list[Household]:
    """Who split off and is exited by the exit, locked."""
    found = Household.everywhere.select_for_update().filter(pk__in=standing_on(revoked))
    return list(found.order_by("pk"))
