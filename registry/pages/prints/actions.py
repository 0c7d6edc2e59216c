"""Putting a household or a meeting on paper: an act that the trace keeps, with a serial."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from households.models import Household
from households.rights import FIELD_ROLES
from officers.models import Officer
from officers.rights import require
from registry.pages.prints.sheets import CASE_FILE, MINUTES, Sheet
from trail.actions import change_of, record, record_many
from trail.models import Change
from workflow.models import Case

PRINTERS = FIELD_ROLES


@dataclass(frozen=True)
class Printed:
    """What the foot of a sheet says: the number of its row in the trace, and when."""

    serial: int
    at: datetime


@transaction.atomic
def print_sheet(household: Household, sheet: Sheet, *, by: Officer, year: int) -> Printed:
    """Record that a sheet of the household was printed. Raises NotAllowed."""
    require(by, *PRINTERS, code=household.village_id)
    change = record(
        by=by,
        action="print",
        subject=household,
        division=household.village_id,
        after={"sheet": sheet.name, "year": year},
    )
    return printed_of(change)


@transaction.atomic
def print_minutes(case: Case, others: Iterable[Case], *, by: Officer) -> Printed:
    """Record that the minutes of one meeting about these cases were printed. Raises NotAllowed.

    The serial is that of `case`; every other case has a row that names it as its origin.
    """
    require(by, *PRINTERS, code=case.division_id)
    after = {"sheet": MINUTES.name}
    first = record(by=by, action="print", subject=case, division=case.division_id, after=after)
    record_many(
        change_of(
            by=by,
            action="print",
            subject=one,
            division=one.division_id,
            after=after,
            origin=f"print {first.pk}",
        )
        for one in others
    )
    return printed_of(first)


@transaction.atomic
def print_case_file(case: Case, *, by: Officer) -> Printed:
    """Record that the file of a case was printed. Raises NotAllowed."""
    require(by, *PRINTERS, code=case.division_id)
    after = {"sheet": CASE_FILE.name}
    return printed_of(
        record(by=by, action="print", subject=case, division=case.division_id, after=after)
    )


def printed_of(change: Change) -> Printed:
    """What the sheet says of the row of the trace that tells of it."""
    change.refresh_from_db(fields=["at"])
    return Printed(change.pk, change.at)
