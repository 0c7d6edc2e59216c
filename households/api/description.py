"""The JSON schemas of the household resources, written from the entry table (OpenAPI 3.0)."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils import translation

from households import codes
from households.api.names import FINDING, HOUSEHOLD, ITEMS, PERSON, SURVEY, Vocabulary
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
from trail.shapes import (
    DAY,
    FLAG,
    HOUSEHOLD_NUMBER,
    INTEGER,
    MOMENT,
    TEXT,
    VILLAGE,
    YUAN,
    Schema,
    many,
    nullable,
    page,
    thing,
    whole,
)

AMOUNT = r"^[0-9]{1,8}(\.[0-9]{1,2})?$"
MEASURE = r"^[0-9]{1,8}(\.[0-9]{1,2})?$"
RANGES = {"work_months": (0, 12), "coefficient_percent": (1, 100)}
NATIONAL = "National"
"""What the name of a schema ends with that has the national names of its fields."""

VOCABULARIES: dict[str, Vocabulary] = {
    "Person": PERSON,
    "Membership": PERSON,
    "NewMember": PERSON,
    "MemberChange": PERSON,
    "Reasons": SURVEY.within["reasons"],
    "Survey": SURVEY,
    "NewSurvey": SURVEY,
    "Household": HOUSEHOLD,
    "NewHousehold": HOUSEHOLD,
    "HouseholdChange": HOUSEHOLD,
    "HouseholdPage": Vocabulary(),
    "MembershipPage": Vocabulary(),
    "SurveyPage": Vocabulary(),
    "Finding": FINDING,
}
"""The schemas that exist under national names too."""


def field_schema(one: Field) -> Schema:
    """A value of the entry table, blank as null."""
    if one.codes and one.sort == CHOICE:
        return _coded(one.codes) | {"description": _words(one)}
    if one.name == "item":
        return _coded(ITEMS) | {"description": _words(one)}
    return _shape(one) | {"nullable": True, "description": _words(one)}


def _coded(listed: str) -> Schema:
    """A code of a list or its label, or null."""
    return {"allOf": [{"$ref": f"#/components/schemas/{_code_name(listed)}"}], "x-list": listed}


def _code_name(listed: str) -> str:
    return "".join(part.capitalize() for part in listed.split("_")) + "Code"


def _code_lists() -> dict[str, Schema]:
    """What each list has for a value: codes and both of their labels, and null."""
    entered = (*HOUSEHOLD_FIELDS, *PERSON_FIELDS, *LIVING_FIELDS)
    listed = {one.codes for one in entered if one.codes and one.sort == CHOICE} | {ITEMS}
    return {
        _code_name(name): {
            "type": "string",
            "nullable": True,
            "enum": [*_values(name), None],
            "x-list": name,
        }
        for name in sorted(listed)
    }


def _values(listed: str) -> list[str]:
    """The codes of a list, then both labels of each."""
    if listed == ITEMS:
        rows = [(one.item, one.zh, one.en) for one in items().values()]
    else:
        rows = [(one.code, one.zh, one.en) for one in codes.tables()[listed].values()]
    return [*dict.fromkeys(text for column in zip(*rows, strict=True) for text in column)]


def _statuses() -> list[str]:
    """The codes of the states, then their labels in both languages."""
    found = [str(int(state)) for state, _label in STATE_CHOICES]
    listed = [text for text in _values("status") if text not in found]
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            listed += [str(label) for _state, label in STATE_CHOICES]
    return [*dict.fromkeys([*found, *listed])]


def _shape(one: Field) -> Schema:
    if one.sort == YES_NO:
        return {"type": "boolean"}
    if one.name in WHOLE:
        least, most = RANGES[one.name]
        return {"type": "integer", "minimum": least, "maximum": most}
    if one.sort == CHOICES:
        return {"type": "array", "items": {"type": "string", "enum": _values(one.codes)}}
    if one.sort == CHOICE:
        return {"type": "string", "enum": [*MONEY_KEYS, None]}
    if one.sort in (MONEY, NUMBER):
        return {"type": "string", "pattern": AMOUNT if one.sort == MONEY else MEASURE}
    return {"type": "string", "format": "date"} if one.sort == DATE else {"type": "string"}


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
        if kept.pop("allOf", None):
            kept |= {"type": "string", "enum": _values(kept["x-list"])}
        if "enum" in kept:
            kept["enum"] = [one for one in kept["enum"] if one is not None]
        found[name] = kept
    return found


def rows(name: str) -> Schema:
    """An array in a body."""
    return many(name) | {"maxItems": MOST_ROWS}


def schemas() -> dict[str, Schema]:
    """Every schema of the household resources by name, in the active language."""
    own = _bodies() | _answers() | {"Finding": _finding()}
    known = {name: _with_aliases(one, VOCABULARIES.get(name)) for name, one in own.items()}
    national = {
        f"{name}{NATIONAL}": _national(known[name], VOCABULARIES[name]) for name in VOCABULARIES
    }
    return known | national | _code_lists()


def alternatives(name: str) -> list[str]:
    """The schemas of a body or an answer of a resource that speaks national names."""
    return [name, f"{name}{NATIONAL}"] if name in VOCABULARIES else [name]


def _with_aliases(schema: Schema, known: Vocabulary | None) -> Schema:
    """The schema, each property with the national name that it also has."""
    if known is None or "properties" not in schema:
        return schema
    named = {
        name: one | ({"x-national": known.aliases[name]} if name in known.aliases else {})
        for name, one in schema["properties"].items()
    }
    return schema | {"properties": named}


def _national(schema: Any, known: Vocabulary) -> Any:
    """The schema with the national names of its fields, and of the objects in it."""
    if isinstance(schema, list):
        return [_national(one, known) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return {"$ref": schema["$ref"] + (NATIONAL if name in VOCABULARIES else "")}
    found = {key: _national(one, known) for key, one in schema.items() if key != "x-national"}
    if "properties" in schema:
        found["properties"] = {
            known.aliases.get(name, name): _national(one, known.within.get(name, Vocabulary()))
            for name, one in schema["properties"].items()
        }
        found["required"] = [known.aliases.get(one, one) for one in schema.get("required", ())]
    return {key: one for key, one in found.items() if one != []}


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
        "Reasons": thing(dict.fromkeys(FIGURES, nullable(TEXT))),
        "NewSurvey": survey,
        "NewHousehold": thing(
            {"village": VILLAGE}
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
    survey = {"year": INTEGER, "recorded_at": MOMENT, "persons": INTEGER}
    status = {"type": "string", "enum": _statuses(), "x-list": "status"}
    head = {
        "number": HOUSEHOLD_NUMBER,
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
                "joined_on": nullable(DAY),
                "join_reason": nullable(TEXT) | {"x-list": "member_join_reason"},
                "ended_on": nullable(DAY),
                "end_reason": nullable(TEXT) | {"x-list": "member_end_reason"},
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
    return whole(
        {
            "household": HOUSEHOLD_NUMBER,
            "year": INTEGER,
            "surveyed_at": nullable(MOMENT),
            "standard": nullable(held_standard_schema()),
            "finding": nullable(account_schema()),
            "proposal": nullable(TEXT),
            "warnings": {"type": "array", "items": TEXT},
        }
    )


def held_standard_schema() -> Schema:
    """The standard that a finding holds the facts against."""
    return whole({"number": INTEGER, "division": TEXT, "line": YUAN, "monitoring_line": YUAN})


def account_schema() -> Schema:
    """A finding with its reasons."""
    verdicts = ["met", "lacking", "unknown", "neither"]
    reason = {"name": TEXT, "verdict": TEXT | {"enum": verdicts}, "sentence": TEXT}
    amounts = ("net_income", "per_capita_net_income", "needed", "monitoring_needed")
    return whole(
        {"persons": INTEGER}
        | dict.fromkeys(amounts, nullable(YUAN))
        | {
            "lacks": names_of(LACKS),
            "gaps": names_of(GAPS),
            "exit_ready": FLAG,
            "at_risk": FLAG,
            "verdict": TEXT,
            "reasons": {"type": "array", "items": whole(reason)},
            "remarks": {"type": "array", "items": TEXT},
        }
    )


def names_of(known: Iterable[str]) -> Schema:
    """Some of these names."""
    return {"type": "array", "items": TEXT | {"enum": [*known]}}
