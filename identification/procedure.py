"""How a household comes onto the register, or back onto it.

Domain reference §5.2 and §5.3: application, visit, comparison with departments, villagers'
appraisal, notice in the village, review and notice by the township, re-check and decision of the
county, announcement, registration. A refusal waits for an appeal before it is final.
"""

from dataclasses import replace

from households.rules import State
from identification.entries import (
    APPLICATION,
    APPROVAL_NUMBER,
    COMPARED,
    FILED,
    GROUP_MEETING,
    HANDED_OVER,
    READ_OUT,
    REMARKS,
    SHEET,
    SITE_CHECK,
)
from identification.rules import (
    facts_show_poverty,
    read_out,
    rechecked,
    stands_against,
    township_checked,
)
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
    PROPOSERS,
    Machine,
    Step,
    Way,
    gettext_noop,
)
from workflow.parameters import (
    APPEAL_DAYS,
    APPRAISAL_DAYS,
    COMPARISON_DAYS,
    CORRECTION_DAYS,
    COUNTY_CHECK_SHARE,
    COUNTY_DAYS,
    DECIDING_SYSTEM,
    IDENTIFICATION_ANNOUNCEMENT_DAYS,
    IDENTIFICATION_TOWNSHIP_DAYS,
    IDENTIFICATION_VILLAGE_DAYS,
    QUORUM,
    TOWNSHIP_CHECK_SHARE,
    TOWNSHIP_DAYS,
    VISIT_DAYS,
    VISITORS,
)

VILLAGE = frozenset({Role.VILLAGE_OFFICIAL, Role.TEAM_MEMBER})
TOWNSHIP = frozenset({Role.TOWNSHIP_REVIEWER})
COUNTY = frozenset({Role.COUNTY_APPROVER})
CLERK = frozenset({Role.COUNTY_CLERK})
BY_COMPARING, BY_RED_LINE = "record_comparison", "judge_red_line"
PREPARED = frozenset({OPEN, AMEND, "apply", "visit", "appraise", "post"})
CHECKING = frozenset({"compare", BY_COMPARING, BY_RED_LINE, "review", "recheck"})
APPROVED = PREPARED | CHECKING | {"approve", "announce"}
REFUSALS = frozenset({"refuse_visit", "refuse_red_line", "vote_down", "reject"})

RETURN = gettext_noop("Return to the village")
REJECT = gettext_noop("Reject")
REOPEN = gettext_noop("Open again after an appeal")
WITHDRAW = gettext_noop("Withdraw at the household's wish")

FORWARD = (
    Step(
        "apply",
        "proposed",
        "applied",
        VILLAGE,
        gettext_noop("Record the application"),
        needs_evidence=APPLICATION,
    ),
    Step(
        "visit",
        "applied",
        "visited",
        VILLAGE,
        gettext_noop("Record the visit"),
        needs_evidence=(*VISIT, SHEET),
        not_same_hand_as=frozenset({OPEN}),
        judge=enough_visitors,
        parameters=(VISITORS,),
    ),
    Step(
        "compare",
        "visited",
        "compared",
        TOWNSHIP | CLERK,
        gettext_noop("Close the comparison with the departments"),
        needs_evidence=(COMPARED,),
        not_same_hand_as=frozenset({"visit"}),
    ),
    Step(
        "appraise",
        "compared",
        "appraised",
        VILLAGE,
        gettext_noop("Record the villagers' appraisal"),
        needs_evidence=(*MEETING, READ_OUT, GROUP_MEETING),
        not_same_hand_as=frozenset({OPEN}),
        judge=lambda situation: read_out(situation) + appraised(situation),
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
        needs_evidence=SITE_CHECK + PLACE,
        notice=IDENTIFICATION_TOWNSHIP_DAYS,
        not_same_hand_as=PREPARED,
        judge=township_checked,
        parameters=(TOWNSHIP_CHECK_SHARE,),
    ),
    Step(
        "recheck",
        "reviewed",
        "rechecked",
        CLERK,
        gettext_noop("Record the county's re-check"),
        needs_evidence=(*SITE_CHECK, FILED),
        not_same_hand_as=(PREPARED | {"review"}) - {OPEN},
        judge=rechecked,
        parameters=(COUNTY_CHECK_SHARE,),
    ),
    Step(
        "approve",
        "rechecked",
        "approved",
        COUNTY,
        gettext_noop("Approve"),
        needs_evidence=(APPROVAL_NUMBER,),
        not_same_hand_as=PREPARED | CHECKING,
        decides=True,
        answers_flags=True,
        judge=facts_show_poverty,
    ),
    Step(
        "announce",
        "approved",
        "announced",
        VILLAGE | TOWNSHIP,
        gettext_noop("Post the announcement in the village"),
        needs_evidence=PLACE,
        notice=IDENTIFICATION_ANNOUNCEMENT_DAYS,
    ),
    Step(
        "register",
        "announced",
        "registered",
        VILLAGE | TOWNSHIP,
        gettext_noop("Register and hand over the handbook"),
        needs_evidence=(HANDED_OVER,),
    ),
    Step(
        "close",
        "refused",
        "rejected",
        TOWNSHIP,
        gettext_noop("Close the case: nobody appealed in time"),
        parameters=(APPEAL_DAYS,),
    ),
)


def _refusal(
    name: str, source: str, roles: frozenset[Role], label: str, apart: frozenset[str]
) -> Step:
    """A rejection by an office: a decision with its reason, open to an appeal."""
    return Step(
        name,
        source,
        "refused",
        roles,
        label,
        Way.REJECT,
        needs_note=True,
        not_same_hand_as=apart,
        decides=True,
    )


def _return(source: str, roles: frozenset[Role]) -> Step:
    return Step(
        "return",
        source,
        "applied",
        roles,
        RETURN,
        Way.RETURN,
        needs_note=True,
        needs_evidence=(REMARKS,),
        deadline=CORRECTION_DAYS,
    )


def _reopening(source: str) -> Step:
    """Back to the visit because an appeal was upheld, by nobody who had refused."""
    return Step(
        "reopen",
        source,
        "applied",
        TOWNSHIP | COUNTY,
        REOPEN,
        Way.RETURN,
        needs_note=True,
        not_same_hand_as=REFUSALS | PROPOSERS,
        deadline=CORRECTION_DAYS,
        consequence=True,
    )


TURNED_DOWN = (
    Step(
        "refuse_visit",
        "applied",
        "refused",
        VILLAGE,
        gettext_noop("Record that the visit shows no poverty"),
        Way.REJECT,
        needs_note=True,
        needs_evidence=(*VISIT, SHEET),
        not_same_hand_as=frozenset({OPEN}),
        judge=enough_visitors,
        parameters=(VISITORS,),
    ),
    Step(
        "vote_down",
        "compared",
        "refused",
        VILLAGE,
        gettext_noop("Record that the appraisal voted against it"),
        Way.REJECT,
        needs_note=True,
        needs_evidence=(*MEETING, READ_OUT),
        not_same_hand_as=frozenset({OPEN}),
        judge=lambda situation: read_out(situation) + voted_down(situation),
        parameters=(QUORUM,),
    ),
    *(
        _refusal(
            "refuse_red_line",
            state,
            TOWNSHIP,
            gettext_noop("Reject by a red line"),
            PREPARED,
        )
        for state in ("visited", "compared", "appraised", "noticed")
    ),
    *(_return(state, TOWNSHIP | CLERK) for state in ("visited", "compared", "appraised")),
    _return("noticed", TOWNSHIP),
    *(_return(state, CLERK | COUNTY) for state in ("reviewed", "rechecked")),
    _refusal("reject", "noticed", TOWNSHIP, REJECT, PREPARED),
    *(
        _refusal("reject", state, COUNTY, REJECT, PREPARED | CHECKING)
        for state in ("reviewed", "rechecked")
    ),
    _refusal(
        "reject",
        "announced",
        COUNTY,
        gettext_noop("Take the approval back and reject"),
        APPROVED,
    ),
    replace(
        _return("announced", COUNTY),
        label=gettext_noop("Take the approval back and return to the village"),
        not_same_hand_as=APPROVED,
        decides=True,
    ),
    *(_reopening(state) for state in ("noticed", "reviewed", "refused")),
    Step(
        "confirm",
        "refused",
        "rejected",
        TOWNSHIP | COUNTY,
        gettext_noop("Confirm the rejection after an appeal"),
        Way.REJECT,
        needs_note=True,
        not_same_hand_as=REFUSALS | PROPOSERS,
        consequence=True,
    ),
    replace(
        _reopening("announced"), roles=COUNTY, not_same_hand_as=APPROVED | REFUSALS, decides=True
    ),
)
WITHDRAWALS = tuple(
    Step("withdraw", state, "withdrawn", VILLAGE | CLERK, WITHDRAW, Way.WITHDRAW, needs_note=True)
    for state in (
        "proposed",
        "applied",
        "visited",
        "compared",
        "appraised",
        "noticed",
        "reviewed",
        "rechecked",
    )
)

IDENTIFICATION = Machine(
    kind="identification",
    label=gettext_noop("Identification"),
    states={
        "proposed": gettext_noop("proposed"),
        "applied": gettext_noop("applied for"),
        "visited": gettext_noop("visited"),
        "compared": gettext_noop("compared with the departments"),
        "appraised": gettext_noop("appraised by the village"),
        "noticed": gettext_noop("on notice in the village"),
        "reviewed": gettext_noop("reviewed, on notice by the township"),
        "rechecked": gettext_noop("re-checked by the county"),
        "approved": gettext_noop("approved by the county"),
        "announced": gettext_noop("announced in the village"),
        "registered": gettext_noop("registered"),
        "refused": gettext_noop("rejected, open to an appeal"),
        "rejected": gettext_noop("rejected"),
        "withdrawn": gettext_noop("withdrawn"),
    },
    decided_elsewhere=DECIDING_SYSTEM,
    starts={State.ORDINARY: "proposed"},
    openers=VILLAGE | CLERK,
    settled=frozenset({"approved", "announced", "refused"}),
    deadlines={
        "proposed": VISIT_DAYS,
        "applied": VISIT_DAYS,
        "visited": COMPARISON_DAYS,
        "compared": APPRAISAL_DAYS,
        "appraised": APPRAISAL_DAYS,
        "noticed": TOWNSHIP_DAYS,
        "reviewed": COUNTY_DAYS,
        "rechecked": COUNTY_DAYS,
        "refused": APPEAL_DAYS,
    },
    preparing=PREPARED,
    holds=stands_against,
    steps=(*FORWARD, *TURNED_DOWN, *WITHDRAWALS),
)

REINCLUSION = replace(
    IDENTIFICATION,
    kind="reinclusion",
    label=gettext_noop("Re-inclusion"),
    decided_elsewhere=DECIDING_SYSTEM,
    starts={State.EXITED: "proposed"},
)
