"""Tables as files for a spreadsheet: CSV or XLSX of rows that somebody else has read.

Text stays text: no cell is taken for a formula and no code for a number. Whole numbers and amounts
are numbers. The second sheet of a workbook, "about", says what the rows are.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Literal, get_args

from django.http import HttpResponse
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.worksheet.worksheet import Worksheet

FileForm = Literal["csv", "xlsx"]
FORMS: tuple[FileForm, ...] = get_args(FileForm)
TYPES: dict[FileForm, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
BYTE_ORDER_MARK = "\ufeff"
RISKY = ("-", "+", "=", "@", "\t", "\r")
TEXT, AMOUNT = "@", "#,##0.00"
WIDTH, WIDE = 16, 60
TITLE_LENGTH = 31
NOT_IN_A_TITLE = str.maketrans(dict.fromkeys("[]:*?/\\", " "))

Cell = str | int | Decimal | None
"""Text, a whole number, an amount in yuan, or nothing."""


@dataclass(frozen=True)
class Sheet:
    """A table with the headings of the reader's language; `about` is (what, its value) in words."""

    title: str
    headings: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    about: Sequence[tuple[str, str]] = ()


def csv_lines(sheet: Sheet) -> Iterator[str]:
    """The table as lines: a byte order mark first (the file is UTF-8), CRLF."""
    yield BYTE_ORDER_MARK + _line(sheet.headings)
    for row in sheet.rows:
        yield _line(row)


def xlsx_bytes(sheet: Sheet) -> bytes:
    """The table as a workbook, its heading frozen, and the sheet "about" behind it."""
    workbook = Workbook(write_only=True)
    table = workbook.create_sheet(_sheet_title(sheet.title))
    table.freeze_panes = "A2"
    table.sheet_format.defaultColWidth = WIDTH
    for row in (sheet.headings, *sheet.rows):
        table.append([_cell(table, value) for value in row])
    about = workbook.create_sheet(_sheet_title(_("about")))
    about.column_dimensions["A"].width, about.column_dimensions["B"].width = WIDTH * 2, WIDE
    for pair in sheet.about:
        about.append([_cell(about, value) for value in pair])
    out = BytesIO()
    workbook.save(out)
    return out.getvalue()


def as_text(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(RISKY) else cell


def _line(cells: Sequence[Cell]) -> str:
    out = StringIO()
    values = [as_text(cell) if isinstance(cell, str) else cell for cell in cells]
    csv.writer(out, lineterminator="\r\n").writerow(values)
    return out.getvalue()


def _cell(sheet: Worksheet, value: Cell) -> WriteOnlyCell:
    """Text that stays text, whatever it begins with, or a number."""
    if not isinstance(value, str):
        cell = WriteOnlyCell(sheet, value=value)
        if isinstance(value, Decimal):
            cell.number_format = AMOUNT
        return cell
    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", value))
    cell.data_type, cell.number_format = "s", TEXT
    return cell


def _sheet_title(text: str) -> str:
    """What a workbook accepts as the name of a sheet."""
    return text.translate(NOT_IN_A_TITLE)[:TITLE_LENGTH]


def as_file(sheet: Sheet, form: FileForm, name: str) -> HttpResponse:
    """The table to save under `name` with the ending of its form."""
    content = csv_lines(sheet) if form == "csv" else xlsx_bytes(sheet)
    response = HttpResponse(content, content_type=TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response
