"""Which side owns which field: what is written, what waits for the county, what it is told."""

import pytest

from exchange.models import Difference, DifferenceState
from households.models import Household, Member, Survey
from officers.rules import Role
from tests import factories as make
from tests.api.conftest import Door, issue, new_person
from tests.api.pushing import errors, one, push, pushed, say, year
from tests.web.exchange.differing import edited as enter

pytestmark = pytest.mark.django_db
OPEN, REFUSED, OVERWRITTEN, OUTDATED = (
    DifferenceState.OPEN,
    DifferenceState.REFUSED,
    DifferenceState.OVERWRITTEN,
    DifferenceState.OUTDATED,
)


@pytest.fixture
def known(door):
    """A household that the client pushed itself, at version 1."""
    item = pushed(group="一组", address="村东 3 号", phone="13900000001", surveys=[year()])
    push(door, item)
    return item


def owner(**groups: str) -> None:
    for group, value in groups.items():
        say(f"exchange.owner.{group}", value)


def edited(item: dict, **values: str) -> None:
    """Let an official of the village change the household."""
    official = make.make_officer(Role.VILLAGE_OFFICIAL, make.VILLAGE)
    household = Household.everywhere.get(number=item["number"])
    enter(household, official, **{"group": "一组", "address": "村东 3 号"} | values)


def waiting() -> list[tuple[str, str]]:
    rows = Difference.objects.waiting().order_by("pk")
    return [(row.field, row.state) for row in rows]


def test_what_is_shared_is_written_over_the_version_that_was_seen(door, known):
    answer = one(push(door, known | {"version": 1, "group": "二组"}))
    assert (answer["result"], answer["queued"]) == ("updated", [])
    assert Household.everywhere.get().group == "二组"


@pytest.mark.parametrize("version", [None, 0, 7])
def test_what_is_shared_waits_when_the_record_was_not_seen_as_it_stands(door, known, version):
    changed = {"group": "二组", "surveys": [year(food="0")], "version": version}
    answer = one(push(door, known | changed))
    assert (answer["result"], answer["version"]) == ("queued", 1)
    assert answer["queued"] == ["/group", "/surveys/0/food"]
    assert waiting() == [("group", OPEN), ("food", OPEN)]
    assert (Household.everywhere.get().group, Survey.objects.get().food) == ("一组", 1)


def test_somebody_new_and_a_new_year_replace_nothing(door, known):
    more = new_person(name="陈小山", relation="03")
    changed = {"members": [more], "surveys": [year(year=2018)]}
    answer = one(push(door, {"number": known["number"]} | changed))
    assert (answer["result"], answer["queued"]) == ("updated", [])
    assert (Member.objects.count(), Survey.objects.count()) == (2, 2)


def test_somebody_new_waits_when_an_older_version_was_seen(door, known):
    edited(known, group="三组")
    more = new_person(name="陈小山", relation="03")
    answer = one(push(door, {"number": known["number"], "version": 1, "members": [more]}))
    assert (answer["result"], answer["queued"]) == ("queued", ["/members/0"])
    push(door, {"number": known["number"], "version": 1, "members": [more | {"health": "02"}]})
    assert waiting() == [("join", OPEN)]


def test_what_belongs_here_waits_whatever_was_seen_and_the_rest_is_written(door, known):
    owner(incomes="here")
    changed = {"group": "二组", "surveys": [year(wage_income="8100.00", food="0")], "version": 1}
    answer = one(push(door, known | changed))
    assert (answer["result"], answer["version"]) == ("updated", 2)
    assert answer["queued"] == ["/surveys/0/wage_income"]
    survey = Survey.objects.in_force().get()
    assert (str(survey.wage_income), survey.food) == ("8000.00", 0)
    assert Household.everywhere.get().group == "二组"


def test_a_county_may_refuse_what_belongs_to_it(door, known):
    owner(household="here")
    say("exchange.differences", "refuse")
    answer = one(push(door, known | {"version": 1, "group": "二组"}))
    assert (answer["result"], answer["refused"], answer["queued"]) == ("refused", ["/group"], [])
    assert waiting() == [("group", REFUSED)]


def test_what_belongs_there_is_written_without_having_been_seen(door, known):
    owner(household="there")
    answer = one(push(door, known | {"group": "二组"}))
    assert (answer["result"], answer["overwritten"]) == ("updated", [])
    assert waiting() == []


def test_what_an_officer_changed_is_kept_when_it_is_written_over(door, known):
    owner(household="there")
    edited(known, group="三组")
    answer = one(push(door, known | {"group": "二组", "address": "村西 1 号"}))
    assert (answer["result"], answer["overwritten"]) == ("updated", ["/group"])
    assert Household.everywhere.get().group == "二组"
    assert waiting() == [("group", OVERWRITTEN)]
    push(door, known | {"group": "四组"})
    assert waiting() == [("group", OVERWRITTEN)]
    assert Household.everywhere.get().group == "四组"


def test_an_officers_change_is_not_told_of_when_it_was_seen(door, known):
    owner(household="there")
    edited(known, group="三组")
    answer = one(push(door, known | {"group": "二组", "version": 2}))
    assert (answer["result"], answer["overwritten"]) == ("updated", [])


def test_the_same_difference_waits_once_and_another_value_takes_its_place(door, known):
    push(door, known | {"group": "二组"})
    (first,) = Difference.objects.all()
    push(door, known | {"group": "二组"})
    assert Difference.objects.count() == 1
    push(door, known | {"group": "三组"})
    first.refresh_from_db()
    assert (first.state, waiting()) == (OUTDATED, [("group", OPEN)])


def test_a_difference_that_is_none_any_more_is_outdated(door, known):
    push(door, known | {"group": "二组", "phone": "13900000002"})
    push(door, {"number": known["number"], "address": "村东 3 号"})
    assert [field for field, _state in waiting()] == ["group", "phone"]
    push(door, known)
    assert waiting() == []


def test_each_system_has_its_own_differences(door, known):
    other = Door(issue(username="second").text)
    push(door, known | {"group": "二组"})
    push(other, known | {"group": "三组"})
    push(other, known | {"group": "三组"})
    assert waiting() == [("group", OPEN), ("group", OPEN)]


def test_a_value_that_the_rules_refuse_does_not_wait(door, known):
    answer = push(door, known | {"phone": "139"})
    assert errors(answer) == [("/phone", "phone")]
    assert waiting() == []


@pytest.mark.parametrize("word", ["shared", "there"])
def test_a_relocation_waits_whoever_owns_the_household_and_the_rest_is_written(door, known, word):
    owner(household=word)
    moved = {"village": make.NEXT_VILLAGE, "group": "二组", "version": 1}
    answer = one(push(door, known | moved))
    assert (answer["result"], answer["queued"], answer["errors"]) == ("updated", ["/village"], [])
    household = Household.everywhere.get()
    assert (household.village_id, household.group) == (make.VILLAGE, "二组")
    assert one(push(door, known | moved | {"version": 2}))["result"] == "queued"
    assert waiting() == [("village", OPEN)]


def test_a_relocation_that_was_carried_out_here_too_is_crossed_off(door, known):
    push(door, known | {"village": make.NEXT_VILLAGE})
    Household.everywhere.update(village=make.NEXT_VILLAGE)
    assert one(push(door, known | {"village": make.NEXT_VILLAGE}))["result"] == "unchanged"
    assert waiting() == []


def test_a_county_may_refuse_a_relocation_that_belongs_to_it(door, known):
    owner(household="here")
    say("exchange.differences", "refuse")
    answer = one(push(door, known | {"village": make.NEXT_VILLAGE, "version": 1}))
    assert (answer["result"], answer["refused"]) == ("refused", ["/village"])


def test_conditions_of_a_new_year_wait_with_its_figures(door, known):
    owner(incomes="here")
    changed = {"surveys": [{"year": 2018, "wage_income": "1.00", "toilet": True}]}
    answer = one(push(door, {"number": known["number"]} | changed))
    assert (answer["result"], answer["queued"]) == (
        "queued",
        ["/surveys/0/wage_income", "/surveys/0/toilet"],
    )


def test_both_sides_of_a_difference_are_sealed(door, known):
    push(
        door,
        known | {"phone": "13912345678", "members": [known["members"][0] | {"name": "周文海"}]},
    )
    for row in Difference.objects.all():
        for blob in (row.recorded_sealed, row.pushed_sealed):
            text = bytes(blob).decode("latin-1")
            assert "139" not in text
            assert "周" not in bytes(blob).decode("utf-8", "ignore")
