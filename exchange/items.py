"""One household as another system sends it. Its shape is read here; what it says is not judged.

    {"number": "…", "village": "…", "version": 3, …, "members": [{…}], "surveys": [{"year": …, …}]}

What is left out stays as it is on record, null clears it. What the door itself answers of a
household can be sent back: what nobody sends is passed over (`READ_ONLY`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ValidationError

from exchange.stream import Broken
from households import codes
from households.api.names import HOUSEHOLD, LINE, MEANINGS, NAMED_TWICE, PERSON, SURVEY, Vocabulary
from households.api.shapes import (
    FIGURE_FIELDS,
    FIGURES,
    HOUSEHOLD_FIELDS,
    LINE_FIELDS,
    LIVING_FIELDS,
    PERSON_FIELDS,
    WHOLE,
    EnteredField,
    ReasonsBody,
    VillageCode,
)
from households.entry import fields
from households.entry.content import LONGEST_TEXT, MOST_ROWS, Value
from households.entry.fields import CHOICE, DATE, MONEY, NUMBER, SECRET, TEXT, Field
from households.importing.cells import HOUSEHOLD_NUMBER
from households.importing.importers import FIRST_YEAR, latest_year
from households.importing.reasons import say
from households.incomes import items as income_items
from trail.api import SHAPES, ApiFault, body_faults, escaped

END_FIELDS = (
    Field(
        "end_reason", fields.MEMBERS, _("Reason of the end"), CHOICE, codes="member_end_reason",
        column="member_end_reason",
    ),
    Field("end_date", fields.MEMBERS, _("Date of the end"), DATE, column="member_end_date"),
)  # fmt: skip
MEMBER_FIELDS = (*PERSON_FIELDS, *END_FIELDS)
SURVEY_FIELDS = (*FIGURE_FIELDS, *LIVING_FIELDS)
MAKES_A_SURVEY = (*FIGURES, *fields.GUARANTEES)
READ_ONLY = {
    "household": ("updated_at",),
    "member": ("joined_on", "join_reason", "ended_on"),
    "survey": ("recorded_at", "persons"),
}
"""What the door answers and nobody sends: passed over when it comes back."""

PLAIN_SORTS = frozenset({TEXT, SECRET, MONEY, DATE, NUMBER})
"""Sorts whose values are texts that the rules read; whole numbers are told by their JSON type."""

MOST_FAULTS = 100
"""That are told of one household."""

ITEMS: dict[str, Promise] = {
    "year_twice": _("the facts of this year stand twice in the household; give them once"),
    "survey_empty": _("give a figure or a guarantee: living conditions alone make no survey"),
    "same_name": _(
        "somebody else here has this name and date of birth; two such people need a person number"
        " or an ID number each"
    ),
    "broken_line": _("this line is no JSON object; see the description"),
}
"""What an item can have wrong beside what entries can, by code."""


@dataclass
class SurveyItem:
    """The facts of a year as sent; `lines` and `reasons` are None where nothing is said of them."""

    place: int
    year: int
    values: dict[str, Value]
    lines: list[dict[str, str]] | None = None
    reasons: dict[str, str] | None = None

    @property
    def says_something(self) -> bool:
        """Whether it holds a figure, a line or a guarantee: what makes a survey."""
        return bool(self.lines) or any(self.values.get(name) for name in MAKES_A_SURVEY)


@dataclass
class Item:
    """A household as sent: texts as a form would send them, "" for null; what is left out lacks.

    With a fault it is not judged. `sent` holds, by the pointer of a field, the other name by which
    it came.
    """

    index: int
    number: str = ""
    village: str = ""
    version: int | None = None
    status: str = ""
    exit_year: str = ""
    values: dict[str, Value] = field(default_factory=dict)
    members: list[dict[str, str]] = field(default_factory=list)
    surveys: list[SurveyItem] = field(default_factory=list)
    faults: list[ApiFault] = field(default_factory=list)
    sent: dict[str, str] = field(default_factory=dict)

    asks_reasons: ClassVar[bool] = True
    """Whether a figure that jumps against last year needs a reason."""

    @property
    def lines(self) -> int:
        """How many lines of a file it takes."""
        return 1

    def fault(self, pointer: str, code: str, sentence: str = "") -> None:
        """Add what is wrong at a place."""
        self.add([ApiFault(code, sentence or str(SHAPES[code]), pointer)])

    def add(self, faults: Iterable[ApiFault]) -> None:
        """Add what is wrong, up to MOST_FAULTS: else one line makes a report of many."""
        self.faults += islice(faults, MOST_FAULTS - len(self.faults))

    def pointer(self, own: str) -> str:
        """Where in the item that was sent the place stands that `own` points at."""
        here, sent = "", ""
        for part in own.split("/")[1:] if self.sent else ():
            here = f"{here}/{part}"
            sent = f"{sent}/{escaped(self.sent.get(here, part))}"
        return sent or own


class Shape:
    """The names that an object may have, and how each value is read."""

    def __init__(self, entered: Iterable[Field], vocabulary: Vocabulary, *others: str):
        """`others` are names whose values are handed on as they are."""
        self.own_names = {alias: name for name, alias in vocabulary.aliases.items()}
        known = [*entered]
        self.readers = {one.name: EnteredField(one).to_internal_value for one in known}
        self.texts = {one.name for one in known if one.sort in PLAIN_SORTS} - WHOLE
        self.seen: dict[tuple[str, Any], Value] = {}
        self.meanings = {name: _meanings(listed) for name, listed in vocabulary.lists.items()}
        self.meanings |= dict.fromkeys(vocabulary.answers_yes_no, _yes_no())
        self.others = frozenset(others)

    def read(self, item: Item, body: Any, at: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """What an object at the pointer `at` says: values of fields, and of other names."""
        values: dict[str, Any] = {}
        others: dict[str, Any] = {}
        if not isinstance(body, dict):
            item.fault(at, "wrong_type")
            return values, others
        for sent, value in body.items():
            name = self.own_names.get(sent, sent)
            if name != sent:
                item.sent[f"{at}/{name}"] = sent
            if name in values or name in others:
                sentence = str(NAMED_TWICE["named_twice"])
                item.fault(f"{at}/{escaped(name)}", "named_twice", sentence)
            elif name in self.readers:
                values[name] = self._value(item, name, value, at)
            elif name in self.others:
                others[name] = value
            else:
                item.fault(f"{at}/{escaped(name)}", "unknown_field")
        return values, others

    def _value(self, item: Item, name: str, value: Any, at: str) -> Value:
        """What a value is as a text; most of a register repeats, so that it is read once."""
        if value is None:
            return ""
        is_text = isinstance(value, str)
        if is_text and name in self.texts and 0 < len(value) <= LONGEST_TEXT:
            return value
        key = (name, value) if is_text or isinstance(value, bool) else None
        if key in self.seen:
            return self.seen[key]
        try:
            found = self.readers[name](_meant(value, self.meanings.get(name, {})))
        except ValidationError as error:
            item.add(body_faults(error.detail, f"{at}/{name}"))
            return ""
        if key is not None:
            self.seen[key] = found
        return found


def _meanings(listed: str) -> Mapping[str, Any]:
    """What each label of a list means; a code means itself."""
    if listed == "income_item":
        return {text: one.item for one in income_items().values() for text in (one.zh, one.en)}
    return codes.by_text(listed)


def _yes_no() -> Mapping[str, Any]:
    labels = codes.by_text("yes_no")
    return {text: MEANINGS[code] for text, code in labels.items() if text not in MEANINGS}


def _meant(value: Any, meanings: Mapping[str, Any]) -> Any:
    if isinstance(value, list):
        return [meanings.get(one, one) if isinstance(one, str) else one for one in value]
    return meanings.get(value, value) if isinstance(value, str) else value


class ItemReader:
    """Reads the households of one body."""

    def __init__(self) -> None:
        own = ("number", "village", "version", "status", "exit_year", "members", "surveys")
        self.household = Shape(HOUSEHOLD_FIELDS, HOUSEHOLD, *own, *READ_ONLY["household"])
        self.member = Shape(MEMBER_FIELDS, PERSON, *READ_ONLY["member"])
        self.survey = Shape(SURVEY_FIELDS, SURVEY, "year", "lines", "reasons", *READ_ONLY["survey"])
        self.line = Shape(LINE_FIELDS, LINE)
        self.reasons = Shape(ReasonsBody.entered, SURVEY.within["reasons"])
        self.village = VillageCode()
        self.status = self.household.meanings["status"]
        self.latest = latest_year()

    def read(self, index: int, body: Any) -> Item:
        """The household that stands at a place of the body."""
        item = Item(index)
        if isinstance(body, Broken):
            item.fault("", "broken_line", str(ITEMS["broken_line"]))
            return item
        item.values, others = self.household.read(item, body, "")
        self._read_number(item, others.get("number"))
        self._read_village(item, others)
        item.version = _whole(item, others, "version")
        exit_year = _whole(item, others, "exit_year")
        item.exit_year = "" if exit_year is None else str(exit_year)
        self._read_status(item, others.get("status"))
        for place, body_of in enumerate(_list(item, others.get("members"), "/members")):
            values, _ignored = self.member.read(item, body_of, f"/members/{place}")
            if not any(values.values()):
                item.fault(f"/members/{place}/name", "blank", say("blank", {}))
            item.members.append(values)
        for place, body_of in enumerate(_list(item, others.get("surveys"), "/surveys")):
            self._read_survey(item, place, body_of)
        return item

    def _read_number(self, item: Item, number: Any) -> None:
        if number is None:
            item.fault("/number", "required")
        elif not isinstance(number, str):
            item.fault("/number", "wrong_type")
        elif not HOUSEHOLD_NUMBER.fullmatch(number):
            item.fault("/number", "number_form", say("number_form", {}))
        else:
            item.number = number

    def _read_village(self, item: Item, others: Mapping[str, Any]) -> None:
        if "village" not in others:
            return
        try:
            item.village = self.village.to_internal_value(others["village"])
        except ValidationError as error:
            item.add(body_faults(error.detail, "/village"))

    def _read_status(self, item: Item, status: Any) -> None:
        if status is None:
            return
        if isinstance(status, str):
            item.status = self.status.get(status, status)
        else:
            item.fault("/status", "wrong_type")

    def _read_survey(self, item: Item, place: int, body: Any) -> None:
        at = f"/surveys/{place}"
        values, others = self.survey.read(item, body, at)
        year = _whole(item, others, "year", at)
        if year is None:
            if others.get("year") is None:
                item.fault(f"{at}/year", "null" if "year" in others else "required")
            return
        if year < FIRST_YEAR:
            item.fault(f"{at}/year", "out_of_range")
        elif year > self.latest:
            item.fault(f"{at}/year", "year_late", say("year_late", {"year": self.latest}))
        elif any(one.year == year for one in item.surveys):
            item.fault(f"{at}/year", "year_twice", str(ITEMS["year_twice"]))
        survey = SurveyItem(place, year, values)
        if others.get("lines") is not None:
            lines = enumerate(_list(item, others["lines"], f"{at}/lines"))
            survey.lines = [self.line.read(item, one, f"{at}/lines/{n}")[0] for n, one in lines]
        if others.get("reasons") is not None:
            survey.reasons = self.reasons.read(item, others["reasons"], f"{at}/reasons")[0]
        item.surveys.append(survey)


def _whole(item: Item, values: Mapping[str, Any], name: str, at: str = "") -> int | None:
    """A whole number from 0 within what a column holds; None where nothing is said."""
    value = values.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        item.fault(f"{at}/{name}", "wrong_type")
    elif not 0 <= value < 2**31:
        item.fault(f"{at}/{name}", "out_of_range")
    else:
        return value
    return None


def _list(item: Item, value: Any, at: str) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        item.fault(at, "wrong_type")
        return []
    if len(value) > MOST_ROWS:
        item.fault(at, "out_of_range")
        return []
    return value
