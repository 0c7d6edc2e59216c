"""How somebody is sent to a village, is away with permission, and is assessed."""

from officers.rules import Role
from teams.rules.assessment import Grade
from workflow.machine import (
    AMEND,
    OPEN,
    Evidence,
    Fault,
    Kind,
    Machine,
    Situation,
    Step,
    Way,
    gettext_noop,
)

BEGIN = 0
"""The `facts["state"]` of these cases: their subject, a cadre, has no state of its own."""

CLERK = frozenset({Role.COUNTY_CLERK})
TOWNSHIP = frozenset({Role.TOWNSHIP_REVIEWER})
APPROVER = frozenset({Role.COUNTY_APPROVER})
MEMBER = frozenset({Role.TEAM_MEMBER})
PROPOSERS = TOWNSHIP | CLERK
PREPARED = frozenset({OPEN, AMEND, "resend"})
DISPATCHED, APPROVED, CONFIRMED = "dispatched", "approved", "confirmed"
GRADES = tuple(
    (str(grade.value), label)
    for grade, label in (
        (Grade.EXCELLENT, gettext_noop("excellent")),
        (Grade.COMPETENT, gettext_noop("competent")),
        (Grade.BASIC, gettext_noop("basically competent")),
        (Grade.INCOMPETENT, gettext_noop("incompetent")),
    )
)


def conditions_met(situation: Situation) -> list[Fault]:
    """A fault for each condition of the post that is not met, and for a person who is not free."""
    return list(situation.records.values["faults"])


def place_is_free(situation: Situation) -> list[Fault]:
    """The same, and a fault while somebody holds the place: a term begins after his last day.

    Until then a successor may be checked and approved, so that he follows without a gap.
    """
    return [*conditions_met(situation), *situation.records.values["taken"]]


DISPATCH = Machine(
    kind="dispatch",
    label=gettext_noop("Dispatch to a village"),
    states={
        "proposed": gettext_noop("proposed"),
        "checked": gettext_noop("conditions checked"),
        "approved": gettext_noop("approved"),
        DISPATCHED: gettext_noop("dispatched"),
        "returned": gettext_noop("returned for correction"),
        "rejected": gettext_noop("rejected"),
        "withdrawn": gettext_noop("withdrawn"),
    },
    starts={BEGIN: "proposed"},
    openers=PROPOSERS,
    steps=(
        Step(
            "check",
            "proposed",
            "checked",
            CLERK,
            gettext_noop("Record the check of the candidate"),
            needs_evidence=(
                Evidence("checked_on", gettext_noop("Day of the check"), Kind.DATE),
                Evidence(
                    "integrity",
                    gettext_noop("Opinion of the discipline office"),
                    hint=gettext_noop("Who gave it, when, and what it says."),
                ),
                Evidence("ability", gettext_noop("Opinion of the unit on conduct and ability")),
            ),
            judge=conditions_met,
        ),
        Step(
            "approve",
            "checked",
            "approved",
            APPROVER,
            gettext_noop("Approve the dispatch"),
            not_same_hand_as=PREPARED | {"check"},
            decides=True,
            judge=conditions_met,
        ),
        Step(
            "dispatch",
            "approved",
            DISPATCHED,
            CLERK,
            gettext_noop("Dispatch: the term begins"),
            needs_evidence=(
                Evidence("letter", gettext_noop("Number of the dispatch letter")),
                Evidence("briefed_on", gettext_noop("Day of the briefing"), Kind.DATE),
            ),
            judge=place_is_free,
        ),
        Step("resend", "returned", "proposed", PROPOSERS, gettext_noop("Send it again")),
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
            for state, roles in (("proposed", CLERK), ("checked", APPROVER))
        ),
        Step(
            "reject",
            "checked",
            "rejected",
            APPROVER,
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
                PROPOSERS,
                gettext_noop("Withdraw the candidate"),
                Way.WITHDRAW,
                needs_note=True,
            )
            for state in ("proposed", "checked", "returned", "approved")
        ),
    ),
)


def township_decides(situation: Situation) -> list[Fault]:
    """A fault where the absence is longer than the township may approve."""
    if situation.facts["needs_county"]:
        text = gettext_noop(
            "This leave is longer than the township may approve: pass it on to the county."
        )
        return [Fault(text)]
    return []


def county_decides(situation: Situation) -> list[Fault]:
    """A fault where the township decides by itself."""
    if not situation.facts["needs_county"]:
        return [Fault(gettext_noop("The township decides on this absence. Approve or reject it."))]
    return []


ABSENCE = Machine(
    kind="absence",
    label=gettext_noop("Absence from the village"),
    states={
        "asked": gettext_noop("asked for"),
        "passed_on": gettext_noop("passed on to the county"),
        APPROVED: gettext_noop("approved"),
        "rejected": gettext_noop("rejected"),
        "withdrawn": gettext_noop("withdrawn"),
    },
    starts={BEGIN: "asked"},
    openers=MEMBER,
    steps=(
        Step(
            "approve",
            "asked",
            APPROVED,
            TOWNSHIP,
            gettext_noop("Approve the absence"),
            not_same_hand_as=PREPARED,
            decides=True,
            judge=township_decides,
        ),
        Step(
            "pass_on",
            "asked",
            "passed_on",
            TOWNSHIP,
            gettext_noop("Pass it on to the county"),
            not_same_hand_as=PREPARED,
            judge=county_decides,
        ),
        Step(
            "approve",
            "passed_on",
            APPROVED,
            APPROVER,
            gettext_noop("Approve the absence"),
            not_same_hand_as=PREPARED | {"pass_on"},
            decides=True,
        ),
        *(
            Step(
                "reject",
                state,
                "rejected",
                roles,
                gettext_noop("Reject"),
                Way.REJECT,
                needs_note=True,
                not_same_hand_as=PREPARED,
                decides=True,
            )
            for state, roles in (("asked", TOWNSHIP), ("passed_on", APPROVER))
        ),
        *(
            Step(
                "withdraw",
                state,
                "withdrawn",
                MEMBER,
                gettext_noop("Withdraw the request"),
                Way.WITHDRAW,
            )
            for state in ("asked", "passed_on")
        ),
    ),
)


def grade_allowed(situation: Situation) -> list[Fault]:
    """A fault for a grade better than the facts allow; the county may always give a worse one."""
    values = situation.records.values
    if values["missing"]:
        return list(values["missing"])
    given = situation.evidence.get("grade", "")
    if not str(given).isdecimal() or int(given) >= values["best"]:
        return []
    text = gettext_noop("The facts allow at most the grade “%(grade)s”: %(because)s")
    return [Fault(text, {"grade": values["best_label"], "because": values["because"]}, "grade")]


def within_quota(situation: Situation) -> list[Fault]:
    """A fault when the places for excellent of the county are taken."""
    return list(situation.records.values["quota_faults"])


ASSESSMENT = Machine(
    kind="assessment",
    label=gettext_noop("Yearly assessment"),
    states={
        "scoring": gettext_noop("points are given"),
        "graded": gettext_noop("grade proposed"),
        CONFIRMED: gettext_noop("grade confirmed"),
        "withdrawn": gettext_noop("withdrawn"),
    },
    starts={BEGIN: "scoring"},
    openers=CLERK,
    steps=(
        Step(
            "grade",
            "scoring",
            "graded",
            CLERK,
            gettext_noop("Propose the grade"),
            needs_evidence=(
                Evidence("grade", gettext_noop("Grade"), Kind.CHOICE, GRADES),
                Evidence("summary", gettext_noop("What the year showed")),
            ),
            judge=grade_allowed,
        ),
        Step(
            "confirm",
            "graded",
            CONFIRMED,
            APPROVER,
            gettext_noop("Confirm the grade"),
            not_same_hand_as=PREPARED | {"grade", "score"},
            decides=True,
            judge=within_quota,
        ),
        Step(
            "return",
            "graded",
            "scoring",
            APPROVER,
            gettext_noop("Return for correction"),
            Way.RETURN,
            needs_note=True,
        ),
        *(
            Step(
                "withdraw",
                state,
                "withdrawn",
                CLERK,
                gettext_noop("Withdraw the assessment"),
                Way.WITHDRAW,
                needs_note=True,
            )
            for state in ("scoring", "graded")
        ),
    ),
)
