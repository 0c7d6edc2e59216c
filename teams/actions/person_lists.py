"""Taking lists of people away as files: of helpers, of days in the village."""

from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy

from divisions.models import Division
from officers.models import Officer
from officers.rights import require
from teams.rights import LIST_TAKERS
from trail.actions import record
from trail.sheets import Sheet

NO_FILE = gettext_lazy(
    "Your role takes no list of people away. Read the page, or ask the township for the file."
)


def take_helpers(place: Division, sheet: Sheet, *, kind: str, by: Officer) -> Sheet:
    """The table, its rows read; the trace tells who took how many of them. Raises NotAllowed."""
    return _taken(place, sheet, "download_helpers", {"kind": kind}, by)


def take_days(place: Division, sheet: Sheet, *, when: str, only: str, by: Officer) -> Sheet:
    """The same for the days of people in a year or month ("2026", "2026-03"). Raises NotAllowed."""
    return _taken(place, sheet, "download_days", {"when": when, "only": only}, by)


@transaction.atomic
def _taken(place: Division, sheet: Sheet, action: str, what: dict[str, Any], by: Officer) -> Sheet:
    require(by, *LIST_TAKERS, code=place.pk)
    rows = list(sheet.rows)
    record(
        by=by,
        action=action,
        subject=place,
        division=place.pk,
        after=what | {"rows": len(rows)},
    )
    return replace(sheet, rows=rows)
