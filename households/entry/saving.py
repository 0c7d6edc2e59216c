"""Saving an entered household: through the import's kernel, with what the import has no column for.

The household, its members, the survey of the year, the income lines, living conditions and reasons
are written in one transaction, with their trace.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _
from psycopg2.errors import UniqueViolation

from households.actions.quality import recheck
from households.entry.details import survey_again, write_details
from households.entry.extras import write_extras
from households.entry.judging import Entry, EntryFault, Judged, judge_entry
from households.entry.jumps import judge_jumps
from households.importing.saving import Author, save
from households.models import Household, Survey
from households.rules import State
from officers.models import Officer
from officers.rights import require
from officers.rules import Role
from trail.dates import business_date
from trail.errors import Refused, Stale
from trail.transactions import retried

ENTERERS = (Role.VILLAGE_OFFICIAL, Role.COUNTY_CLERK, Role.MACHINE_CLIENT)
COUNTY_DIGITS = 6
DRAW = "SELECT nextval('households_household_number')"


class EntryRefused(Refused):
    """Something entered stands against saving it; `faults` say what, each at its field."""

    status = 400
    code = "entry_refused"

    def __init__(self, faults: Iterable[EntryFault]):
        super().__init__(_("Correct what is marked, then save again."))
        self.faults = list(faults)


@dataclass(frozen=True)
class Saved:
    """What was written: the household, and the survey of the year where the entry brings one.

    `numbers` are the person numbers of the entered people, in the order of their rows.
    """

    household: Household
    survey: Survey | None
    numbers: tuple[str, ...]


def next_household_number(village: str) -> str:
    """A number that no household ever had: the county's code and eight digits."""
    with connection.cursor() as cursor:
        while True:
            cursor.execute(DRAW)
            number = f"{village[:COUNTY_DIGITS]}{cursor.fetchone()[0]:08d}"
            if not Household.everywhere.filter(number=number).exists():
                return number


@retried
@transaction.atomic
def enter_household(
    entry: Entry, *, by: Officer, seen: int | None, act: str = "enter", door: str = ""
) -> Saved:
    """Register a new household, or bring a known one's facts up to the entry.

    `seen` is the version of the known household that the officer read, None for a new one; `act`
    and `door` name the act and its origin in the trace. Raises NotAllowed; EntryRefused with the
    faults; Refused for a cancelled household; Stale when the household changed since `seen`, or
    somebody registered one of its people in the same moment.
    """
    require(by, *ENTERERS, code=entry.village)
    household = None
    if entry.number:
        household = locked(entry.number)
        refuse_cancelled(household)
        refuse_moved(household, seen)
    judged = judge_entry(entry, by=by, today=business_date())
    judge_jumps(judged)
    if judged.faults:
        raise EntryRefused(judged.faults)
    return write_entry(judged, household, by=by, act=act, door=door)


def locked(number: str) -> Household:
    """The standing household of that number, locked until the transaction ends."""
    return Household.everywhere.select_for_update().standing().get(number=number)


def refuse_cancelled(household: Household) -> None:
    """Refused for a household without people whose number is never used again."""
    if household.state == State.CANCELLED:
        raise Refused(
            _("This household is cancelled. Nothing in it changes any more."), code="closed"
        )


def refuse_moved(household: Household, seen: int | None) -> None:
    """Stale when the household is not at the version that the officer read."""
    if household.version != seen:
        raise Stale(
            _("Somebody changed this household while you worked on it. Compare, then save again."),
            code="household_changed",
            details={"version": household.version},
        )


@transaction.atomic
def write_entry(
    judged: Judged,
    household: Household | None,
    *,
    by: Officer,
    act: str,
    door: str,
) -> Saved:
    """Write a faultless judged entry; the known household is locked by the caller.

    Raises Stale when the database finds that a person or number was taken meanwhile.
    """
    verdict, entry, today = judged.verdict, judged.entry, business_date()
    if verdict is None or judged.faults:
        raise ValueError("only a faultless entry is written")
    if household is None:
        verdict.filed.number = next_household_number(entry.village)
    survey_again(judged, household)
    author = Author(
        officer_id=by.pk,
        officer_name=by.name,
        role=by.acting_role,
        posted_to=by.acting_division,
        batch_id=None,
        year=entry.year,
        today=today,
        act=act,
        door=door,
    )
    try:
        with transaction.atomic():
            save([verdict], author)
    except IntegrityError as error:
        if not isinstance(error.__cause__, UniqueViolation):
            raise
        raise Stale(
            _(
                "One of these people was registered elsewhere in this moment. Check, then ask the"
                " county office."
            ),
            code="registered_meanwhile",
        ) from error
    kept = locked(verdict.filed.number)
    write_extras(kept, judged, by=by, act=act, door=door)
    survey = None
    if verdict.survey is not None:
        survey = Survey.objects.filter(household=kept, year=entry.year).in_force().get()
        write_details(survey, judged)
    recheck([kept.pk], year=entry.year)
    kept.refresh_from_db()
    return Saved(kept, survey, tuple(one.number for one in verdict.people.members))
