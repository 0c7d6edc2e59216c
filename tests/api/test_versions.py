"""The version that an answer tells goes back as If-Match, in whatever form the answer came."""

from typing import Any

import pytest

from officers.rules import Scope
from tests import factories as make
from tests.api.conftest import Door
from tests.api.test_description import OPERATIONS
from tests.api.world import World, grow

pytestmark = pytest.mark.django_db
PACKED = {"Accept_Encoding": "gzip"}
TAGGED = [
    path
    for path, method, operation in OPERATIONS
    if method == "get" and "ETag" in operation["responses"]["200"].get("headers", {})
]
MATCHED = [
    (path, method, operation["requestBody"]["content"]["application/json"]["example"])
    for path, method, operation in OPERATIONS
    if any(one["name"] == "If-Match" for one in operation["parameters"])
]


@pytest.fixture
def world(tree: None) -> World:
    return grow()


@pytest.fixture
def door(open_door: Any) -> Door:
    return open_door(make.COUNTY, *Scope)


@pytest.mark.parametrize("path", TAGGED)
def test_a_packed_answer_tells_the_same_version(door, world, path):
    plain, packed = door.get(world.path(path)), door.get(world.path(path), **PACKED)
    assert packed["Content-Encoding"] == "gzip"
    assert packed["ETag"] == f"W/{plain['ETag']}"


@pytest.mark.parametrize(("path", "method", "example"), MATCHED)
def test_a_change_takes_back_what_a_packed_answer_told(door, world, path, method, example):
    at = world.path(path)
    tag = door.get(at.removesuffix("deliver/"), **PACKED)["ETag"]
    assert tag.startswith("W/")
    answer = door.send(method.upper(), at, example, If_Match=tag, **PACKED)
    assert answer.status_code in (200, 201), answer.body
    assert answer["ETag"] != tag


def test_a_tag_that_is_none_names_no_version(door, household):
    path = f"households/{household.number}/"
    for tag in ('W/"2"', '"2"', "1", "W/1", '"*"', ""):
        assert door.patch(path, {"group": "二组"}, If_Match=tag).status_code == 412, tag


@pytest.mark.parametrize("tag", ["*", '"0", "1"', '"0",W/"1"'])
def test_any_of_several_tags_and_the_star_name_the_version_on_record(door, household, tag):
    path = f"households/{household.number}/"
    assert door.patch(path, {"group": "二组"}, If_Match=tag).status_code == 200
