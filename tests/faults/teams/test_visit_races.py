"""A button pressed twice, and two people at one task: one visit, one task, one who closes it."""

import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

from households.rules import State
from teams.actions.todo import close_task, reassign_task
from teams.actions.visits import add_photos, record_visit
from teams.models import Task, Visit
from tests import factories as make
from tests.cast import Cast, hire_all
from tests.pictures import photo
from tests.web.teams.visiting import entry, make_task, problem
from trail.dates import business_date
from trail.errors import Refused, Stale
from trail.models import Change
from workflow.models import Attachment

RACES = 200
LONGEST_WAIT = 0.02


@pytest.fixture
def cast(real_database: str) -> Cast:
    make.plant_tree()
    return hire_all()


@pytest.fixture
def races(full_counts: bool) -> range:
    return range(RACES if full_counts else RACES // 20)


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


def test_a_visit_whose_button_was_pressed_twice_is_one_visit_with_one_task(cast, races):
    household, by = make.make_household(state=State.POOR), cast.village_official
    for number in races:
        said = entry(problems=(problem(cast.first_secretary),))
        first, second = together(
            *(lambda one=said: record_visit(household.pk, one, by=by) for _ in range(2))
        )
        assert first.pk == second.pk
        assert Visit.everywhere.count() == Task.everywhere.count() == number + 1
    assert Change.objects.filter(action="record_visit").count() == len(races)


def test_a_photo_that_arrives_twice_at_once_is_kept_once(cast, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    by = cast.village_official
    visit = record_visit(make.make_household(state=State.POOR).pk, entry(), by=by)
    content = photo((8, 8))
    together(*(lambda: add_photos(visit.pk, [content], by=by) for _ in range(2)))
    assert Attachment.everywhere.count() == 1


def test_of_two_who_act_on_one_task_one_is_served_and_the_other_told(cast, races):
    clerk, doer = cast.county_clerk, cast.first_secretary
    for _ in races:
        task = make_task(doer, business_date())
        found = together(
            lambda one=task: close_task(one.pk, "done", "已办", by=doer, version=1),
            lambda one=task: reassign_task(
                one.pk, cast.village_official.pk, "分工", by=clerk, version=1
            ),
        )
        refused = [one for one in found if isinstance(one, Refused)]
        assert len(refused) == 1
        assert isinstance(refused[0], Stale) or refused[0].code == "closed"
        task.refresh_from_db()
        assert task.version == 2
