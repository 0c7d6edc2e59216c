"""How a change of a household is decided: by the township, or by the county across its borders."""

from households.rules import State
from officers.rules import Role
from workflow.machine import AMEND, OPEN, Fault, Machine, Situation, Step, Way, gettext_noop

APPROVED = "approved"
VILLAGE = frozenset({Role.VILLAGE_OFFICIAL, Role.TEAM_MEMBER})
CLERK = frozenset({Role.COUNTY_CLERK})
TOWNSHIP = frozenset({Role.TOWNSHIP_REVIEWER})
COUNTY = frozenset({Role.COUNTY_APPROVER})
PROPOSERS = VILLAGE | CLERK
PREPARED = frozenset({OPEN, AMEND, "resend"})
STANDING = [state for state in State if state not in (State.CLEARED, State.CANCELLED)]


def township_decides(situation: Situation) -> list[Fault]:
    """A fault where the change crosses a border that only the county decides on."""
    if situation.facts["needs_county"]:
        return [
            Fault(gettext_noop("It concerns two places: check it and pass it on to the county."))
        ]
    return []


def county_decides(situation: Situation) -> list[Fault]:
    """A fault where the township decides by itself."""
    if not situation.facts["needs_county"]:
        return [Fault(gettext_noop("The township decides on this change. Approve or return it."))]
    return []


CHANGE = Machine(
    kind="change",
    label=gettext_noop("Change of a household"),
    states={
        "proposed": gettext_noop("proposed"),
        "passed_on": gettext_noop("checked by the township"),
        "returned": gettext_noop("returned for correction"),
        APPROVED: gettext_noop("approved"),
        "rejected": gettext_noop("rejected"),
        "withdrawn": gettext_noop("withdrawn"),
    },
    starts=dict.fromkeys(STANDING, "proposed"),
    openers=PROPOSERS,
    steps=(
        Step(
            "approve",
            "proposed",
            APPROVED,
            TOWNSHIP,
            gettext_noop("Approve the change"),
            not_same_hand_as=PREPARED,
            decides=True,
            judge=township_decides,
        ),
        Step(
            "pass_on",
            "proposed",
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
            COUNTY,
            gettext_noop("Approve the change"),
            not_same_hand_as=PREPARED | {"pass_on"},
            decides=True,
        ),
        Step(
            "resend",
            "returned",
            "proposed",
            PROPOSERS,
            gettext_noop("Send it again"),
        ),
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
            for state, roles in (("proposed", TOWNSHIP), ("passed_on", COUNTY))
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
            for state, roles in (("proposed", TOWNSHIP), ("passed_on", COUNTY))
        ),
        *(
            Step(
                "withdraw",
                state,
                "withdrawn",
                PROPOSERS,
                gettext_noop("Withdraw the change"),
                Way.WITHDRAW,
                needs_note=True,
            )
            for state in ("proposed", "passed_on", "returned")
        ),
    ),
)
