"""Whatever else a request holds is refused and changes nothing: in every object of every body, of a
line of a batch and of an uploaded file, and in every address; a table's other headings are passed
over. Tried with the name of each field of each model, and with 20 that are none.
"""

import json
from collections.abc import Iterator
from copy import deepcopy
from hashlib import sha256
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.utils.http import urlencode

from households.importing.template import BY_HEADING
from officers.rules import Scope
from registry.api.examples import BODIES
from registry.api.schema import described
from tests import factories as make
from tests.api.conftest import Door
from tests.api.pushing import LINES, send
from tests.api.test_upload_tables import person, report, table, take_in
from tests.api.world import World, grow

pytestmark = pytest.mark.django_db
JUNK = (
    "__proto__", "constructor", "is_admin", "is_superuser", "acting_role", "pk", "_method", "$ne",
    "village_id__in", "members__id_blind", "../status", "status ", "STATUS", "state[0]", "0", "",
    "𠮷", "\u202enumber", "a" * 300, "x-forwarded-for",
)  # fmt: skip
JSON = "application/json"
DESCRIPTION = described("en")
OPERATIONS = [
    (path, method, operation)
    for path, operations in DESCRIPTION["paths"].items()
    for method, operation in operations.items()
]
ABOUT_REQUESTS = ("trail_storedanswer", "exchange_push")
"""Tables that say what was sent, refused or not."""

ABOUT_UPLOADS = ("exchange_upload", "trail_change")
STREAMED = {("/api/v1/sync/batches/", ())}
"""Objects that are read piece by piece: the first field that is unknown ends it."""

OBJECTS = ("household", "member", "survey", "line", "reasons")
"""What a pushed household consists of."""

Path = tuple[str | int, ...]


def names() -> list[str]:
    """The fields of all models of the project, and the junk."""
    own = {
        one.label
        for one in apps.get_app_configs()
        if str(settings.BASE_DIR) == one.path.rpartition("/")[0]
    }
    fields = {
        name
        for model in apps.get_models()
        if model._meta.app_label in own
        for one in model._meta.get_fields()
        for name in (one.name, getattr(one, "attname", one.name))
    }
    assert len(fields) > 300
    return [*sorted(fields), *JUNK]


def forms(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """What a schema may be, references followed."""
    if "$ref" in schema:
        return forms(DESCRIPTION["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    inner = [one for kind in ("anyOf", "allOf", "oneOf") for one in schema.get(kind, ())]
    return [form for one in inner for form in forms(one)] or [schema]


def objects(schema: dict[str, Any], value: Any, at: Path = ()) -> Iterator[tuple[Path, set[str]]]:
    """Where objects with fixed fields stand in an example, and the fields that each may have."""
    known = forms(schema)
    fields: dict[str, list[dict[str, Any]]] = {}
    for form in known:
        for name, one in form.get("properties", {}).items():
            fields.setdefault(name, []).append(one)
    if isinstance(value, dict) and fields:
        yield at, set(fields)
        for name, one in value.items():
            yield from objects({"anyOf": fields[name]}, one, (*at, name))
    if isinstance(value, list) and value:
        yield from objects({"anyOf": [form["items"] for form in known]}, value[0], (*at, 0))


def put_into(body: Any, at: Path, added: dict[str, Any]) -> Any:
    """A copy of a body with more fields in one of its objects."""
    found = deepcopy(body)
    inner = found
    for part in at:
        inner = inner[part]
    inner.update(added)
    return found


def contents(*apart: str) -> dict[str, str]:
    """The digest of each table that holds what the register knows, but for those set `apart`."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if not table.startswith((*ABOUT_REQUESTS, *apart)):
                cursor.execute(
                    f'SELECT md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM "{table}" t'
                )
                found[table] = cursor.fetchone()[0]
    return found


def refused(answer: Any) -> set[str]:
    """The fields and parameters that an answer calls unknown, wherever in it that is said."""
    found, waiting = set(), [answer]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting += one
        elif isinstance(one, dict):
            waiting += one.values()
            if one.get("code") in ("unknown_field", "unknown_parameter"):
                name = one.get("parameter", one.get("pointer", "").rpartition("/")[2])
                found.add(name.replace("~1", "/").replace("~0", "~"))
    return found


@pytest.fixture(autouse=True)
def _all_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every name that is refused, not the first hundred of a household."""
    monkeypatch.setattr("exchange.items.MOST_FAULTS", 10**6)


@pytest.fixture
def world(tree) -> World:
    return grow()


@pytest.fixture
def door(open_door) -> Door:
    """A key that opens everything, used once before: its use is noted by then."""
    door = open_door(make.COUNTY, *Scope)
    door.get("codes/")
    return door


@pytest.fixture
def upload(door) -> str:
    """An upload of the door's own client that waits for its parts."""
    answer = door.post("sync/uploads/", BODIES["NewUpload"], Idempotency_Key="upload")
    return answer.body["uuid"]


def filled(path: str, world: World, upload: str) -> str:
    """A path of the description without parameters, with rows that the door may change."""
    own = path.replace("uploads/{uuid}", f"uploads/{upload}").replace("{part}", "1")
    return world.path(own).partition("?")[0]


def unrefused(answer: Any, added: dict[str, str]) -> list[str]:
    """Of what was added, what the answer does not refuse by name."""
    return sorted(added.keys() - refused(answer.body))


def items() -> Iterator[tuple[dict[str, Any], set[str]]]:
    """For each object of a household: one with more in it, and the names of what is more."""
    [example] = BODIES["Batch"]["households"]
    lines = BODIES["NewSurvey"]["lines"]
    reasons = {"wage_income": "务工时间延长"}
    whole = put_into(example, ("surveys", 0), {"lines": lines, "reasons": reasons})
    schema, everything = DESCRIPTION["components"]["schemas"]["PushedHousehold"], names()
    for at, known in objects(schema, whole):
        added = {name: "1" for name in everything if name not in known}
        number = f"{make.COUNTY}9{next(make.serials):07d}"
        yield put_into(whole | {"number": number}, at, added), set(added)


def unnamed(
    sent: list[tuple[dict[str, Any], set[str]]], told: list[dict[str, Any]]
) -> list[tuple[str, set[str]]]:
    """What was added to each household and is not refused by name; nothing of it is written."""
    assert [one["result"] for one in told] == ["rejected"] * len(OBJECTS)
    missed = [added - refused(one) for (_, added), one in zip(sent, told, strict=True)]
    return [(place, names) for place, names in zip(OBJECTS, missed, strict=True) if names]


def as_lines(sent: list[tuple[dict[str, Any], set[str]]]) -> bytes:
    return "\n".join(json.dumps(item) for item, _added in sent).encode()


def loaded(door: Door, content: bytes, **body: Any) -> list[dict[str, Any]]:
    """What became of each household of an uploaded file that was taken in."""
    key = {"Idempotency_Key": f"load-{next(make.serials)}"}
    uuid = door.post("sync/uploads/", body, **key).body["uuid"]
    assert door.send("PUT", f"sync/uploads/{uuid}/parts/1/", content).status_code == 200
    end = {"parts": 1, "sha256": sha256(content).hexdigest()}
    assert door.post(f"sync/uploads/{uuid}/close/", end).status_code == 202
    take_in(uuid)
    return report(door, uuid)


def test_no_body_sets_what_it_does_not_describe(door, world, upload):
    before, everything = contents(), names()
    accepted, tried = [], 0
    for path, method, operation in OPERATIONS:
        content = operation.get("requestBody", {}).get("content", {}).get(JSON)
        for at, known in objects(content["schema"], content["example"]) if content else ():
            added = {name: "1" for name in everything if name not in known}
            answer = door.send(
                method.upper(),
                filled(path, world, upload),
                put_into(content["example"], at, added),
                If_Match='"1"',
                Idempotency_Key=f"{tried}",
            )
            tried += 1
            is_refused = answer.status_code == 400 and (path, at) in STREAMED
            missed = [] if is_refused else unrefused(answer, added)
            accepted += [(path, method, at, name) for name in missed]
    assert tried >= 12
    assert accepted == []
    assert contents() == before


def test_no_line_of_a_batch_sets_what_it_does_not_describe(door, world):
    before, sent = contents(), [*items()]
    answer = send(door, as_lines(sent), LINES)
    assert unnamed(sent, answer.body["results"]) == []
    assert contents() == before


def test_no_line_of_an_uploaded_file_sets_what_it_does_not_describe(door, world):
    before, sent = contents(*ABOUT_UPLOADS), [*items()]
    assert unnamed(sent, loaded(door, as_lines(sent))) == []
    assert contents(*ABOUT_UPLOADS) == before


def test_no_heading_of_an_uploaded_table_sets_what_the_template_lacks(door, world):
    row, kind = person(), {"format": "csv", "year": 2019}
    added = {name: "1" for name in names() if name.strip().lower() not in {*BY_HEADING, ""}}
    assert [one["result"] for one in loaded(door, table(row), **kind)] == ["created"]
    before = contents(*ABOUT_UPLOADS)
    told = loaded(door, table(row | added), **kind)
    assert [one["result"] for one in told] == ["unchanged"]
    assert contents(*ABOUT_UPLOADS) == before


def test_no_address_asks_for_what_it_does_not_describe(door, world, upload):
    before, everything = contents(), names()
    accepted = []
    for path, method, operation in OPERATIONS:
        known = {one["name"] for one in operation["parameters"] if one["in"] == "query"}
        added = {name: "1" for name in everything if name not in known}
        at = f"{filled(path, world, upload)}?{urlencode(added)}"
        answer = door.send(method.upper(), at, If_Match='"1"', Idempotency_Key="address")
        accepted += [(path, method, name) for name in unrefused(answer, added)]
    assert accepted == []
    assert contents() == before
