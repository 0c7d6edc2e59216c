"""One import of measures from its file to its result: judged whole, saved as the officer wishes.

Between the check and the saving the rows travel with the page, sealed for the officer who sent
them; they are judged anew when they come back, since the register may have changed.
"""

from collections.abc import Sequence
from io import BytesIO

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from assistance.importing.judging import Judge, Verdict
from assistance.importing.known import household_keys, known_about
from assistance.importing.saving import Saved, save
from assistance.importing.template import COLUMNS, REQUIRED, read_headings, rules
from assistance.rights import IMPORTERS
from divisions.models import Division
from households.importing import carrying
from households.importing.reader import FileRefused, Limits, read_table
from households.models import Household
from officers.models import Officer
from officers.rights import require
from teams.importing.judging import Kind
from teams.importing.outcome import Choice, FileOutcome, FileTable
from teams.importing.rows import FileRow, read_cells
from trail.actions import record
from trail.dates import business_date
from trail.errors import Refused
from trail.transactions import retried

LIMITS = Limits(megabytes=5, rows=10_000)
ROWS_FIELD = "assistance.import.rows"


class Table(FileTable):
    """The rows of a file of measures."""

    reads = staticmethod(read_headings)


Outcome = FileOutcome[Verdict, Saved]


def read_file(content: bytes) -> Table:
    """The rows of an uploaded file. Raises FileRefused with advice."""
    table = read_table(BytesIO(content), LIMITS, read_headings)
    return Table(table.layout.headings, list(table.records))


def check(table: Table, *, by: Officer) -> Outcome:
    """Judge every row and write nothing. Raises NotAllowed for everybody but importers."""
    require(by, *IMPORTERS)
    return Outcome(table, _judged(_rows(table), by))


@retried
@transaction.atomic
def import_table(table: Table, *, by: Officer, choice: str) -> Outcome:
    """Judge every row anew and save the sound ones, all at once.

    With Choice.ALL nothing is saved unless every row is sound. Raises NotAllowed; Refused when
    somebody agreed on the same in this moment.
    """
    place = require(by, *IMPORTERS).division_id
    rows = _rows(table)
    keys = household_keys(rows, by)
    list(Household.everywhere.select_for_update().filter(pk__in=keys).order_by("pk"))
    outcome = Outcome(table, _judged(rows, by))
    if choice == Choice.ALL and outcome.faulty:
        return outcome
    sound = [one for one in outcome.verdicts if one.kind != Kind.FAULTY]
    try:
        with transaction.atomic():
            outcome.saved = save(sound, by=by)
    except IntegrityError as error:
        raise Refused(
            _("Somebody agreed on one of these measures in this moment. Save once more."),
            code="changed_meanwhile",
        ) from error
    record(
        by=by,
        action="import_measures",
        subject=Division.objects.get(pk=place),
        division=place,
        after=dict(outcome.counts) | vars(outcome.saved),
    )
    return outcome


def carried(table: Table, *, by: Officer) -> str:
    """The rows as a text that only this officer can send back; "" when they are too many."""
    return carrying.carried((table.headings, table.records), field=ROWS_FIELD, by=by)


def brought_back(text: str, *, by: Officer) -> Table:
    """The rows that `carried` gave to this officer. Refused for anything else."""
    return Table(*carrying.brought_back(text, field=ROWS_FIELD, by=by))


def _rows(table: Table) -> list[FileRow]:
    layout, known = table.layout, rules(today=business_date())
    return [read_cells(FileRow, one, layout, known, REQUIRED) for one in table.records]


def _judged(rows: Sequence[FileRow], by: Officer) -> list[Verdict]:
    return Judge(known_about(rows, by=by), today=business_date()).judge(rows)


__all__ = ["COLUMNS", "Choice", "FileRefused", "Outcome", "Table", "brought_back", "carried",
           "check", "import_table", "read_file"]  # fmt: skip
