"""How an approved exit is taken back: proposed with the reason, checked, decided by two approvers.

A decision is never changed; this is another one. The first of the two had no hand in the exit; who
had approved it may be the second who takes it back, but does not reject that. Source: design of the
county inbox; invariant 2.
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
SECOND = frozenset({OPEN, AMEND, "check", "revoke_first"})
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
        "seconded": gettext_noop("revoked once, waits for the second approver"),
        "revoked": gettext_noop("exit revoked"),
        "rejected": gettext_noop("rejected"),
        "withdrawn": gettext_noop("withdrawn"),
    },
    starts={State.EXITED: "proposed"},
    openers=CLERK,
    deadlines={
        "proposed": EXIT_STEP_DAYS,
        **dict.fromkeys(("checked", "seconded"), EXIT_DECISION_DAYS),
    },
    restarts=dict.fromkeys(("checked", "seconded"), "proposed"),
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
            not_same_hand_as=PROPOSERS | {"approve_exit", "sign_exit"},
            vouches=True,
        ),
        Step(
            "revoke_first",
            "checked",
            "seconded",
            COUNTY,
            gettext_noop("Revoke; a second approver decides"),
            needs_note=True,
            not_same_hand_as=PREPARED,
            decides=True,
        ),
        Step(
            "revoke",
            "seconded",
            "revoked",
            COUNTY,
            gettext_noop("Revoke the exit"),
            needs_note=True,
            not_same_hand_as=SECOND,
            decides=True,
        ),
        *(
            Step(
                "reject",
                state,
                "rejected",
                COUNTY,
                gettext_noop("Reject: the exit stands"),
                Way.REJECT,
                needs_note=True,
                not_same_hand_as=hands,
                decides=True,
            )
            for state, hands in (("checked", PREPARED), ("seconded", PREPARED | SECOND))
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
            for state in ("proposed", "checked", "seconded")
        ),
    ),
)
