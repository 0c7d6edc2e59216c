"""What the rows of village records say, and the verdict on each against what is on record."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from exits.importing.template import REASON, VILLAGE, YEAR, rules
from households.actions.village_records import FIRST_YEAR
from households.importing.cells import BadCell
from households.importing.filed import SURPLUS, Fault
from households.importing.template import Layout
from households.models import VillageRecord
from households.village_fields import Value, fields, kept, larger_than_whole, read

Record = tuple[int, Sequence[str]]
"""The number of a row in the file (the heading is 1), and its cells."""

Key = tuple[str, int]
"""A village and a year."""

VALID = ""


class Kind(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    FAULTY = "faulty"


@dataclass(slots=True)
class Row:
    """The record of one village and year. `values` holds the cells that could be read."""

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

    @property
    def key(self) -> Key | None:
        """The village and the year; None while one of them cannot be read."""
        if VILLAGE in self.values and YEAR in self.values:
            return self.values[VILLAGE], self.values[YEAR]
        return None

    @property
    def figures(self) -> dict[str, Value]:
        """The figures that stand in the row."""
        return {name: self.values[name] for name in fields() if name in self.values}


@dataclass
class Verdict:
    """A row, the record that stands, or None, and all figures as they would stand by the row.

    A blank cell leaves the figure on record as it is.
    """

    row: Row
    before: VillageRecord | None = None
    figures: dict[str, Value] = field(default_factory=dict)

    @property
    def kind(self) -> Kind:
        """What becomes of it."""
        if self.row.faults:
            return Kind.FAULTY
        if self.before is None:
            return Kind.NEW
        return Kind.UNCHANGED if kept(self.figures) == self.before.values else Kind.CHANGED


def read_rows(records: Iterable[Record], layout: Layout) -> list[Row]:
    """The rows of a file in their order, each cell held against the rule of its column."""
    known = rules()
    rows = []
    for record, cells in records:
        texts = {
            key: cells[place].strip() if place < len(cells) else ""
            for key, place in layout.places.items()
        }
        row = Row(record, cells, texts)
        for key, text in texts.items():
            if not text:
                continue
            try:
                row.values[key] = known[key](text)
            except BadCell as bad:
                row.fault(key, bad.code, **bad.params)
        for key in (VILLAGE, YEAR):
            if not texts[key]:
                row.fault(key, "blank")
        surplus = [text.strip() for text in cells[len(layout.headings) :] if text.strip()]
        if surplus:
            row.texts[SURPLUS] = surplus[0]
            row.fault(SURPLUS, "surplus")
        rows.append(row)
    return rows


def judge(
    rows: Sequence[Row],
    villages: Mapping[str, str],
    standing: Mapping[Key, VillageRecord],
    *,
    last_year: int,
) -> list[Verdict]:
    """A verdict on each row. `villages` says of each code what is wrong with it, VALID for nothing.

    `standing` are the records in force; `last_year` is the latest year of a record.
    """
    before: dict[Key, int] = {}
    return [_verdict(row, villages, standing, before, last_year) for row in rows]


def _verdict(
    row: Row,
    villages: Mapping[str, str],
    standing: Mapping[Key, VillageRecord],
    before: dict[Key, int],
    last_year: int,
) -> Verdict:
    code, year = row.values.get(VILLAGE), row.values.get(YEAR)
    if code and (wrong := villages[code]) != VALID:
        row.fault(VILLAGE, wrong)
    if year and not FIRST_YEAR <= year <= last_year:
        row.fault(YEAR, "year_range", first=FIRST_YEAR, last=last_year)
    if row.key and (other := before.setdefault(row.key, row.record)) != row.record:
        row.fault(VILLAGE, "rows_same", other=other)
    if not row.figures and not row.faults:
        row.fault(VILLAGE, "no_figures")
    verdict = Verdict(row, standing.get(row.key) if row.key else None)
    old = read(verdict.before.values) if verdict.before else {}
    verdict.figures = old | row.figures
    for name, whole in larger_than_whole(verdict.figures).items():
        row.fault(name, "part_larger", whole=whole)
    if verdict.kind == Kind.CHANGED and not row.values.get(REASON):
        row.fault(REASON, "reason_missing")
    return verdict
