"""A village changes a household while the county decides its exit: nothing unseen is approved."""

import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.db import connections, transaction

from exits.actions import advance
from households.entry.saving import enter_household
from households.models import Household, Standard
from households.models.households import StateChange
from households.rules import State
from households.snapshot import snapshot
from tests import factories as make
from tests.cast import Cast, hire_all
from tests.faults.identification.test_races import change
from tests.procedures import post_all, reach_year_after
from tests.web.households.entry.entered import entry
from trail.errors import Refused, Stale
from trail.rules import digest
from workflow.models import Case, CaseEvent

RACES = 500
LONGEST_WAIT = 0.06


@pytest.fixture
def cast(real_database: str, calendar: None) -> Cast:
    reach_year_after(2019)
    make.plant_tree()
    return hire_all()


@pytest.fixture
def races(full_counts: bool) -> range:
    return range(RACES if full_counts else RACES // 20)


@transaction.atomic
def checked(household: Household) -> Case:
    """The exit of the household, at the county: planned by a case, helped, nothing in its way."""
    make.make_help(household)
    planned = make.make_case(household, "identification", state="registered")
    StateChange.objects.create(
        household=household, from_state=household.state, to_state=State.PLANNED_EXIT,
        on=planned.opened_on, case=planned,
    )  # fmt: skip
    Household.everywhere.filter(pk=household.pk).update(state=State.PLANNED_EXIT)
    household.refresh_from_db()
    standard = Standard.objects.holding(make.VILLAGE, 2019).get(division_id="0")
    facts = snapshot(household, year=2019, standard=standard)
    case = make.make_case(household, state="checked", facts=facts, facts_hash=digest(facts))
    post_all([case])
    return case


def approve(case: Case, cast: Cast) -> CaseEvent:
    """The first of the two approvers that a flagged exit wants."""
    return advance(case.pk, "approve_first", by=cast.county_approver, version=1, note="属实")


@transaction.atomic
def edit(household: Household, case: Case, cast: Cast) -> bool:
    """Other wages for the household; whether its exit had been approved before."""
    Household.everywhere.select_for_update().get(pk=household.pk)
    was_approved = CaseEvent.objects.filter(case=case, step="approve_first").exists()
    household.refresh_from_db()
    change(household, case, cast)
    return was_approved


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


def test_no_exit_is_approved_on_facts_that_the_approver_has_not_seen(cast, races):
    decided = 0
    for _ in races:
        household = enter_household(entry(), by=cast.village_official, seen=None).household
        case = checked(household)
        approval, was_approved = together(
            partial(approve, case, cast), partial(edit, household, case, cast)
        )
        case.refresh_from_db()
        if was_approved is True:
            decided += 1
            assert approval.facts_hash == case.facts_hash == digest(approval.facts)
            assert case.state == "seconded"
        else:
            assert isinstance(approval, Stale), (approval, was_approved)
            assert approval.details["differences"]
            assert case.state == "checked"
    assert 0 < decided < len(races)
