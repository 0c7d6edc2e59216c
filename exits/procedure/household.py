"""How a household leaves the register.

Domain reference §7.2: planned by the county, appraised by the villagers, verified on site,
confirmed by the household, noticed in the village, checked by the township, decided by the county,
announced. The minutes of the appraisal and the signature are kept at the case. Where the household
ever said no, it is answered, and two approvers decide; so they do where the case is flagged, as the
province asks. One who doubts asks for a second look, and may be the second of two who approve.
"""

from exits.rules.household import (
    NO,
    facts_allow_exit,
    one_approver_decides,
    paper_missing,
    refusal_answered,
    rests_on_the_latest,
    two_approvers_decide,
    visited_by_others,
)
from households.rules import State
from officers.rules import Role
from workflow.appraisal import (
    MEETING,
    PLACE,
    VISIT,
    appraised,
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
    EXIT_APPRAISAL_DAYS,
    EXIT_CHECK_DAYS,
    EXIT_DECISION_DAYS,
    EXIT_FLAGGED_APPROVERS,
    EXIT_PLAN_DAYS,
    EXIT_STEP_DAYS,
    EXIT_VILLAGE_DAYS,
    QUORUM,
    VISITORS,
)

VILLAGE = frozenset({Role.VILLAGE_OFFICIAL, Role.TEAM_MEMBER})
TOWNSHIP = frozenset({Role.TOWNSHIP_REVIEWER})
COUNTY = frozenset({Role.COUNTY_APPROVER})
CLERK = frozenset({Role.COUNTY_CLERK})
PREPARED = NO | {OPEN, AMEND, "appraise", "verify", "confirm", "answer", "post"}
DECIDED = PREPARED | {"check", "doubt"}
SECOND = PREPARED | {"check", "approve_first"}
BEFORE_NOTICE = ("appraised", "verified", "confirmed", "refused", "answered")
"""Where the villagers, the visitors or the household have spoken on the facts."""

SIGNING_WAYS = (
    ("photo", gettext_noop("photo of the signature")),
    ("slip", gettext_noop("signed slip, kept in the files")),
)
REASONS = (
    ("figures", gettext_noop("figures do not hold")),
    ("guarantee", gettext_noop("a guarantee is not firm")),
    ("procedure", gettext_noop("the procedure was not kept")),
    ("evidence", gettext_noop("evidence is missing")),
    ("objection", gettext_noop("an objection is justified")),
    ("other", gettext_noop("other reason")),
)
REASON = (Evidence("reason", gettext_noop("Reason"), Kind.CHOICE, REASONS),)

EXIT = Machine(
    kind="exit",
    label=gettext_noop("Exit"),
    states={
        "proposed": gettext_noop("proposed"),
        "planned": gettext_noop("planned by the county"),
        "appraised": gettext_noop("appraised by the village"),
        "verified": gettext_noop("verified on site"),
        "confirmed": gettext_noop("confirmed by the household"),
        "refused": gettext_noop("refused by the household"),
        "answered": gettext_noop("refusal answered"),
        "noticed": gettext_noop("on notice in the village"),
        "checked": gettext_noop("checked by the township"),
        "doubted": gettext_noop("waits for a second look"),
        "seconded": gettext_noop("approved once, waits for the second approver"),
        "approved": gettext_noop("approved by the county"),
        "announced": gettext_noop("announced"),
        "rejected": gettext_noop("rejected"),
        "withdrawn": gettext_noop("withdrawn"),
    },
    decided_elsewhere=DECIDING_SYSTEM,
    starts={State.POOR: "proposed", State.RELAPSED: "proposed", State.PLANNED_EXIT: "planned"},
    openers=VILLAGE | CLERK,
    deadlines={
        "proposed": EXIT_PLAN_DAYS,
        "planned": EXIT_APPRAISAL_DAYS,
        **dict.fromkeys((*BEFORE_NOTICE, "approved"), EXIT_STEP_DAYS),
        "noticed": EXIT_CHECK_DAYS,
        **dict.fromkeys(("checked", "doubted", "seconded"), EXIT_DECISION_DAYS),
    },
    restarts=dict.fromkeys(BEFORE_NOTICE, "planned"),
    preparing=PREPARED,
    holds=paper_missing,
    steps=(
        Step(
            "plan",
            "proposed",
            "planned",
            COUNTY,
            gettext_noop("Put on the plan of exits"),
            not_same_hand_as=PROPOSERS,
            decides=True,
            judge=rests_on_the_latest,
        ),
        Step(
            "appraise",
            "planned",
            "appraised",
            VILLAGE,
            gettext_noop("Record the villagers' appraisal"),
            needs_evidence=following(MEETING, meeting_on="planned"),
            not_same_hand_as=PROPOSERS,
            judge=appraised,
            parameters=(QUORUM,),
        ),
        Step(
            "verify",
            "appraised",
            "verified",
            TOWNSHIP | {Role.TEAM_MEMBER},
            gettext_noop("Record the verification on site"),
            needs_evidence=following(VISIT, visited_on="meeting_on"),
            not_same_hand_as=PROPOSERS | {"appraise"},
            judge=visited_by_others,
            parameters=(VISITORS,),
            vouches=True,
        ),
        Step(
            "confirm",
            "verified",
            "confirmed",
            VILLAGE,
            gettext_noop("Record that the household agrees"),
            needs_evidence=(
                Evidence(
                    "signed_on",
                    gettext_noop("Day of the signature"),
                    Kind.DATE,
                    not_before="visited_on",
                ),
                Evidence("signed_by", gettext_noop("Who signed")),
                Evidence("way", gettext_noop("Kept as"), Kind.CHOICE, SIGNING_WAYS),
            ),
            not_same_hand_as=PROPOSERS,
        ),
        Step(
            "refuse",
            "verified",
            "refused",
            VILLAGE,
            gettext_noop("Record that the household refuses to sign"),
            needs_evidence=(
                Evidence(
                    "refused_on",
                    gettext_noop("Day of the refusal"),
                    Kind.DATE,
                    not_before="visited_on",
                ),
                Evidence("because", gettext_noop("What the household says")),
            ),
            not_same_hand_as=PROPOSERS,
        ),
        Step(
            "answer",
            "refused",
            "answered",
            TOWNSHIP,
            gettext_noop("Record the answer to the refusal"),
            needs_evidence=(
                Evidence(
                    "answered_on",
                    gettext_noop("Day of the answer"),
                    Kind.DATE,
                    not_before="refused_on",
                ),
                Evidence("answer", gettext_noop("Answer to each point")),
            ),
            not_same_hand_as=PROPOSERS | NO | {"verify"},
        ),
        *(
            Step(
                "post",
                state,
                "noticed",
                VILLAGE,
                gettext_noop("Post the notice in the village"),
                needs_evidence=PLACE,
                notice=EXIT_VILLAGE_DAYS,
            )
            for state in ("confirmed", "answered")
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
                Evidence(
                    "answer",
                    gettext_noop("Answer to what the household said against it"),
                    hint=gettext_noop("Where it did not agree, and nobody answered it yet."),
                    optional=True,
                ),
            ),
            not_same_hand_as=PREPARED,
            judge=refusal_answered,
            vouches=True,
        ),
        *(
            Step(
                "approve",
                state,
                "approved",
                COUNTY,
                gettext_noop("Approve the exit"),
                not_same_hand_as=DECIDED,
                decides=True,
                judge=one_approver_decides,
                parameters=(EXIT_FLAGGED_APPROVERS,),
                answers_flags=True,
            )
            for state in ("checked", "doubted")
        ),
        *(
            Step(
                "approve_first",
                state,
                "seconded",
                COUNTY,
                gettext_noop("Approve; a second approver decides"),
                not_same_hand_as=DECIDED,
                decides=True,
                judge=two_approvers_decide,
                parameters=(EXIT_FLAGGED_APPROVERS,),
                answers_flags=True,
            )
            for state in ("checked", "doubted")
        ),
        Step(
            "approve",
            "seconded",
            "approved",
            COUNTY,
            gettext_noop("Approve the exit"),
            not_same_hand_as=SECOND,
            decides=True,
            judge=facts_allow_exit,
            answers_flags=True,
        ),
        Step(
            "doubt",
            "checked",
            "doubted",
            COUNTY,
            gettext_noop("Ask another approver for a second look"),
            needs_note=True,
            not_same_hand_as=DECIDED,
        ),
        Step(
            "announce",
            "approved",
            "announced",
            VILLAGE | TOWNSHIP,
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
        Step(
            "vote_down",
            "planned",
            "rejected",
            VILLAGE,
            gettext_noop("Record that the appraisal voted against it"),
            Way.REJECT,
            needs_note=True,
            needs_evidence=following(MEETING, meeting_on="planned"),
            not_same_hand_as=PROPOSERS,
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
            not_same_hand_as=PROPOSERS,
            deadline=CORRECTION_DAYS,
        ),
        Step(
            "return",
            "noticed",
            "planned",
            TOWNSHIP,
            gettext_noop("Return to the village"),
            Way.RETURN,
            needs_note=True,
            deadline=CORRECTION_DAYS,
        ),
        *(
            Step(
                "return",
                state,
                "planned",
                COUNTY,
                gettext_noop("Return to the village"),
                Way.RETURN,
                needs_note=True,
                needs_evidence=REASON,
                deadline=CORRECTION_DAYS,
            )
            for state in ("checked", "doubted", "seconded")
        ),
        Step(
            "reject",
            "proposed",
            "rejected",
            COUNTY,
            gettext_noop("Reject"),
            Way.REJECT,
            needs_note=True,
            not_same_hand_as=PROPOSERS,
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
        *(
            Step(
                "reject",
                state,
                "rejected",
                COUNTY,
                gettext_noop("Reject"),
                Way.REJECT,
                needs_note=True,
                needs_evidence=REASON,
                not_same_hand_as=hands,
                decides=True,
            )
            for state, hands in (("checked", DECIDED), ("doubted", DECIDED), ("seconded", SECOND))
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
                *("proposed", "planned", *BEFORE_NOTICE),
                *("noticed", "checked", "doubted", "seconded"),
            )
        ),
    ),
)
