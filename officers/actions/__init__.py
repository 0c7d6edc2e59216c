"""What account administrators, officers and the operator do to accounts and postings."""

from officers.actions.accounts import (
    activate_officer,
    create_officer,
    deactivate_officer,
    issue_reset_link,
    set_own_password,
)
from officers.actions.clients import (
    Issued,
    KeyTerms,
    create_client,
    note_identities,
    note_use,
    revoke_key,
    rotate_key,
    set_networks,
)
from officers.actions.postings import (
    Terms,
    appoint,
    confirm_posting,
    end_posting,
    grant_posting,
    hand_over,
    propose_posting,
    refuse_posting,
)
from officers.actions.telling import ToldEnough, keep_told, note_told, refuse_told_enough

__all__ = [
    "Issued",
    "KeyTerms",
    "Terms",
    "ToldEnough",
    "activate_officer",
    "appoint",
    "confirm_posting",
    "create_client",
    "create_officer",
    "deactivate_officer",
    "end_posting",
    "grant_posting",
    "hand_over",
    "issue_reset_link",
    "keep_told",
    "note_identities",
    "note_told",
    "note_use",
    "propose_posting",
    "refuse_posting",
    "refuse_told_enough",
    "revoke_key",
    "rotate_key",
    "set_networks",
    "set_own_password",
]
