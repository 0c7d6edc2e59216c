"""What a clerk decided does not wait again as long as both sides say the same as then."""

import pytest

from exchange.actions.differences import Choice, decide_differences
from exchange.models import Difference, DifferenceState
from households.models import Household
from officers.rules import Role
from tests import factories as make
from tests.api.conftest import Door, issue
from tests.api.pushing import one, push, pushed, say, year
from tests.web.exchange.differing import edited as enter

pytestmark = pytest.mark.django_db
OWN = {"group": "一组", "address": "村东 3 号"}
MORE = {"name": "陈小山", "relation": "03", "id_number": make.make_id_number()}


@pytest.fixture
def known(door):
    """A household that the client pushed itself, at version 1."""
    item = pushed(**OWN, phone="13900000001", surveys=[year()])
    push(door, item)
    return item


def edited(**values: str) -> None:
    """Let an official of the village change the household."""
    official = make.make_officer(Role.VILLAGE_OFFICIAL, make.VILLAGE)
    enter(Household.everywhere.get(), official, **OWN | values)


def decided(choice: Choice) -> None:
    """Let the clerk decide whatever waits."""
    clerk = make.make_officer(Role.COUNTY_CLERK, make.COUNTY)
    household = Household.everywhere.get()
    choices = {row.pk: choice for row in Difference.objects.waiting()}
    decide_differences(household, choices, version=household.version, by=clerk)


def waiting() -> list[tuple[str, str]]:
    return [(row.field, row.state) for row in Difference.objects.waiting().order_by("pk")]


@pytest.mark.parametrize("policy", ["queue", "refuse"])
@pytest.mark.parametrize(
    ("sent", "newer", "field"),
    [
        ({"group": "二组"}, {"group": "三组"}, "group"),
        ({"phone": "13900000002"}, {"phone": "13900000003"}, "phone"),
        ({"village": make.NEXT_VILLAGE}, {"village": make.OTHER_TOWNSHIP_VILLAGE}, "village"),
        (
            {"surveys": [year(wage_income="8100.00")]},
            {"surveys": [year(wage_income="8200.00")]},
            "wage_income",
        ),
        ({"members": [MORE]}, {"members": [MORE | {"health": "02"}]}, "join"),
    ],
)
def test_a_value_over_which_the_county_kept_its_own_waits_only_when_it_is_another(
    door, known, policy, sent, newer, field
):
    for group in ("household", "identity", "members", "incomes"):
        say(f"exchange.owner.{group}", "here")
    say("exchange.differences", policy)
    own = {"number": known["number"]}
    first = one(push(door, own | sent))
    decided(Choice.OURS)
    again = one(push(door, own | sent))
    assert (again["result"], again["queued"], again["refused"]) == ("unchanged", [], [])
    assert again["kept"] == first["queued"] + first["refused"]
    assert waiting() == []
    assert one(push(door, own | newer))["kept"] == []
    assert [name for name, _state in waiting()] == [field]


def test_a_value_waits_again_once_the_record_is_another(door, known):
    push(door, known | {"group": "二组"})
    decided(Choice.OURS)
    edited(group="三组")
    assert one(push(door, known | {"group": "二组"}))["queued"] == ["/group"]


def test_the_county_keeps_what_was_on_record_when_it_decided(door, known):
    push(door, known | {"group": "二组"})
    edited(group="三组")
    decided(Choice.OURS)
    assert one(push(door, known | {"group": "二组"}))["kept"] == ["/group"]


def test_a_value_waits_again_once_the_system_had_agreed(door, known):
    push(door, known | {"group": "二组"})
    decided(Choice.OURS)
    assert one(push(door, {"number": known["number"], "address": "村西 9 号"}))["kept"] == []
    assert one(push(door, known | {"group": "二组"}))["kept"] == ["/group"]
    push(door, known)
    assert one(push(door, known | {"group": "二组"}))["queued"] == ["/group"]


def test_a_newer_value_that_waits_is_crossed_off_by_one_that_was_decided(door, known):
    push(door, known | {"group": "二组"})
    decided(Choice.OURS)
    push(door, known | {"group": "三组"})
    assert waiting() == [("group", DifferenceState.OPEN)]
    push(door, known | {"group": "二组"})
    assert waiting() == []


def test_what_was_taken_back_is_written_over_by_another_value_alone(door, known):
    say("exchange.owner.household", "there")
    edited(group="三组")
    push(door, known | {"group": "二组"})
    decided(Choice.OURS)
    for address in ("村西 1 号", "村西 2 号"):
        answer = one(push(door, known | {"group": "二组", "address": address}))
        assert (answer["result"], answer["kept"]) == ("updated", ["/group"])
        assert Household.everywhere.get().group == "三组"
    push(door, known | {"group": "四组"})
    assert Household.everywhere.get().group == "四组"


def test_what_was_overwritten_since_stays_as_it_was(door, known):
    say("exchange.owner.household", "there")
    edited(group="三组")
    push(door, known | {"group": "二组"})
    decided(Choice.OURS)
    push(door, known | {"group": "四组"})
    (row,) = Difference.objects.waiting()
    edited(group="三组")
    assert one(push(door, known | {"group": "二组"}))["kept"] == ["/group"]
    assert [*Difference.objects.waiting()] == [row]


def test_who_may_write_a_value_and_saw_the_one_that_was_kept_writes_it(door, known):
    push(door, known | {"group": "二组"})
    decided(Choice.OURS)
    assert one(push(door, known | {"group": "二组", "version": 1}))["result"] == "updated"
    assert Household.everywhere.get().group == "二组"


def test_the_latest_decision_counts(door, known):
    push(door, known | {"group": "二组"})
    decided(Choice.OURS)
    edited(group="三组")
    push(door, known | {"group": "二组"})
    edited()
    decided(Choice.THEIRS)
    edited()
    assert one(push(door, known | {"group": "二组"}))["queued"] == ["/group"]


def test_what_one_system_was_denied_waits_for_another(door, known):
    push(door, known | {"group": "二组"})
    decided(Choice.OURS)
    other = Door(issue(username="second").text)
    assert one(push(other, known | {"group": "二组"}))["queued"] == ["/group"]
