"""The JSON schemas of the household resources, written from the entry table (OpenAPI 3.0)."""

from typing import Any

from households import codes
from households.api.shapes import (
    FIGURE_FIELDS,
    FIGURES,
    HOUSEHOLD_FIELDS,
    LINE_FIELDS,
    LIVING_FIELDS,
    PERSON_FIELDS,
    SEALED,
    WHOLE,
)
from households.entry.content import MOST_ROWS
from households.entry.fields import CHOICE, CHOICES, DATE, MONEY, NUMBER, YES_NO, Field
from households.importing.importers import FIRST_YEAR
from households.importing.template import MONEY_KEYS
from households.incomes import items
from households.models.households import STATE_CHOICES
from households.rules import GAPS, LACKS

Schema = dict[str, Any]
AMOUNT = r"^[0-9]{1,8}(\.[0-9]{1,2})?$"
MEASURE = r"^[0-9]{1,8}(\.[0-9]{1,2})?$"
RANGES = {"work_months": (0, 12), "coefficient_percent": (1, 100)}
TEXT: Schema = {"type": "string"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
DAY: Schema = {"type": "string", "format": "date", "nullable": True}
YUAN: Schema = {"type": "string", "pattern": r"^-?[0-9]+\.[0-9]{2}$", "nullable": True}
NUMBER_TEXT: Schema = {"type": "string", "pattern": "^[0-9A-Za-z-]{1,20}$"}


def field_schema(one: Field) -> Schema:
    """A value of the entry table, blank as null."""
    return _shape(one) | {"nullable": True, "description": _words(one)}


def _shape(one: Field) -> Schema:
    if one.sort == YES_NO:
        return {"type": "boolean"}
    if one.name in WHOLE:
        least, most = RANGES[one.name]
        return {"type": "integer", "minimum": least, "maximum": most}
    if one.sort == CHOICES:
        return {"type": "array", "items": {"type": "string", "enum": _codes(one)}}
    if one.sort == CHOICE:
        return {"type": "string"} | _choice(one)
    if one.sort in (MONEY, NUMBER):
        return {"type": "string", "pattern": AMOUNT if one.sort == MONEY else MEASURE}
    return {"type": "string", "format": "date"} if one.sort == DATE else {"type": "string"}


def _choice(one: Field) -> Schema:
    if one.codes:
        return {"enum": [*_codes(one), None], "x-list": one.codes}
    words = MONEY_KEYS if one.name == "kind" else items()
    return {"enum": [*words, None]}


def _codes(one: Field) -> list[str]:
    return [*codes.tables()[one.codes]]


def _words(one: Field) -> str:
    return ", ".join(str(part) for part in (one.label, one.unit, one.hint) if part)


def _entered(*entered: Field) -> Schema:
    return {one.name: field_schema(one) for one in entered}


def _answered(*entered: Field) -> Schema:
    """As `_entered`; masked values and dates of birth have no form of their own."""
    masked = SEALED | {"birth_date"}
    return {
        one.name: {"type": "string", "nullable": True, "description": _words(one)}
        if one.name in masked
        else field_schema(one)
        for one in entered
    }


def _needed(properties: Schema, *names: str) -> Schema:
    """The properties, of which these may not be null."""
    found = dict(properties)
    for name in names:
        kept = {key: value for key, value in properties[name].items() if key != "nullable"}
        if "enum" in kept:
            kept["enum"] = [one for one in kept["enum"] if one is not None]
        found[name] = kept
    return found


def thing(properties: Schema, *required: str) -> Schema:
    """An object with these properties and no other."""
    found: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return found | ({"required": [*required]} if required else {})


def whole(properties: Schema) -> Schema:
    """An answer: all properties are always there."""
    return thing(properties, *properties)


def many(name: str) -> Schema:
    """An array of a schema of this description."""
    return {"type": "array", "items": {"$ref": f"#/components/schemas/{name}"}}


def rows(name: str) -> Schema:
    """An array in a body."""
    return many(name) | {"maxItems": MOST_ROWS}


def page(name: str) -> Schema:
    """One page of a list; `next` is the address of the next one."""
    return whole({"next": {"type": "string", "nullable": True}, "results": many(name)})


def schemas() -> dict[str, Schema]:
    """Every schema of the household resources by name, in the active language."""
    return _bodies() | _answers() | {"Finding": _finding()}


def _bodies() -> dict[str, Schema]:
    year = {"type": "integer", "minimum": FIRST_YEAR}
    person = _needed(_entered(*PERSON_FIELDS), "name", "relation")
    survey = thing(
        {"year": year}
        | _entered(*FIGURE_FIELDS, *LIVING_FIELDS)
        | {"lines": rows("Line"), "reasons": {"$ref": "#/components/schemas/Reasons"}},
        "year",
    )
    household = _entered(*HOUSEHOLD_FIELDS)
    return {
        "NewMember": thing(person, "name", "relation"),
        "MemberChange": thing(_entered(*PERSON_FIELDS), "person_number"),
        "Line": thing(_needed(_entered(*LINE_FIELDS), "kind", "item"), "kind", "item"),
        "Reasons": thing(dict.fromkeys(FIGURES, TEXT | {"nullable": True})),
        "NewSurvey": survey,
        "NewHousehold": thing(
            {"village": TEXT | {"pattern": "^[0-9]{12}$"}}
            | household
            | {
                "members": rows("NewMember") | {"minItems": 1},
                "survey": {"$ref": "#/components/schemas/NewSurvey"},
            },
            "village",
            "members",
        ),
        "HouseholdChange": thing(household | {"members": rows("MemberChange")}),
    }


def _answers() -> dict[str, Schema]:
    person = _answered(*PERSON_FIELDS)
    survey = {"year": {"type": "integer"}, "recorded_at": MOMENT, "persons": {"type": "integer"}}
    status = {"type": "string", "enum": [str(int(state)) for state, _label in STATE_CHOICES]}
    head = {
        "number": NUMBER_TEXT,
        "village": TEXT,
        "status": status | {"description": ", ".join(f"{s:d} {n}" for s, n in STATE_CHOICES)},
        "exit_year": {"type": "integer", "nullable": True},
        "version": {"type": "integer"},
        "updated_at": MOMENT,
    }
    return {
        "Person": whole(person),
        "Membership": whole(
            person
            | {
                "joined_on": DAY,
                "join_reason": TEXT | {"nullable": True, "x-list": "member_join_reason"},
                "ended_on": DAY,
                "end_reason": TEXT | {"nullable": True, "x-list": "member_end_reason"},
            }
        ),
        "Household": whole(head | _answered(*HOUSEHOLD_FIELDS) | {"members": many("Person")}),
        "Survey": whole(
            survey
            | _entered(*FIGURE_FIELDS, *LIVING_FIELDS)
            | {
                "lines": many("RecordedLine"),
                "reasons": {"type": "object", "additionalProperties": TEXT},
            }
        ),
        "RecordedLine": whole(_entered(*LINE_FIELDS)),
        "HouseholdPage": page("Household"),
        "MembershipPage": page("Membership"),
        "SurveyPage": page("Survey"),
        "CodeLists": {"type": "object", "additionalProperties": many("Code")},
        "Code": whole({"code": TEXT, "zh": TEXT, "en": TEXT}),
    }


def _finding() -> Schema:
    standard = {"number": {"type": "integer"}, "division": TEXT, "line": YUAN}
    verdicts = ["met", "lacking", "unknown", "neither"]
    reason = {"name": TEXT, "verdict": TEXT | {"enum": verdicts}, "sentence": TEXT}
    account = {
        "persons": {"type": "integer"},
        "net_income": YUAN,
        "per_capita_net_income": YUAN,
        "needed": YUAN,
        "monitoring_needed": YUAN,
        "lacks": {"type": "array", "items": TEXT | {"enum": [*LACKS]}},
        "gaps": {"type": "array", "items": TEXT | {"enum": [*GAPS]}},
        "exit_ready": {"type": "boolean"},
        "at_risk": {"type": "boolean"},
        "verdict": TEXT,
        "reasons": {"type": "array", "items": whole(reason)},
        "remarks": {"type": "array", "items": TEXT},
    }
    return whole(
        {
            "household": NUMBER_TEXT,
            "year": {"type": "integer"},
            "surveyed_at": MOMENT | {"nullable": True},
            "standard": whole(standard | {"monitoring_line": YUAN}) | {"nullable": True},
            "finding": whole(account) | {"nullable": True},
            "proposal": TEXT | {"nullable": True},
            "warnings": {"type": "array", "items": TEXT},
        }
    )
