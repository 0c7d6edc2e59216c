"""The action behind each procedure: a page never moves a case but through it."""

from collections.abc import Callable

import assistance.actions.approving
import exits.actions
import households.actions.corrections
import identification.actions
import monitoring.actions
import reviews.actions.undoing
import teams.actions.absences
import teams.actions.assessing
import teams.actions.dispatching
import teams.actions.following
from workflow.models import CaseEvent

Advance = Callable[..., CaseEvent]

ADVANCE: dict[str, Advance] = {
    "identification": identification.actions.advance,
    "reinclusion": identification.actions.advance,
    "exit": exits.actions.advance,
    "watch": monitoring.actions.advance,
    "undo": reviews.actions.undoing.advance,
    "change": teams.actions.following.advance_change,
    "dispatch": teams.actions.dispatching.advance,
    "absence": teams.actions.absences.advance,
    "assessment": teams.actions.assessing.advance,
    "plan": assistance.actions.approving.advance,
    "correction": households.actions.corrections.advance,
}
