"""The action behind each procedure: a page never moves a case but through it."""

from collections.abc import Callable

import assistance.actions.approving
import exchange.actions.decisions
import exits.actions
import exits.actions.counties
import exits.actions.following
import exits.actions.removal
import exits.actions.revocation
import exits.actions.villages
import households.actions.corrections
import identification.actions
import monitoring.actions
import reviews.actions.undoing
import teams.actions.absences
import teams.actions.assessing
import teams.actions.dispatching
from workflow.models import CaseEvent

Advance = Callable[..., CaseEvent]

ADVANCE: dict[str, Advance] = {
    "identification": identification.actions.advance,
    "reinclusion": exits.actions.following.advance_reinclusion,
    "exit": exits.actions.advance,
    "revocation": exits.actions.revocation.advance,
    "removal": exits.actions.removal.advance,
    "village_exit": exits.actions.villages.advance,
    "county_exit": exits.actions.counties.advance,
    "watch": monitoring.actions.advance,
    "undo": reviews.actions.undoing.advance,
    "change": exits.actions.following.advance_change,
    "dispatch": teams.actions.dispatching.advance,
    "absence": teams.actions.absences.advance,
    "assessment": teams.actions.assessing.advance,
    "plan": assistance.actions.approving.advance,
    "foreign": exchange.actions.decisions.advance,
    "correction": households.actions.corrections.advance,
}

TakeOver = Callable[..., CaseEvent]

TAKE_OVER: dict[str, TakeOver] = {
    "village_exit": exits.actions.villages.take_over,
    "county_exit": exits.actions.counties.take_over,
}
"""How the facts of a case are replaced by those of now; other kinds are about a household."""
