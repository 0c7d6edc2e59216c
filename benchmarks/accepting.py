"""Accepting many proposals at once, county by county, as clerks do."""

from datetime import date

from benchmarks.measuring import Line, timed
from benchmarks.reviewing import PROVINCE, YEAR
from households.rules import ACCEPTABLE
from officers.models import Officer, Posting
from officers.rules import Role
from reviews.actions.accepting import accept_proposals
from reviews.actions.proposing import commit_review
from reviews.models import Proposal, Review

WANTED = 10_000
BATCH = 2_000


def measure() -> list[Line]:
    """Commit the province's review and accept up to 10,000 of its proposals."""
    review = Review.everywhere.get(root_id=PROVINCE, year=YEAR, dry_run=False)
    commit_review(review.pk, by=Officer.objects.get(username="province-approver"))
    proposals = Proposal.everywhere.in_force().filter(review=review, kind__in=ACCEPTABLE)
    chosen = list(proposals.order_by("village_id", "pk").values_list("village_id", "pk")[:WANTED])
    by_county: dict[str, list[int]] = {}
    for village, pk in chosen:
        by_county.setdefault(village[:6], []).append(pk)
    clerks = {county: _clerk(county) for county in by_county}
    seconds = opened = 0.0
    for county, own in by_county.items():
        for start in range(0, len(own), BATCH):
            batch = own[start : start + BATCH]
            seconds += timed(lambda: accept_proposals(review.pk, batch, by=clerks[county]))  # noqa: B023 - called at once
            opened += len(batch)
    return [
        Line(
            f"accepting {opened:,.0f} proposals",
            f"{seconds:.1f} s, {seconds / opened * WANTED:.1f} s for {WANTED:,}",
            "≤ 6 s for 10,000",
        )
    ]


def _clerk(county: str) -> Officer:
    officer = Officer.objects.create(username=f"clerk-{county}", name="办事员", home_id=county)
    Posting.objects.create(
        officer=officer, role=Role.COUNTY_CLERK, division_id=county, starts_on=date(2014, 1, 1)
    )
    return officer
