"""What the rows of one household say, before anything is known of it: cells read, values joined."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from households.identity import Identity
from households.importing.cells import BadCell, Rule
from households.importing.template import BY_KEY, Layout, Level

MEMORY = 100_000  # texts remembered for each column
UNREPEATED = frozenset({"name", "person_number", "id_number", "household_number"})
PERSON_LENGTH = 18
SURPLUS = "surplus"


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
    cells: list[str]
    places: dict[str, int]
    values: dict[str, Any] = field(default_factory=dict)
    faulty: set[str] = field(default_factory=set)
    person: str = ""
    """First 18 characters of the ID, also of a certificate whose ending is wrong; else empty."""

    def text(self, key: str) -> str:
        """What the cell says, trimmed; empty when the file has no such column."""
        place = self.places.get(key)
        return "" if place is None or place >= len(self.cells) else self.cells[place].strip()

    def fault(self, key: str, code: str, **params: Any) -> Fault:
        return Fault(self.record, key, self.text(key), code, params)

    @property
    def identity(self) -> Identity | None:
        return self.values.get("id_number")

    @property
    def sex(self) -> str | None:
        """As filed, else the ID number's own."""
        return self.values.get("sex") or (self.identity.sex if self.identity else None)

    @property
    def birth_date(self) -> date | None:
        """As filed, else the ID number's own."""
        filed: date | None = self.values.get("birth_date")
        return filed or (self.identity.birth_date if self.identity else None)


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
        self.places = layout.places
        self.read_id = rules["id_number"]
        self.columns = [
            (place, key, _remembering(rules[key], key), BY_KEY[key].level is Level.PERSON)
            for key, place in layout.places.items()
            if key not in ignored
        ]

    def household(self, number: str, records: Sequence[tuple[int, list[str]]]) -> Filed:
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
        cells, width = row.cells, len(row.cells)
        for place, key, read, personal in self.columns:
            text = cells[place].strip() if place < width else ""
            if not text:
                continue
            value = read(text)
            if type(value) is BadCell:
                row.faulty.add(key)
                yield Fault(row.record, key, text, value.code, value.params)
            elif personal:
                row.values[key] = value
            else:
                shared.setdefault(key, {}).setdefault(value, text)
        if not row.text("village_code"):
            yield row.fault("village_code", "blank")
        if width > self.width:
            yield from _surplus(row, cells[self.width :])
        row.person = self._person(row)
        yield from disagreements(row)

    def _person(self, row: Row) -> str:
        if row.identity:
            return row.identity.person
        if "id_number" not in row.faulty:
            return ""
        start = _judged(self.read_id, row.text("id_number")[:PERSON_LENGTH])
        return "" if type(start) is BadCell else start.person


def _remembering(rule: Rule, key: str) -> Callable[[str], Any]:
    """`rule`, giving its BadCell instead of raising it; repeated texts are looked up."""
    if key in UNREPEATED:
        return lambda text: _judged(rule, text)
    seen: dict[str, Any] = {}

    def read(text: str) -> Any:
        value = seen.get(text)
        if value is None:
            if len(seen) >= MEMORY:
                seen.clear()
            value = seen[text] = _judged(rule, text)
        return value

    return read


def _judged(rule: Rule, text: str) -> Any:
    try:
        return rule(text)
    except BadCell as bad:
        return bad.with_traceback(None)


def _surplus(row: Row, cells: list[str]) -> Iterator[Fault]:
    for text in cells:
        if text.strip():
            yield Fault(row.record, SURPLUS, text.strip(), "surplus")


def disagreements(row: Row) -> Iterator[Fault]:
    """Sex and date of birth, where given, must be those of the ID number in the same row."""
    identity = row.identity
    if identity is None:
        return
    if row.values.get("sex", identity.sex) != identity.sex:
        yield row.fault("sex", "sex_differs", sex=identity.sex)
    if row.values.get("birth_date", identity.birth_date) != identity.birth_date:
        yield row.fault("birth_date", "birth_differs")
