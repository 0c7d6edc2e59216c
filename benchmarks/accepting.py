"""Accepting many proposals as clerks do: a filter confirmed, then accepted part by part."""

from collections.abc import Iterator
from datetime import date

from benchmarks.measuring import Line, timed
from benchmarks.reviewing import PROVINCE, YEAR
from households.rules import ACCEPTABLE
from officers.models import Officer, Posting
from officers.rules import Role
from reviews.actions.batches import confirm_batch, drive
from reviews.actions.proposing import commit_review
from reviews.models import BatchAcceptance, Proposal, Review
from reviews.queries.acting import CAN_BE_ACCEPTED, chosen_proposals
from reviews.queries.proposals import Wanted

WANTED = 10_000


def measure() -> list[Line]:
    """Commit the province's review; accept county by county until WANTED cases are open."""
    review = Review.everywhere.get(root_id=PROVINCE, year=YEAR, dry_run=False)
    commit_review(review.pk, by=Officer.objects.get(username="province-approver"))
    seconds, opened, batches = 0.0, 0, 0
    for county in _counties(review):
        clerk = _clerk(county)
        seconds += timed(lambda: _accept_all(review, county, clerk))  # noqa: B023 - called at once
        batches += 1
        opened = sum(BatchAcceptance.everywhere.values_list("accepted", flat=True))
        if opened >= WANTED:
            break
    return [
        Line(
            f"accepting {opened:,} proposals in {batches} confirmed batches",
            f"{seconds:.1f} s, {seconds / opened * WANTED:.1f} s for {WANTED:,}",
            "≤ 6 s for 10,000",
        )
    ]


def _counties(review: Review) -> Iterator[str]:
    """Counties with something to accept, in code order."""
    found = Proposal.everywhere.waiting().filter(review=review, kind__in=ACCEPTABLE)
    after = ""
    while first := found.filter(village_id__gt=after).order_by("village_id").first():
        yield first.village_id[:6]
        after = f"{first.village_id[:6]}~"


def _accept_all(review: Review, county: str, clerk: Officer) -> None:
    chosen = chosen_proposals(clerk, review, Wanted(division=county), CAN_BE_ACCEPTED)
    batch = confirm_batch(review.pk, Wanted(division=county), seen=chosen.seen, by=clerk)
    drive(batch.pk)


def _clerk(county: str) -> Officer:
    officer = Officer.objects.create(username=f"clerk-{county}", name="办事员", home_id=county)
    Posting.objects.create(
        officer=officer, role=Role.COUNTY_CLERK, division_id=county, starts_on=date(2014, 1, 1)
    )
    return officer
