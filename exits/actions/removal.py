"""Carrying a removal: a household that was registered wrongly leaves the register."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from exits.procedure import EXIT
from households.actions import change_state, lock_subject, notice_line, refuse_changed
from households.models import Household
from households.rules import ON_REGISTER, State
from officers.models import Officer
from teams.actions.following import end_pairings
from trail.errors import Refused
from trail.transactions import retried
from workflow.actions import take_step
from workflow.models import Case, CaseEvent
from workflow.queries import open_cases_of


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
    """Take a step of a removal; approved, the household is cleared and nobody helps it any more.

    Raises what `take_step` raises; Stale when a decision would rest on facts that changed since;
    Refused while an exit of the household is open.
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
        refuse_changed(case, household, expected=_expected(case, household))
    if event.to_state == "removed":
        _refuse_open_exit(household)
        change_state(household, State.CLEARED, case=case, by=by)
        end_pairings(household, by=by, origin=f"case:{case.pk}")
    return event


def _expected(case: Case, household: Household) -> dict[str, Any]:
    """The facts of the case; where on the register the household stands meanwhile is no news."""
    if household.state not in ON_REGISTER:
        return case.facts
    return case.facts | {"state": int(household.state), "exit_year": household.exit_year}


def _refuse_open_exit(household: Household) -> None:
    found = open_cases_of(EXIT.kind, [household.number])
    if found:
        [case] = found.values()
        message = _("The exit of this household is under way, case %(case)s. End that one first.")
        raise Refused(message % {"case": case.pk}, code="exit_open")
