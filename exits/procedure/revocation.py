"""How an approved exit is taken back: proposed with the reason, decided by two people.

A decision is never changed; this is another one. Source: design of the county inbox.
"""

from households.rules import State
from officers.rules import Role
from workflow.machine import (
    AMEND,
    OPEN,
    PROPOSERS,
    Evidence,
    Kind,
    Machine,
    Step,
    Way,
    gettext_noop,
)
from workflow.parameters import EXIT_DECISION_DAYS, EXIT_STEP_DAYS

CLERK = frozenset({Role.COUNTY_CLERK})
COUNTY = frozenset({Role.COUNTY_APPROVER})
PREPARED = frozenset({OPEN, AMEND, "check", "approve_exit"})
CAUSES = (
    ("income", gettext_noop("income not above the line")),
    ("guarantee", gettext_noop("a guarantee was not met")),
    ("procedure", gettext_noop("the procedure was not kept")),
    ("fraud", gettext_noop("false figures or signatures")),
    ("other", gettext_noop("other reason")),
)

REVOCATION = Machine(
    kind="revocation",
    label=gettext_noop("Revocation of an exit"),
    states={
        "proposed": gettext_noop("proposed"),
        "checked": gettext_noop("checked on site"),
        "revoked": gettext_noop("exit revoked"),
        "rejected": gettext_noop("rejected"),
        "withdrawn": gettext_noop("withdrawn"),
    },
    starts={State.EXITED: "proposed"},
    openers=CLERK,
    deadlines={"proposed": EXIT_STEP_DAYS, "checked": EXIT_DECISION_DAYS},
    restarts=dict.fromkeys(("checked",), "proposed"),
    steps=(
        Step(
            "check",
            "proposed",
            "checked",
            frozenset({Role.TOWNSHIP_REVIEWER}),
            gettext_noop("Record the check on site"),
            needs_evidence=(
                Evidence(
                    "checked_on", gettext_noop("Day of the check"), Kind.DATE, not_before="proposed"
                ),
                Evidence("cause", gettext_noop("What was wrong"), Kind.CHOICE, CAUSES),
                Evidence("finding", gettext_noop("What was found")),
            ),
            not_same_hand_as=PROPOSERS,
        ),
        Step(
            "revoke",
            "checked",
            "revoked",
            COUNTY,
            gettext_noop("Revoke the exit"),
            needs_note=True,
            not_same_hand_as=PREPARED,
            decides=True,
        ),
        Step(
            "reject",
            "checked",
            "rejected",
            COUNTY,
            gettext_noop("Reject: the exit stands"),
            Way.REJECT,
            needs_note=True,
            not_same_hand_as=PREPARED,
            decides=True,
        ),
        *(
            Step(
                "withdraw",
                state,
                "withdrawn",
                CLERK,
                gettext_noop("Withdraw the proposal"),
                Way.WITHDRAW,
                needs_note=True,
            )
            for state in ("proposed", "checked")
        ),
    ),
)
