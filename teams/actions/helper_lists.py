"""Taking the list of helpers away as a file."""

from dataclasses import replace

from django.db import transaction

from divisions.models import Division
from officers.models import Officer
from trail.actions import record
from trail.sheets import Sheet


@transaction.atomic
def take_helpers(place: Division, sheet: Sheet, *, kind: str, by: Officer) -> Sheet:
    """The table, its rows read; the trace tells who took how many of them."""
    rows = list(sheet.rows)
    record(
        by=by,
        action="download_helpers",
        subject=place,
        division=place.pk,
        after={"kind": kind, "rows": len(rows)},
    )
    return replace(sheet, rows=rows)
