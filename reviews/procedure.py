"""How an accepted proposal is undone while its case is still open.

The clerk asks for it with a reason; the county approver decides. An approved undo ends the case
that the acceptance opened and puts the proposal up for decision again.
"""

from households.rules import State
from officers.rules import Role
from workflow.machine import AMEND, OPEN, Machine, Step, Way, gettext_noop

COUNTY = frozenset({Role.COUNTY_APPROVER})
CLERK = frozenset({Role.COUNTY_CLERK})

UNDO = Machine(
    kind="undo",
    label=gettext_noop("Undo of an acceptance"),
    states={
        "requested": gettext_noop("requested"),
        "undone": gettext_noop("undone"),
        "rejected": gettext_noop("rejected"),
        "withdrawn": gettext_noop("withdrawn"),
    },
    starts=dict.fromkeys(State, "requested"),
    openers=CLERK,
    steps=(
        Step(
            "approve",
            "requested",
            "undone",
            COUNTY,
            gettext_noop("Approve the undo"),
            not_same_hand_as=frozenset({OPEN, AMEND}),
            decides=True,
        ),
        Step(
            "reject",
            "requested",
            "rejected",
            COUNTY,
            gettext_noop("Reject"),
            Way.REJECT,
            needs_note=True,
            not_same_hand_as=frozenset({OPEN, AMEND}),
            decides=True,
        ),
        Step(
            "withdraw",
            "requested",
            "withdrawn",
            CLERK,
            gettext_noop("Withdraw the request"),
            Way.WITHDRAW,
            needs_note=True,
        ),
    ),
)
