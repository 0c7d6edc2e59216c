"""People of one household who share name and date of birth: none is lost, none is doubled.

Twins who have no name of their own yet are such people, as long as they have no ID number.
"""

from typing import Any

import pytest

from exchange.actions.differences import Choice, decide_differences
from exchange.models import Difference
from households.models import Household, Member
from tests import factories as make
from tests.api.conftest import new_person
from tests.api.pushing import errors, one, push, pushed, results, say

pytestmark = pytest.mark.django_db
TWIN = {
    "name": "陈小宝", "relation": "03", "no_id_reason": "1", "sex": "1",
    "birth_date": "2019-02-03",
}  # fmt: skip
GONE = {"end_reason": "01", "end_date": "2019-05-06"}
Row = dict[str, Any]


def numbers(count: int = 2) -> list[dict[str, str]]:
    return [{"person_number": f"T{next(make.serials):09d}"} for _ in range(count)]


@pytest.fixture
def head() -> Row:
    return new_person()


@pytest.fixture
def known(door, head) -> tuple[Row, str, str]:
    """A household with two such people, and their person numbers in order."""
    first, second = numbers()
    item = pushed(members=[head, TWIN | first | {"health": "01"}, TWIN | second | {"health": "02"}])
    answer = push(door, item)
    assert results(answer) == ["created"], answer.body
    return item, first["person_number"], second["person_number"]


def healths() -> list[tuple[str, str]]:
    found = Member.objects.filter(name=TWIN["name"]).order_by("person_number", "pk")
    return [*found.values_list("person_number", "health")]


def test_two_with_numbers_of_their_own_are_registered_as_two(door, known):
    item, first, second = known
    assert healths() == [(first, "01"), (second, "02")]
    assert one(push(door, item))["result"] == "unchanged"


def test_two_with_id_numbers_are_registered_as_two(door, head):
    pair = [make.make_id_number() for _ in range(2)]
    rows = [{"name": "陈小宝", "relation": "03", "id_number": number} for number in pair]
    assert results(push(door, pushed(members=[head, *rows]))) == ["created"]
    assert Member.objects.filter(name="陈小宝").count() == 2


def test_two_without_any_key_are_refused_with_the_way_to_mend_it(door, head):
    item = pushed(members=[head, TWIN, TWIN])
    answer = push(door, item)
    assert errors(answer) == [(f"/members/{n}/name", "same_name") for n in (1, 2)]
    assert "person number" in one(answer)["errors"][0]["detail"]
    mended = [TWIN | own for own in numbers()]
    assert results(push(door, item | {"members": [head, *mended]})) == ["created"]


@pytest.mark.parametrize("order", [1, -1])
def test_rows_without_a_key_meet_one_each_by_what_else_they_say(door, known, head, order):
    item, first, second = known
    rows = [TWIN | {"health": "01"}, TWIN | {"health": "02"}][::order]
    assert one(push(door, item | {"members": [head, *rows]}))["result"] == "unchanged"
    assert healths() == [(first, "01"), (second, "02")]


def test_a_change_of_one_leaves_the_other_as_he_is(door, known, head):
    item, first, second = known
    rows = [TWIN | {"health": "01"}, TWIN | {"health": "03"}]
    answer = one(push(door, item | {"version": 1, "members": [head, *rows]}))
    assert answer["result"] == "updated"
    assert healths() == [(first, "01"), (second, "03")]


def test_numbers_of_another_system_meet_one_each(door, known, head):
    item, first, second = known
    rows = [TWIN | own | {"health": health} for own, health in zip(numbers(), "12", strict=True)]
    rows = [row | {"health": f"0{row['health']}"} for row in rows]
    assert one(push(door, item | {"members": [head, *rows]}))["result"] == "unchanged"
    assert healths() == [(first, "01"), (second, "02")]


def test_one_row_for_two_is_refused_until_it_names_the_person(door, known, head):
    item, first, second = known
    row = TWIN | {"health": "04"}
    answer = push(door, item | {"version": 1, "members": [head, row]})
    assert errors(answer) == [("/members/1/person_number", "person_unclear")]
    named = row | {"person_number": second}
    assert results(push(door, item | {"version": 1, "members": [head, named]})) == ["updated"]
    assert healths() == [(first, "01"), (second, "04")]


def test_an_end_for_one_of_two_is_refused_until_it_names_the_person(door, known, head):
    item, first, _second = known
    answer = push(door, item | {"version": 1, "members": [head, TWIN | GONE]})
    assert errors(answer) == [("/members/1/person_number", "person_unclear")]
    named = TWIN | GONE | {"person_number": first}
    assert results(push(door, item | {"version": 1, "members": [head, named]})) == ["updated"]
    assert Member.objects.get(end_reason="01").person_number == first


def test_the_end_of_one_beside_the_other_ends_one(door, known, head):
    item, first, _second = known
    rows = [TWIN | GONE | {"health": "01"}, TWIN | {"health": "02"}]
    answer = push(door, item | {"version": 1, "members": [head, *rows]})
    assert results(answer) == ["updated"]
    ended = Member.objects.filter(name=TWIN["name"]).exclude(end_reason="")
    assert [one.person_number for one in ended] == [first]


@pytest.mark.parametrize("told", ["sex", "relation"])
def test_one_row_is_told_by_sex_or_relation(door, head, told):
    first, second = numbers()
    other = {"sex": "2", "relation": "99"}[told]
    item = pushed(members=[head, TWIN | first, TWIN | second | {told: other}])
    push(door, item)
    row = TWIN | {told: other, "health": "03"}
    assert results(push(door, item | {"version": 1, "members": [row]})) == ["updated"]
    assert (second["person_number"], "03") in healths()


@pytest.fixture
def alone(door, head) -> tuple[Row, str]:
    """A household with one such person, and his person number."""
    (own,) = numbers(1)
    item = pushed(members=[head, TWIN | own | {"health": "01"}])
    push(door, item)
    return item, own["person_number"]


@pytest.mark.parametrize("knows", [True, False])
@pytest.mark.parametrize("order", [1, -1])
def test_a_second_one_with_a_number_joins_beside_the_first(door, alone, head, order, knows):
    item, first = alone
    (own,) = numbers(1)
    known_row = TWIN | {"health": "01"} | ({"person_number": first} if knows else {})
    rows = [known_row, TWIN | own | {"health": "02"}][::order]
    assert results(push(door, item | {"members": [head, *rows]})) == ["updated"]
    assert healths() == [(first, "01"), (own["person_number"], "02")]
    assert one(push(door, item | {"members": [head, *rows]}))["result"] == "unchanged"


def test_a_second_one_joins_where_the_first_has_died(door, alone, head):
    item, first = alone
    rows = [TWIN | GONE | {"person_number": first, "health": "01"}]
    push(door, item | {"version": 1, "members": [head, *rows]})
    (own,) = numbers(1)
    answer = push(door, item | {"members": [head, *rows, TWIN | own | {"health": "02"}]})
    assert results(answer) == ["updated"], answer.body
    assert healths() == [(first, "01"), (own["person_number"], "02")]
    assert Member.objects.get(person_number=first).end_reason == "01"


def test_one_who_died_is_not_taken_for_the_other_who_is_here(door, alone, head):
    item, first = alone
    (own,) = numbers(1)
    rows = [TWIN | {"health": "01", "person_number": first}, TWIN | own | GONE | {"health": "02"}]
    answer = push(door, item | {"members": [head, *rows]})
    assert results(answer) == ["updated"], answer.body
    assert healths() == [(first, "01"), (own["person_number"], "02")]
    assert one(push(door, item | {"members": [head, *rows]}))["result"] == "unchanged"


@pytest.mark.parametrize("owner", ["shared", "here"])
def test_a_second_one_without_a_key_is_refused_until_he_has_one(door, alone, head, owner):
    item, first = alone
    say("exchange.owner.members", owner)
    answer = push(door, item | {"members": [head, TWIN | {"health": "01"}, TWIN]})
    assert errors(answer) == [("/members/2/name", "same_name")]
    assert healths() == [(first, "01")]
    assert not Difference.objects.exists()


def test_two_who_wait_are_two_differences_and_join_as_two(door, alone, head, cast):
    item, first = alone
    say("exchange.owner.members", "here")
    rows = [TWIN | own for own in numbers()]
    answer = one(push(door, item | {"members": [head, *item["members"][1:], *rows]}))
    assert answer["queued"] == ["/members/2", "/members/3"]
    household = Household.everywhere.get(number=item["number"])
    choices = {row.pk: Choice.THEIRS for row in Difference.objects.waiting()}
    decide_differences(household, choices, version=household.version, by=cast.county_clerk)
    assert [number for number, _health in healths()] == [
        first, *(row["person_number"] for row in rows)
    ]  # fmt: skip


@pytest.mark.parametrize("owner", ["shared", "here"])
@pytest.mark.parametrize("key", ["person_number", "id_number"])
def test_one_person_on_two_rows_is_refused_whoever_decides(door, alone, head, owner, key):
    item, first = alone
    say("exchange.owner.members", owner)
    value = first if key == "person_number" else make.make_id_number()
    rows = [TWIN | {key: value, "health": health} for health in ("02", "03")]
    if key == "id_number":
        rows = [
            {"name": "李四", "relation": "99", key: value, "health": one["health"]} for one in rows
        ]
    answer = push(door, item | {"version": 1, "members": [head, *rows]})
    assert errors(answer) == [(f"/members/2/{key}", "same_person")]
    assert healths() == [(first, "01")]


def test_one_row_twice_waits_for_nobody_even_without_a_date_of_birth(door, alone, head):
    item, _first = alone
    say("exchange.owner.members", "here")
    row = {"name": "李四", "relation": "99"}
    answer = push(door, item | {"version": 1, "members": [head, row, row]})
    assert errors(answer) == [("/members/2/name", "same_person")]


def test_the_one_who_comes_back_is_the_one_who_left(door, known, head, cast):
    item, first, second = known
    left = TWIN | GONE | {"health": "01", "person_number": first}
    push(door, item | {"version": 1, "members": [head, left]})
    here = {"end_reason": None, "end_date": None}
    rows = [
        TWIN | own | here | {"health": health}
        for own, health in zip(numbers(), ("01", "02"), strict=True)
    ]
    assert one(push(door, item | {"members": [head, *rows]}))["queued"] == ["/members/1"]
    household = Household.everywhere.get(number=item["number"])
    (row,) = Difference.objects.waiting()
    decide_differences(
        household, {row.pk: Choice.THEIRS}, version=household.version, by=cast.county_clerk
    )
    assert healths() == [(first, "01"), (first, "01"), (second, "02")]


def test_one_row_means_the_one_who_is_here(door, known, head):
    item, first, second = known
    left = TWIN | GONE | {"health": "01", "person_number": first}
    push(door, item | {"version": 1, "members": [head, left]})
    row = TWIN | {"health": "03"}
    assert results(push(door, item | {"version": 2, "members": [head, row]})) == ["updated"]
    assert healths() == [(first, "01"), (second, "03")]


def test_one_who_left_and_came_back_stays_one_without_a_key(door, alone, head):
    item, first = alone
    rows = [TWIN | GONE | {"health": "01"}, TWIN | {"health": "01"}]
    assert results(push(door, item | {"version": 1, "members": [head, *rows]})) == ["updated"]
    assert healths() == [(first, "01"), (first, "01")]
    assert one(push(door, item | {"members": [head, *rows]}))["result"] == "unchanged"
