"""How a county leaves the list of poor counties.

Proposed by the county, reviewed by the city, verified by the province, on public notice, evaluated
by a third party, decided by the province, which also resolves objections: the county does not judge
what is said against its own exit. Source: domain reference §7.1, §7.3. `facts["state"]` is LISTED:
a county on the list.
"""

from exits.rules.counties import county_may_be_proposed, evaluation_is_known, evaluation_passes
from officers.rules import Role
from workflow.appraisal import PLACE, following
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
from workflow.parameters import CORRECTION_DAYS, COUNTY_EXIT_DAYS, COUNTY_EXIT_STEP_DAYS

LISTED = 0
RECORDED, REPORTED = "record", "report"
"""The names under which steps exclude who recorded figures of its villages, and the evaluation."""

CLERK = frozenset({Role.COUNTY_CLERK})
CITY = frozenset({Role.CITY_REVIEWER})
OFFICER = frozenset({Role.PROVINCE_OFFICER})
PROVINCE = frozenset({Role.PROVINCE_APPROVER})
PREPARED = frozenset({OPEN, AMEND, RECORDED, REPORTED, "review", "verify", "post", "evaluate"})
CHECK = (
    Evidence("checked_on", gettext_noop("Day of the check"), Kind.DATE),
    Evidence("opinion", gettext_noop("Opinion")),
)

COUNTY_EXIT = Machine(
    kind="county_exit",
    label=gettext_noop("Exit of a county"),
    states={
        "proposed": gettext_noop("proposed by the county"),
        "reviewed": gettext_noop("reviewed by the city"),
        "verified": gettext_noop("verified by the province"),
        "noticed": gettext_noop("on public notice"),
        "evaluated": gettext_noop("evaluated by a third party"),
        "approved": gettext_noop("approved by the province"),
        "returned": gettext_noop("returned for correction"),
        "rejected": gettext_noop("rejected"),
        "withdrawn": gettext_noop("withdrawn"),
    },
    starts={LISTED: "proposed"},
    openers=CLERK,
    deadlines={
        **dict.fromkeys(
            ("proposed", "reviewed", "verified", "noticed", "evaluated"), COUNTY_EXIT_STEP_DAYS
        ),
        "returned": CORRECTION_DAYS,
    },
    restarts={"reviewed": "proposed", "verified": "proposed"},
    objection_recorders=CLERK | CITY | OFFICER,
    objection_resolvers=OFFICER | PROVINCE,
    preparing=PREPARED,
    steps=(
        Step(
            "review",
            "proposed",
            "reviewed",
            CITY,
            gettext_noop("Record the city's first review"),
            needs_evidence=following(CHECK, checked_on="proposed"),
            not_same_hand_as=PROPOSERS,
            judge=county_may_be_proposed,
        ),
        Step(
            "verify",
            "reviewed",
            "verified",
            OFFICER,
            gettext_noop("Record the province's verification"),
            needs_evidence=following(CHECK, checked_on="checked_on"),
            not_same_hand_as=PROPOSERS | {"review"},
            judge=county_may_be_proposed,
        ),
        Step(
            "post",
            "verified",
            "noticed",
            OFFICER,
            gettext_noop("Post the public notice"),
            needs_evidence=PLACE,
            notice=COUNTY_EXIT_DAYS,
        ),
        Step(
            "evaluate",
            "noticed",
            "evaluated",
            OFFICER,
            gettext_noop("Take over the result of the special evaluation"),
            needs_evidence=(
                Evidence(
                    "received_on",
                    gettext_noop("Day of the report"),
                    Kind.DATE,
                    not_before="verified",
                ),
            ),
            judge=evaluation_is_known,
        ),
        Step(
            "approve",
            "evaluated",
            "approved",
            PROVINCE,
            gettext_noop("Approve the exit of the county"),
            not_same_hand_as=PREPARED,
            decides=True,
            judge=evaluation_passes,
        ),
        Step("resend", "returned", "proposed", CLERK, gettext_noop("Send it again")),
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
            for state, roles in (
                ("proposed", CITY),
                ("reviewed", OFFICER),
                ("noticed", OFFICER),
                ("evaluated", PROVINCE),
            )
        ),
        Step(
            "reject",
            "evaluated",
            "rejected",
            PROVINCE,
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
                CLERK,
                gettext_noop("Withdraw the proposal"),
                Way.WITHDRAW,
                needs_note=True,
            )
            for state in ("proposed", "reviewed", "returned")
        ),
    ),
)
