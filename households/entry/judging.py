"""The verdict on one entered household: what each field holds, what stands against saving it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from households.entry import fields
from households.entry.content import Content, StepContent, Value
from households.importing.cells import BadCell
from households.importing.filed import Fault, Filed, HouseholdReader
from households.importing.judging import Importer, Verdict, judge, judge_returns
from households.importing.known import Villages, look_up
from households.importing.reasons import say
from households.importing.template import (
    BY_KEY,
    COLUMNS,
    MONEY_KEYS,
    SURVEY_FIELDS,
    SURVEY_KEYS,
    Layout,
    Level,
    rules,
)
from households.incomes import coefficient_of, items
from officers.models import Officer
from workflow.parameters import COEFFICIENTS, coefficient_key
from workflow.queries import parameters_in_force

LAYOUT = Layout(
    tuple(column.key for column in COLUMNS),
    {column.key: place for place, column in enumerate(COLUMNS)},
    (),
)
MEMBER_COLUMNS = (
    *(one.column for one in fields.BY_STEP[fields.MEMBERS].values() if one.column),
    "member_end_reason",
    "member_end_date",
)
STEP_OF_COLUMN = {one.column: (one.step, one.name) for one in fields.FIELDS if one.column} | {
    "village_code": (fields.HOUSEHOLD, "village"),
    "household_number": (fields.HOUSEHOLD, ""),
}
WHOLE_PERCENT = 100
COUNTY_DIGITS = 6
MOST_FEN = 9_999_999_999
CENT = Decimal("0.01")


@dataclass(frozen=True)
class EntryFault:
    """One error: in which step, at which row of it (from 0; None: no row), at which field."""

    step: str
    row: int | None
    name: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """Such as "members.2.id_number"; a fault of a whole step ends with the step."""
        return ".".join(
            str(part) for part in (self.step, self.row, self.name) if part not in (None, "")
        )

    @property
    def sentence(self) -> str:
        """What is wrong and how to mend it, in the active language."""
        return say(self.code, self.params)


@dataclass(frozen=True)
class Entry:
    """A household as entered: texts only, nothing judged. `number` is empty for a new one.

    A blank leaves a number that is sealed on record (ID, phone, account) as it is, and clears any
    other value. A known household whose five figures, lines and guarantees are all blank gets no
    survey. `returns` are the rows of people (from 0) who may come back after they left.
    """

    village: str
    year: int
    number: str = ""
    steps: Mapping[str, StepContent] = field(default_factory=dict)
    returns: frozenset[int] = frozenset()

    def step(self, name: str) -> StepContent:
        """One step; an empty one when nothing was entered in it."""
        return self.steps.get(name, StepContent())


def entry_of(content: Content, *, village: str, year: int, number: str = "") -> Entry:
    """The entry that a draft's content makes."""
    return Entry(village, year, number, content.steps)


@dataclass
class Judged:
    """What an entry holds. `verdict` is the kernel's; None while there is no member to judge.

    `extras` are the values of each step that the import knows no column for, `people` those of
    each member, `lines` the income lines with amounts in fen, `reasons` by figure.
    """

    entry: Entry
    verdict: Verdict | None = None
    faults: list[EntryFault] = field(default_factory=list)
    extras: dict[str, dict[str, Any]] = field(default_factory=dict)
    people: list[dict[str, Any]] = field(default_factory=list)
    lines: list[dict[str, Any]] = field(default_factory=list)
    reasons: dict[str, str] = field(default_factory=dict)

    def faults_of(self, step: str) -> list[EntryFault]:
        """The faults of one step."""
        return [one for one in self.faults if one.step == step]

    @property
    def conditions(self) -> dict[str, Any]:
        """The living conditions that are known, by column."""
        living = self.extras.get(fields.LIVING, {})
        return {name: living[name] for name in fields.CONDITIONS if name in living}


def judge_entry(entry: Entry, *, by: Officer, today: date) -> Judged:
    """Judge an entry against the register as it stands, as an import by `by` would.

    Reads the register in the five queries of the import; writes nothing.
    """
    judged = Judged(entry)
    for step in fields.STEPS:
        _read_step(judged, step, today)
    _read_people(judged, today)
    figures = _read_incomes(judged)
    if not entry.step(fields.MEMBERS).rows:
        judged.faults.append(EntryFault(fields.MEMBERS, None, "", "no_members"))
        return judged
    filed = _filed(entry, figures, today)
    judged.verdict = _verdict(filed, entry, by, today)
    judged.faults += [_placed(fault) for fault in judged.verdict.faults]
    if not judged.faults:
        _clear_blanks(judged)
    return judged


def _read_step(judged: Judged, step: str, today: date) -> None:
    """The values of a step that the import has no column for."""
    values = judged.entry.step(step).values
    known = fields.BY_STEP[step]
    if step == fields.MEMBERS:
        return
    found = fields.rules(step, today=today, year=judged.entry.year)
    extras: dict[str, Any] = {}
    for name, value in values.items():
        if name in known and not known[name].column:
            _read(judged, extras, (step, None, name), value, found[name])
    judged.extras[step] = extras


def _read_people(judged: Judged, today: date) -> None:
    found = fields.rules(fields.MEMBERS, today=today, year=judged.entry.year)
    own = [name for name, one in fields.BY_STEP[fields.MEMBERS].items() if not one.column]
    for place, row in enumerate(judged.entry.step(fields.MEMBERS).rows):
        values: dict[str, Any] = {}
        for name in own:
            if text := row.get(name, ""):
                _read(judged, values, (fields.MEMBERS, place, name), text, found[name])
        judged.people.append(values)


def _read(
    judged: Judged,
    into: dict[str, Any],
    at: tuple[str, int | None, str],
    value: Value,
    rule: Callable[[str], Any],
) -> None:
    text = as_text(value).strip()
    if not text:
        return
    try:
        into[at[2]] = rule(text)
    except BadCell as bad:
        judged.faults.append(EntryFault(*at, bad.code, bad.params))


def as_text(value: Value) -> str:
    """A value as a cell of the import holds it: several codes with commas between them."""
    return value if isinstance(value, str) else ",".join(value)


def _read_incomes(judged: Judged) -> dict[str, str]:
    """The lines, the reasons, and the figure of each kind as a cell of the import would hold it.

    A kind with lines is their sum; one that is said to be none is 0; else what was typed as sum.
    """
    step = judged.entry.step(fields.INCOMES)
    found, reason = fields.line_rules(), fields.reason_rule()
    known = coefficients(judged.entry.village, judged.entry.year) if step.rows else {}
    for place, row in enumerate(step.rows):
        judged.lines += _line(judged, place, row, found, known)
    for name, value in step.values.items():
        if name.startswith(fields.REASON_PREFIX):
            figure = name.removeprefix(fields.REASON_PREFIX)
            _read_reason(judged, name, figure, value, reason)
    return {kind: text for kind in MONEY_KEYS if (text := _figure(judged, step, kind))}


def _read_reason(
    judged: Judged, name: str, figure: str, value: Value, rule: Callable[[str], Any]
) -> None:
    kept: dict[str, Any] = {}
    _read(judged, kept, (fields.INCOMES, None, name), value, rule)
    if name in kept and figure in (*MONEY_KEYS, "per_capita"):
        judged.reasons[figure] = kept[name]


def coefficients(village: str, year: int) -> dict[str, int]:
    """The coefficients that hold where the village lies, in percent, by coefficient name."""
    keys = {coefficient_key(name): name for name in COEFFICIENTS}
    found = parameters_in_force(keys, village[:COUNTY_DIGITS], year)
    return {keys[key]: row.value for key, row in found.items()}


def _line(
    judged: Judged,
    place: int,
    row: Mapping[str, str],
    found: Mapping[str, Callable[[str], Any]],
    known: Mapping[str, int],
) -> Iterator[dict[str, Any]]:
    """The line of a row; none while something in it is faulty."""
    before = len(judged.faults)
    values: dict[str, Any] = {}
    for name, one in fields.LINES.items():
        at = (fields.INCOMES, place, name)
        if row.get(name, "").strip():
            _read(judged, values, at, row[name], found[name])
        elif one.required:
            judged.faults.append(EntryFault(*at, one.required))
    if len(judged.faults) > before:
        return
    if items()[values["item"]].kind != values["kind"]:
        judged.faults.append(EntryFault(fields.INCOMES, place, "item", "item_of_other_kind"))
        return
    if "quantity" in values and "unit_price" in values:
        values.setdefault("coefficient_percent", coefficient_of(values["item"], known))
        amount = worked_out(values["quantity"], values["unit_price"], values["coefficient_percent"])
        if values.setdefault("amount", amount) != amount:
            at = (fields.INCOMES, place, "amount")
            judged.faults.append(EntryFault(*at, "amount_differs", {"computed": _yuan(amount)}))
            return
    elif "quantity" in values or "unit_price" in values:
        name = "unit_price" if "quantity" in values else "quantity"
        judged.faults.append(EntryFault(fields.INCOMES, place, name, "quantity_and_price"))
        return
    else:
        values.pop("coefficient_percent", None)
    if "amount" not in values:
        judged.faults.append(EntryFault(fields.INCOMES, place, "amount", "blank"))
        return
    yield values


def worked_out(quantity: Decimal, price_fen: int, percent: int) -> int:
    """Quantity × unit price × coefficient in fen, rounded half away from zero."""
    exact = quantity * price_fen * percent / WHOLE_PERCENT
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP))


def _figure(judged: Judged, step: StepContent, kind: str) -> str:
    """The sum of a kind as a cell of the import would hold it; what contradicts it is a fault."""
    rows = [place for place, row in enumerate(step.rows) if row.get("kind") == kind]
    typed = as_text(step.values.get(kind, "")).strip()
    none = bool(step.values.get(fields.NONE_PREFIX + kind))
    if none and (rows or typed):
        at = (fields.INCOMES, None, fields.NONE_PREFIX + kind)
        judged.faults.append(EntryFault(*at, "none_and_some"))
    if not rows:
        return "0" if none else typed
    total = sum(line["amount"] for line in judged.lines if line["kind"] == kind)
    if total > MOST_FEN:
        at_line = (fields.INCOMES, rows[-1], "amount")
        judged.faults.append(EntryFault(*at_line, "sum_too_large", {"most": _yuan(MOST_FEN)}))
        return ""
    if typed and Decimal(_yuan(total)) != _decimal(typed):
        at_sum = (fields.INCOMES, None, kind)
        judged.faults.append(EntryFault(*at_sum, "sum_differs", {"computed": _yuan(total)}))
    return _yuan(total)


def _decimal(text: str) -> Decimal | None:
    """A typed amount; None for what is none, which its own cell tells."""
    return Decimal(text) if text.isascii() and text.replace(".", "", 1).isdecimal() else None


def _yuan(fen: int) -> str:
    return f"{Decimal(fen) * CENT:.2f}"


def _filed(entry: Entry, figures: Mapping[str, str], today: date) -> Filed:
    """The entry as the import would read it: one row a person, the household's on the first."""
    shared = {"village_code": entry.village} | dict(figures)
    for one in fields.FIELDS:
        if one.column and one.step not in (fields.MEMBERS, fields.INCOMES):
            shared[one.column] = as_text(entry.step(one.step).values.get(one.name, ""))
    records = []
    for place, row in enumerate(entry.step(fields.MEMBERS).rows):
        texts = {column: row.get(column, "") for column in MEMBER_COLUMNS}
        texts |= shared if place == 0 else {"village_code": entry.village}
        cells = {str(LAYOUT.places[key]): text for key, text in texts.items() if text.strip()}
        records.append((place + 1, cells))
    reader = HouseholdReader(LAYOUT, rules(today=today, year=entry.year), frozenset())
    return reader.household(entry.number, records)


def _verdict(filed: Filed, entry: Entry, by: Officer, today: date) -> Verdict:
    known = look_up([filed], year=entry.year)
    villages = Villages(today)
    recorded = [one.values["village_code"] for one in known.households.values()]
    villages.learn({entry.village, *recorded})
    verdict = judge(filed, known, villages, Importer(by.reach, sets_state=False))
    if not verdict.faults:
        judge_returns(verdict, entry.returns)
    return verdict


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


def surveyed(judged: Judged) -> bool:
    """Whether the entry says anything of the year: a figure or a guarantee."""
    verdict = judged.verdict
    return verdict is not None and any(key in verdict.filed.values for key in SURVEY_KEYS)


def figures_of_entry(judged: Judged) -> dict[str, Any]:
    """The eleven figures of the year by survey field, money in fen; None is unknown."""
    values: Mapping[str, Any] = judged.verdict.filed.values if judged.verdict else {}
    return {SURVEY_FIELDS[key]: values.get(key) for key in SURVEY_KEYS}


def sentences(faults: Iterable[EntryFault]) -> Sequence[tuple[str, str]]:
    """(path, sentence) of each fault in the active language."""
    return [(one.path, one.sentence) for one in faults]
