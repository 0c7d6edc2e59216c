"""The description of the REST door (OpenAPI 3.0), written from the resources and the rules."""

import json
import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from django.core.validators import RegexValidator
from django.utils import translation
from django.utils.translation import gettext as _
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from rest_framework import serializers

from assistance.api.description import schemas as schemas_of_help
from divisions.api import DIVISION_SCHEMA
from exchange.api.batch_schemas import schemas as schemas_of_batches
from exchange.api.description import schemas as schemas_of_exchange
from exchange.api.feed_schemas import schemas as schemas_of_feed
from exits.api.description import schemas as schemas_of_exits
from households.api.description import alternatives, schemas
from households.api.standards import schemas as schemas_of_standards
from households.api.translating import Translated
from identification.api.description import schemas as schemas_of_identifications
from monitoring.api.description import schemas as schemas_of_watches
from registry.api.catalogue import FIELD_FAULTS, PROBLEMS
from registry.api.examples import ANSWERS, BODIES
from registry.api.problems import MEDIA_TYPE
from reviews.api.description import schemas as schemas_of_reviews
from teams.api.description import schemas as schemas_of_teams
from trail.api import ANY_SCOPE, BYTES, JSON, MOST_ROWS, Operation
from trail.shapes import INTEGER, NUMBER, OCTETS, TEXT, Schema, page, thing, whole
from workflow.api.description import shared_schemas

KEY = "key"
EVERYWHERE = ("faulty_request", "no_key", "no_scope", "too_many_requests")
TAGGED = frozenset(
    {"CountyExit", "Exit", "Finding", "Household", "Identification", "Measure", "Membership",
     "MembershipPage", "Plan", "Survey", "SurveyPage", "VillageExit", "Watch"}
)  # fmt: skip
"""Answers about one thing that has a version; those of many rows, or of counts, have none."""

CHANGES = ("POST", "PATCH")
ONCE = ("key_missing", "key_reused", "outside_posting", "still_running")
HEADERS_OF = {
    "no_key": "WWW-Authenticate",
    "still_counting": "Retry-After",
    "still_running": "Retry-After",
    "too_many_requests": "Retry-After",
    "version_differs": "ETag",
}
"""What the answer to a refusal tells in a header, by code."""

WITH_BYTES = ("length_needed", "too_large")
WITH_BODY = (*WITH_BYTES, "unreadable", "not_json")


class Described(AutoSchema):
    """One operation as its resource declares it; the generator brings the path and its names."""

    def get_operation(
        self, path: str, path_regex: str, path_prefix: str, method: str, registry: Any
    ) -> Schema:
        self.registry, self.path, self.path_regex = registry, path, path_regex
        self.method, self.path_prefix = method.upper(), path_prefix
        declared: Operation = self.view.operations[self.method]
        scope = self.view.scopes[self.method]
        found: Schema = {
            "operationId": declared.id,
            "summary": str(declared.summary),
            "tags": [path.removeprefix("/api/v1/").partition("/")[0]],
            "security": [{KEY: []}],
            "x-scope": "" if scope == ANY_SCOPE else str(scope),
            "parameters": [
                *self._in_path(),
                *self._in_query(),
                *_match(declared),
                *self._once(),
                *_packing(declared),
            ],
            "responses": _responses(declared, self.method, self._names(declared.answer)),
        }
        if declared.body:
            found["requestBody"] = {"required": True, "content": self._body(declared)}
        return found

    def _body(self, declared: Operation) -> Schema:
        """What a body may be: bytes, or JSON of a schema, or the rows of its only list as lines."""
        if declared.body == BYTES:
            return {OCTETS: {"schema": TEXT | {"format": "binary"}}}
        example = BODIES.get(declared.body)
        found = {JSON: _content(self._names(declared.body), example)}
        for media_type in declared.media_types:
            if media_type != JSON:
                found[media_type] = _lines(example)
        return found

    def _once(self) -> list[Schema]:
        """The header by which a change is done once."""
        if self.method not in CHANGES:
            return []
        words = _("A key of your own for this request; a retry with it gets the same answer.")
        schema = TEXT | {"pattern": "^[\\x21-\\x7e]{1,64}$"}
        found = _at("Idempotency-Key", "header", schema, str(words))
        return [found | {"required": self.view.needs_key}]

    def _names(self, name: str) -> list[str]:
        """The schemas that a body or an answer of this resource may have."""
        return alternatives(name) if isinstance(self.view, Translated) else [name]

    def _in_path(self) -> list[Schema]:
        named = {
            "number": ({"type": "string", "pattern": "^[0-9A-Za-z_-]+$"},
                       _("Number of the household.")),
            "uuid": ({"type": "string", "format": "uuid"},
                     _("“uuid” of the plan, measure or upload.")),
            "case_id": (NUMBER, _("“id” of the case.")),
            "review_id": (NUMBER, _("“id” of the review.")),
            "part": (NUMBER | {"minimum": 1}, _("Number of the part, from 1.")),
        }  # fmt: skip
        return [
            _at(name, "path", schema, str(words)) | {"required": True}
            for name, (schema, words) in named.items()
            if f"{{{name}}}" in self.path
        ]

    def _in_query(self) -> list[Schema]:
        fields = self.view.query_of(self.method)().fields.items()
        return [
            _at(
                name,
                "query",
                _parameter(name, field, self._map_serializer_field(field, "request")),
                str(field.help_text),
            )
            | ({"required": True} if field.required else {})
            for name, field in fields
        ]


def _parameter(name: str, field: serializers.Field, mapped: Schema) -> Schema:
    """The generator's schema of a parameter, less what it says again beside, with its pattern."""
    kept = {key: value for key, value in mapped.items() if key not in ("description", "title")}
    validators = [one for one in field.validators if isinstance(one, RegexValidator)]
    if validators:
        kept = {"type": "string", "pattern": re.compile(validators[0].regex).pattern}
    return kept | ({"default": MOST_ROWS} if name == "limit" else {})


def _match(declared: Operation) -> list[Schema]:
    if not declared.match:
        return []
    found = _at("If-Match", "header", TEXT, str(_("The ETag of what was read.")))
    return [found | {"required": declared.match == "must"}]


def _at(name: str, place: str, schema: Schema, words: str) -> Schema:
    return {"name": name, "in": place, "schema": schema, "description": words}


def _packing(declared: Operation) -> list[Schema]:
    """The header that says how a body is packed, where it may be."""
    if not declared.codings:
        return []
    words = str(_("How the body is packed; without it, not at all."))
    return [_at("Content-Encoding", "header", TEXT | {"enum": [*declared.codings]}, words)]


def _lines(example: Any) -> Schema:
    """A body of lines, each an element of the list that the document holds."""
    [rows] = example.values()
    words = str(_("One JSON object a line: what stands in the list of the JSON document."))
    text = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    return {"schema": TEXT | {"description": words}, "example": text}


def _headers(names: Iterable[str]) -> Schema:
    """The headers by which an answer tells something, as a part of it; nothing without any."""
    found = {name: {"$ref": f"#/components/headers/{name}"} for name in names}
    return {"headers": found} if found else {}


def headers() -> Schema:
    """Every header of an answer that tells something, by name."""
    words = {
        "ETag": _("The version on record, for If-Match."),
        "Idempotency-Replayed": _("“true” with the answer to an earlier request of this key."),
        "Location": _("Where to read what was made."),
        "Retry-After": _("Seconds to wait before the request is sent again."),
        "WWW-Authenticate": _("How to send a key."),
    }
    return {name: {"schema": TEXT, "description": str(said)} for name, said in words.items()}


def _content(names: list[str], example: Any) -> Schema:
    known = [{"$ref": f"#/components/schemas/{name}"} for name in names]
    found: Schema = {"schema": known[0] if len(known) == 1 else {"anyOf": known}}
    return found | ({"example": example} if example is not None else {})


def _responses(declared: Operation, method: str, names: list[str]) -> Schema:
    codes = [*EVERYWHERE, *declared.refusals, *(ONCE if method in CHANGES else ())]
    codes += WITH_BYTES if declared.body == BYTES else WITH_BODY if declared.body else ()
    if declared.match:
        codes += ["version_differs"] + (["version_missing"] if declared.match == "must" else [])
    by_status: dict[int, list[str]] = {}
    for code in dict.fromkeys(codes):
        by_status.setdefault(PROBLEMS[code].status, []).append(code)
    answer: Schema = {
        "description": str(declared.summary),
        "content": {JSON: _content(names, ANSWERS.get(declared.answer))},
    } | _headers(_told_by(declared, method))
    found = {str(declared.status): answer}
    if declared.again:
        words = _("The same was done by an earlier request.")
        found[str(declared.again)] = answer | {"description": str(words)}
    for status, known in sorted(by_status.items()):
        found[str(status)] = {
            "description": "; ".join(f"{code}: {PROBLEMS[code].title}" for code in sorted(known)),
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        } | _headers(sorted({HEADERS_OF[code] for code in known if code in HEADERS_OF}))
    return found


def _told_by(declared: Operation, method: str) -> list[str]:
    """The headers by which the answer of an operation tells something."""
    tag = ("ETag",) if declared.answer in TAGGED else ()
    again = ("Idempotency-Replayed",) if method in CHANGES else ()
    return [*tag, *declared.headers, *again]


def problem_schema() -> Schema:
    """The body of every refusal (RFC 9457)."""
    error = {
        "pointer": TEXT,
        "parameter": TEXT,
        "code": TEXT | {"enum": sorted(FIELD_FAULTS)},
        "detail": TEXT,
    }
    return thing(
        {
            "type": TEXT,
            "title": TEXT,
            "status": INTEGER,
            "code": TEXT | {"description": ", ".join(sorted(PROBLEMS))},
            "detail": TEXT,
            "request_id": TEXT,
            "errors": {"type": "array", "items": thing(error, "code", "detail")},
        },
        "type",
        "title",
        "status",
        "code",
        "detail",
        "request_id",
    )


def add_components(*, result: Schema, **more: Any) -> Schema:
    """Called by the generator at its end: the schemas that the operations name, and the key."""
    division = {name: {**one} for name, one in DIVISION_SCHEMA.items()}
    for one in division.values():
        if "description" in one:
            one["description"] = str(one["description"])
    known = (
        schemas()
        | schemas_of_teams()
        | schemas_of_help()
        | schemas_of_feed()
        | shared_schemas()
        | schemas_of_standards()
        | schemas_of_identifications()
        | schemas_of_watches()
        | schemas_of_exits()
        | schemas_of_reviews()
        | schemas_of_exchange()
        | schemas_of_batches()
        | {
            "Division": whole(division),
            "DivisionPage": page("Division"),
            "Problem": problem_schema(),
        }
    )
    result["components"] = {
        "schemas": dict(sorted(known.items())),
        "headers": headers(),
        "securitySchemes": {KEY: {"type": "http", "scheme": "bearer"}},
    }
    return result


@cache
def described(language: str) -> Schema:
    """The whole description in a language; it does not change while the process lives."""
    with translation.override(language):
        return SchemaGenerator().get_schema(request=None, public=True)
