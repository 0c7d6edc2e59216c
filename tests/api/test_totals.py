"""Totals by place: exact, up to date, and the same wherever the same is held."""

import json
from decimal import Decimal
from itertools import permutations

import pytest
from registry_client.digests import digest_of as digest_of_the_client

from divisions.scope import NATION
from exchange.digests import digest_of, sum_of
from exchange.models import DigestMark, HouseholdDigest
from exchange.queries.household_documents import household_documents
from households.models import Household
from households.rules import State
from officers.rules import Scope
from tests import factories as make
from tests.api.conftest import Door, issue


@pytest.fixture
def door(real_database: str) -> Door:
    """A county's client on a database of its own: only what is committed is counted."""
    make.plant_tree()
    return Door(issue(make.COUNTY, Scope.READ).text)


def rows(door: Door, division: str = make.COUNTY) -> dict[str, dict]:
    answer = door.get(f"sync/totals/?division={division}&year=2019")
    assert answer.status_code == 200
    return {row["code"]: row for row in answer.body["results"]}


def documents() -> dict[str, dict]:
    numbers = Household.everywhere.values_list("number", flat=True)
    found = household_documents([*numbers], within=NATION, masked=True)
    return {number: json.loads(one.text) for number, one in found.items()}


def test_what_the_totals_add_up_to(door):
    poor = make.make_household(state=State.POOR, persons=3)
    make.make_survey(poor, 2019, wage_income=Decimal("1200.50"))
    make.make_household(make.OTHER_TOWNSHIP_VILLAGE)
    found = rows(door)
    assert [*found] == [make.TOWNSHIP, make.OTHER_TOWNSHIP]
    row = found[make.TOWNSHIP]
    assert (row["households"], row["persons"], row["surveyed"]) == (1, 3, 1)
    assert (row["wage_income"], row["states"]) == ("1200.50", {"0": 1})


def test_of_a_township_its_villages_and_of_a_village_its_households(door):
    household = make.make_household()
    assert [*rows(door, make.TOWNSHIP)] == [make.VILLAGE]
    assert [*rows(door, make.VILLAGE)] == [household.number]


def test_the_hash_is_the_sum_of_the_digests_of_what_the_feed_tells(door):
    for _ in range(3):
        make.make_survey(make.make_household(persons=2), 2019)
    told = [digest_of_the_client(one) for one in documents().values()]
    assert rows(door)[make.TOWNSHIP]["hash"] == sum_of(told)


def test_a_digest_knows_no_version_and_no_sealed_number_and_no_order_of_people(door):
    make.make_household(persons=2)
    (document,) = documents().values()
    other = document | {"version": 99, "phone": "1", "members": document["members"][::-1]}
    assert digest_of(other) == digest_of(document)
    assert digest_of(document | {"group": "别组"}) != digest_of(document)


def test_somebody_who_came_back_stands_twice_in_whatever_order(door):
    household = make.make_household(persons=2)
    member = household.members.active().first()
    for end in ("2018-05-01", "2019-05-01"):
        make.make_member(
            household, person_number=member.person_number, end_reason="03", end_date=end
        )
    (document,) = documents().values()
    orders = [[*people] for people in permutations(document["members"])]
    found = [document | {"members": people} for people in orders]
    assert {digest_of(one) for one in found} == {digest_of(document)}
    assert {digest_of_the_client(one) for one in found} == {digest_of(document)}


def test_by_another_definition_of_the_digest_all_is_counted_anew(door, monkeypatch):
    make.make_household()
    before = rows(door)
    HouseholdDigest.everywhere.update(digest=0)
    assert rows(door) != before
    monkeypatch.setattr("exchange.digests.DEFINITION", 3)
    assert rows(door) == before


def test_each_change_is_in_the_next_answer(door):
    household = make.make_household()
    before = rows(door)[make.TOWNSHIP]["hash"]
    make.make_member(household, relation="02")
    after = rows(door)[make.TOWNSHIP]
    assert after["persons"] == 2
    assert after["hash"] != before
    Household.everywhere.filter(pk=household.pk).update(village=make.OTHER_TOWNSHIP_VILLAGE)
    assert [*rows(door)] == [make.OTHER_TOWNSHIP]
    Household.everywhere.filter(pk=household.pk).update(withdrawn_at="2020-01-01T00:00Z")
    assert rows(door) == {}


def test_more_than_one_answer_takes_in_is_told_to_wait(door, monkeypatch):
    for _ in range(3):
        make.make_household()
    monkeypatch.setattr("exchange.actions.digesting.AT_ONCE", 1)
    monkeypatch.setattr("exchange.api.totals.PARTS", 2)
    answers = [door.get(f"sync/totals/?division={make.COUNTY}") for _ in range(4)]
    assert (answers[0].status_code, answers[0].body["code"]) == (409, "still_counting")
    assert answers[0]["Retry-After"] == "5"
    assert answers[-1].status_code == 200
    assert answers[-1].body["results"][0]["households"] == 3


@pytest.mark.parametrize("restored", [{"epoch": "another"}, {"xid": 10**15}])
def test_after_a_restore_all_is_counted_anew(door, restored):
    household = make.make_household()
    before = rows(door)
    DigestMark.objects.update(**restored)
    HouseholdDigest.everywhere.update(digest=0)
    assert rows(door) == before
    Household.everywhere.filter(pk=household.pk).update(group="九组")
    assert rows(door) != before


def test_a_place_outside_the_posting_is_refused(door):
    answer = door.get(f"sync/totals/?division={make.OTHER_COUNTY}")
    assert (answer.status_code, answer.body["code"]) == (403, "outside_posting")


def test_there_is_one_mark(door):
    rows(door)
    assert DigestMark.objects.get().walked is None
