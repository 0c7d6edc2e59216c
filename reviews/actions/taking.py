"""Taking a table of a review away as a file."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import islice

from django.db import transaction

from officers.models import Officer
from reviews.models import Review
from reviews.rights import require_export
from trail.actions import record
from trail.sheets import Sheet


@transaction.atomic
def take_sheet(
    review: Review, sheet: Sheet, *, division: str, wanted: Mapping[str, str], by: Officer
) -> Sheet:
    """The table, its rows read; the trace tells who took how many of them, and under which filter.

    `wanted` names the table and its filter as the address does; `division` is its place.
    """
    rows = list(sheet.rows)
    record(
        by=by,
        action="download_figures",
        subject=review,
        division=division,
        after={"filter": dict(wanted), "rows": len(rows)},
    )
    return replace(sheet, rows=rows)


@transaction.atomic
def take_households(
    review: Review, sheet: Sheet, *, division: str, wanted: Mapping[str, str], by: Officer
) -> Sheet:
    """The same for a table whose rows are households: as many as the role may take.

    Raises NotAllowed for a role that takes totals alone.
    """
    rows = islice(sheet.rows, require_export(by))
    return take_sheet(review, replace(sheet, rows=rows), division=division, wanted=wanted, by=by)
