"""Taking the table of readiness away as a file."""

from dataclasses import replace

from django.db import transaction

from divisions.models import Division
from officers.models import Officer
from trail.actions import record
from trail.sheets import Sheet


@transaction.atomic
def take_readiness(place: Division, sheet: Sheet, *, year: int, by: Officer) -> Sheet:
    """The table, its rows read; the trace tells who took how many of them, of which year."""
    rows = list(sheet.rows)
    record(
        by=by,
        action="download_readiness",
        subject=place,
        division=place.pk,
        after={"year": year, "rows": len(rows)},
    )
    return replace(sheet, rows=rows)
