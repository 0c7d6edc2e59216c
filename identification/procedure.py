"""How a household comes onto the register, or back onto it.

Short form of domain reference §5.2: visit, villagers' appraisal, notice in the village, review and
notice by the township, decision of the county, announcement.
"""

from dataclasses import replace

from households.rules import State
from identification.rules import facts_show_poverty
from officers.rules import Role
from workflow.appraisal import (
    MEETING,
    PLACE,
    VISIT,
    appraised,
    enough_visitors,
    voted_down,
)
from workflow.machine import (
    AMEND,
    OPEN,
    Evidence,
    Kind,
    Machine,
    Step,
    Way,
    gettext_noop,
)
from workflow.parameters import (
    IDENTIFICATION_TOWNSHIP_DAYS,
    IDENTIFICATION_VILLAGE_DAYS,
    QUORUM,
    VISITORS,
)

VILLAGE = frozenset({Role.VILLAGE_OFFICIAL, Role.TEAM_MEMBER})
TOWNSHIP = frozenset({Role.TOWNSHIP_REVIEWER})
COUNTY = frozenset({Role.COUNTY_APPROVER})
CLERK = frozenset({Role.COUNTY_CLERK})
PREPARED = frozenset({OPEN, AMEND, "visit", "appraise", "post"})

CHECK = (
    Evidence("checked_on", gettext_noop("Day of the check"), Kind.DATE),
    Evidence("opinion", gettext_noop("Opinion")),
)
WITHDRAW = gettext_noop("Withdraw at the household's wish")

IDENTIFICATION = Machine(
    kind="identification",
    label=gettext_noop("Identification"),
    states={
        "proposed": gettext_noop("proposed"),
        "visited": gettext_noop("visited"),
        "appraised": gettext_noop("appraised by the village"),
        "noticed": gettext_noop("on notice in the village"),
        "reviewed": gettext_noop("reviewed, on notice by the township"),
        "approved": gettext_noop("approved by the county"),
        "registered": gettext_noop("registered"),
        "rejected": gettext_noop("rejected"),
        "withdrawn": gettext_noop("withdrawn"),
    },
    starts={State.ORDINARY: "proposed"},
    openers=VILLAGE | CLERK,
    steps=(
        Step(
            "visit",
            "proposed",
            "visited",
            VILLAGE,
            gettext_noop("Record the visit"),
            needs_evidence=VISIT,
            not_same_hand_as=frozenset({OPEN}),
            judge=enough_visitors,
            parameters=(VISITORS,),
        ),
        Step(
            "appraise",
            "visited",
            "appraised",
            VILLAGE,
            gettext_noop("Record the villagers' appraisal"),
            needs_evidence=MEETING,
            not_same_hand_as=frozenset({OPEN}),
            judge=appraised,
            parameters=(QUORUM,),
        ),
        Step(
            "post",
            "appraised",
            "noticed",
            VILLAGE,
            gettext_noop("Post the notice in the village"),
            needs_evidence=PLACE,
            notice=IDENTIFICATION_VILLAGE_DAYS,
        ),
        Step(
            "review",
            "noticed",
            "reviewed",
            TOWNSHIP,
            gettext_noop("Record the township's review and post its notice"),
            needs_evidence=CHECK + PLACE,
            notice=IDENTIFICATION_TOWNSHIP_DAYS,
            not_same_hand_as=PREPARED,
        ),
        Step(
            "approve",
            "reviewed",
            "approved",
            COUNTY,
            gettext_noop("Approve"),
            not_same_hand_as=PREPARED | {"review"},
            decides=True,
            judge=facts_show_poverty,
        ),
        Step(
            "register",
            "approved",
            "registered",
            VILLAGE | TOWNSHIP,
            gettext_noop("Announce and hand over the handbook"),
            needs_evidence=(
                Evidence("announced_on", gettext_noop("Day of the announcement"), Kind.DATE),
                *PLACE,
            ),
        ),
        Step(
            "vote_down",
            "visited",
            "rejected",
            VILLAGE,
            gettext_noop("Record that the appraisal voted against it"),
            Way.REJECT,
            needs_note=True,
            needs_evidence=MEETING,
            not_same_hand_as=frozenset({OPEN}),
            judge=voted_down,
            parameters=(QUORUM,),
        ),
        Step(
            "return",
            "noticed",
            "proposed",
            TOWNSHIP,
            gettext_noop("Return to the village"),
            Way.RETURN,
            needs_note=True,
        ),
        Step(
            "return",
            "reviewed",
            "proposed",
            COUNTY,
            gettext_noop("Return to the village"),
            Way.RETURN,
            needs_note=True,
        ),
        Step(
            "reject",
            "noticed",
            "rejected",
            TOWNSHIP,
            gettext_noop("Reject"),
            Way.REJECT,
            needs_note=True,
            not_same_hand_as=PREPARED,
            decides=True,
        ),
        Step(
            "reject",
            "reviewed",
            "rejected",
            COUNTY,
            gettext_noop("Reject"),
            Way.REJECT,
            needs_note=True,
            not_same_hand_as=PREPARED | {"review"},
            decides=True,
        ),
        *(
            Step(
                "withdraw",
                state,
                "withdrawn",
                VILLAGE | CLERK,
                WITHDRAW,
                Way.WITHDRAW,
                needs_note=True,
            )
            for state in ("proposed", "visited", "appraised", "noticed", "reviewed")
        ),
    ),
)

REINCLUSION = replace(
    IDENTIFICATION,
    kind="reinclusion",
    label=gettext_noop("Re-inclusion"),
    starts={State.EXITED: "proposed"},
)
