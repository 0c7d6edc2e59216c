"""Files of the roster template as tests write them."""

import csv
import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from households.identity import check_digit
from officers.models import Officer
from teams.importing.running import Outcome, Table, check, import_table
from teams.importing.template import COLUMNS
from tests import factories as make

KEYS = [column.key for column in COLUMNS]


def id_of(serial: int, *, born: str = "19850520") -> str:
    """A valid ID number, one for each serial; even serials are women."""
    first = f"970123{born}{serial % 1000:03d}"
    return first + check_digit(first)


def roster_row(serial: int = 1, **cells: str) -> dict[str, str]:
    """A faultless row about somebody new who serves in VILLAGE since 2019."""
    return {
        "village_code": make.VILLAGE,
        "name": f"驻村干部{serial}",
        "id_number": id_of(2 * serial + 1),
        "sex": "男",
        "birth_date": "1985-05-20",
        "phone": "13900000001",
        "unit": "青山县财政局",
        "unit_level": "县级",
        "post": "队员",
        "starts_on": "2019-03-01",
        "due_on": "2021-02-28",
        "rank": "official",
        "party_member_since": "2008-07-01",
        "working_since": "2007-08-01",
    } | cells


def table_of(*rows: dict[str, str]) -> Table:
    """The rows as a table that was read."""
    records = [(place, [row.get(key, "") for key in KEYS]) for place, row in enumerate(rows, 2)]
    return Table(tuple(KEYS), [(record, cells) for record, cells in records])


def csv_of(*rows: dict[str, str]) -> bytes:
    """The rows as a CSV file."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([KEYS, *([row.get(key, "") for key in KEYS] for row in rows)])
    return out.getvalue().encode()


def uploaded(content: bytes, name: str = "roster.csv") -> SimpleUploadedFile:
    """A file as a browser sends it."""
    return SimpleUploadedFile(name, content)


def found(outcome: Outcome) -> list[tuple[int, str, str]]:
    """Every fault as row, column, code."""
    return [(fault.record, fault.column, fault.code) for fault in outcome.faults]


def faults_of(clerk: Officer, *rows: dict[str, str]) -> list[tuple[int, str, str]]:
    """What a check finds wrong in these rows."""
    return found(check(table_of(*rows), by=clerk))


def bring_in(clerk: Officer, *rows: dict[str, str], choice: str = "sound") -> Any:
    """Import these rows."""
    return import_table(table_of(*rows), by=clerk, choice=choice)
