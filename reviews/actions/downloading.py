"""Taking the list of proposals away as a file."""

from collections.abc import Iterable
from dataclasses import asdict, replace

from django.db import transaction

from officers.models import Officer
from reviews.models import Review
from reviews.queries.download import proposals_sheet
from reviews.queries.proposals import Wanted
from reviews.rights import own_part, require_export
from trail.actions import record
from trail.sheets import Sheet


@transaction.atomic
def download_proposals(
    review: Review, wanted: Wanted, *, filters: Iterable[tuple[object, object]], by: Officer
) -> Sheet:
    """The list of a filter as a table; the trace tells who took how many rows under which filter.

    `filters` is the filter in words, for the sheet that says what the rows are. Raises NotAllowed
    for a role that takes totals alone.
    """
    sheet = proposals_sheet(by, review, wanted, filters, most=require_export(by))
    rows = list(sheet.rows)
    record(
        by=by,
        action="download_proposals",
        subject=review,
        division=wanted.division or own_part(by, review),
        after={"filter": asdict(wanted), "rows": len(rows)},
    )
    return replace(sheet, rows=rows)
