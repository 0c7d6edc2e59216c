"""What a visitor finds going on: a committed review, one that waits for its second hand, cases."""

from divisions.models import Division
from households.rules import Kind
from officers.models import Officer
from registry.demo.accounts import COUNTY
from reviews.actions.accepting import accept_proposals
from reviews.actions.chunks import drive
from reviews.actions.proposing import commit_review, propose_review
from reviews.models import Proposal, Review
from workflow.models import Case

SECOND_COUNTY = "970322"
ACCEPTED = {Kind.EXIT: 12, Kind.WATCH: 5, Kind.IDENTIFY: 3, Kind.REINCLUDE: 3}
"""How many proposals of each kind the clerk has accepted; the others are the visitor's."""


def has_begun() -> bool:
    """Whether a review of the demonstration's county is there already."""
    return Review.everywhere.filter(root_id__in=(COUNTY, SECOND_COUNTY)).exists()


def tell(year: int) -> list[Case]:
    """Let two counties be reviewed for `year`; the first is committed and its cases begin.

    Needs the demo accounts. Returns the cases opened.
    """
    cast = {officer.username: officer for officer in Officer.objects.exclude(username="operator")}
    review = _reviewed(COUNTY, year, by=cast["clerk"])
    _reviewed(SECOND_COUNTY, year, by=cast["province"])
    commit_review(review.pk, by=cast["approver"])
    return accept_proposals(review.pk, _chosen(review), by=cast["clerk"]).cases


def _reviewed(root: str, year: int, *, by: Officer) -> Review:
    """A review driven to its end in this process; no worker is needed."""
    review = propose_review(root=Division.objects.get(pk=root), year=year, by=by)
    drive(review.pk)
    return review


def _chosen(review: Review) -> list[int]:
    """The first proposals of each kind, in the order of the list."""
    proposals = Proposal.everywhere.in_force().filter(review=review).order_by("village_id", "pk")
    return [
        pk
        for kind, count in ACCEPTED.items()
        for pk in proposals.filter(kind=kind).values_list("pk", flat=True)[:count]
    ]
