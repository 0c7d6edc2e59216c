"""One import of village records from its file to its result: judged whole, kept nowhere.

Between the check and the saving the rows travel with the page, sealed for the officer who sent
them; they are judged anew when they come back.
"""

import base64
import json
import uuid
import zlib
from collections.abc import Sequence
from io import BytesIO

from cryptography.exceptions import InvalidTag
from django.db import transaction
from django.utils.translation import gettext as _

from divisions.models import Division, Level
from divisions.scope import contains
from exits.importing.rows import VALID, Kind, Verdict, judge, read_rows
from exits.importing.template import REASON, VILLAGE, YEAR, read_headings
from households.actions.village_records import FILE, RECORDERS, trace_of
from households.importing.reader import Limits, read_table
from households.models import VillageRecord
from households.village_fields import kept
from officers.models import Officer
from officers.rights import require
from teams.importing.outcome import Choice, FileOutcome, FileTable
from trail.actions import record
from trail.dates import business_date
from trail.errors import Refused
from trail.models import Change
from trail.sealing import seal_bytes, unseal_bytes
from trail.transactions import retried

LIMITS = Limits(megabytes=5, rows=5000)
ROWS_FIELD = "exits.import.rows"
MOST_CARRIED = 1_800_000
"""So many characters of rows travel with a page; a form may hold two million."""

AT_ONCE = 1000
UNKNOWN, ENDED, OUTSIDE = "village_unknown", "village_ended", "village_outside"


class Table(FileTable):
    """The rows of village records."""

    reads = staticmethod(read_headings)


Outcome = FileOutcome[Verdict, int]
"""`saved` is how many records were made."""


def read_file(content: bytes) -> Table:
    """The rows of an uploaded file. Raises FileRefused with advice."""
    table = read_table(BytesIO(content), LIMITS, read_headings)
    return Table(table.layout.headings, list(table.records))


def check(table: Table, *, by: Officer) -> Outcome:
    """Judge every row and write nothing. Raises NotAllowed for who keeps no records."""
    place = require(by, *RECORDERS).division_id
    return Outcome(table, _judged(table, place))


@retried
@transaction.atomic
def import_records(table: Table, *, by: Officer, choice: str) -> Outcome:
    """Judge every row anew and save the sound ones, all at once.

    With Choice.ALL nothing is saved unless every row is sound. Raises NotAllowed.
    """
    place = require(by, *RECORDERS).division_id
    rows = read_rows(table.records, table.layout)
    villages = {row.values[VILLAGE] for row in rows if VILLAGE in row.values}
    places = Division.objects.select_for_update(no_key=True).filter(pk__in=villages)
    list(places.order_by("pk"))
    outcome = Outcome(table, _judged(table, place))
    if choice == Choice.ALL and outcome.faulty:
        return outcome
    made = [one for one in outcome.verdicts if one.kind in (Kind.NEW, Kind.CHANGED)]
    outcome.saved = len(_save(made, by))
    record(
        by=by,
        action="import_village_records",
        subject=Division.objects.get(pk=place),
        division=place,
        after=dict(outcome.counts) | {"saved": outcome.saved},
    )
    return outcome


def _save(verdicts: Sequence[Verdict], by: Officer) -> list[VillageRecord]:
    rows = [
        VillageRecord(
            village_id=one.row.values[VILLAGE],
            year=one.row.values[YEAR],
            values=kept(one.figures),
            corrects=one.before,
            reason=one.row.values.get(REASON, "") if one.before else "",
            source=FILE,
            recorded_by=by,
        )
        for one in verdicts
    ]
    made = VillageRecord.everywhere.bulk_create(rows, batch_size=AT_ONCE)
    traces = [trace_of(one, one.corrects, by=by) for one in made]
    Change.objects.bulk_create(traces, batch_size=AT_ONCE)
    return made


def _judged(table: Table, place: str) -> list[Verdict]:
    rows = read_rows(table.records, table.layout)
    codes = {row.values[VILLAGE] for row in rows if VILLAGE in row.values}
    years = {row.values[YEAR] for row in rows if YEAR in row.values}
    standing = VillageRecord.everywhere.in_force().filter(village__in=codes, year__in=years)
    by_key = {(one.village_id, one.year): one for one in standing}
    return judge(rows, _villages(codes, place), by_key, last_year=business_date().year)


def _villages(codes: set[str], place: str) -> dict[str, str]:
    """What is wrong with each code, VALID for nothing; outside the posting nothing more is told."""
    there = Division.objects.filter(pk__in=codes, level=Level.VILLAGE)
    known = set(there.values_list("pk", flat=True))
    valid = set(there.in_force(business_date()).values_list("pk", flat=True))
    found = {}
    for code in codes:
        if not contains(place, code):
            found[code] = OUTSIDE if code in known else UNKNOWN
        elif code not in known:
            found[code] = UNKNOWN
        else:
            found[code] = VALID if code in valid else ENDED
    return found


def carried(table: Table, *, by: Officer) -> str:
    """The rows as a text that only this officer can send back; "" when they are too many."""
    content = json.dumps([table.headings, table.records], ensure_ascii=False).encode()
    sealed = seal_bytes(zlib.compress(content, 9), field=ROWS_FIELD, row=uuid.UUID(int=by.pk))
    text = base64.b85encode(sealed).decode()
    return text if len(text) <= MOST_CARRIED else ""


def brought_back(text: str, *, by: Officer) -> Table:
    """The rows that `carried` gave to this officer. Refused for anything else."""
    try:
        sealed = base64.b85decode(text)
        opened = unseal_bytes(sealed, field=ROWS_FIELD, row=uuid.UUID(int=by.pk))
        headings, records = json.loads(zlib.decompress(opened))
    except (ValueError, InvalidTag, KeyError, IndexError) as error:
        raise Refused(_("Choose the file once more and check it again."), code="gone") from error
    return Table(tuple(headings), [(number, cells) for number, cells in records])
