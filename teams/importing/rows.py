"""What the rows of a roster say, before anything is known of it: cells read by their rules."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from households.identity import Identity
from households.importing.cells import BadCell, Rule
from households.importing.filed import SURPLUS, Fault
from households.importing.template import Layout
from teams.importing.template import FILLED, STAR
from teams.rules.terms import Span

Record = tuple[int, Sequence[str]]
"""The number of a row in the file (the heading is 1), and its cells."""


@dataclass
class FileRow:
    """A row of a file. `values` holds the cells that could be read, blanks absent."""

    record: int
    cells: Sequence[str]
    texts: dict[str, str]
    values: dict[str, Any] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def fault(self, key: str, code: str, **params: Any) -> None:
        """Say what is wrong in a column; of one cell only the first thing."""
        if all(one.column != key for one in self.faults):
            text = self.texts.get(key, "")
            self.faults.append(Fault(self.record, key, text, code, params))


class Row(FileRow):
    """One term of one person."""

    @property
    def identity(self) -> Identity | None:
        """Whom the ID number names, if it stands there whole."""
        found = self.values.get("id_number")
        return found if isinstance(found, Identity) else None

    @property
    def hidden_id(self) -> str:
        """The ID number as a file of this system shows it, with stars; "" for none."""
        text = self.texts.get("id_number", "")
        return text if STAR in text else ""

    @property
    def span(self) -> Span | None:
        """The days of the term; None while they cannot be read."""
        first: date | None = self.values.get("starts_on")
        if first is None or "last_day" in {one.column for one in self.faults}:
            return None
        return Span(first, self.values.get("last_day"))


def read_rows(records: Iterable[Record], layout: Layout, rules: dict[str, Rule]) -> list[Row]:
    """The rows of a roster in their order, each cell held against the rule of its column."""
    found = [read_cells(Row, one, layout, rules, FILLED) for one in records]
    for row in found:
        _judge_days(row)
        _judge_person(row)
    return found


OneRow = TypeVar("OneRow", bound=FileRow)


def read_cells(
    kind: type[OneRow], one: Record, layout: Layout, rules: dict[str, Rule], filled: Iterable[str]
) -> OneRow:
    """A record as a row of a kind; `filled` are the columns that must not be blank."""
    record, cells = one
    texts = {
        key: cells[place].strip() if place < len(cells) else ""
        for key, place in layout.places.items()
    }
    row = kind(record, cells, texts)
    for key, text in texts.items():
        if text:
            _judge_cell(row, key, text, rules[key])
    for key in filled:
        if not texts.get(key):
            row.fault(key, "blank")
    surplus = [text.strip() for text in cells[len(layout.headings) :] if text.strip()]
    if surplus:
        row.texts[SURPLUS] = surplus[0]
        row.fault(SURPLUS, "surplus")
    return row


def _judge_cell(row: FileRow, key: str, text: str, rule: Rule) -> None:
    try:
        row.values[key] = rule(text)
    except BadCell as bad:
        row.fault(key, bad.code, **bad.params)


def _judge_days(row: Row) -> None:
    """The first day comes before the planned last, not after the real one; an end has a reason."""
    values = row.values
    first, due, last = (values.get(key) for key in ("starts_on", "due_on", "last_day"))
    if first and due and due <= first:
        row.fault("due_on", "due_before_start")
    if first and last and last < first:
        row.fault("last_day", "last_before_start")
    if row.texts.get("last_day") and not row.texts.get("end_reason"):
        row.fault("end_reason", "end_reason_missing")
    if row.texts.get("end_reason") and not row.texts.get("last_day"):
        row.fault("last_day", "last_day_missing")
    if row.texts.get("unit_level") and not row.texts.get("unit"):
        row.fault("unit", "unit_missing")


def _judge_person(row: Row) -> None:
    """Sex and birth date agree with the ID number; the work begins after the birth."""
    identity, values = row.identity, row.values
    if identity and values.get("sex", identity.sex) != identity.sex:
        row.fault("sex", "sex_differs", sex=identity.sex)
    if identity and values.get("birth_date", identity.birth_date) != identity.birth_date:
        row.fault("birth_date", "birth_differs")
    born = identity.birth_date if identity else values.get("birth_date")
    working = values.get("working_since")
    if born and working and working <= born:
        row.fault("working_since", "work_before_birth")
