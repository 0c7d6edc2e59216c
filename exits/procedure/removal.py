"""How a household that was registered wrongly is taken off the register (清退).

Mirrors the way onto it: evidence, a check on site, the villagers' word, notice, decision.
"""

from exits.rules.removal import unproved
from households.rules import State
from officers.rules import Role
from workflow.appraisal import (
    MEETING,
    PLACE,
    VISIT,
    appraised,
    enough_visitors,
    following,
    voted_down,
)
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
    DECIDING_SYSTEM,
    EXIT_CHECK_DAYS,
    EXIT_DECISION_DAYS,
    EXIT_STEP_DAYS,
    QUORUM,
    REMOVAL_VILLAGE_DAYS,
    VISITORS,
)

VILLAGE = frozenset({Role.VILLAGE_OFFICIAL, Role.TEAM_MEMBER})
TOWNSHIP = frozenset({Role.TOWNSHIP_REVIEWER})
CLERK = frozenset({Role.COUNTY_CLERK})
COUNTY = frozenset({Role.COUNTY_APPROVER})
PREPARED = frozenset({OPEN, AMEND, "verify", "appraise", "post"})
GROUNDS = (
    ("house", gettext_noop("house or shop bought")),
    ("vehicle", gettext_noop("vehicle or machinery")),
    ("payroll", gettext_noop("member paid by public finance")),
    ("business", gettext_noop("member runs a company")),
    ("income", gettext_noop("income was above the line from the beginning")),
    ("residence", gettext_noop("no resident of the village")),
    ("double", gettext_noop("registered twice")),
    ("false", gettext_noop("false statements")),
    ("other", gettext_noop("other reason")),
)

REMOVAL = Machine(
    kind="removal",
    label=gettext_noop("Removal of a wrong registration"),
    states={
        "proposed": gettext_noop("proposed"),
        "verified": gettext_noop("verified on site"),
        "appraised": gettext_noop("appraised by the village"),
        "noticed": gettext_noop("on notice in the village"),
        "checked": gettext_noop("checked by the township"),
        "removed": gettext_noop("removed from the register"),
        "rejected": gettext_noop("rejected"),
        "withdrawn": gettext_noop("withdrawn"),
    },
    decided_elsewhere=DECIDING_SYSTEM,
    starts={
        State.POOR: "proposed",
        State.PLANNED_EXIT: "proposed",
        State.RELAPSED: "proposed",
    },
    openers=VILLAGE | CLERK,
    deadlines={
        **dict.fromkeys(("proposed", "verified", "appraised"), EXIT_STEP_DAYS),
        "noticed": EXIT_CHECK_DAYS,
        "checked": EXIT_DECISION_DAYS,
    },
    restarts=dict.fromkeys(("verified", "appraised"), "proposed"),
    preparing=PREPARED,
    holds=unproved,
    steps=(
        Step(
            "verify",
            "proposed",
            "verified",
            TOWNSHIP,
            gettext_noop("Record the verification on site"),
            needs_evidence=(
                *following(VISIT, visited_on="proposed"),
                Evidence("ground", gettext_noop("Ground"), Kind.CHOICE, GROUNDS),
                Evidence("finding", gettext_noop("What was found")),
                Evidence("heard", gettext_noop("What the household says")),
            ),
            not_same_hand_as=PROPOSERS,
            judge=enough_visitors,
            parameters=(VISITORS,),
            vouches=True,
        ),
        Step(
            "appraise",
            "verified",
            "appraised",
            VILLAGE,
            gettext_noop("Record the villagers' appraisal"),
            needs_evidence=following(MEETING, meeting_on="visited_on"),
            not_same_hand_as=PROPOSERS,
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
            notice=REMOVAL_VILLAGE_DAYS,
        ),
        Step(
            "check",
            "noticed",
            "checked",
            TOWNSHIP,
            gettext_noop("Record the township's check"),
            needs_evidence=(
                Evidence(
                    "checked_on", gettext_noop("Day of the check"), Kind.DATE, not_before="noticed"
                ),
                Evidence("opinion", gettext_noop("Opinion")),
            ),
            not_same_hand_as=PREPARED - {"verify"},
            vouches=True,
        ),
        Step(
            "approve",
            "checked",
            "removed",
            COUNTY,
            gettext_noop("Remove it from the register"),
            not_same_hand_as=PREPARED | {"check"},
            decides=True,
            answers_flags=True,
        ),
        Step(
            "vote_down",
            "verified",
            "rejected",
            VILLAGE,
            gettext_noop("Record that the appraisal voted against it"),
            Way.REJECT,
            needs_note=True,
            needs_evidence=following(MEETING, meeting_on="visited_on"),
            not_same_hand_as=PROPOSERS,
            judge=voted_down,
            parameters=(QUORUM,),
        ),
        *(
            Step(
                "reject",
                state,
                "rejected",
                roles,
                gettext_noop("Reject: the registration stands"),
                Way.REJECT,
                needs_note=True,
                not_same_hand_as=PREPARED | {"check"} if state == "checked" else PREPARED,
                decides=True,
            )
            for state, roles in (("noticed", TOWNSHIP), ("checked", COUNTY))
        ),
        Step(
            "return",
            "checked",
            "proposed",
            COUNTY,
            gettext_noop("Return for another verification"),
            Way.RETURN,
            needs_note=True,
            deadline=CORRECTION_DAYS,
        ),
        *(
            Step(
                "withdraw",
                state,
                "withdrawn",
                VILLAGE | CLERK,
                gettext_noop("Withdraw the proposal"),
                Way.WITHDRAW,
                needs_note=True,
            )
            for state in ("proposed", "verified", "appraised", "noticed", "checked")
        ),
    ),
)
