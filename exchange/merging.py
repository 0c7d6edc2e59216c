"""An item as entries: what it says, over what is on record, less what waits for the county."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from exchange.comparing import Compared, Difference, end_texts, line_texts, text_of
from exchange.items import Item, SurveyItem
from exchange.meanings import END, HOUSEHOLD, JOIN, LINES, REASON, RETURN, SURVEY
from exchange.records import MemberRecord, Record, SurveyRecord
from households.api.shapes import FIGURES
from households.entry import fields
from households.entry.content import StepContent, Value, plain
from households.entry.judged import Entry, EntryFault
from households.entry.many import Bundle
from households.importing.filed import End

END_COLUMNS = {"end_reason": "member_end_reason", "end_date": "member_end_date"}
FIELD_OF_COLUMN = {column: name for name, column in END_COLUMNS.items()}
GRADE = "housing_grade"
Texts = Mapping[str, str]


@dataclass(frozen=True)
class Made:
    """A bundle, and where in the item its rows and years stand."""

    bundle: Bundle
    rows: Mapping[int, int]
    """Place of the row in the entries → place of the member in the item."""

    surveys: Mapping[int, int]
    """Place of the entry in the bundle → place of the survey in the item."""

    def pointer(self, place: int, fault: EntryFault) -> str:
        """Where in the item a fault of an entry stands; "" for the whole of it."""
        if fault.step == fields.MEMBERS:
            row = None if fault.row is None else self.rows.get(fault.row)
            name = FIELD_OF_COLUMN.get(fault.name, fault.name)
            return "/members" if row is None else f"/members/{row}/{name}"
        if fault.step == fields.HOUSEHOLD and not fault.name:
            return "/number"
        if fault.step == fields.INCOMES or (fault.step == fields.LIVING and fault.name != GRADE):
            survey = self.surveys.get(place)
            return "" if survey is None else f"/surveys/{survey}{_in_survey(fault)}"
        return f"/{fault.name}" if fault.name else ""


def _in_survey(fault: EntryFault) -> str:
    if fault.row is not None:
        return f"/lines/{fault.row}/{fault.name}"
    if fault.name.startswith(fields.REASON_PREFIX):
        return f"/reasons/{fault.name.removeprefix(fields.REASON_PREFIX)}"
    return f"/{fault.name}"


def new_household(item: Item, compared: Compared, *, year: int) -> Made:
    """The entries of a household that is not on record; `year` where it brings no survey."""
    rows = [_columns(row) for row in item.members]
    household = _household_steps(item.values) | {fields.MEMBERS: plain({}, rows)}
    entries = [
        _entry(item.village, survey.year, household, item.values.get(GRADE, ""), survey, None)
        for survey in _in_order(item)
    ] or [_entry(item.village, year, household, item.values.get(GRADE, ""), None, None)]
    own: dict[str, Any] = {
        "wanted": item.number,
        "status": item.status,
        "exit_year": item.exit_year,
    }
    places = _places(item.members)
    own |= {
        "asks_reasons": item.asks_reasons,
        "past": _past({n: item.members[place] for n, place in places.items()}),
        "strangers": frozenset(n for n, place in places.items() if place in compared.strangers),
    }
    made = [Entry(**{**vars(one), **own}) for one in entries]
    return Made(Bundle(tuple(made)), places, _surveys(item))


def _past(rows: Mapping[int, Texts]) -> frozenset[int]:
    """The rows that tell a membership which is over."""
    return frozenset(n for n, row in rows.items() if row.get("end_reason") or row.get("end_date"))


def _places(members: Collection[Texts]) -> dict[int, int]:
    """The place of each row that says something; the entry drops the others."""
    said = [place for place, row in enumerate(members) if any(row.values())]
    return dict(enumerate(said))


def _in_order(item: Item) -> list[SurveyItem]:
    return sorted(item.surveys, key=lambda one: one.year)


def _surveys(item: Item) -> dict[int, int]:
    return {place: survey.place for place, survey in enumerate(_in_order(item))}


@dataclass
class Applied:
    """What of an item is written, by where it stands; of returns the membership that ended."""

    household: dict[str, Value] = field(default_factory=dict)
    members: dict[int, dict[str, str]] = field(default_factory=dict)
    joins: dict[int, Texts] = field(default_factory=dict)
    returns: dict[int, int | None] = field(default_factory=dict)
    surveys: dict[int, dict[str, Any]] = field(default_factory=dict)

    def add(self, one: Difference) -> None:
        """Let the pushed side of a difference be written."""
        self.put(one, one.pushed)

    def put(self, one: Difference, value: Any) -> None:
        """Let a value be written at the place of a difference."""
        if one.kind == HOUSEHOLD:
            self.household[one.name] = value
        elif one.kind == SURVEY and one.year is not None:
            self.surveys.setdefault(one.year, {})[one.name] = value
        elif one.name in (JOIN, RETURN) and one.place is not None:
            self.joins[one.place] = value
            self.returns |= {one.place: one.member} if one.name == RETURN else {}
        elif one.place is not None:
            row = value if one.name == END else {one.name: value}
            self.members.setdefault(one.place, {}).update(row)


def known_household(
    item: Item,
    record: Record,
    compared: Compared,
    applied: Applied,
    *,
    village: str,
    year: int,
) -> Made:
    """The entries that bring a household on record up to what is applied of an item.

    `village` is its own, or a successor of that.
    """
    values: dict[str, Any] = {name: text_of(name, old) for name, old in record.values.items()}
    values |= applied.household
    rows: list[Texts] = []
    places: dict[int, int] = {}
    over: dict[int, End] = {}
    for place in sorted(applied.members.keys() | applied.joins.keys()):
        places[len(rows)] = place
        if place in applied.joins:
            rows.append(_joining(applied, place, record))
        else:
            known = compared.members[place]
            over |= _over(known, len(rows))
            rows.append(_row(known, applied.members[place]))
    if not rows and record.members:
        over |= _over(_first(record), 0)
        rows.append(_row(_first(record), {}))
    steps = _household_steps(values) | {fields.MEMBERS: plain({}, rows)}
    grade = values.get(GRADE, "")
    said = [_survey_of(applied.surveys[one], one) for one in sorted(applied.surveys)]
    entries = [
        _entry(village, survey.year, steps, grade, survey, record.surveys.get(survey.year))
        for survey in said
    ] or [_entry(village, year, steps, grade, None, None)]
    own = {
        "number": record.number,
        "asks_reasons": item.asks_reasons,
        "returns": frozenset(n for n, place in places.items() if place in applied.returns),
        "strangers": frozenset(n for n, place in places.items() if place in compared.strangers),
        "past": _past({n: applied.joins.get(place, {}) for n, place in places.items()}),
        "over": over,
    }
    made = [Entry(**{**vars(one), **own}) for one in entries]
    at = {survey.year: survey.place for survey in item.surveys}
    surveys = {n: at[one.year] for n, one in enumerate(made) if one.year in at}
    return Made(Bundle(tuple(made)), places, surveys)


def _joining(applied: Applied, place: int, record: Record) -> Texts:
    """Somebody who joins, or who is back under the person number that he had."""
    left = applied.returns.get(place)
    numbers = [one.values["person_number"] for one in record.members if one.key == left]
    row = _columns(applied.joins[place])
    return row | {"person_number": numbers[0]} if numbers else row


def _over(known: MemberRecord, place: int) -> dict[int, End]:
    """The end on record of a membership that is over, by the place of its row."""
    return {} if known.is_active else {place: (known.end_reason, known.end_date)}


def _first(record: Record) -> MemberRecord:
    """Somebody of the household, the head if it has one: an entry needs a row."""
    return min(record.members, key=lambda one: (not one.is_active, one.values["relation"]))


def _row(known: MemberRecord, said: Texts) -> Texts:
    """A person on record with what is applied of him; a new ID number brings sex and birth."""
    texts = {name: text_of(name, value) for name, value in known.values.items()}
    texts |= end_texts(known)
    if said.get("id_number"):
        texts |= {"sex": "", "birth_date": "", "no_id_reason": ""}
    return _columns({**texts, **said})


def _columns(row: Texts) -> dict[str, str]:
    return {END_COLUMNS.get(name, name): text for name, text in row.items()}


def _household_steps(values: Mapping[str, Value]) -> dict[str, StepContent]:
    return {
        step: plain({n: values[n] for n in fields.BY_STEP[step] if n in values}, [])
        for step in (fields.HOUSEHOLD, fields.CAUSES)
    }


def _survey_of(applied: Mapping[str, Any], year: int) -> SurveyItem:
    """What is applied of the facts of a year, in the shape of an item."""
    reasons = {n.removeprefix(REASON): text for n, text in applied.items() if n.startswith(REASON)}
    values = {n: v for n, v in applied.items() if n != LINES and not n.startswith(REASON)}
    return SurveyItem(0, year, values, applied.get(LINES), reasons)


def _entry(
    village: str,
    year: int,
    household: Mapping[str, StepContent],
    grade: Value,
    said: SurveyItem | None,
    known: SurveyRecord | None,
) -> Entry:
    living: dict[str, Value] = {GRADE: grade}
    steps = dict(household)
    if said:
        kept = known.values if known else {}
        texts = {name: text_of(name, value) for name, value in kept.items()} | said.values
        living |= {n: texts[n] for n in fields.BY_STEP[fields.LIVING] if n in texts}
        steps[fields.INCOMES] = _incomes(said, known)
    steps[fields.LIVING] = plain(living, [])
    return Entry(village, year, steps=steps)


def _incomes(said: SurveyItem, known: SurveyRecord | None) -> StepContent:
    """Figures, lines and reasons; a recorded figure gives way to lines that make it up."""
    recorded = [line_texts(line) for line in known.lines] if known else []
    lines = recorded if said.lines is None else said.lines
    values: dict[str, Value] = {}
    for name in FIGURES:
        if name in said.values:
            values[name] = said.values[name]
        elif known and not any(line.get("kind") == name for line in lines):
            values[name] = text_of(name, known.values[name])
    reasons = (known.reasons if known else {}) | (said.reasons or {})
    values |= {f"{fields.REASON_PREFIX}{figure}": text for figure, text in reasons.items()}
    return plain(values, lines)
