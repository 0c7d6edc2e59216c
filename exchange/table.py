"""A file of the import template as items: one row a person, one item a household.

The import reads file and cells (`households.importing`); what the rows then say is compared, judged
and written as what any other push says. A blank cell says nothing.
"""

import io
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, ClassVar

from exchange.comparing import text_of
from exchange.items import MEMBER_FIELDS, SURVEY_FIELDS, Item, SurveyItem
from exchange.uploaded import Broken
from households.api.shapes import HOUSEHOLD_FIELDS
from households.entry.content import MOST_ROWS
from households.identity import Identity
from households.importing.filed import SURPLUS, Fault, Filed
from households.importing.judging import Importer
from households.importing.reader import COMMAND, ZIP, read_table
from households.importing.reasons import say
from households.importing.run import Run
from households.importing.staging import staged
from trail.api import escaped
from trail.dates import business_date

HOUSEHOLD_COLUMNS = {one.name: one.column for one in HOUSEHOLD_FIELDS if one.column} | {
    "number": "household_number",
    "village": "village_code",
    "status": "status",
    "exit_year": "exit_year",
}
MEMBER_COLUMNS = {one.name: one.column for one in MEMBER_FIELDS if one.column}
SURVEY_COLUMNS = {one.name: one.column for one in SURVEY_FIELDS if one.column}
APART = frozenset({"number", "village", "status", "exit_year"})


@dataclass
class TableItem(Item):
    """A household of a table; `index` is the row where it begins, as a spreadsheet counts rows.

    What is said of it stands at a row and a heading of the file, such as /17/姓名.
    """

    rows: list[int] = field(default_factory=list)
    headings: Mapping[str, str] = field(default_factory=dict)
    """Column of the template → the file's own word for it."""

    asks_reasons: ClassVar[bool] = False
    """The template has no column for why a figure jumps, and the import asks for none."""

    @property
    def lines(self) -> int:
        return len(self.rows)

    def pointer(self, own: str) -> str:
        """Row and heading of a place; the household's first row where no row has it."""
        row, column = self.rows[0], ""
        match own.split("/")[1:]:
            case ["rows", record, named]:
                row, column = int(record), named
            case ["members", place, *name]:
                row, column = self.rows[int(place)], MEMBER_COLUMNS.get("".join(name), "")
            case ["surveys", _place, name]:
                column = SURVEY_COLUMNS.get(name, "")
            case [name]:
                column = HOUSEHOLD_COLUMNS.get(name, "")
        heading = "" if column in ("", SURPLUS) else self.headings.get(column, column)
        return f"/{row}/{escaped(heading)}" if heading else f"/{row}"


@dataclass(frozen=True)
class Table:
    """The items of a file, and its headings that the template does not know."""

    items: Iterator[TableItem]
    unknown: tuple[str, ...]


@contextmanager
def read_items(content: io.RawIOBase, *, year: int) -> Iterator[Table]:
    """The households of a CSV file, in the order of their numbers, behind rows without a number.

    Raises FileRefused, and before that gives nothing: the whole file is read first.
    """
    file = io.BufferedReader(content)
    if file.read(len(ZIP)) == ZIP:
        raise Broken("workbook")
    with staged() as staging:
        run = Run(staging, Importer((), sets_state=True), year=year, today=business_date())
        run.read(read_table(file, COMMAND))
        yield Table(_items(run), run.layout.unknown)


def _items(run: Run) -> Iterator[TableItem]:
    headings = {key: run.layout.heading(key) for key in run.layout.places}
    for record, faults in groupby(run.staging.faults(), key=lambda one: one.record):
        yield _faulty(TableItem(record, rows=[record], headings=headings), faults)
    for part in run.staging.parts():
        for number, records in part:
            filed = run.reader.household(number, records)
            rows = [row.record for row in filed.rows]
            item = TableItem(rows[0], number=number, rows=rows, headings=headings)
            yield _faulty(item, filed.faults) if filed.faults else _said(item, filed, run.year)


def _faulty(item: TableItem, faults: Iterable[Fault]) -> TableItem:
    for one in faults:
        pointer = f"/rows/{one.record}/{one.column}"
        item.fault(pointer, one.code, say(one.code, one.params))
    return item


def _said(item: TableItem, filed: Filed, year: int) -> TableItem:
    """The item with what its rows say, in the texts that any other push would have."""
    if len(filed.rows) > MOST_ROWS:
        item.fault("/members", "out_of_range")
        return item
    own = _texts(filed.values, HOUSEHOLD_COLUMNS)
    item.village, item.status = own["village"], own.get("status", "")
    item.exit_year = own.get("exit_year", "")
    item.values = {name: text for name, text in own.items() if name not in APART}
    item.members = [_texts(row.values, MEMBER_COLUMNS) for row in filed.rows]
    if facts := _texts(filed.values, SURVEY_COLUMNS):
        item.surveys = [SurveyItem(0, year, facts)]
    return item


def _texts(values: Mapping[str, Any], columns: Mapping[str, str]) -> dict[str, Any]:
    return {name: _text(name, values[key]) for name, key in columns.items() if key in values}


def _text(name: str, value: Any) -> Any:
    return value.number if isinstance(value, Identity) else text_of(name, value)
