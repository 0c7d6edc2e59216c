"""How a decision that another system took comes onto the record here: matched, then recorded.

The machine client reports it, and decides nothing: a clerk takes it in, another officer records it
or disputes it. Source: design of the exchange with provincial systems.
"""

from households.rules import State
from officers.rules import Role
from workflow.machine import PROPOSERS, Evidence, Machine, Step, Way, gettext_noop

CLERK = frozenset({Role.COUNTY_CLERK})
COUNTY = frozenset({Role.COUNTY_APPROVER})

FOREIGN = Machine(
    kind="foreign",
    label=gettext_noop("Decision of another system"),
    states={
        "taken_in": gettext_noop("taken in"),
        "recorded": gettext_noop("recorded"),
        "disputed": gettext_noop("disputed"),
        "withdrawn": gettext_noop("withdrawn"),
    },
    starts=dict.fromkeys(
        (State.ORDINARY, State.POOR, State.PLANNED_EXIT, State.EXITED, State.RELAPSED), "taken_in"
    ),
    openers=CLERK,
    steps=(
        Step(
            "record",
            "taken_in",
            "recorded",
            COUNTY,
            gettext_noop("Record the decision of the other system"),
            needs_evidence=(
                Evidence("compared", gettext_noop("What was compared: document, signers, facts")),
            ),
            not_same_hand_as=PROPOSERS,
            decides=True,
        ),
        Step(
            "dispute",
            "taken_in",
            "disputed",
            COUNTY,
            gettext_noop("Dispute it: it is not recorded"),
            Way.REJECT,
            needs_note=True,
            not_same_hand_as=PROPOSERS,
            decides=True,
        ),
        Step(
            "withdraw",
            "taken_in",
            "withdrawn",
            CLERK,
            gettext_noop("Withdraw it: it was taken in by mistake"),
            Way.WITHDRAW,
            needs_note=True,
        ),
    ),
)
