"""How a village leaves the list of poor villages: verified by the county, noticed in the township.

Source: domain reference §7.1. `facts["state"]` of these cases is LISTED: a village on the list.
"""

from exits.rules.villages import village_may_exit
from officers.rules import Role
from workflow.appraisal import PLACE
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
from workflow.parameters import (
    CORRECTION_DAYS,
    EXIT_CHECK_DAYS,
    EXIT_STEP_DAYS,
    VILLAGE_EXIT_DAYS,
)

LISTED = 0
RECORDED, JUDGED = "record", "judge"
"""The names under which steps exclude who recorded the figures, and who judged an indicator."""

TOWNSHIP = frozenset({Role.TOWNSHIP_REVIEWER})
CLERK = frozenset({Role.COUNTY_CLERK})
COUNTY = frozenset({Role.COUNTY_APPROVER})
PREPARED = frozenset({OPEN, AMEND, RECORDED, JUDGED, "verify", "post"})

VILLAGE_EXIT = Machine(
    kind="village_exit",
    label=gettext_noop("Exit of a village"),
    states={
        "proposed": gettext_noop("proposed"),
        "verified": gettext_noop("verified by the county"),
        "noticed": gettext_noop("on notice in the township"),
        "approved": gettext_noop("approved by the county"),
        "announced": gettext_noop("announced"),
        "returned": gettext_noop("returned for correction"),
        "rejected": gettext_noop("rejected"),
        "withdrawn": gettext_noop("withdrawn"),
    },
    starts={LISTED: "proposed"},
    openers=TOWNSHIP | CLERK,
    deadlines={
        **dict.fromkeys(("proposed", "verified", "approved"), EXIT_STEP_DAYS),
        "noticed": EXIT_CHECK_DAYS,
        "returned": CORRECTION_DAYS,
    },
    restarts={"verified": "proposed"},
    preparing=PREPARED,
    steps=(
        Step(
            "verify",
            "proposed",
            "verified",
            CLERK,
            gettext_noop("Record the county's verification"),
            needs_evidence=(
                Evidence(
                    "checked_on", gettext_noop("Day of the check"), Kind.DATE, not_before="proposed"
                ),
                Evidence("inspectors", gettext_noop("Who verified")),
                Evidence("opinion", gettext_noop("Opinion")),
            ),
            not_same_hand_as=PROPOSERS | {JUDGED},
            judge=village_may_exit,
        ),
        Step(
            "post",
            "verified",
            "noticed",
            TOWNSHIP,
            gettext_noop("Post the notice in the township"),
            needs_evidence=PLACE,
            notice=VILLAGE_EXIT_DAYS,
        ),
        Step(
            "approve",
            "noticed",
            "approved",
            COUNTY,
            gettext_noop("Approve the exit of the village"),
            not_same_hand_as=PREPARED,
            decides=True,
            judge=village_may_exit,
        ),
        Step(
            "announce",
            "approved",
            "announced",
            TOWNSHIP | CLERK,
            gettext_noop("Record the announcement"),
            needs_evidence=(
                Evidence(
                    "announced_on",
                    gettext_noop("Day of the announcement"),
                    Kind.DATE,
                    not_before="approved",
                ),
                *PLACE,
            ),
        ),
        Step("resend", "returned", "proposed", TOWNSHIP | CLERK, gettext_noop("Send it again")),
        *(
            Step(
                "return",
                state,
                "returned",
                roles,
                gettext_noop("Return for correction"),
                Way.RETURN,
                needs_note=True,
            )
            for state, roles in (("proposed", CLERK), ("noticed", COUNTY))
        ),
        Step(
            "reject",
            "noticed",
            "rejected",
            COUNTY,
            gettext_noop("Reject"),
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
                TOWNSHIP | CLERK,
                gettext_noop("Withdraw the proposal"),
                Way.WITHDRAW,
                needs_note=True,
            )
            for state in ("proposed", "verified", "noticed", "returned")
        ),
    ),
)
