"""How a household leaves the register.

Short form of domain reference §7.2: planned by the county, appraised by the villagers, verified on
site, confirmed by the household, noticed in the village, checked by the township, decided by the
county, announced.
"""

from exits.rules import facts_allow_exit
from households.rules import State
from officers.rules import Role
from workflow.appraisal import MEETING, PLACE, VISIT, appraised, enough_visitors, voted_down
from workflow.machine import AMEND, OPEN, Evidence, Kind, Machine, Step, Way, gettext_noop
from workflow.parameters import EXIT_VILLAGE_DAYS, QUORUM, VISITORS

VILLAGE = frozenset({Role.VILLAGE_OFFICIAL, Role.TEAM_MEMBER})
TOWNSHIP = frozenset({Role.TOWNSHIP_REVIEWER})
COUNTY = frozenset({Role.COUNTY_APPROVER})
CLERK = frozenset({Role.COUNTY_CLERK})
PREPARED = frozenset({OPEN, AMEND, "appraise", "verify", "confirm", "post"})

EXIT = Machine(
    kind="exit",
    label=gettext_noop("Exit"),
    states={
        "proposed": gettext_noop("proposed"),
        "planned": gettext_noop("planned by the county"),
        "appraised": gettext_noop("appraised by the village"),
        "verified": gettext_noop("verified on site"),
        "confirmed": gettext_noop("confirmed by the household"),
        "noticed": gettext_noop("on notice in the village"),
        "checked": gettext_noop("checked by the township"),
        "approved": gettext_noop("approved by the county"),
        "announced": gettext_noop("announced"),
        "rejected": gettext_noop("rejected"),
        "withdrawn": gettext_noop("withdrawn"),
    },
    starts={State.POOR: "proposed", State.RELAPSED: "proposed", State.PLANNED_EXIT: "planned"},
    openers=VILLAGE | CLERK,
    steps=(
        Step(
            "plan",
            "proposed",
            "planned",
            COUNTY,
            gettext_noop("Put on the plan of exits"),
            not_same_hand_as=frozenset({OPEN, AMEND}),
            decides=True,
        ),
        Step(
            "appraise",
            "planned",
            "appraised",
            VILLAGE,
            gettext_noop("Record the villagers' appraisal"),
            needs_evidence=MEETING,
            not_same_hand_as=frozenset({OPEN}),
            judge=appraised,
            parameters=(QUORUM,),
        ),
        Step(
            "verify",
            "appraised",
            "verified",
            TOWNSHIP | {Role.TEAM_MEMBER},
            gettext_noop("Record the verification on site"),
            needs_evidence=VISIT,
            not_same_hand_as=frozenset({OPEN, "appraise"}),
            judge=enough_visitors,
            parameters=(VISITORS,),
        ),
        Step(
            "confirm",
            "verified",
            "confirmed",
            VILLAGE,
            gettext_noop("Record that the household agrees"),
            needs_evidence=(
                Evidence("signed_on", gettext_noop("Day of the signature"), Kind.DATE),
                Evidence("signed_by", gettext_noop("Who signed")),
            ),
            not_same_hand_as=frozenset({OPEN}),
        ),
        Step(
            "post",
            "confirmed",
            "noticed",
            VILLAGE,
            gettext_noop("Post the notice in the village"),
            needs_evidence=PLACE,
            notice=EXIT_VILLAGE_DAYS,
        ),
        Step(
            "check",
            "noticed",
            "checked",
            TOWNSHIP,
            gettext_noop("Record the township's check"),
            needs_evidence=(
                Evidence("checked_on", gettext_noop("Day of the check"), Kind.DATE),
                Evidence("opinion", gettext_noop("Opinion")),
            ),
            not_same_hand_as=PREPARED,
        ),
        Step(
            "approve",
            "checked",
            "approved",
            COUNTY,
            gettext_noop("Approve the exit"),
            not_same_hand_as=PREPARED | {"check"},
            decides=True,
            judge=facts_allow_exit,
        ),
        Step(
            "announce",
            "approved",
            "announced",
            VILLAGE | TOWNSHIP,
            gettext_noop("Record the announcement"),
            needs_evidence=(
                Evidence("announced_on", gettext_noop("Day of the announcement"), Kind.DATE),
                *PLACE,
            ),
        ),
        Step(
            "vote_down",
            "planned",
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
            "disagree",
            "verified",
            "planned",
            VILLAGE,
            gettext_noop("Record that the household does not agree"),
            Way.RETURN,
            needs_note=True,
            not_same_hand_as=frozenset({OPEN}),
        ),
        Step(
            "return",
            "noticed",
            "planned",
            TOWNSHIP,
            gettext_noop("Return to the village"),
            Way.RETURN,
            needs_note=True,
        ),
        Step(
            "return",
            "checked",
            "planned",
            COUNTY,
            gettext_noop("Return to the village"),
            Way.RETURN,
            needs_note=True,
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
            "checked",
            "rejected",
            COUNTY,
            gettext_noop("Reject"),
            Way.REJECT,
            needs_note=True,
            not_same_hand_as=PREPARED | {"check"},
            decides=True,
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
            for state in (
                "proposed",
                "planned",
                "appraised",
                "verified",
                "confirmed",
                "noticed",
                "checked",
            )
        ),
    ),
)
