"""One import from its file to its result: judged whole, saved as the clerk wishes, kept nowhere.

Between the check and the saving the rows travel with the page, sealed for the officer who sent
them; they are judged anew when they come back, since the register may have changed.
"""

from collections.abc import Sequence
from io import BytesIO

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from divisions.models import Division
from households.importing import carrying
from households.importing.reader import FileRefused, Limits, read_table
from officers.models import Officer
from officers.rights import require
from teams.importing.judging import Judge, Kind, Verdict
from teams.importing.known import cadres_of, known_about
from teams.importing.outcome import Choice, FileOutcome, FileTable
from teams.importing.rows import Row, read_rows
from teams.importing.saving import Saved, save
from teams.importing.template import read_headings, rules
from teams.models import Cadre
from teams.rights import MANAGERS
from trail.actions import record
from trail.dates import business_date
from trail.errors import Refused
from trail.transactions import retried

LIMITS = Limits(megabytes=5, rows=5000)
ROWS_FIELD = "teams.import.rows"


class Table(FileTable):
    """The rows of a roster."""

    reads = staticmethod(read_headings)


class Outcome(FileOutcome[Verdict, Saved]):
    """What was found in a roster, and what was saved of it."""

    @property
    def new_units(self) -> list[str]:
        """The names of units that nobody has recorded yet, as the sound rows have them."""
        sound = [one for one in self.verdicts if one.kind == Kind.NEW and one.unit is None]
        return sorted({one.row.values["unit"] for one in sound if "unit" in one.row.values})


def read_file(content: bytes) -> Table:
    """The rows of an uploaded file. Raises FileRefused with advice."""
    table = read_table(BytesIO(content), LIMITS, read_headings)
    return Table(table.layout.headings, list(table.records))


def check(table: Table, *, by: Officer) -> Outcome:
    """Judge every row and write nothing. Raises NotAllowed for everybody but a county clerk."""
    county = require(by, *MANAGERS).division_id
    return Outcome(table, _judged(_rows(table), by, county))


@retried
@transaction.atomic
def import_table(table: Table, *, by: Officer, choice: str) -> Outcome:
    """Judge every row anew and save the sound ones, all at once.

    With Choice.ALL nothing is saved unless every row is sound. Raises NotAllowed; Refused when
    there is nothing to save, or when somebody recorded the same in this moment.
    """
    county = require(by, *MANAGERS).division_id
    rows = _rows(table)
    _lock(rows, county)
    outcome = Outcome(table, _judged(rows, by, county))
    if choice == Choice.ALL and outcome.faulty:
        return outcome
    sound = [one for one in outcome.verdicts if one.kind != Kind.FAULTY]
    try:
        with transaction.atomic():
            outcome.saved = save(sound, by=by, county=county)
    except IntegrityError as error:
        raise Refused(
            _("Somebody recorded one of these people or terms in this moment. Save once more."),
            code="changed_meanwhile",
        ) from error
    record(
        by=by,
        action="import_roster",
        subject=Division.objects.get(pk=county),
        division=county,
        after=dict(outcome.counts) | vars(outcome.saved),
    )
    return outcome


def carried(table: Table, *, by: Officer) -> str:
    """The rows as a text that only this officer can send back; "" when they are too many."""
    return carrying.carried((table.headings, table.records), field=ROWS_FIELD, by=by)


def brought_back(text: str, *, by: Officer) -> Table:
    """The rows that `carried` gave to this officer. Refused for anything else."""
    return Table(*carrying.brought_back(text, field=ROWS_FIELD, by=by))


def _rows(table: Table) -> list[Row]:
    return read_rows(table.records, table.layout, rules(today=business_date()))


def _judged(rows: Sequence[Row], by: Officer, county: str) -> list[Verdict]:
    known = known_about(rows, by=by, county=county, today=business_date())
    return Judge(known, importer=by.pk).judge(rows)


def _lock(rows: Sequence[Row], county: str) -> None:
    """People first, villages then, each in their order, as whoever begins a term locks them."""
    list(Cadre.everywhere.select_for_update().filter(pk__in=cadres_of(rows, county)).order_by("pk"))
    villages = {row.values["village_code"] for row in rows if "village_code" in row.values}
    places = Division.objects.select_for_update(no_key=True).filter(pk__in=villages)
    list(places.order_by("pk"))


__all__ = ["Choice", "FileRefused", "Outcome", "Table", "brought_back", "carried", "check",
           "import_table", "read_file"]  # fmt: skip
