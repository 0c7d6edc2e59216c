"""Taking the list of proposals away as a file."""

from collections.abc import Iterator
from dataclasses import asdict

from django.db import transaction

from officers.models import Officer
from reviews.models import Review
from reviews.queries.download import csv_lines, listed_proposals
from reviews.queries.proposals import Wanted
from reviews.rights import own_part
from trail.actions import record


@transaction.atomic
def download_proposals(review: Review, wanted: Wanted, *, by: Officer) -> Iterator[str]:
    """The lines of the file; the trace tells who took how many rows under which filter."""
    page = listed_proposals(by, review, wanted)
    record(
        by=by,
        action="download_proposals",
        subject=review,
        division=wanted.division or own_part(by, review),
        after={"filter": asdict(wanted), "rows": len(page)},
    )
    return csv_lines(by, review, page)
