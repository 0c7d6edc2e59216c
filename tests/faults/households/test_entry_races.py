"""Two officers at one household, at one person, at one draft: one is served, the other is told.

Each race has a household of its own, in one of two villages.
"""

import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connections
from django.db.models import Count

from households.entry.drafts import (
    Typed,
    content_of,
    open_draft,
    open_update,
    save_step,
    submit_draft,
)
from households.entry.saving import EntryRefused, Saved, enter_household
from households.models import Draft, Household, Member
from officers.models import Officer
from officers.rules import Role
from tests import factories as make
from tests.cast import Cast, hire_all
from tests.web.households.entry.entered import content, entry, person
from trail.errors import Refused, Stale
from trail.models import Change

RACES = 125
LONGEST_WAIT = 0.03


@pytest.fixture
def cast(real_database: str) -> Cast:
    make.plant_tree()
    return hire_all()


@pytest.fixture
def neighbour(cast: Cast) -> Officer:
    """The official of the next village."""
    return make.make_officer(Role.VILLAGE_OFFICIAL, make.NEXT_VILLAGE)


@pytest.fixture
def races(full_counts: bool) -> range:
    return range(RACES if full_counts else max(5, RACES // 20))


def together(*acts: Callable[[], Any]) -> list[Any]:
    """What each act returned or the refusal that it met; all begin at about one time."""
    dice, barrier = random.Random(), Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            barrier.wait()
            time.sleep(dice.uniform(0, LONGEST_WAIT))
            return act()
        except Refused as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def registered(by: Officer) -> Household:
    return enter_household(entry(), by=by, seen=None).household


def renamed(household: Household, group: str) -> Any:
    """The household's own facts with another group."""
    rows = [
        {"person_number": one.person_number, "name": one.name, "relation": one.relation}
        for one in household.members.active().order_by("relation")
    ]
    steps = {"members": {"rows": rows}, "household": {"values": {"group": group}}}
    return entry(household.number, **steps)


def test_of_two_who_change_one_household_one_is_told(cast, races):
    for _ in races:
        household = registered(cast.village_official)
        seen = household.version
        results = together(
            lambda h=household, v=seen: enter_household(
                renamed(h, "甲组"), by=cast.village_official, seen=v
            ),
            lambda h=household, v=seen: enter_household(
                renamed(h, "乙组"), by=cast.county_clerk, seen=v
            ),
        )
        (won,) = [one for one in results if isinstance(one, Saved)]
        (told,) = [one for one in results if isinstance(one, Stale)]
        household.refresh_from_db()
        assert household.group == won.household.group
        assert told.code == "household_changed"
        winner = {"甲组": cast.village_official.pk, "乙组": cast.county_clerk.pk}[household.group]
        traced = Change.objects.filter(
            subject_kind="households.household", subject_id=household.pk, after__has_key="group"
        )
        assert traced.get().actor_id == winner


def test_one_id_in_two_villages_is_registered_once(cast, neighbour, races):
    for _ in races:
        number = make.make_id_number()
        rows = [person(name="陈大山", relation="01"), person(id_number=number)]
        results = together(
            *(
                lambda by=by, village=village, rows=rows: enter_household(
                    entry(village=village, members={"rows": [person(relation="01"), rows[1]]}),
                    by=by,
                    seen=None,
                )
                for by, village in (
                    (cast.village_official, make.VILLAGE),
                    (neighbour, make.NEXT_VILLAGE),
                )
            )
        )
        assert sum(isinstance(one, Saved) for one in results) == 1
        (refusal,) = [one for one in results if isinstance(one, Refused)]
        assert isinstance(refusal, Stale | EntryRefused)
    doubles = (
        Member.objects.active()
        .exclude(id_blind=None)
        .values("id_blind")
        .annotate(homes=Count("id"))
        .filter(homes__gt=1)
    )
    assert not doubles.exists()
    assert not Household.everywhere.filter(members__isnull=True).exists()


def test_of_two_who_save_one_step_of_a_draft_one_sees_the_other(cast, races):
    for _ in races:
        draft = open_draft(make.VILLAGE, by=cast.village_official, year=2019, head={"name": "某"})
        results = together(
            *(
                lambda by=by, text=text, key=draft.pk: save_step(
                    key, "household", by=by, seen=0, typed=Typed({"group": text})
                )
                for by, text in ((cast.village_official, "甲"), (cast.first_secretary, "乙"))
            )
        )
        (told,) = [one for one in results if isinstance(one, Stale)]
        kept = content_of(Draft.everywhere.get(pk=draft.pk)).step("household")
        assert told.details["theirs"] == kept
        assert kept.version == 1


def test_a_draft_that_is_submitted_twice_makes_one_household(cast, races):
    second = make.make_officer(Role.VILLAGE_OFFICIAL, make.VILLAGE)
    for _ in races:
        draft = open_draft(make.VILLAGE, by=cast.village_official, year=2019, head={"name": "某"})
        for name, one in content().steps.items():
            seen = content_of(draft).step(name).version
            typed = Typed(one.values, one.rows)
            draft = save_step(draft.pk, name, by=cast.village_official, seen=seen, typed=typed)
        before = Household.everywhere.count()
        results = together(
            *(
                lambda by=by, key=draft.pk, seen=draft.version: submit_draft(key, by=by, seen=seen)
                for by in (cast.village_official, second)
            )
        )
        assert sum(isinstance(one, Saved) for one in results) == 1
        assert Household.everywhere.count() == before + 1


def test_a_household_has_one_open_draft_however_many_begin(cast, races):
    second = make.make_officer(Role.VILLAGE_OFFICIAL, make.VILLAGE)
    for _ in races:
        household = registered(cast.village_official)
        one, other = together(
            *(
                lambda by=by, h=household: open_update(h, by=by, year=2020)
                for by in (cast.village_official, second)
            )
        )
        assert one.pk == other.pk
