"""What a request to undo an acceptance rests on, for the page of its case."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from households.rights import reads_names
from households.rules import Kind
from officers.models import Officer
from reviews.models import KIND_NAMES, Proposal
from reviews.procedure import UNDO
from workflow.models import Case
from workflow.procedures import machine_of


@dataclass(frozen=True)
class Undo:
    """The acceptance to be undone; `case` is the one that it opened, `state` where that stands.

    `reason` is empty without the right to names.
    """

    proposal: Proposal
    kind: str
    case: Case
    procedure: str
    state: str
    reason: str


def undo_of(officer: Officer, case: Case) -> Undo | None:
    """What the case asks to undo; None for a case of another kind."""
    if case.kind != UNDO.kind:
        return None
    related = ("review__root", "accepted_by", "household")
    found = Proposal.objects.visible_to(officer).select_related(*related)
    proposal = found.get(pk=case.facts["proposal"])
    opened = Case.objects.visible_to(officer).get(pk=case.facts["case"])
    machine = machine_of(opened.kind)
    return Undo(
        proposal=proposal,
        kind=str(KIND_NAMES[Kind(proposal.kind)]),
        case=opened,
        procedure=_(machine.label),
        state=_(machine.states[opened.state]),
        reason=case.facts["reason"] if reads_names(officer) else "",
    )
