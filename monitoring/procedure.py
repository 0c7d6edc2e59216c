"""How a household that may fall back comes under watch, and leaves it.

Short form of domain reference §8.3 and §8.5: verified at home, appraised, noticed in the village,
reviewed by the township, decided by the county; the way out mirrors the way in.
"""

from households.rules import State
from monitoring.rules import UNDER_WATCH, facts_show_risk, risk_is_gone_for_long
from officers.rules import Role
from workflow.appraisal import MEETING, PLACE, VISIT, appraised, enough_visitors, voted_down
from workflow.machine import AMEND, OPEN, Evidence, Kind, Machine, Step, Way, gettext_noop
from workflow.parameters import QUORUM, VISITORS, WATCH_MONTHS, WATCH_VILLAGE_DAYS

VILLAGE = frozenset({Role.VILLAGE_OFFICIAL, Role.TEAM_MEMBER})
TOWNSHIP = frozenset({Role.TOWNSHIP_REVIEWER})
COUNTY = frozenset({Role.COUNTY_APPROVER})
CLERK = frozenset({Role.COUNTY_CLERK})
PREPARED = frozenset({OPEN, AMEND, "verify", "appraise", "post"})
CLEARED = frozenset({OPEN, AMEND, "clear", "post_clear"})

CHECK = (
    Evidence("checked_on", gettext_noop("Day of the check"), Kind.DATE),
    Evidence("opinion", gettext_noop("Opinion")),
)
RISKS = (
    ("illness", gettext_noop("illness")),
    ("disability", gettext_noop("disability")),
    ("schooling", gettext_noop("schooling")),
    ("disaster", gettext_noop("disaster or accident")),
    ("work", gettext_noop("loss of work")),
    ("housing", gettext_noop("unsafe house")),
    ("water", gettext_noop("unsafe water")),
    ("other", gettext_noop("other")),
)
WAYS_OUT = (
    ("help", gettext_noop("by help")),
    ("own", gettext_noop("by itself")),
)

WATCH = Machine(
    kind="watch",
    label=gettext_noop("Watch"),
    states={
        "proposed": gettext_noop("proposed"),
        "verified": gettext_noop("verified at home"),
        "appraised": gettext_noop("appraised by the village"),
        "noticed": gettext_noop("on notice in the village"),
        "reviewed": gettext_noop("reviewed by the township"),
        UNDER_WATCH: gettext_noop("under watch"),
        "clearing": gettext_noop("risk verified as gone"),
        "clearing_noticed": gettext_noop("end of watch on notice in the village"),
        "clearing_reviewed": gettext_noop("end of watch reviewed by the township"),
        "eliminated": gettext_noop("risk eliminated"),
        "rejected": gettext_noop("rejected"),
        "withdrawn": gettext_noop("withdrawn"),
    },
    starts={State.ORDINARY: "proposed", State.EXITED: "proposed"},
    openers=VILLAGE | CLERK,
    resting=frozenset({UNDER_WATCH}),
    preparing=PREPARED | CLEARED,
    steps=(
        Step(
            "verify",
            "proposed",
            "verified",
            VILLAGE,
            gettext_noop("Record the visit"),
            needs_evidence=(
                *VISIT,
                Evidence("risk", gettext_noop("Main risk"), Kind.CHOICE, RISKS),
            ),
            not_same_hand_as=frozenset({OPEN}),
            judge=enough_visitors,
            parameters=(VISITORS,),
        ),
        Step(
            "appraise",
            "verified",
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
            notice=WATCH_VILLAGE_DAYS,
        ),
        Step(
            "review",
            "noticed",
            "reviewed",
            TOWNSHIP,
            gettext_noop("Record the township's review"),
            needs_evidence=CHECK,
            not_same_hand_as=PREPARED,
        ),
        Step(
            "approve",
            "reviewed",
            UNDER_WATCH,
            COUNTY,
            gettext_noop("Approve"),
            not_same_hand_as=PREPARED | {"review"},
            decides=True,
            judge=facts_show_risk,
        ),
        Step(
            "clear",
            UNDER_WATCH,
            "clearing",
            VILLAGE,
            gettext_noop("Record that the risk is gone"),
            needs_evidence=(
                *VISIT,
                Evidence("way", gettext_noop("How the risk went"), Kind.CHOICE, WAYS_OUT),
            ),
            needs_note=True,
            judge=enough_visitors,
            parameters=(VISITORS,),
        ),
        Step(
            "post_clear",
            "clearing",
            "clearing_noticed",
            VILLAGE,
            gettext_noop("Post the notice of the end in the village"),
            needs_evidence=PLACE,
            notice=WATCH_VILLAGE_DAYS,
        ),
        Step(
            "review_clear",
            "clearing_noticed",
            "clearing_reviewed",
            TOWNSHIP,
            gettext_noop("Record the township's review"),
            needs_evidence=CHECK,
            not_same_hand_as=CLEARED,
        ),
        Step(
            "eliminate",
            "clearing_reviewed",
            "eliminated",
            COUNTY,
            gettext_noop("Declare the risk gone"),
            not_same_hand_as=CLEARED | {"review_clear"},
            decides=True,
            judge=risk_is_gone_for_long,
            parameters=(WATCH_MONTHS,),
        ),
        Step(
            "vote_down",
            "verified",
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
            "keep",
            "clearing_noticed",
            UNDER_WATCH,
            TOWNSHIP,
            gettext_noop("Keep under watch"),
            Way.RETURN,
            needs_note=True,
        ),
        Step(
            "keep",
            "clearing_reviewed",
            UNDER_WATCH,
            COUNTY,
            gettext_noop("Keep under watch"),
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
                gettext_noop("Withdraw the proposal"),
                Way.WITHDRAW,
                needs_note=True,
            )
            for state in ("proposed", "verified", "appraised", "noticed", "reviewed")
        ),
    ),
)
