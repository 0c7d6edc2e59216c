"""Two clients at one household or one person at the REST door: one is served, the other is told."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connections

from households.models import Household, Member
from tests import factories as make
from tests.api.conftest import Door, issue, new_household, new_person

RACES = 100


@pytest.fixture
def doors(real_database: str, settings: LazySettings) -> list[Door]:
    """Two clients of one county."""
    settings.API_RATES = {"read": 10**6, "write": 10**6}
    make.plant_tree()
    return [Door(issue().text) for _ in range(2)]


@pytest.fixture
def races(full_counts: bool) -> range:
    return range(RACES if full_counts else max(5, RACES // 20))


def together(*acts: Callable[[], Any]) -> list[Any]:
    """The answers to acts that begin at one time."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            barrier.wait()
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_of_two_who_change_one_version_one_is_told_the_new_one(doors, races):
    for _ in races:
        made = doors[0].post("households/", new_household())
        answers = together(
            *(
                partial(door.patch, made["Location"], {"group": group}, If_Match=made["ETag"])
                for door, group in zip(doors, ("甲组", "乙组"), strict=True)
            )
        )
        (won,) = [one for one in answers if one.status_code == 200]
        (told,) = [one for one in answers if one.status_code == 412]
        assert told["ETag"] == won["ETag"] == '"2"'
        assert Household.everywhere.get(number=made.body["number"]).group == won.body["group"]


def test_of_two_who_register_one_person_one_is_told(doors, races):
    for _ in races:
        person = new_person()
        answers = together(
            *(
                partial(door.post, "households/", new_household(village=village, members=[person]))
                for door, village in zip(doors, (make.VILLAGE, make.NEXT_VILLAGE), strict=True)
            )
        )
        (made,) = [one for one in answers if one.status_code == 201]
        (told,) = [one for one in answers if one.status_code in (400, 409)]
        codes = {told.body["code"], *(one["code"] for one in told.body.get("errors", ()))}
        assert codes & {"registered_meanwhile", "active_elsewhere"}
        number = made.body["members"][0]["person_number"]
        assert Member.objects.active().filter(person_number=number).count() == 1
    assert Member.objects.active().count() == len(races)
