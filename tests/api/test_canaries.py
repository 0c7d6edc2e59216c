"""What another county holds is in no answer: not in lists, details, filters or counts, whatever the
key's scopes. The answers of a county stay the same, byte for byte, when another one is filled.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from officers.rules import Scope
from registry.api.schema import described
from tests import factories as make
from tests.api.conftest import Door
from tests.api.world import World, grow

pytestmark = pytest.mark.django_db
READS = [
    (path, operations["get"])
    for path, operations in described("en")["paths"].items()
    if "get" in operations
]
COUNTED_ON = "on=2020-06-30"
"""What does not stand still without a day of its own."""

NEEDED = {"division": make.COUNTY}
"""Parameters that a list cannot do without."""

LOG = "/api/v1/sync/changes/"
"""Its cursor tells how far the log has come; tests of the feed look into its pages."""

SHARED = {"catalogue", "codes", "coverage", "divisions", "standards", "sync"}
"""Resources that hold nothing of one village, or that are empty here."""


def secrets(world: World) -> list[str]:
    """What tells of the rows of a county."""
    return [
        world.household.number,
        world.household.village_id,
        str(world.plan.uuid),
        str(world.item.uuid),
        world.term.cadre.number,
        *(member.person_number for member in world.household.members.all()),
    ]


def asked(path: str, operation: dict[str, Any]) -> str:
    """The address with the parameters that it needs, as of a fixed day."""
    given = {one["name"]: one for one in operation["parameters"] if one["in"] == "query"}
    found = [
        f"{name}={value}" for name, value in NEEDED.items() if given.get(name, {}).get("required")
    ]
    found += [COUNTED_ON] if "on" in given else []
    return "?".join([path, "&".join(found)])


def answers(door: Door, world: World, scope: str) -> dict[str, str]:
    """What a key of the county is told by everything that a scope opens."""
    found = {}
    for path, operation in READS:
        if scope in ("all", operation["x-scope"]):
            answer = door.get(asked(world.path(path), operation))
            is_told = answer.status_code == 200
            found[path] = answer.content.decode() if is_told else str(answer.status_code)
    return found


def keys(open_door: Any, division: str) -> Iterator[tuple[str, Door]]:
    """A key of a division for each scope alone, and one for all of them."""
    yield "all", open_door(division, *Scope)
    for scope in Scope:
        yield str(scope), open_door(division, scope)


def test_nothing_that_another_county_holds_changes_an_answer(open_door, tree):
    world, doors = grow(), dict(keys(open_door, make.COUNTY))
    before = {scope: answers(door, world, scope) for scope, door in doors.items()}
    assert len(before["all"]) == len(READS)
    foreign = grow(make.OTHER_COUNTY_VILLAGE)
    changed, told = [], []
    for scope, door in doors.items():
        for path, text in answers(door, world, scope).items():
            if text != before[scope][path] and path != LOG:
                changed.append((scope, path))
            told += [(scope, path, one) for one in secrets(foreign) if one in text]
    assert (changed, told) == ([], [])


def test_the_rows_of_another_county_have_no_address(open_door, tree):
    grow()
    foreign, door = grow(make.OTHER_COUNTY_VILLAGE), open_door(make.COUNTY, *Scope)
    named = [path for path, _operation in READS if "{" in path]
    statuses = {path: door.get(foreign.path(path)).status_code for path in named}
    assert statuses == dict.fromkeys(named, 404)


def test_a_parameter_that_names_another_county_finds_nothing(open_door, tree):
    grow()
    foreign, door = grow(make.OTHER_COUNTY_VILLAGE), open_door(make.COUNTY, *Scope)
    values = {
        "division": (make.OTHER_COUNTY, make.OTHER_COUNTY_VILLAGE),
        "parent": (make.OTHER_COUNTY,),
        "household": (foreign.household.number,),
    }
    found, tried = [], 0
    for path, operation in READS:
        for parameter in {one["name"] for one in operation["parameters"]} & values.keys():
            for value in values[parameter]:
                answer, tried = door.get(f"{foreign.path(path)}?{parameter}={value}"), tried + 1
                rows = answer.body.get("results", []) if answer.status_code == 200 else []
                text = json.dumps(rows, ensure_ascii=False)
                if rows or any(one in text for one in secrets(foreign)):
                    found.append((path, parameter, value))
    assert tried > 20
    assert found == []


def test_whoever_is_posted_above_both_finds_them(open_door, tree):
    """That the others see nothing means something."""
    grow()
    foreign, door = grow(make.OTHER_COUNTY_VILLAGE), open_door(make.PROVINCE, *Scope)
    telling = [*secrets(foreign), f'"{foreign.county}"']
    for path, _operation in READS:
        if path.split("/")[3] not in SHARED and not path.endswith("/surveys/"):
            answer = door.get(foreign.path(path))
            assert answer.status_code == 200, path
            assert any(one in answer.content.decode() for one in telling), path
