"""Every route of the REST door, visited by those who must not get in."""

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from officers.rules import Scope
from registry.api.schema import described
from tests import factories as make
from tests.api.conftest import Door, new_household, new_person

pytestmark = pytest.mark.django_db
OPEN = {"schema", "docs"}
"""The description of the door: it holds nothing of the register."""

EVERY_KEY = {
    "batches", "catalogue", "changes", "codes", "county_exits", "coverage", "decisions",
    "divisions", "exits", "households", "identifications", "measures", "nothing", "plans",
    "presence_totals", "reviews", "standards", "teams", "terms", "totals", "uploads",
    "village_exits", "watches",
}  # fmt: skip
ROWS = {"household", "members", "surveys", "finding"}
OTHER_ROWS = {
    "plan": "uuid", "measure": "uuid", "deliver": "uuid", "identification": "case_id",
    "exit": "case_id", "village_exit": "case_id", "county_exit": "case_id", "watch": "case_id",
    "review": "review_id", "proposals": "review_id", "upload": "uuid", "upload_part": "uuid part",
    "upload_close": "uuid", "upload_report": "uuid",
}  # fmt: skip
"""Rows that are no households, with what names them in their address."""

NOBODYS = {
    "uuid": "00000000-0000-4000-8000-000000000000",
    "case_id": "999999999",
    "review_id": "999999999",
    "part": "1",
}
BODIES = {"members": new_person(), "surveys": {"year": 2019}, "household": {}}
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
ALL_SCOPES = tuple(Scope)


def routes() -> dict[str, URLPattern]:
    """The routes of the door by name."""
    found: dict[str, URLPattern] = {}
    (door,) = (one for one in get_resolver().url_patterns if getattr(one, "namespace", "") == "api")
    waiting = list(door.url_patterns)
    while waiting:
        one = waiting.pop()
        if isinstance(one, URLResolver):
            waiting += one.url_patterns
        else:
            found[one.name] = one
    return found


def address(name: str, number: str) -> str:
    if name == "nothing":
        return "/api/v1/nothing/"
    if name in OTHER_ROWS:
        return reverse(f"api:{name}", args=[NOBODYS[one] for one in OTHER_ROWS[name].split()])
    return reverse(f"api:{name}", args=[number] if name in ROWS else [])


def filled(path: str, number: str) -> str:
    """A path of the description with a household's number, and with what nothing is named by."""
    for name, value in {"number": number, **NOBODYS}.items():
        path = path.replace(f"{{{name}}}", value)
    return path


def test_every_route_has_one_entry():
    assert set(routes()) == OPEN | EVERY_KEY | ROWS | OTHER_ROWS.keys()


def test_a_route_that_names_something_is_a_row():
    named = {name for name, route in routes().items() if route.pattern.regex.groups}
    assert named == ROWS | OTHER_ROWS.keys()


@pytest.mark.parametrize("name", sorted(EVERY_KEY | ROWS | OTHER_ROWS.keys()))
def test_without_a_key_no_route_answers(household, name):
    for method in METHODS:
        answer = Door().send(method, address(name, household.number), {})
        assert answer.status_code == 401, method


@pytest.mark.parametrize("name", sorted(OPEN))
def test_the_description_is_open_for_reading_alone(name):
    door = Door()
    assert door.get(address(name, "")).status_code == 200
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        assert door.send(method, address(name, ""), {}).status_code in (403, 405)


@pytest.mark.parametrize("name", sorted(ROWS))
def test_a_stranger_finds_no_row(household, open_door, name):
    door = open_door(make.OTHER_COUNTY, *ALL_SCOPES)
    for method in ("GET", "POST", "PATCH"):
        answer = door.send(
            method, address(name, household.number), BODIES.get(name, {}), If_Match='"1"'
        )
        assert answer.status_code in (404, 405), method
        assert "陈" not in answer.content.decode()
    assert door.get(address(name, household.number)).status_code == 404


@pytest.mark.parametrize("name", sorted(ROWS))
def test_the_countys_own_client_finds_the_row(household, open_door, name):
    assert open_door(make.COUNTY).get(address(name, household.number)).status_code == 200


@pytest.mark.parametrize("name", sorted(ROWS))
def test_a_household_that_moved_away_is_not_found_any_more(household, door, name):
    type(household).everywhere.filter(pk=household.pk).update(village=make.OTHER_COUNTY_VILLAGE)
    assert door.get(address(name, household.number)).status_code == 404


@pytest.mark.parametrize("name", sorted(ROWS))
def test_a_withdrawn_household_is_not_found(household, door, name):
    type(household).everywhere.filter(pk=household.pk).update(withdrawn_at="2020-01-01T00:00Z")
    assert door.get(address(name, household.number)).status_code == 404


def test_a_stranger_neither_lists_nor_registers_here(household, foreign_door):
    assert foreign_door.get("households/").body["results"] == []
    answer = foreign_door.get(f"households/?division={make.COUNTY}")
    assert answer.body["results"] == []
    refused = foreign_door.post("households/", new_household())
    assert (refused.status_code, refused.body["code"]) == (403, "outside_posting")


def test_every_described_operation_is_denied_without_its_scope(household, open_door):
    for path, operations in described("en")["paths"].items():
        for method, operation in operations.items():
            if scope := operation["x-scope"]:
                others = [one for one in Scope if one != scope]
                answer = open_door(make.COUNTY, *others).send(
                    method.upper(), filled(path, household.number), {}
                )
                assert answer.body["code"] == "no_scope", (method, path)
