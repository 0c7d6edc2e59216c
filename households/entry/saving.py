"""Saving an entered household: through the import's kernel, with what the import has no column for.

The household, its members, the survey of the year, the income lines, living conditions and reasons
are written in one transaction, with their trace.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _
from psycopg2.errors import UniqueViolation

from households.actions.quality import recheck
from households.entry.details import survey_again, write_details
from households.entry.extras import write_extras
from households.entry.judged import Entry, EntryFault, Judged
from households.entry.judging import judge_entry
from households.entry.jumps import judge_jumps
from households.entry.outside import outside_of
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
    """Something entered stands against saving it; `faults` say what, each at its field.

    `outside` are the persons outside of the posting of whom they tell, by number.
    """

    status = 400
    code = "entry_refused"

    def __init__(self, faults: Iterable[EntryFault], outside: Collection[str] = ()):
        super().__init__(_("Correct what is marked, then save again."))
        self.faults = list(faults)
        self.outside = outside


@dataclass(frozen=True)
class Saved:
    """What was written: the household, and the survey of the year where the entry brings one.

    `numbers` are the person numbers of the entered people, in the order of their rows; `outside`
    those of them who were on record outside of the posting alone.
    """

    household: Household
    survey: Survey | None
    numbers: tuple[str, ...]
    outside: frozenset[str] = frozenset()


def next_household_number(village: str) -> str:
    """A number that no household ever had: the county's code and eight digits."""
    with connection.cursor() as cursor:
        while True:
            cursor.execute(DRAW)
            number = f"{village[:COUNTY_DIGITS]}{cursor.fetchone()[0]:08d}"
            if not Household.everywhere.ever_numbered(number).exists():
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
    judge_jumps([judged])
    if judged.faults:
        raise EntryRefused(judged.faults, outside_of([judged]))
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
    verdict, entry = judged.verdict, judged.entry
    if household is None and verdict and not entry.wanted:
        verdict.filed.number = next_household_number(entry.village)
    try:
        with transaction.atomic():
            (key,) = write_entries([judged], author_of(by, entry.year, act=act, door=door))
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
    recheck([key], year=entry.year)
    survey = None
    if verdict and verdict.survey is not None:
        survey = Survey.objects.filter(household=key, year=entry.year).in_force().get()
    numbers = tuple(one.number for one in verdict.people.members) if verdict else ()
    return Saved(Household.everywhere.get(pk=key), survey, numbers, outside_of([judged]))


def author_of(by: Officer, year: int, *, act: str, door: str) -> Author:
    """Whom rows name that were entered: the officer, and the act and its origin in the trace."""
    return Author(
        officer_id=by.pk,
        officer_name=by.name,
        role=by.acting_role,
        posted_to=by.acting_division,
        batch_id=None,
        year=year,
        today=business_date(),
        act=act,
        door=door,
    )


def write_entries(judged: Sequence[Judged], author: Author) -> list[int]:
    """Write faultless entries of one year, set by set; returns their households, in their order.

    The caller holds the transaction and the locks. Raises IntegrityError when a concurrent act took
    a number or a person meanwhile.
    """
    verdicts = [one.verdict for one in judged if one.verdict and not one.faults]
    if len(verdicts) < len(judged):
        raise ValueError("only faultless entries are written")
    survey_again(judged)
    drawn = iter(save(verdicts, author))
    keys = [one.known.id if one.known else next(drawn) for one in verdicts]
    write_extras([*zip(keys, judged, strict=True)], author)
    surveyed = {
        key: one
        for key, one, verdict in zip(keys, judged, verdicts, strict=True)
        if verdict.survey is not None
    }
    surveys = Survey.objects.filter(household_id__in=surveyed, year=author.year).in_force()
    write_details([(one.pk, surveyed[one.household_id]) for one in surveys])
    return keys
