"""Many clerks pair at once: nobody gets more households than he has places, nor a household two."""

import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

from households.actions.changes import propose_change
from households.models import Household
from households.rules import State
from teams.actions.following import advance_change
from teams.actions.pairing import pair, reassign_all
from teams.models import Pairing
from teams.queries.pairings import free_places
from tests import factories as make
from tests.cast import Cast, hire_all
from tests.web.households.changes.changed import active, wanted
from trail.dates import business_date
from trail.errors import Refused

RACES, THREADS = 200, 10
LONGEST_WAIT = 0.03


@pytest.fixture
def cast(real_database: str) -> Cast:
    make.plant_tree()
    return hire_all()


@pytest.fixture
def races(full_counts: bool) -> int:
    return RACES if full_counts else RACES // 20


def poor() -> Household:
    return make.make_household(state=State.POOR)


def together(acts: list[Callable[[], Any]]) -> list[Any]:
    """What each act returned or the refusal that it met; THREADS at a time begin at about once."""
    dice = random.Random()
    barrier = Barrier(min(THREADS, len(acts)))

    def run(act: Callable[[], Any]) -> Any:
        try:
            if barrier.parties == len(acts):
                barrier.wait()
            time.sleep(dice.uniform(0, LONGEST_WAIT))
            return act()
        except Refused as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(barrier.parties) as pool:
        return list(pool.map(run, acts))


def refusals(answers: list[Any]) -> list[Refused]:
    return [one for one in answers if isinstance(one, Refused)]


def test_of_many_pairings_at_once_only_as_many_stand_as_there_are_places(cast, races):
    helper, today = make.make_cadre(name="周助理"), business_date()
    households = [poor() for _ in range(races)]
    answers = together(
        [lambda h=h: pair(h, helper, starts_on=today, by=cast.county_clerk) for h in households]
    )
    assert Pairing.everywhere.filter(cadre=helper).count() == 5
    refused = refusals(answers)
    assert len(refused) == races - 5
    assert all("周助理" in one.message for one in refused)


def test_of_many_helpers_at_once_a_household_gets_one_and_the_others_are_told_whom(cast, races):
    household, today = poor(), business_date()
    helpers = [make.make_cadre() for _ in range(races)]
    answers = together(
        [lambda c=c: pair(household, c, starts_on=today, by=cast.county_clerk) for c in helpers]
    )
    winner = Pairing.everywhere.get(household=household).cadre
    refused = refusals(answers)
    assert len(refused) == races - 1
    assert all(winner.name in one.message for one in refused)


def test_two_who_leave_at_once_never_fill_a_successor_beyond_his_places(cast, races):
    today = business_date()
    for _ in range(races // 5):
        leaving, successor = [make.make_cadre(), make.make_cadre()], make.make_cadre()
        for one in leaving:
            for _count in range(3):
                make.make_pairing(poor(), one)
        answers = together(
            [
                lambda c=c, s=successor: reassign_all(
                    c, [s], day=today, reason="left", by=cast.county_clerk
                )
                for c in leaving
            ]
        )
        assert len(refusals(answers)) == 1
        assert free_places([successor], today) == {successor.pk: 2}
        assert Pairing.everywhere.in_force(today).filter(cadre__in=leaving).count() == 3


def test_a_household_that_splits_while_its_helper_is_given_another_stays_within_his_places(
    cast, races
):
    today = business_date()
    for _ in range(races // 5):
        helper, household = make.make_cadre(), make.make_household(state=State.POOR, persons=3)
        for one in (household, poor(), poor(), poor()):
            make.make_pairing(one, helper)
        leaving = active(household)[-1]
        change = wanted("split", goes=frozenset({leaving.pk}), relations={leaving.pk: "01"})
        case = propose(household, change, cast)
        other = poor()
        together(
            [
                lambda c=case: advance_change(
                    c.pk, "approve", by=cast.township_reviewer, version=c.version
                ),
                lambda o=other, h=helper: pair(o, h, starts_on=today, by=cast.county_clerk),
            ]
        )
        assert free_places([helper], today) == {helper.pk: 0}
        assert Pairing.everywhere.in_force(today).filter(cadre=helper).count() == 5


def propose(household: Household, change: Any, cast: Cast) -> Any:
    household.refresh_from_db()
    return propose_change(household, change, by=cast.village_official)
