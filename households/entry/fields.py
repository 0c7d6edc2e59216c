"""What can be entered of a household: each field with its label, its list and its rule.

One table for forms and the REST door; the rules are those of the import (`importing.cells`).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from households import codes
from households.importing import cells
from households.importing.cells import BadCell, Rule
from households.importing.template import MONEY_KEYS, SURVEY_FIELDS
from households.importing.template import rules as column_rules
from households.incomes import items

HOUSEHOLD, MEMBERS, INCOMES = "household", "members", "incomes"
LIVING, CAUSES, CONSENT = "living", "causes", "consent"
STEPS = (HOUSEHOLD, MEMBERS, INCOMES, LIVING, CAUSES, CONSENT)

TEXT, NUMBER, MONEY, DATE = "text", "number", "money", "date"
CHOICE, CHOICES, YES_NO, SECRET = "choice", "choices", "yes_no", "secret"

ADDRESS_LIMIT, BANK_LIMIT, REASON_LIMIT, LINE_LIMIT, SPEECH_LIMIT = 200, 50, 200, 100, 500
MEASURE = re.compile(r"[0-9]{1,6}(\.[0-9]{1,2})?")
QUANTITY = re.compile(r"[0-9]{1,8}(\.[0-9]{1,2})?")
PERCENT = re.compile("[1-9][0-9]?|100")
ACCOUNT = re.compile("[0-9]{8,30}")


@dataclass(frozen=True)
class Field:
    """One thing that is entered.

    `name` is unique within its step; `sort` says how it is shown; `codes` names the list of a
    choice. `column` is the column of the import template that has the same rule, "" for none.
    """

    name: str
    step: str
    label: Promise
    sort: str = TEXT
    codes: str = ""
    column: str = ""
    unit: Promise | str = ""
    hint: Promise | str = ""
    required: str = ""
    """The reason code of a blank: "" where it may stay blank."""

    def choices(self) -> list[tuple[str, Promise]]:
        """Codes with their labels; none for a field without list."""
        return codes.choices(self.codes) if self.codes else []


def _field(step: str, name: str, label: Promise, sort: str = TEXT, **more: Any) -> Field:
    return Field(name, step, label, sort, **more)


YUAN = _("yuan")
FIELDS: tuple[Field, ...] = (
    _field(HOUSEHOLD, "group", _("Group"), column="group"),
    _field(HOUSEHOLD, "address", _("Address")),
    _field(
        HOUSEHOLD,
        "phone",
        _("Phone"),
        SECRET,
        column="phone",
        hint=_("11 digits"),
    ),
    _field(
        HOUSEHOLD,
        "attribute",
        _("Attribute"),
        CHOICE,
        codes="attribute",
        column="attribute",
    ),
    _field(HOUSEHOLD, "bank_name", _("Bank")),
    _field(HOUSEHOLD, "bank_account", _("Bank account"), SECRET, hint=_("8 to 30 digits")),
    _field(MEMBERS, "person_number", _("Person number"), column="person_number"),
    _field(MEMBERS, "name", _("Name"), column="name", required="blank"),
    _field(
        MEMBERS,
        "id_number",
        _("ID number"),
        SECRET,
        column="id_number",
        hint=_("18 characters, or 20 or 22 of a disability certificate"),
    ),
    _field(
        MEMBERS,
        "no_id_reason",
        _("Reason for no ID number"),
        CHOICE,
        codes="no_id_reason",
        column="no_id_reason",
    ),
    _field(
        MEMBERS,
        "relation",
        _("Relation to the head"),
        CHOICE,
        codes="relation",
        column="relation",
        required="blank",
    ),
    _field(MEMBERS, "sex", _("Sex"), CHOICE, codes="sex", column="sex"),
    _field(MEMBERS, "birth_date", _("Date of birth"), DATE, column="birth_date"),
    _field(MEMBERS, "ethnicity", _("Ethnicity"), CHOICE, codes="ethnicity", column="ethnicity"),
    _field(MEMBERS, "education", _("Education"), CHOICE, codes="education", column="education"),
    _field(MEMBERS, "in_school", _("In school"), CHOICE, codes="in_school", column="in_school"),
    _field(
        MEMBERS,
        "out_of_school_reason",
        _("Reason for not being in school"),
        CHOICE,
        codes="out_of_school_reason",
    ),
    _field(MEMBERS, "health", _("Health"), CHOICE, codes="health", column="health"),
    _field(MEMBERS, "labour", _("Labour capacity"), CHOICE, codes="labour", column="labour"),
    _field(
        MEMBERS,
        "work_place",
        _("Place of work"),
        CHOICE,
        codes="work_place",
        column="work_place",
    ),
    _field(MEMBERS, "work_months", _("Months worked"), NUMBER, column="work_months"),
    _field(
        MEMBERS,
        "medical_insurance",
        _("Basic medical insurance"),
        YES_NO,
        codes="yes_no",
        column="medical_insurance",
    ),
    _field(
        MEMBERS,
        "critical_illness_insurance",
        _("Critical illness insurance"),
        YES_NO,
        codes="yes_no",
        column="critical_illness_insurance",
    ),
    _field(
        MEMBERS,
        "pension_insurance",
        _("Basic pension insurance"),
        YES_NO,
        codes="yes_no",
        column="pension_insurance",
    ),
    _field(MEMBERS, "allowance", _("Subsistence allowance"), YES_NO, codes="yes_no"),
    *(
        _field(INCOMES, key, label, MONEY, column=key, unit=YUAN)
        for key, label in zip(
            MONEY_KEYS,
            (
                _("Wage income"),
                _("Business income, gross"),
                _("Property income"),
                _("Transfer income"),
                _("Business expense"),
            ),
            strict=True,
        )
    ),
    *(
        _field(LIVING, SURVEY_FIELDS[key], label, CHOICE, codes="guarantee", column=key)
        for key, label in (
            ("food", _("Food")),
            ("clothing", _("Clothing")),
            ("education_guarantee", _("Compulsory education")),
            ("medical_guarantee", _("Basic medical care")),
            ("housing_guarantee", _("Safe housing")),
            ("water_guarantee", _("Safe drinking water")),
        )
    ),
    _field(
        LIVING,
        "housing_grade",
        _("Housing grade"),
        CHOICE,
        codes="housing_grade",
        column="housing_grade",
    ),
    _field(
        LIVING,
        "housing_structure",
        _("Structure of the house"),
        CHOICE,
        codes="housing_structure",
    ),
    _field(LIVING, "housing_m2", _("Housing area"), NUMBER, unit=_("m²")),
    _field(LIVING, "water_source", _("Source of drinking water"), CHOICE, codes="water_source"),
    _field(LIVING, "toilet", _("Sanitary toilet"), YES_NO, codes="yes_no"),
    _field(LIVING, "electricity", _("Electricity"), YES_NO, codes="yes_no"),
    _field(LIVING, "television", _("Radio or television"), YES_NO, codes="yes_no"),
    _field(LIVING, "fuel", _("Main fuel"), CHOICE, codes="fuel"),
    _field(LIVING, "arable_mu", _("Arable land"), NUMBER, unit=_("mu")),
    _field(LIVING, "forest_mu", _("Forest land"), NUMBER, unit=_("mu")),
    _field(LIVING, "grassland_mu", _("Grassland"), NUMBER, unit=_("mu")),
    _field(LIVING, "road_type", _("Access road"), CHOICE, codes="road_type"),
    _field(LIVING, "road_km", _("Distance to the village's main road"), NUMBER, unit=_("km")),
    _field(
        CAUSES,
        "main_cause",
        _("Main cause of poverty"),
        CHOICE,
        codes="cause",
        column="main_cause",
    ),
    _field(
        CAUSES,
        "other_causes",
        _("Other causes"),
        CHOICES,
        codes="cause",
        column="other_causes",
        hint=_("two at most"),
    ),
    _field(CAUSES, "cause_text", _("Explanation of the causes")),
    _field(CAUSES, "needs", _("Help wanted"), CHOICES, codes="need"),
)
LINE_FIELDS: tuple[Field, ...] = (
    _field(INCOMES, "kind", _("Kind"), CHOICE, required="blank"),
    _field(INCOMES, "item", _("Item"), CHOICE, required="blank"),
    _field(INCOMES, "text", _("Remark")),
    _field(INCOMES, "quantity", _("Quantity"), NUMBER),
    _field(INCOMES, "unit_price", _("Unit price"), MONEY, unit=YUAN),
    _field(INCOMES, "coefficient_percent", _("Coefficient"), NUMBER, unit="%"),
    _field(INCOMES, "amount", _("Amount"), MONEY, unit=YUAN),
)
CONSENT_FIELDS: tuple[Field, ...] = (
    _field(CONSENT, "applies", _("The household applies for registration"), YES_NO, codes="yes_no"),
    _field(CONSENT, "applied_on", _("Applied on"), DATE),
    _field(CONSENT, "applicant", _("Applied by"), CHOICE),
    _field(CONSENT, "statement", _("What the household says")),
    _field(CONSENT, "kin_of_official", _("Kin of an official"), YES_NO, codes="yes_no"),
    _field(CONSENT, "consent_on", _("Consent given on"), DATE),
    _field(CONSENT, "way", _("How consent was given"), CHOICE),
    _field(CONSENT, "signer", _("Signed by")),
)
REASON_PREFIX, NONE_PREFIX = "reason_", "none_"
"""In the incomes: why a figure jumps (reason_wage_income), and that there is none of a kind."""

BY_STEP: dict[str, dict[str, Field]] = {
    step: {one.name: one for one in (*FIELDS, *CONSENT_FIELDS) if one.step == step}
    for step in STEPS
}
LINES: dict[str, Field] = {one.name: one for one in LINE_FIELDS}
GUARANTEES = ("food", "clothing", "education", "medical", "housing", "water")
CONDITIONS = (
    "arable_mu", "forest_mu", "grassland_mu", "housing_m2", "road_km", "housing_structure",
    "water_source", "fuel", "road_type", "toilet", "electricity", "television",
)  # fmt: skip
"""The fields of LIVING that `LivingConditions` keeps."""


def measure(text: str) -> Decimal:
    """An area or a distance, at most two decimals."""
    if not MEASURE.fullmatch(text):
        raise BadCell("measure")
    return Decimal(text)


def quantity(text: str) -> Decimal:
    """How much of an item, at most two decimals."""
    if not QUANTITY.fullmatch(text):
        raise BadCell("measure")
    return Decimal(text)


def percent(text: str) -> int:
    """A whole percentage from 1 to 100."""
    if not PERCENT.fullmatch(text):
        raise BadCell("percent")
    return int(text)


def needs(text: str) -> tuple[str, ...]:
    """The help that is wanted, a comma of either width between the codes or labels."""
    rule = cells.listed("need")
    return tuple(sorted({rule(part.strip()) for part in cells.COMMA.split(text)}))


def one_of(*known: str) -> Rule:
    """One of a few words."""

    def rule(text: str) -> str:
        if text not in known:
            raise BadCell("not_listed")
        return text

    return rule


def rules(step: str, *, today: date, year: int) -> dict[str, Callable[[str], Any]]:
    """The rule of each field of a step; those of the lines of INCOMES are `line_rules`."""
    of_columns = column_rules(today=today, year=year)
    found = {name: of_columns[one.column] for name, one in BY_STEP[step].items() if one.column}
    own: dict[str, Rule] = {
        "address": cells.free_text(ADDRESS_LIMIT),
        "bank_name": cells.free_text(BANK_LIMIT),
        "bank_account": cells.half_width(cells.matched(ACCOUNT, "bank_account")),
        "cause_text": cells.free_text(REASON_LIMIT),
        "needs": needs,
        "out_of_school_reason": cells.listed("out_of_school_reason"),
        "allowance": cells.yes_no,
        **{name: cells.half_width(measure) for name in CONDITIONS[:5]},
        **{name: cells.listed(name) for name in CONDITIONS[5:9]},
        **dict.fromkeys(CONDITIONS[9:], cells.yes_no),
        "applies": cells.yes_no,
        "kin_of_official": cells.yes_no,
        "applied_on": cells.past_date(today),
        "consent_on": cells.past_date(today),
        "applicant": one_of("head", "proxy"),
        "way": one_of("photo", "slip"),
        "statement": cells.free_text(SPEECH_LIMIT),
        "signer": cells.name,
    }
    return found | {name: own[name] for name in BY_STEP[step] if name in own}


@cache
def line_rules() -> Mapping[str, Callable[[str], Any]]:
    """The rule of each field of an income line."""
    return {
        "kind": one_of(*MONEY_KEYS),
        "item": one_of(*items()),
        "text": cells.free_text(LINE_LIMIT),
        "quantity": cells.half_width(quantity),
        "unit_price": cells.half_width(cells.money),
        "coefficient_percent": cells.half_width(percent),
        "amount": cells.half_width(cells.money),
    }


@cache
def reason_rule() -> Rule:
    """The rule of the reason for a jump."""
    return cells.free_text(REASON_LIMIT)
