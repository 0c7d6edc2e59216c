"""What the rows of one household say, before anything is known of it: cells read, values joined."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from households.identity import Identity
from households.importing.cells import BadCell, Rule
from households.importing.template import BY_KEY, Layout, Level

MEMORY = 100_000  # texts remembered for each column
UNREPEATED = frozenset({"name", "person_number", "id_number", "household_number"})
PERSON_LENGTH = 18
REQUIRED_IN_ROW = ("village_code", "name", "relation")
SURPLUS = "surplus"

End = tuple[Any, Any]
Cells = dict[str, str]
"""The cells of a row that are not empty, by their place ("0" is the first column)."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One error: the record that it is told at, the column, what stood there, and why not."""

    record: int
    column: str
    value: str
    code: str
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Warned:
    """One warning; it refuses nothing."""

    record: int
    code: str
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Row:
    """One person's row. `values` holds the person columns that were read, `faulty` the others."""

    record: int
    cells: Cells
    places: dict[str, str]
    values: dict[str, Any] = field(default_factory=dict)
    faulty: set[str] = field(default_factory=set)
    identity: Identity | None = None
    sex: str | None = None
    birth_date: date | None = None
    """Sex and date of birth as filed, else the ID number's own."""

    person: str = ""
    """First 18 characters of the ID, also of a certificate whose ending is wrong; else empty."""

    met: str = ""
    """Person number of the known person that the row meets; empty for nobody."""

    is_past: bool = False
    """Whether it tells of a membership that is over, and that nobody knows here; no file does."""

    over: End | None = None
    """The end on record of the membership that it tells of, if that is over; no file says so."""

    is_stranger: bool = False
    """Whether no name leads to its person, as others here may have the same; no file says so."""

    @property
    def is_history(self) -> bool:
        """Whether it tells of a membership that is over, on record or not."""
        return self.is_past or self.over is not None

    @property
    def end(self) -> End:
        """Reason and date of the end that it tells; None for neither."""
        return self.values.get("member_end_reason"), self.values.get("member_end_date")

    def text(self, key: str) -> str:
        """What the cell says, trimmed; empty when the file has no such column."""
        return self.cells.get(self.places.get(key, ""), "").strip()

    def fault(self, key: str, code: str, **params: Any) -> Fault:
        return Fault(self.record, key, self.text(key), code, params)


@dataclass(slots=True)
class Filed:
    """One household of the file. `values` holds its household and yearly values, blanks absent."""

    number: str
    rows: list[Row] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def fault(self, key: str, code: str, **params: Any) -> Fault:
        """A household error: it is told at the household's first row."""
        return Fault(self.rows[0].record, key, self.texts.get(key, ""), code, params)

    def warn(self, code: str, **params: Any) -> Warned:
        return Warned(self.rows[0].record, code, params)


class HouseholdReader:
    """Reads the records of a file as households, cell by cell.

    A text that a column saw before is not judged again: most cells of a register repeat.
    """

    def __init__(self, layout: Layout, rules: dict[str, Rule], ignored: frozenset[str]):
        """`ignored` columns are passed over, whatever they hold."""
        self.width = len(layout.headings)
        self.places = {key: str(place) for key, place in layout.places.items()}
        self.read_id = rules["id_number"]
        self.columns = {
            place: (key, rules[key], _memory(key), BY_KEY[key].level is Level.PERSON)
            for key, place in self.places.items()
            if key not in ignored
        }

    def household(self, number: str, records: Sequence[tuple[int, Cells]]) -> Filed:
        """The household that these records, in file order, describe."""
        filed = Filed(number)
        shared: dict[str, dict[Any, str]] = {}
        for record, cells in records:
            row = Row(record, cells, self.places)
            filed.rows.append(row)
            filed.faults += self._read(row, shared)
        for key, texts in shared.items():
            filed.values[key] = next(iter(texts))
            filed.texts[key] = " / ".join(texts.values())
            if len(texts) > 1:
                filed.faults.append(filed.fault(key, "values_differ"))
        return filed

    def _read(self, row: Row, shared: dict[str, dict[Any, str]]) -> Iterator[Fault]:
        for place, raw in row.cells.items():
            text = raw.strip()
            column = self.columns.get(place)
            if not text:
                continue
            if column is None:
                yield from self._surplus(row, place, text)
                continue
            key, rule, memory, personal = column
            value = memory.get(text)
            if value is None:
                value = memory[text] = _judged(rule, text)
            if type(value) is BadCell:
                row.faulty.add(key)
                yield Fault(row.record, key, text, value.code, value.params)
            elif personal:
                row.values[key] = value
            else:
                shared.setdefault(key, {}).setdefault(value, text)
        for key in REQUIRED_IN_ROW:
            if not row.text(key):
                yield row.fault(key, "blank")
        yield from self._identify(row)

    def _surplus(self, row: Row, place: str, text: str) -> Iterator[Fault]:
        if int(place) >= self.width:
            yield Fault(row.record, SURPLUS, text, "surplus")

    def _identify(self, row: Row) -> Iterator[Fault]:
        """Sex and date of birth must be those of the ID number, and default to them."""
        identity = row.values.get("id_number")
        row.sex, row.birth_date = row.values.get("sex"), row.values.get("birth_date")
        if identity:
            row.identity, row.person = identity, identity.person
            if row.sex and row.sex != identity.sex:
                yield row.fault("sex", "sex_differs", sex=identity.sex)
            if row.birth_date and row.birth_date != identity.birth_date:
                yield row.fault("birth_date", "birth_differs")
            row.sex, row.birth_date = identity.sex, identity.birth_date
        elif "id_number" in row.faulty:
            start = _judged(self.read_id, row.text("id_number")[:PERSON_LENGTH])
            row.person = "" if type(start) is BadCell else start.person


class Memory(dict[str, Any]):
    """Values by text, the first MEMORY of them: what most of a column repeats."""

    def __setitem__(self, text: str, value: Any) -> None:
        if len(self) < MEMORY:
            super().__setitem__(text, value)


class NoMemory(dict[str, Any]):
    """For a column whose texts do not repeat."""

    def __setitem__(self, text: str, value: Any) -> None:
        """Forget it."""


def _memory(key: str) -> dict[str, Any]:
    return NoMemory() if key in UNREPEATED else Memory()


def _judged(rule: Rule, text: str) -> Any:
    try:
        return rule(text)
    except BadCell as bad:
        return bad.with_traceback(None)
