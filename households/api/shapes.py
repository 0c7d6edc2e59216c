"""JSON values and the texts that the rules judge: one field of the entry table, as JSON has it.

Codes, amounts and measures are texts, yes and no are booleans, whole numbers are numbers; null is
unknown. A text where another type is needed is refused with the code that its rule gives it.
"""

from collections.abc import Sequence
from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from households import codes
from households.entry import fields
from households.entry.content import LONGEST_TEXT, MOST_ROWS, Value
from households.entry.fields import CHOICES, YES_NO, Field
from households.importing import cells
from households.importing.cells import BadCell, Rule
from households.importing.importers import FIRST_YEAR, latest_year
from households.importing.reasons import say
from households.importing.template import rules as column_rules
from trail.api import SHAPES, StrictSerializer
from trail.dates import business_date

WHOLE = frozenset({"work_months", "coefficient_percent"})
YES_NO_TEXTS = {True: "1", False: "0"}


class EnteredField(serializers.Field):
    """A value of the entry table; it becomes the text that a form would send, None for a blank."""

    def __init__(self, entered: Field, **kwargs: Any):
        super().__init__(**{"required": False, "allow_null": True} | kwargs)
        self.entered = entered

    def to_internal_value(self, data: Any) -> Value:
        text: Value | None
        if isinstance(data, bool):
            text = YES_NO_TEXTS[data] if self.entered.sort == YES_NO else None
        elif isinstance(data, int):
            text = str(data) if self.entered.name in WHOLE else None
        elif isinstance(data, list):
            text = self._several(data) if self.entered.sort == CHOICES else None
        else:
            text = self._text(data) if isinstance(data, str) else None
        if text is None:
            raise _fault("wrong_type", str(SHAPES["wrong_type"]))
        if sum(map(len, text)) > LONGEST_TEXT:
            raise _fault("too_long", say("too_long", {"limit": LONGEST_TEXT}))
        return text

    def _several(self, data: list[Any]) -> list[str] | None:
        if not all(isinstance(one, str) for one in data):
            return None
        self._refuse_unlisted(data)
        return data

    def _text(self, text: str) -> str | None:
        """The text, where the field has texts; else why its rule refuses it."""
        one = self.entered
        if one.sort in (YES_NO, CHOICES) or one.name in WHOLE:
            self._refuse_by_rule(text)
            return None
        if not text:
            raise _fault("empty_text", str(SHAPES["empty_text"]))
        self._refuse_unlisted([text])
        return text

    def _refuse_unlisted(self, texts: Sequence[str]) -> None:
        """Labels are codes by now (`names.inwards`), so that any other text is refused."""
        known = codes.tables()[self.entered.codes] if self.entered.codes else None
        if known is not None and any(text not in known for text in texts):
            self._refuse_by_rule(",".join(texts))
            raise _fault("not_listed", say("not_listed", {}))

    def _refuse_by_rule(self, text: str) -> None:
        try:
            _rule(self.entered)(text)
        except BadCell as bad:
            raise _fault(bad.code, say(bad.code, bad.params)) from None


def _rule(one: Field) -> Rule:
    """How the texts of a field are judged; what no step enters goes by the rule of its column."""
    if fields.LINES.get(one.name) is one:
        return fields.line_rules()[one.name]
    today = business_date()
    if one.name in fields.BY_STEP[one.step]:
        return fields.rules(one.step, today=today, year=today.year)[one.name]
    return column_rules(today=today, year=today.year)[one.column]


def _fault(code: str, sentence: str) -> ValidationError:
    return ValidationError([ErrorDetail(sentence, code)])


class EnteredSerializer(StrictSerializer):
    """An object with fields of the entry table beside its own."""

    entered: tuple[Field, ...] = ()
    needed: tuple[str, ...] = ()
    """Names that the description marks as needed; that they are missing is for the rules to say."""

    def get_fields(self) -> dict[str, Any]:
        return {one.name: EnteredField(one) for one in self.entered} | super().get_fields()


HOUSEHOLD_FIELDS = (
    *fields.BY_STEP[fields.HOUSEHOLD].values(),
    *fields.BY_STEP[fields.CAUSES].values(),
    fields.BY_STEP[fields.LIVING]["housing_grade"],
)
PERSON_FIELDS = tuple(fields.BY_STEP[fields.MEMBERS].values())
FIGURE_FIELDS = tuple(fields.BY_STEP[fields.INCOMES].values())
LINE_FIELDS = fields.LINE_FIELDS
LIVING_FIELDS = tuple(
    one for one in fields.BY_STEP[fields.LIVING].values() if one.name != "housing_grade"
)
FIGURES = tuple(one.name for one in FIGURE_FIELDS)
SEALED = frozenset({"id_number", "phone", "bank_account"})


class PersonBody(EnteredSerializer):
    """A person of the household."""

    entered = PERSON_FIELDS
    needed = ("name", "relation")


class LineBody(EnteredSerializer):
    """One line of the incomes. Amount = quantity × unit price × coefficient, where given."""

    entered = LINE_FIELDS
    needed = ("kind", "item")


class ReasonsBody(EnteredSerializer):
    """Why figures changed so much against the year before, by figure."""

    entered = tuple(Field(one.name, one.step, one.label) for one in FIGURE_FIELDS)


class Whole(serializers.IntegerField):
    """A JSON number without a fraction; a text that looks like one is none."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return super().to_internal_value(data)


class VillageCode(serializers.Field):
    """The 12 digits of a village."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            raise _fault("wrong_type", str(SHAPES["wrong_type"]))
        if not cells.VILLAGE.fullmatch(data):
            raise _fault("digits_12", say("digits_12", {}))
        return data


class SurveyBody(EnteredSerializer):
    """The facts of one year. Where a kind has lines, its figure is their sum."""

    entered = (*FIGURE_FIELDS, *LIVING_FIELDS)
    needed = ("year",)
    year = Whole(min_value=FIRST_YEAR)
    lines = LineBody(many=True, required=False, max_length=MOST_ROWS)
    reasons = ReasonsBody(required=False)

    def validate_year(self, year: int) -> int:
        latest = latest_year()
        if year > latest:
            raise _fault("year_late", say("year_late", {"year": latest}))
        return year


class NewHouseholdBody(EnteredSerializer):
    """A household that is not on record, with its people and, where known, the facts of a year."""

    entered = HOUSEHOLD_FIELDS
    needed = ("village", "members")
    village = VillageCode()
    members = PersonBody(many=True, max_length=MOST_ROWS)
    survey = SurveyBody(required=False)


class HouseholdChange(EnteredSerializer):
    """What changes of a household: what is left out stays as it is, null clears it.

    `members` name people of the household by person_number and hold what changes of each.
    """

    entered = HOUSEHOLD_FIELDS
    members = PersonBody(many=True, required=False, max_length=MOST_ROWS)
