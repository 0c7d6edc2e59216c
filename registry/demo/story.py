"""What a visitor finds going on: a committed review, one that waits for its second hand, cases.

Everything goes through the actions that officers use, on the business date of the day: cases stop
at the latest where their notice has been posted. To see one end, the visitor moves the date.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import exits.actions
import identification.actions
import monitoring.actions
from divisions.models import Division
from households.rules import Kind
from officers.models import Officer
from registry.demo.accounts import COUNTY, DEMO_ACCOUNTS, VILLAGE
from reviews.actions.accepting import accept_proposals
from reviews.actions.chunks import drive
from reviews.actions.proposing import commit_review, propose_review
from reviews.models import Proposal, Review
from trail.dates import business_date
from workflow.models import Case, CaseEvent

SECOND_COUNTY = "970322"
ACCEPTED = {Kind.EXIT: 12, Kind.WATCH: 6, Kind.IDENTIFY: 4, Kind.REINCLUDE: 4}
"""How many proposals of each kind the clerk accepts; the others are the visitor's."""

Advance = Callable[..., CaseEvent]
ADVANCES: dict[str, Advance] = {
    "exit": exits.actions.advance,
    "identification": identification.actions.advance,
    "reinclusion": identification.actions.advance,
    "watch": monitoring.actions.advance,
}


@dataclass(frozen=True)
class Act:
    """One step by one of the demo accounts."""

    step: str
    username: str
    evidence: tuple[str, ...] = ()


PLAN = Act("plan", "approver")
VISIT = ("visited_on", "visitors")
MEETING = (
    "meeting_on", "representatives", "present", "votes_for", "votes_against", "abstentions",
)  # fmt: skip
APPRAISE = Act("appraise", "village", MEETING)
POST = Act("post", "village", ("place",))
COURSES = {
    "exit": (
        PLAN,
        APPRAISE,
        Act("verify", "township", VISIT),
        Act("confirm", "village", ("signed_on", "signed_by")),
        POST,
    ),
    "identification": (Act("visit", "secretary", VISIT), APPRAISE, POST),
    "reinclusion": (Act("visit", "secretary", VISIT), APPRAISE, POST),
    "watch": (Act("verify", "secretary", (*VISIT, "risk")), APPRAISE, POST),
}
"""The steps of each procedure up to its first notice."""


def has_begun() -> bool:
    """Whether a review of the demonstration's counties is there already."""
    return Review.everywhere.filter(root_id__in=(COUNTY, SECOND_COUNTY)).exists()


def tell(year: int) -> list[Case]:
    """Let two counties be reviewed for `year`; the first is committed and its cases begin.

    Needs the demo accounts. Returns the cases opened.
    """
    names = [account.username for account in DEMO_ACCOUNTS]
    cast = {one.username: one for one in Officer.objects.filter(username__in=names)}
    review = _reviewed(COUNTY, year, by=cast["clerk"])
    _reviewed(SECOND_COUNTY, year, by=cast["province"])
    commit_review(review.pk, by=cast["approver"])
    cases = accept_proposals(review.pk, _chosen(review), by=cast["clerk"]).cases
    _carry_on([case for case in cases if case.division_id == VILLAGE], cast)
    return cases


def _reviewed(root: str, year: int, *, by: Officer) -> Review:
    """A review driven to its end in this process; no worker is needed."""
    review = propose_review(root=Division.objects.get(pk=root), year=year, by=by)
    drive(review.pk)
    return review


def _chosen(review: Review) -> list[int]:
    """The first proposals of each kind, half of them at most, in the order of the list."""
    proposals = Proposal.everywhere.in_force().filter(review=review).order_by("village_id", "pk")
    chosen = []
    for kind, most in ACCEPTED.items():
        own = list(proposals.filter(kind=kind).values_list("pk", flat=True))
        chosen += own[: min(most, -(-len(own) // 2))]
    return chosen


def _carry_on(cases: list[Case], cast: Mapping[str, Officer]) -> None:
    """Bring the cases of each procedure to different steps: the first the furthest."""
    for kind, course in COURSES.items():
        own = [case for case in cases if case.kind == kind]
        for place, case in enumerate(own):
            for act in course[: len(course) - place] if place < len(course) else ():
                _take(case, act, cast)


def _take(case: Case, act: Act, cast: Mapping[str, Officer]) -> None:
    """Take the step, unless the case starts behind it (a planned exit is planned already)."""
    case.refresh_from_db()
    if act == PLAN and case.state != "proposed":
        return
    known = _evidence()
    ADVANCES[case.kind](
        case.pk,
        act.step,
        by=cast[act.username],
        version=case.version,
        evidence={name: known[name] for name in act.evidence},
    )


def _evidence() -> dict[str, Any]:
    today = business_date()
    return {
        "visited_on": today,
        "visitors": "林望舒，田小禾",
        "meeting_on": today,
        "representatives": 30,
        "present": 26,
        "votes_for": 24,
        "votes_against": 1,
        "abstentions": 1,
        "signed_on": today,
        "signed_by": "户主本人",
        "place": "村务公开栏",
        "risk": "illness",
    }
