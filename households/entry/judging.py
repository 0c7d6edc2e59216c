"""The verdict on entered households: what each field holds, what stands against saving it.

One entry is judged as many are: the register is read set by set, whatever their number.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from households.entry import fields
from households.entry.account import Coefficients, read_incomes
from households.entry.judged import Entry, EntryFault, Judged, as_text
from households.entry.outside import in_one_word
from households.importing.filed import Fault, Filed, HouseholdReader
from households.importing.judging import Importer, judge, judge_returns
from households.importing.known import Known, Villages, look_up_years
from households.importing.template import BY_KEY, COLUMNS, Layout, Level, rules
from officers.models import Officer
from officers.rules import Role

LAYOUT = Layout(
    tuple(column.key for column in COLUMNS),
    {column.key: place for place, column in enumerate(COLUMNS)},
    (),
)
NOBODY: Mapping[int, dict[str, Any]] = {}
PLACES = {key: str(place) for key, place in LAYOUT.places.items()}
MEMBER_COLUMNS = (
    *(one.column for one in fields.BY_STEP[fields.MEMBERS].values() if one.column),
    "member_end_reason",
    "member_end_date",
)
STEP_OF_COLUMN = {one.column: (one.step, one.name) for one in fields.FIELDS if one.column} | {
    "village_code": (fields.HOUSEHOLD, "village"),
    "household_number": (fields.HOUSEHOLD, ""),
    "status": (fields.HOUSEHOLD, "status"),
    "exit_year": (fields.HOUSEHOLD, "exit_year"),
}
SHARED_FIELDS = tuple(
    one for one in fields.FIELDS if one.column and one.step not in (fields.MEMBERS, fields.INCOMES)
)
OWN_OF_PERSON = tuple(
    name for name, one in fields.BY_STEP[fields.MEMBERS].items() if not one.column
)


def judge_entry(entry: Entry, *, by: Officer, today: date) -> Judged:
    """Judge an entry against the register as it stands, as an import by `by` would.

    Reads the register in the five queries of the import; writes nothing.
    """
    return judge_entries([entry], by=by, today=today)[0]


def judge_entries(
    entries: Sequence[Entry],
    *,
    by: Officer,
    today: date,
    leaving: Mapping[int, dict[str, Any]] = NOBODY,
) -> list[Judged]:
    """Judge each entry by itself, as if it came alone; one verdict an entry, in their order.

    `leaving` are memberships on record that end before, by key, with their values then.
    """
    years = {year: _Reader(year, today) for year in {one.year for one in entries}}
    known = Coefficients()
    read = [years[one.year].read(one, known) for one in entries]
    filed: dict[int, list[Filed]] = {year: [] for year in years}
    for one, said in read:
        if said:
            filed[one.entry.year].append(said)
    found = look_up_years(filed)
    for each in found.values():
        each.leaving = leaving
    villages = Villages(today)
    recorded = {
        one.values["village_code"] for each in found.values() for one in each.households.values()
    }
    villages.learn(recorded | {one.village for one in entries})
    for judged, said in read:
        if said:
            _judge(judged, said, found[judged.entry.year], villages, by)
    return [judged for judged, _said in read]


class _Reader:
    """The rules of a year, made once for all its entries."""

    def __init__(self, year: int, today: date):
        self.steps = {step: fields.rules(step, today=today, year=year) for step in fields.STEPS}
        self.cells = HouseholdReader(LAYOUT, rules(today=today, year=year), frozenset())

    def read(self, entry: Entry, known: Coefficients) -> tuple[Judged, Filed | None]:
        """What the entry says; it is no household of a file while nobody is entered."""
        judged = Judged(entry)
        for step in fields.STEPS:
            if step != fields.MEMBERS:
                self._read_step(judged, step)
        self._read_people(judged)
        figures = read_incomes(judged, known)
        if not entry.step(fields.MEMBERS).rows:
            judged.faults.append(EntryFault(fields.MEMBERS, None, "", "no_members"))
            return judged, None
        return judged, self._filed(entry, figures)

    def _read_step(self, judged: Judged, step: str) -> None:
        """The values of a step that the import has no column for."""
        known = fields.BY_STEP[step]
        extras: dict[str, Any] = {}
        for name, value in judged.entry.step(step).values.items():
            if name in known and not known[name].column:
                judged.read(extras, (step, None, name), value, self.steps[step][name])
        judged.extras[step] = extras

    def _read_people(self, judged: Judged) -> None:
        found = self.steps[fields.MEMBERS]
        for place, row in enumerate(judged.entry.step(fields.MEMBERS).rows):
            values: dict[str, Any] = {}
            for name in OWN_OF_PERSON:
                if text := row.get(name, ""):
                    judged.read(values, (fields.MEMBERS, place, name), text, found[name])
            judged.people.append(values)

    def _filed(self, entry: Entry, figures: Mapping[str, str]) -> Filed:
        """The entry as the import would read it: a row a person, the household's on the first."""
        village = {"village_code": entry.village}
        shared = village | dict(figures)
        shared |= {"status": entry.status, "exit_year": entry.exit_year}
        for one in SHARED_FIELDS:
            shared[one.column] = as_text(entry.step(one.step).values.get(one.name, ""))
        records = []
        for place, row in enumerate(entry.step(fields.MEMBERS).rows):
            texts = {column: row.get(column, "") for column in MEMBER_COLUMNS}
            texts |= village if place else shared
            cells = {PLACES[key]: text for key, text in texts.items() if text.strip()}
            records.append((place + 1, cells))
        return self.cells.household(entry.number or entry.wanted, records)


def _judge(judged: Judged, filed: Filed, known: Known, villages: Villages, by: Officer) -> None:
    entry = judged.entry
    importer = Importer(by.reach, sets_state=bool(entry.status))
    for place in entry.past:
        filed.rows[place].is_past = True
    for place, end in entry.over.items():
        filed.rows[place].over = end
    for place in entry.strangers:
        filed.rows[place].is_stranger = True
    verdict = judged.verdict = judge(filed, known, villages, importer)
    if verdict.known and entry.wanted and not verdict.faults:
        verdict.faults.append(filed.fault("household_number", "number_used"))
    if not verdict.faults:
        judge_returns(verdict, entry.returns)
    if by.acting_role == Role.MACHINE_CLIENT:
        in_one_word(verdict)
    judged.faults += [_placed(fault) for fault in verdict.faults]
    if not judged.faults:
        _clear_blanks(judged)


def _placed(fault: Fault) -> EntryFault:
    """A fault of the kernel, at the field where it was entered."""
    column = BY_KEY.get(fault.column)
    if column and column.level is Level.PERSON:
        return EntryFault(fields.MEMBERS, fault.record - 1, fault.column, fault.code, fault.params)
    step, name = STEP_OF_COLUMN[fault.column]
    return EntryFault(step, None, name, fault.code, fault.params)


CLEARED_HOUSEHOLD = ("group", "attribute", "main_cause", "other_causes", "housing_grade")
KEPT_PERSON = frozenset(
    {"person_number", "id_number", "no_id_reason", "name", "relation", "sex", "birth_date"}
)


def _clear_blanks(judged: Judged) -> None:
    """A form shows what is on record: what it leaves blank is to be blank."""
    verdict = judged.verdict
    if verdict is None or verdict.known is None:
        return
    for key in CLEARED_HOUSEHOLD:
        if key not in verdict.filed.values:
            verdict.values[key] = () if key == "other_causes" else ""
    for row, member in zip(verdict.filed.rows, verdict.people.members, strict=True):
        for key in set(MEMBER_COLUMNS) - KEPT_PERSON - row.values.keys():
            if key in member.values and not key.startswith("member_end"):
                member.values[key] = None if _is_open(key) else ""


def _is_open(key: str) -> bool:
    return key == "work_months" or key.endswith("_insurance")
