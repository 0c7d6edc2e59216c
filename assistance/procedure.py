"""How a plan of help is agreed: signed by helper and head, approved by township or county."""

from officers.rules import Role
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
"""The `facts["state"]` of these cases: whoever can be helped can have a plan."""

PLANNERS = frozenset({Role.HELPER, Role.TEAM_MEMBER, Role.VILLAGE_OFFICIAL})
TOWNSHIP = frozenset({Role.TOWNSHIP_REVIEWER})
APPROVER = frozenset({Role.COUNTY_APPROVER})
PREPARED = frozenset({OPEN, AMEND, "sign", "revise"})
DRAFTED, SIGNED, PASSED_ON, APPROVED = "drafted", "signed", "passed_on", "approved"
SIGNING_WAYS = (
    ("slip", gettext_noop("signed slip, kept in the files")),
    ("photo", gettext_noop("photo of the signature")),
    ("minutes", gettext_noop("minutes of the villagers' meeting")),
)


def plan_holds(situation: Situation) -> list[Fault]:
    """A fault for each thing that stands against the plan: conflict, cap, condition, gap."""
    return list(situation.records.values["faults"])


def township_decides(situation: Situation) -> list[Fault]:
    """A fault where the plan costs more than the township may approve."""
    if situation.records.values["needs_county"]:
        text = gettext_noop(
            "This plan costs more than the township may approve: pass it on to the county."
        )
        return [Fault(text)]
    return plan_holds(situation)


def county_decides(situation: Situation) -> list[Fault]:
    """A fault where the township decides by itself."""
    if not situation.records.values["needs_county"]:
        return [Fault(gettext_noop("The township decides on this plan. Approve or return it."))]
    return plan_holds(situation)


PLAN = Machine(
    kind="plan",
    label=gettext_noop("Plan of help"),
    states={
        DRAFTED: gettext_noop("being drafted"),
        SIGNED: gettext_noop("signed by helper and head"),
        PASSED_ON: gettext_noop("passed on to the county"),
        APPROVED: gettext_noop("approved"),
        "returned": gettext_noop("returned for correction"),
        "rejected": gettext_noop("rejected"),
        "withdrawn": gettext_noop("withdrawn"),
    },
    starts={BEGIN: DRAFTED},
    openers=PLANNERS,
    steps=(
        Step(
            "sign",
            DRAFTED,
            SIGNED,
            PLANNERS,
            gettext_noop("Record the signatures and submit"),
            needs_evidence=(
                Evidence("head_signed_on", gettext_noop("Signed by the head on"), Kind.DATE),
                Evidence(
                    "signer",
                    gettext_noop("Who signed"),
                    hint=gettext_noop(
                        "The head, or an adult of the household; for a village, who chaired."
                    ),
                ),
                Evidence("way", gettext_noop("Kept as"), Kind.CHOICE, SIGNING_WAYS),
                Evidence("helper_signed_on", gettext_noop("Signed by the helper on"), Kind.DATE),
            ),
            judge=plan_holds,
        ),
        Step(
            "approve",
            SIGNED,
            APPROVED,
            TOWNSHIP,
            gettext_noop("Approve the plan"),
            not_same_hand_as=PREPARED,
            decides=True,
            judge=township_decides,
        ),
        Step(
            "pass_on",
            SIGNED,
            PASSED_ON,
            TOWNSHIP,
            gettext_noop("Pass it on to the county"),
            not_same_hand_as=PREPARED,
            judge=county_decides,
        ),
        Step(
            "approve",
            PASSED_ON,
            APPROVED,
            APPROVER,
            gettext_noop("Approve the plan"),
            not_same_hand_as=PREPARED | {"pass_on"},
            decides=True,
            judge=plan_holds,
        ),
        Step("revise", "returned", DRAFTED, PLANNERS, gettext_noop("Take it up again")),
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
            for state, roles in ((SIGNED, TOWNSHIP), (PASSED_ON, APPROVER))
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
            for state, roles in ((SIGNED, TOWNSHIP), (PASSED_ON, APPROVER))
        ),
        *(
            Step(
                "withdraw",
                state,
                "withdrawn",
                PLANNERS,
                gettext_noop("Withdraw the plan"),
                Way.WITHDRAW,
                needs_note=True,
            )
            for state in (DRAFTED, SIGNED, "returned")
        ),
    ),
)
