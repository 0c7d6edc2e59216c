"""The description of the door: whole, current, and true of what the door answers."""

import gzip
import json
import re
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from jsonschema import Draft4Validator

from households.importing.reasons import CELLS, ENTRIES, HOUSEHOLDS, PERSONS
from households.models import Household
from households.rules import State
from officers.models import Client
from officers.rules import Scope
from registry.api.catalogue import ALL, FIELD_FAULTS
from registry.api.documents import openapi_document, with_errors
from registry.api.examples import ANSWERS, BODIES
from registry.api.schema import described
from tests import factories as make
from tests.api.conftest import Door, new_household
from tests.api.pushing import send
from tests.api.test_every_route import EVERY_KEY, OTHER_ROWS, ROWS, address, filled
from tests.api.world import grow
from tests.web.exchange.test_foreign_decisions import decides

DOCS = settings.BASE_DIR / "docs"
DESCRIPTION = described("en")
OPERATIONS = [
    (path, method, operation)
    for path, operations in DESCRIPTION["paths"].items()
    for method, operation in operations.items()
]


def plain(schema: Any) -> Any:
    """A schema of OpenAPI 3.0 as JSON Schema: null beside the type, no dangling references."""
    if isinstance(schema, list):
        return [plain(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: plain(value) for name, value in schema.items() if name != "nullable"}
    if schema.get("nullable") and "type" in found:
        found["type"] = [found["type"], "null"]
    return found


def faults(name: str, value: Any) -> list[str]:
    components = {"components": plain(DESCRIPTION["components"])}
    schema = components | {"$ref": f"#/components/schemas/{name}"}
    return [
        f"{'/'.join(map(str, one.absolute_path))}: {one.message}"
        for one in Draft4Validator(schema).iter_errors(value)
    ]


def names_of(content: Any) -> list[str]:
    """The schemas that a body or an answer may have."""
    schema = content["content"]["application/json"]["schema"]
    return [one["$ref"].rpartition("/")[2] for one in schema.get("anyOf", [schema])]


def test_the_stored_description_is_up_to_date():
    written = (DOCS / "openapi.yaml").read_text(encoding="utf-8")
    assert written == openapi_document(), "run: .venv/bin/python manage.py write_api"


def test_the_stored_catalogue_of_errors_is_up_to_date():
    written = (DOCS / "api.md").read_text(encoding="utf-8")
    assert written == with_errors(written), "run: .venv/bin/python manage.py write_api"


def test_every_operation_of_the_door_is_described():
    described_paths = {path for path, _, _ in OPERATIONS}
    assert len(described_paths) == len((EVERY_KEY | ROWS | OTHER_ROWS.keys()) - {"nothing"})
    addresses = {address(name, "NUMBER") for name in EVERY_KEY | ROWS | OTHER_ROWS.keys()}
    assert {filled(path, "NUMBER") for path in described_paths} == addresses - {"/api/v1/nothing/"}
    assert [(path, method) for path, method, one in OPERATIONS if not one["security"]] == []


def test_every_name_in_the_description_leads_somewhere():
    named = set(re.findall(r"#/components/schemas/(\w+)", str(DESCRIPTION)))
    known = set(DESCRIPTION["components"]["schemas"])
    used_at_the_top = {"MemberChange", "NewMember"}
    assert named <= known
    assert known - named <= used_at_the_top


def test_every_fault_that_the_rules_know_is_in_the_catalogue():
    assert set(FIELD_FAULTS) >= {*CELLS, *PERSONS, *HOUSEHOLDS, *ENTRIES}
    assert len({problem.code for problem in ALL}) == len(ALL)


def test_every_body_and_every_answer_has_an_example():
    contents = [
        (f"{method} {path}", content)
        for path, method, one in OPERATIONS
        for content in (one.get("requestBody"), *one["responses"].values())
        if content and "application/json" in content["content"]
    ]
    without = [at for at, one in contents if "example" not in one["content"]["application/json"]]
    assert without == []


@pytest.mark.parametrize("name", sorted({*BODIES, *ANSWERS}))
def test_an_example_fits_its_description(name):
    assert faults(name, (BODIES | ANSWERS)[name]) == []


@pytest.mark.django_db
def test_every_example_of_a_body_is_accepted(door, open_door, household):
    path = f"households/{household.number}/"
    item = make.make_item(make.make_plan(household), "IND-OWN")
    sender = open_door(make.COUNTY, Scope.HELP_WRITE)
    sent = {
        "NewDelivery": sender.post(
            f"measures/{item.uuid}/deliver/", BODIES["NewDelivery"], If_Match='"1"'
        ),
        "NewHousehold": door.post("households/", BODIES["NewHousehold"]),
        "Batch": door.post("sync/batches/", BODIES["Batch"], Idempotency_Key="night-1"),
        "NewUpload": door.post("sync/uploads/", BODIES["NewUpload"], Idempotency_Key="load-1"),
        "UploadEnd": closed(door, BODIES["UploadEnd"]),
        "NewDecision": decided(open_door, BODIES["NewDecision"]),
        "HouseholdChange": door.patch(path, BODIES["HouseholdChange"], If_Match='"1"'),
        "NewMember": door.post(f"{path}members/", BODIES["NewMember"]),
        "NewSurvey": door.post(f"{path}surveys/", BODIES["NewSurvey"], If_Match='"3"'),
    }
    assert set(sent) == set(BODIES)
    assert {name: answer.body for name, answer in sent.items() if answer.status_code > 202} == {}


def closed(door: Door, body: dict[str, Any]) -> Any:
    """The answer to the end of an upload whose parts were sent."""
    uuid = door.post("sync/uploads/", {}, Idempotency_Key="load-2").body["uuid"]
    for number in range(1, body["parts"] + 1):
        door.send("PUT", f"sync/uploads/{uuid}/parts/{number}/", b"{}")
    return door.post(f"sync/uploads/{uuid}/close/", body)


def decided(open_door: Any, body: dict[str, Any]) -> Any:
    """The answer to a report of a system that decides in the household's county."""
    door = open_door(make.COUNTY, Scope.DECISIONS)
    decides(Client.objects.order_by("-pk").first().officer.username)
    poor: Household = make.make_household(state=State.POOR)
    return door.post("sync/decisions/", body | {"household": poor.number}, Idempotency_Key="d")


@pytest.mark.django_db
@pytest.mark.parametrize("scopes", [tuple(set(Scope) - {Scope.IDENTITY}), tuple(Scope)])
def test_answers_are_as_described(open_door, tree, scopes):
    world, door = grow(), open_door(make.COUNTY, *scopes)
    make.make_survey(world.household, 2018, wage_income=None, food=None)
    full = door.post("households/", BODIES["NewHousehold"] | {"phone": "13900000001"}).body
    upload = door.post("sync/uploads/", {}, Idempotency_Key="load").body["uuid"]
    found = []
    for described_path, method, operation in OPERATIONS:
        path = described_path.replace("uploads/{uuid}", f"uploads/{upload}")
        if method == "get":
            own, *national = names_of(operation["responses"]["200"])
            has_tag = "ETag" in operation["responses"]["200"].get("headers", {})
            for at in {world.path(path), filled(path, full["number"]) if national else ""} - {""}:
                answer = door.get(at)
                found += faults(own, answer.body)
                for name in national:
                    found += faults(name, door.get(f"{at}?names=national&values=labels").body)
                assert has_tag == answer.has_header("ETag"), path
    assert found == []


TELLING = {"ETag", "Idempotency-Replayed", "Location", "Retry-After", "WWW-Authenticate"}


def undescribed(answer: Any, path: str, method: str) -> set[str]:
    """The headers by which an answer tells something that the description does not name."""
    response = DESCRIPTION["paths"][f"/api/v1/{path}"][method]["responses"]
    return (TELLING & answer.headers.keys()) - response[str(answer.status_code)]["headers"].keys()


@pytest.mark.django_db
def test_the_headers_of_an_answer_are_described(door, settings):
    key, household = {"Idempotency_Key": "k"}, new_household()
    path = f"{door.post('households/', household, **key)['Location']}"
    answers = [
        (door.post("households/", household, **key), "households/", "post"),
        (door.post("sync/uploads/", {}, Idempotency_Key="u"), "sync/uploads/", "post"),
        (door.get(path), "households/{number}/", "get"),
        (door.patch(path, {}, If_Match='"7"'), "households/{number}/", "patch"),
        (Door().get("codes/"), "codes/", "get"),
    ]
    settings.API_RATES = {"read": 0, "write": 0}
    answers.append((door.get("codes/"), "codes/", "get"))
    told = [TELLING & answer.headers.keys() for answer, _, _ in answers]
    assert set.union(*told) == TELLING
    assert [undescribed(*one) for one in answers] == [set()] * len(answers)


def test_a_header_of_the_description_leads_somewhere():
    named = set(re.findall(r"#/components/headers/([\w-]+)", str(DESCRIPTION)))
    assert named == set(DESCRIPTION["components"]["headers"]) == TELLING


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["application/json", "application/x-ndjson", "text/csv"])
@pytest.mark.parametrize("coding", ["identity", "gzip", "br"])
def test_a_batch_is_taken_in_the_forms_that_are_described(door, kind, coding):
    operation = DESCRIPTION["paths"]["/api/v1/sync/batches/"]["post"]
    (packing,) = (one for one in operation["parameters"] if one["name"] == "Content-Encoding")
    content = operation["requestBody"]["content"]
    is_told = kind in content and coding in packing["schema"]["enum"]
    example = content.get(kind, {}).get("example", "")
    body = (example if isinstance(example, str) else json.dumps(example)).encode()
    sent = gzip.compress(body) if coding == "gzip" else body
    answer = send(door, sent, kind, Content_Encoding=coding)
    assert answer.status_code == (200 if is_told else 415)
    assert not is_told or answer.body["counts"]["created"] == 1


@pytest.mark.django_db
@pytest.mark.parametrize("body", [{}, new_household(state=1), {"members": [7]}, []])
def test_refusals_are_as_described(door, household, body):
    answers = [
        Door().get("codes/"),
        door.get("nothing/"),
        door.get("households/?x=1"),
        door.post("households/", body),
        door.patch(f"households/{household.number}/", body),
        door.patch(f"households/{household.number}/", body, If_Match='"8"'),
        door.send("PUT", "codes/"),
    ]
    assert {answer["Content-Type"] for answer in answers} == {"application/problem+json"}
    assert [faults("Problem", answer.body) for answer in answers] == [[] for _ in answers]
    assert all(answer.body["status"] == answer.status_code for answer in answers)


@pytest.mark.django_db
def test_the_description_is_open_and_follows_the_language():
    english, chinese = Door().get("schema/"), Door(**{"Accept-Language": "zh-CN"}).get("schema/")
    assert english.body == yaml.safe_load(openapi_document())
    assert chinese.body["paths"].keys() == english.body["paths"].keys()
    assert chinese.body != english.body


@pytest.mark.django_db
def test_the_page_names_every_operation_object_and_error():
    for language in ("en", "zh-hans"):
        page = Door().get(f"docs/?language={language}").content.decode()
        for path, method, _ in OPERATIONS:
            assert f"<code>{method.upper()} {path}</code>" in page
        things = [
            name
            for name, one in DESCRIPTION["components"]["schemas"].items()
            if one["type"] == "object" and not name.endswith("National") and name != "Problem"
        ]
        for name in [*things, *(one.code for one in ALL)]:
            assert f'id="{name}"' in page
    with translation.override("zh-hans"):
        assert str(ALL[0].title) in page


@pytest.mark.django_db
def test_the_type_of_a_problem_leads_to_its_line_on_the_page(door):
    kind = door.get("nothing/").body["type"]
    assert kind == f"{reverse('api:docs')}#not_found"
    assert 'id="not_found"' in Door().get(kind.partition("#")[0]).content.decode()
