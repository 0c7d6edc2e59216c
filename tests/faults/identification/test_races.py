"""A village changes a household while the township passes its case: nothing unseen is passed."""

import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connections, transaction

from households.entry.saving import enter_household
from households.models import Household, QualityIssue, Standard
from households.snapshot import snapshot
from registry.pages.cases.batch import CHANGED, DONE, Place, decide_together
from tests import factories as make
from tests.cast import Cast, hire_all
from tests.web.households.entry.entered import entry
from trail.dates import business_date
from trail.errors import Refused
from trail.rules import digest
from workflow.actions import Order
from workflow.models import Case, CaseEvent, Notice, NoticeLine

RACES = 125
LONGEST_WAIT = 0.06
REVIEWING = Place(make.VILLAGE, "identification", "noticed")


@pytest.fixture
def cast(real_database: str) -> Cast:
    make.plant_tree()
    return hire_all()


@pytest.fixture
def races(full_counts: bool) -> range:
    return range(RACES if full_counts else max(5, RACES // 20))


@transaction.atomic
def noticed(household: Household, cast: Cast) -> Case:
    """A case of the household whose notice in the village has run out, and which nothing flags."""
    QualityIssue.everywhere.filter(household=household).delete()
    standard = Standard.objects.holding(make.VILLAGE, 2019).get(division_id="0")
    facts = snapshot(household, year=2019, standard=standard)
    case = make.make_case(
        household, "identification", state="noticed", facts=facts, facts_hash=digest(facts)
    )
    posted_on = business_date() - timedelta(days=9)
    notice = Notice.everywhere.create(
        division_id=make.VILLAGE,
        kind=case.kind,
        step="post",
        place="公示栏",
        posted_on=posted_on,
        counted_from=posted_on,
        days=7,
        last_day=posted_on + timedelta(days=7),
        posted_by=cast.village_official,
    )
    NoticeLine.objects.create(notice=notice, case=case, serial=1, householder="陈大山", people=2)
    return case


def pass_on(case: Case, cast: Cast) -> str:
    """The township's review as its batch does it; what became of the case."""
    today = business_date()
    evidence = {
        "checked": "yes",
        "checked_on": today,
        "checked_by": "两名包村干部",
        "opinion": "属实",
        "place": "公示栏",
    }
    [told] = decide_together(
        REVIEWING,
        [Order(case.pk, case.version)],
        by=cast.township_reviewer,
        note="",
        notes={},
        evidence=evidence,
    )
    return told.result


@transaction.atomic
def change(household: Household, case: Case, cast: Cast) -> bool:
    """Other wages for the household; whether the case had been passed on before."""
    Household.everywhere.select_for_update().get(pk=household.pk)
    was_passed = CaseEvent.objects.filter(case=case, step="review").exists()
    rows = [
        {"person_number": one.person_number, "name": one.name, "relation": one.relation}
        for one in household.members.active().order_by("relation")
    ]
    values = {f"none_{name}": "1" for name in ("business_income", "property_income")}
    incomes = {"values": values | {"none_business_expense": "1", "transfer_income": "480.00"}}
    wages = {"kind": "wage_income", "item": "wage_away", "quantity": "9", "unit_price": "2600"}
    enter_household(
        entry(
            household.number,
            members={"rows": rows},
            incomes=incomes | {"rows": [wages | {"coefficient_percent": "100"}]},
        ),
        by=cast.village_official,
        seen=household.version,
    )
    return was_passed


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


def test_no_case_is_passed_on_facts_that_the_township_has_not_seen(cast, races):
    for _ in races:
        household = enter_household(entry(), by=cast.village_official, seen=None).household
        case = noticed(household, cast)
        passed, was_passed = together(
            lambda c=case: pass_on(c, cast), lambda h=household, c=case: change(h, c, cast)
        )
        assert passed == (DONE if was_passed else CHANGED), (passed, was_passed)
        case.refresh_from_db()
        assert case.state == ("reviewed" if was_passed else "noticed")
