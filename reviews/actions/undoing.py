"""Undoing an acceptance whose case is still open: a case of its own, decided by another officer.

Locks are taken as accepting takes them: review, proposal, household, cases.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

import exits.actions
from exits.procedure import EXIT
from households.actions import lock_subject
from households.models import Household
from officers.models import Officer
from officers.rights import require
from officers.rules import Role
from reviews.actions.accepting import committed_review
from reviews.actions.answering import put_up_again
from reviews.models import Proposal
from reviews.procedure import UNDO
from trail.actions import record
from trail.errors import Refused
from trail.transactions import retried
from workflow.actions import end_case, open_case, take_step
from workflow.actions.endings import way_out
from workflow.errors import Incomplete
from workflow.models import Case, CaseEvent
from workflow.procedures import machine_of

REASON_LENGTH = 500
UNDONE = "undone"
ENDINGS: dict[str, Callable[..., CaseEvent]] = {EXIT.kind: exits.actions.end}


@retried
@transaction.atomic
def open_undo(proposal_id: int, *, reason: str, by: Officer) -> Case:
    """Ask for the undo of an accepted proposal. Nothing changes before the approver decides.

    Raises NotAllowed; Incomplete without a reason; AlreadyOpen; Refused when the proposal is not
    accepted, or its case is closed or decided.
    """
    found = Proposal.everywhere.select_related("household").get(pk=proposal_id)
    require(by, Role.COUNTY_CLERK, code=found.village_id)
    committed_review(found.review_id)
    proposal = Proposal.everywhere.select_for_update().get(pk=proposal_id)
    household = Household.everywhere.select_for_update().get(pk=found.household_id)
    if not 0 < len(reason.strip()) <= REASON_LENGTH:
        said = _("Say why, in at most %(most)s characters.") % {"most": REASON_LENGTH}
        raise Incomplete(said, details={"fields": {"reason": said}})
    accepted = accepted_case(proposal)
    refuse_decided(accepted)
    facts = {
        "household": household.number,
        "state": int(household.state),
        "review": proposal.review_id,
        "proposal": proposal.pk,
        "case": accepted.pk,
        "reason": reason.strip(),
        "hands": [proposal.accepted_by_id],
    }
    return open_case(UNDO.kind, household.number, accepted.division_id, facts, by=by)


def accepted_case(proposal: Proposal) -> Case:
    """The case that the acceptance opened. Raises Refused when there is nothing to undo."""
    if proposal.case is None or proposal.superseded_at is not None:
        raise Refused(
            _("Only an acceptance that stands can be undone. This proposal has none."),
            code="not_accepted",
        )
    return proposal.case


def why_not_undo(proposal: Proposal) -> str:
    """The sentence that says why nothing of this proposal can be undone; empty when it can."""
    try:
        refuse_decided(accepted_case(proposal))
    except Refused as refusal:
        return refusal.message
    return ""


def refuse_decided(case: Case) -> None:
    """Refused when the case is closed, or has been decided so that nobody can withdraw it."""
    if case.closed_at is None and way_out(machine_of(case.kind), case.state) is not None:
        return
    text = _(
        "Case %(case)s has been decided already (%(state)s), so its acceptance cannot be undone any"
        " more. A wrong decision is mended by a procedure of its own."
    )
    if case.kind == EXIT.kind:
        text = _(
            "Case %(case)s has been decided already (%(state)s), so its acceptance cannot be undone"
            " any more. A wrong exit is mended by its revocation."
        )
    raise Refused(
        text % {"case": case.pk, "state": _(machine_of(case.kind).states[case.state])},
        code="decided",
    )


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
    """Take a step of an undo case.

    Approval ends the case that the acceptance opened, gives back what it did to the household, and
    puts the proposal up for decision again. Raises what `take_step` raises, and Refused when that
    case was decided meanwhile.
    """
    facts = Case.everywhere.values_list("facts", flat=True).get(pk=case_id)
    Proposal.everywhere.select_for_update().get(pk=facts["proposal"])
    lock_subject(case_id)
    _lock_cases(case_id, facts["case"])
    event = take_step(case_id, step, by=by, version=version, note=note, evidence=evidence)
    if event.to_state == UNDONE:
        _undo(event, by)
    return event


def _lock_cases(*cases: int) -> None:
    """In the order of keys, as everybody locks them."""
    list(Case.everywhere.select_for_update().filter(pk__in=cases).order_by("pk"))


def _undo(event: CaseEvent, by: Officer) -> None:
    facts = event.case.facts
    proposal = Proposal.everywhere.get(pk=facts["proposal"])
    accepted = accepted_case(proposal)
    refuse_decided(accepted)
    ENDINGS.get(accepted.kind, end_case)(accepted.pk, cause=event, by=by)
    fresh = put_up_again(proposal)
    record(
        by=by,
        action="undo_acceptance",
        subject=proposal,
        division=proposal.village_id,
        before={"case": accepted.pk},
        after={"proposal": fresh},
        reason=facts["reason"],
        origin=f"case:{event.case_id}",
    )
