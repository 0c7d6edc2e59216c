"""Pushes against each other, against officers, against the clerk who decides: nothing is lost.

Each race has households of its own.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import OperationalError, connection, connections, transaction

from exchange.actions.differences import Choice, decide_differences
from exchange.models import Difference, Push
from exchange.records import records_of
from households.models import Household, Member
from officers.models import Telling
from officers.rules import Role
from tests import factories as make
from tests.api.conftest import Door, issue, new_person
from tests.api.pushing import push, pushed
from tests.web.exchange.differing import edited
from trail.errors import Refused

RACES = 100
MANY = 12


@pytest.fixture
def doors(real_database: str, settings: LazySettings) -> list[Door]:
    """Two systems of one county."""
    settings.API_RATES = {"read": 10**6, "write": 10**6}
    make.plant_tree()
    return [Door(issue().text) for _ in range(2)]


@pytest.fixture
def races(full_counts: bool) -> range:
    return range(RACES if full_counts else max(5, RACES // 20))


def together(*acts: Callable[[], Any]) -> list[Any]:
    """What each act returned or the refusal that it met; all begin at one time."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            barrier.wait()
            return act()
        except Refused as refused:
            return refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def told(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.body
    return [one["result"] for one in answer.body["results"]]


def test_of_two_pushes_of_one_new_household_one_registers_it_and_the_other_waits(doors, races):
    for _ in races:
        item = pushed()
        pushes = [
            partial(push, door, item | {"group": group})
            for door, group in zip(doors, ("甲组", "乙组"), strict=True)
        ]
        answers = together(*pushes)
        assert sorted(one for answer in answers for one in told(answer)) == ["created", "queued"]
        household = Household.everywhere.get(number=item["number"])
        (waiting,) = Difference.objects.waiting().filter(household=household)
        assert (household.version, waiting.field) == (1, "group")


def test_batches_that_meet_in_opposite_order_are_both_served(doors, races):
    for _ in races:
        batch = [pushed() for _ in range(MANY)]
        answers = together(
            partial(push, doors[0], *batch), partial(push, doors[1], *reversed(batch))
        )
        results = {one for answer in answers for one in told(answer)}
        assert results == {"created", "unchanged"}, [answer.body for answer in answers]
        numbers = [one["number"] for one in batch]
        assert Household.everywhere.filter(number__in=numbers).count() == MANY
    assert Push.objects.count() == 2 * len(races)


def test_a_household_that_another_registers_between_look_up_and_judging_is_known(
    doors, monkeypatch
):
    item = pushed()
    late = [partial(push, doors[1], item)]

    def looked_up(*args: Any) -> Any:
        found = records_of(*args)
        if late:
            assert told(*together(late.pop())) == ["created"]
        return found

    monkeypatch.setattr("exchange.actions.pushing.records_of", looked_up)
    assert told(push(doors[0], item)) == ["unchanged"]


def lock_of(household: Household) -> str:
    """Whether another connection could change the household now: free or locked."""
    try:
        with transaction.atomic():
            Household.everywhere.select_for_update(nowait=True).get(pk=household.pk)
    except OperationalError:
        return "locked"
    return "free"


def test_a_push_locks_no_household_outside_of_its_posting(doors, monkeypatch):
    own, foreign = make.make_household(), make.make_household(make.OTHER_COUNTY_VILLAGE)
    locks = []

    def looked_up(*args: Any) -> Any:
        locks.extend(together(partial(lock_of, own), partial(lock_of, foreign)))
        return records_of(*args)

    monkeypatch.setattr("exchange.actions.pushing.records_of", looked_up)
    answer = push(doors[0], {"number": own.number}, {"number": foreign.number})
    assert locks == ["locked", "free"]
    assert told(answer) == ["unchanged", "rejected"]


def test_a_household_that_comes_into_the_posting_behind_the_lock_is_pushed_under_one(
    doors, monkeypatch
):
    household = make.make_household(make.OTHER_COUNTY_VILLAGE)

    def move() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '5s'")
            Household.everywhere.update(village=make.VILLAGE)

    late = [move]

    def looked_up(*args: Any) -> Any:
        if late:
            together(late.pop())
        else:
            assert together(partial(lock_of, household)) == ["locked"]
        return records_of(*args)

    monkeypatch.setattr("exchange.actions.pushing.records_of", looked_up)
    assert told(push(doors[0], {"number": household.number})) == ["unchanged"]


def test_of_two_pushes_of_one_person_one_is_told(doors, races):
    for _ in races:
        person = new_person()
        answers = together(
            *(partial(push, door, pushed(members=[person]), pushed()) for door in doors)
        )
        assert sorted(one for answer in answers for one in told(answer)) == [
            "created", "created", "created", "rejected",
        ]  # fmt: skip
        codes = {
            error["code"]
            for answer in answers
            for result in answer.body["results"]
            for error in result["errors"]
        }
        assert codes == {"active_elsewhere"}
    active = Member.objects.active().values_list("id_blind", flat=True)
    assert len(active) == len(set(active))


@pytest.mark.parametrize("dry", ["1", ""])
def test_pushes_at_one_time_are_told_of_no_more_persons_than_a_day_allows(
    doors, races, settings, dry
):
    settings.API_ELSEWHERE_A_DAY = 2
    home = make.make_household(make.OTHER_COUNTY_VILLAGE)
    for _ in races:
        Telling.objects.all().delete()
        people = [new_person() for _ in range(6)]
        for person in people:
            make.make_member(home, id_number=person["id_number"])
        asking = [partial(push, doors[0], pushed(members=[one]), dry=dry) for one in people]
        answers = together(*asking)
        statuses = [answer.status_code for answer in answers]
        assert sorted(statuses) == [200, 200, 409, 409, 409, 409], [one.body for one in answers]


def test_a_push_against_an_officers_edit_loses_neither(doors, races):
    official = make.make_officer(Role.VILLAGE_OFFICIAL, make.VILLAGE)
    for _ in races:
        item = pushed(group="一组")
        push(doors[0], item)
        household = Household.everywhere.get(number=item["number"])
        pushing = partial(push, doors[0], item | {"version": 1, "group": "二组"})
        answer, entering = together(pushing, partial(edited, household, official, group="三组"))
        household.refresh_from_db()
        waiting = Difference.objects.waiting().filter(household=household)
        if told(answer) == ["updated"]:
            assert household.group == ("二组" if isinstance(entering, Refused) else "三组")
        else:
            assert (told(answer), household.group) == (["queued"], "三组")
            assert [row.field for row in waiting] == ["group"]


def test_a_decision_against_a_new_push_decides_what_the_clerk_saw(doors, races):
    clerk = make.make_officer(Role.COUNTY_CLERK, make.COUNTY)
    for _ in races:
        item = pushed(group="一组")
        push(doors[0], item)
        push(doors[0], item | {"group": "二组"})
        household = Household.everywhere.get(number=item["number"])
        (row,) = Difference.objects.waiting().filter(household=household)
        deciding = partial(
            decide_differences, household, {row.pk: Choice.THEIRS}, version=1, by=clerk
        )
        written, answer = together(deciding, partial(push, doors[0], item | {"group": "三组"}))
        household.refresh_from_db()
        (waiting,) = Difference.objects.waiting().filter(household=household)
        assert told(answer) == ["queued"]
        assert household.group == ("一组" if isinstance(written, Refused) else "二组")
        assert waiting.pk != row.pk
