"""The description as a page shows it: operations, the objects that they take and answer, errors."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from households.api.description import NATIONAL
from registry.api.catalogue import ALL, Problem, field_faults
from trail.api import JSON
from trail.shapes import OCTETS

Schema = Mapping[str, Any]
LEAST_REFUSED = 400
KINDS: dict[str, Promise] = {
    "string": gettext_lazy("text"),
    "integer": gettext_lazy("whole number"),
    "boolean": gettext_lazy("true or false"),
    "array": gettext_lazy("list"),
    "object": gettext_lazy("object"),
}


@dataclass(frozen=True)
class Line:
    """A parameter or a property: what it is called, what it holds, what it means."""

    name: str
    kind: str
    needed: bool
    words: str
    link: str = ""
    national: str = ""


@dataclass(frozen=True)
class Call:
    """One operation; `tag` names the resource that it belongs to."""

    id: str
    tag: str
    method: str
    path: str
    summary: str
    scope: str
    parameters: list[Line]
    body: str
    other_forms: list[str]
    answer: str
    status: str
    problems: list[str]
    example: str
    answer_example: str


@dataclass(frozen=True)
class Thing:
    """An object that is taken or answered."""

    name: str
    lines: list[Line]


@dataclass(frozen=True)
class Guide:
    calls: list[Call]
    things: list[Thing]
    problems: tuple[Problem, ...]
    faults: list[tuple[str, str]]


def guide(description: Schema) -> Guide:
    """The page of a description, in the active language."""
    known = description["components"]["schemas"]
    return Guide(
        calls=[
            _call(method.upper(), path, operation)
            for path, operations in description["paths"].items()
            for method, operation in operations.items()
        ],
        things=[Thing(name, [*_lines(one)]) for name, one in known.items() if _is_told(name, one)],
        problems=ALL,
        faults=list(field_faults()),
    )


def _is_told(name: str, schema: Schema) -> bool:
    """Whether an object stands on the page: lists of codes, and the same by other names, do not."""
    is_object = schema["type"] == "object"
    return is_object and name != "Problem" and not name.endswith(NATIONAL)


def _call(method: str, path: str, operation: Schema) -> Call:
    status, answer = next(iter(operation["responses"].items()))
    body = operation.get("requestBody", {})
    return Call(
        id=operation["operationId"],
        tag=operation["tags"][0],
        method=method,
        path=path,
        summary=operation["summary"],
        scope=operation["x-scope"],
        parameters=[_parameter(one) for one in operation["parameters"]],
        body=_named(body) if body else "",
        other_forms=[name for name in body.get("content", ()) if name not in (JSON, OCTETS)],
        answer=_named(answer),
        status=status,
        problems=[
            f"{code} {one['description']}"
            for code, one in operation["responses"].items()
            if int(code) >= LEAST_REFUSED
        ],
        example=_example(body),
        answer_example=_example(answer),
    )


def _example(content: Schema) -> str:
    """The worked example of a body or an answer as text; "" where nothing, or bytes, are sent."""
    if not content or OCTETS in content["content"]:
        return ""
    media = content["content"][JSON]
    return json.dumps(media["example"], ensure_ascii=False, indent=2)


def _named(content: Schema) -> str:
    """The name of the schema of a body or an answer."""
    media = next(iter(content["content"].values()))
    first, *_others = media["schema"].get("anyOf", [media["schema"]])
    return _target(first)


def _target(schema: Schema) -> str:
    first = schema.get("anyOf", [schema])[0]
    return first.get("$ref", "").rpartition("/")[2]


def _parameter(one: Schema) -> Line:
    return Line(
        one["name"], _kind(one["schema"]), one.get("required", False), one.get("description", "")
    )


def _lines(schema: Schema) -> Iterator[Line]:
    for name, one in schema.get("properties", {}).items():
        inner = one.get("items", one)
        yield Line(
            name,
            _kind(one),
            name in schema.get("required", ()),
            one.get("description", ""),
            _target(inner),
            one.get("x-national", ""),
        )


def _kind(schema: Schema) -> str:
    if "x-list" in schema:
        return _("code of the list %(name)s") % {"name": schema["x-list"]}
    if "$ref" in schema:
        return str(KINDS["object"])
    kind = str(KINDS[schema["type"]])
    return f"{kind} ({schema['format']})" if "format" in schema else kind
