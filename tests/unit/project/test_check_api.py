"""What counts as breaking the REST door for those who use it, and that nothing of it is broken."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from scripts.check_api import Comparison, broken_since_release

Change = Callable[[dict[str, Any]], Any]
JSON = "application/json"
RELEASED_ONE: dict[str, Any] = {
    "paths": {
        "/rows/": {
            "post": {
                "x-scope": "rows:write",
                "parameters": [
                    {"name": "year", "schema": {"type": "integer", "maximum": 2999}},
                    {"name": "sort", "schema": {"type": "string", "enum": ["a", "b"]}},
                ],
                "requestBody": {
                    "content": {JSON: {"schema": {"$ref": "#/components/schemas/New"}}}
                },
                "responses": {
                    "201": {
                        "headers": {"ETag": {}},
                        "content": {JSON: {"schema": {"$ref": "#/components/schemas/Row"}}},
                    },
                    "400": {"content": {}},
                },
            },
            "get": {"x-scope": "", "parameters": [], "responses": {"200": {"content": {}}}},
        }
    },
    "components": {
        "schemas": {
            "New": {
                "type": "object",
                "required": ["name"],
                "properties": {
                    "name": {"type": "string", "nullable": True, "maxLength": 20},
                    "parts": {"type": "array", "items": {"$ref": "#/components/schemas/New"}},
                },
            },
            "Row": {
                "type": "object",
                "required": ["name", "kind"],
                "properties": {
                    "name": {"type": "string"},
                    "kind": {"type": "string", "enum": ["x", "y"]},
                },
            },
        }
    },
}


def post(one: dict[str, Any]) -> dict[str, Any]:
    return one["paths"]["/rows/"]["post"]


def schema(one: dict[str, Any], name: str, field: str) -> dict[str, Any]:
    return one["components"]["schemas"][name]["properties"][field]


def properties(one: dict[str, Any], name: str) -> dict[str, Any]:
    return one["components"]["schemas"][name]["properties"]


BREAKING: dict[str, Change] = {
    "GET /rows/: is gone": lambda one: one["paths"]["/rows/"].pop("get"),
    "asks for the scope “all”": lambda one: post(one).update({"x-scope": "all"}),
    "takes no year any more": lambda one: post(one)["parameters"].pop(0),
    "year: maximum is stricter": lambda one: post(one)["parameters"][0]["schema"].update(
        maximum=2020
    ),
    "needs year now": lambda one: post(one)["parameters"][0].update(required=True),
    "needs place now": lambda one: post(one)["parameters"].append(
        {"name": "place", "required": True, "schema": {"type": "string"}}
    ),
    "sort: does not take b any more": lambda one: post(one)["parameters"][1]["schema"].update(
        enum=["a"]
    ),
    "year: is string, not integer": lambda one: post(one)["parameters"][0]["schema"].update(
        type="string"
    ),
    "takes no body any more": lambda one: post(one).pop("requestBody"),
    "does not answer 201 any more": lambda one: post(one)["responses"].pop("201"),
    "has no header ETag any more": lambda one: post(one)["responses"]["201"].pop("headers"),
    "body.parts: is gone": lambda one: properties(one, "New").pop("parts"),
    "body.parts: is needed now": lambda one: one["components"]["schemas"]["New"].update(
        required=["name", "parts"]
    ),
    "body.name: cannot be null any more": lambda one: schema(one, "New", "name").pop("nullable"),
    "body.name: maxLength is stricter": lambda one: schema(one, "New", "name").update(maxLength=9),
    "body.name: does not take any value": lambda one: schema(one, "New", "name").update(enum=["a"]),
    "body.name: has another form": lambda one: schema(one, "New", "name").update(pattern="^x$"),
    "201.kind: is gone": lambda one: properties(one, "Row").pop("kind"),
    "201.kind: is not always there": lambda one: one["components"]["schemas"]["Row"].update(
        required=["name"]
    ),
    "201.name: can be null now": lambda one: schema(one, "Row", "name").update(nullable=True),
    "201.kind: has values of no list": lambda one: schema(one, "Row", "kind").pop("enum"),
}
HARMLESS: dict[str, Change] = {
    "a further operation": lambda one: one["paths"].update({"/more/": {}}),
    "a further field of an answer": lambda one: properties(one, "Row").update(
        more={"type": "string"}
    ),
    "a further field that may be sent": lambda one: properties(one, "New").update(
        more={"type": "string"}
    ),
    "a further value that is taken": lambda one: post(one)["parameters"][1]["schema"].update(
        enum=["a", "b", "c"]
    ),
    "a further value of an answer": lambda one: schema(one, "Row", "kind").update(
        enum=["x", "y", "z"]
    ),
    "a longer text that is taken": lambda one: schema(one, "New", "name").update(maxLength=99),
    "a refusal that is described": lambda one: post(one)["responses"].update({"409": {}}),
    "other words": lambda one: schema(one, "Row", "name").update(description="…"),
}


def breaks(change: Change) -> list[str]:
    now = deepcopy(RELEASED_ONE)
    change(now)
    return list(Comparison(RELEASED_ONE, now).breaks())


@pytest.mark.parametrize("sentence", BREAKING)
def test_what_breaks_is_said_once(sentence):
    [line] = breaks(BREAKING[sentence])
    assert sentence in line


@pytest.mark.parametrize("name", HARMLESS)
def test_what_comes_in_addition_breaks_nobody(name):
    assert breaks(HARMLESS[name]) == []


def test_nothing_that_was_released_is_broken():
    assert broken_since_release() == []
