"""How a figure of a frozen year is corrected: one officer proposes it, another approves it."""

from households.rules import State
from officers.rules import Role
from workflow.machine import AMEND, OPEN, Machine, Step, Way, gettext_noop

APPROVED = "approved"
COUNTY = frozenset({Role.COUNTY_APPROVER})
CORRECTORS = frozenset({Role.VILLAGE_OFFICIAL, Role.COUNTY_CLERK})

CORRECTION = Machine(
    kind="correction",
    label=gettext_noop("Correction of a frozen year"),
    states={
        "proposed": gettext_noop("proposed"),
        APPROVED: gettext_noop("approved by the county"),
        "rejected": gettext_noop("rejected"),
        "withdrawn": gettext_noop("withdrawn"),
    },
    starts=dict.fromkeys(State, "proposed"),
    openers=CORRECTORS,
    steps=(
        Step(
            "approve",
            "proposed",
            APPROVED,
            COUNTY,
            gettext_noop("Approve the correction"),
            not_same_hand_as=frozenset({OPEN, AMEND}),
            decides=True,
        ),
        Step(
            "reject",
            "proposed",
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
            "proposed",
            "withdrawn",
            CORRECTORS,
            gettext_noop("Withdraw the proposal"),
            Way.WITHDRAW,
            needs_note=True,
        ),
    ),
)
