"""The import: reads a file, judges every household, saves those without an error."""

from dataclasses import dataclass, field
from datetime import date

from tests.oracle.cells import BadCellError, read_cell
from tests.oracle.columns import BY_NAME, REQUIRED
from tests.oracle.households import Fault, HouseholdJudge, Row
from tests.oracle.reading import (
    FileRefusedError,
    read_headers,
    read_records,
    read_text,
    unknown_headers,
)
from tests.oracle.world import IMPORTERS, Household, Importer, Index, Register

LONE = "(no number)"


@dataclass
class Result:
    """What one import comes to. Left out: household number, or LONE and the record, → faults."""

    refused: str = ""
    left_out: dict[str, list[Fault]] = field(default_factory=dict)
    saved: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    report: list[int] = field(default_factory=list)
    warnings: set[str] = field(default_factory=set)

    @property
    def exit_status(self) -> int:
        return 2 if self.refused else 3 if self.left_out else 0


def import_file(
    register: Register,
    content: bytes | list[list[str]],
    *,
    year: int,
    importer: Importer,
    today: date,
    dry_run: bool = False,
) -> Result:
    """Imports bytes of text, or the cells of a sheet, into the register."""
    result = Result()
    try:
        records = read_records(read_text(content)) if isinstance(content, bytes) else content
        rows = read_rows(records, register, year, importer, today)
    except FileRefusedError as refused:
        result.refused = str(refused)
        return result
    if importer.role not in IMPORTERS:
        result.refused = "importer"
        return result
    if unknown_headers(records[0]):
        result.warnings.add("unknown column")
    judged = judge_all(rows, register, year, importer, result)
    if not dry_run:
        for home in judged:
            register.households[home.number] = home
    return result


def read_rows(
    records: list[list[str]], register: Register, year: int, importer: Importer, today: date
) -> list[Row]:
    """Every record that is not blank, each cell read or found faulty."""
    places = read_headers(records[0])
    rows = []
    for number, cells in enumerate(records[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        row = Row(number)
        for place, name in places.items():
            text = cells[place] if place < len(cells) else ""
            try:
                row.values[name] = read_cell(BY_NAME[name], text, year=year, today=today)
            except BadCellError as bad:
                row.faults.append(Fault(number, (name,), str(bad), exact=True))
        if any(cell.strip() for cell in cells[len(records[0]) :]):
            row.faults.append(Fault(number, ("*",), "surplus", exact=False))
        check_required(row)
        check_village(row, register, importer)
        rows.append(row)
    if not rows:
        raise FileRefusedError("empty")
    return rows


def check_required(row: Row) -> None:
    for name in REQUIRED:
        if name in row.values and row.values[name] is None:
            row.faults.append(Fault(row.record, (name,), "required", exact=True))


def check_village(row: Row, register: Register, importer: Importer) -> None:
    """Exactly a village of the tree, in force, within the importer's posting."""
    code = row.values.get("village_code")
    if code is None:
        return
    village = register.villages.get(str(code))
    if village is None or not village.in_force or not importer.reaches(str(code)):
        row.faults.append(Fault(row.record, ("village_code",), "village", exact=False))


def judge_all(
    rows: list[Row], register: Register, year: int, importer: Importer, result: Result
) -> list[Household]:
    """Judges every household of the file against the register as it was; the sound ones."""
    index = Index(register)
    groups: dict[str, list[Row]] = {}
    for row in rows:
        number = row.values.get("household_number")
        if number is None:
            result.left_out[f"{LONE} {row.record}"] = row.faults
            result.report.append(row.record)
        else:
            groups.setdefault(str(number), []).append(row)
    shared = shared_persons(groups, index)
    judged = []
    for number, group in groups.items():
        judge = HouseholdJudge(register, index, year, importer, group)
        home = judge.judge()
        if number in shared:
            columns = ("person_number", "id_number")
            judge.faults.append(Fault(group[0].record, columns, "shared", exact=False))
        if judge.faults:
            result.left_out[number] = judge.faults
            result.report += [row.record for row in group]
        else:
            result.saved.append(number)
            result.warnings |= judge.warnings
            judged.append(home)
            if home != register.households.get(number):
                result.changed.append(number)
    result.report.sort()
    return judged


def shared_persons(groups: dict[str, list[Row]], index: Index) -> set[str]:
    """Numbers of the households that share a person, by person number or ID."""
    homes: dict[object, set[str]] = {}
    for number, rows in groups.items():
        for row in rows:
            for key in row.person_keys(index):
                homes.setdefault(key, set()).add(number)
    return {number for found in homes.values() if len(found) > 1 for number in found}
