"""People who go from one household to another or come back: what batches make of them.

Documents tell each membership, those that are over too. In whatever order they come, both systems
end with the same.
"""

import json
from typing import Any

import pytest

from exchange.actions.differences import Choice, decide_differences
from exchange.digests import digest_of
from exchange.models import Difference, DifferenceState
from exchange.queries.household_documents import household_documents
from exchange.sides import joining
from households.models import Household, Member
from officers.rules import Role
from tests import factories as make
from tests.api.conftest import Door, new_person
from tests.api.pushing import errors, one, push, pushed, results, say, year
from trail.actions import record
from trail.models import Change

pytestmark = pytest.mark.django_db
FULL = {
    "health": "02", "labour": None, "work_place": None, "work_months": 3, "in_school": None,
    "education": None, "ethnicity": None, "medical_insurance": True, "allowance": True,
    "critical_illness_insurance": None, "pension_insurance": None, "out_of_school_reason": None,
    "no_id_reason": None,
}  # fmt: skip
LEFT = {"end_reason": "08", "end_date": "2019-05-06"}
EARLIER = {"end_reason": "03", "end_date": "2017-05-06"}
HERE = {"end_reason": None, "end_date": None}
Person = dict[str, Any]


def person(**values: Any) -> Person:
    """A membership as a document tells it."""
    number = f"P{next(make.serials):09d}"
    own = new_person()
    sex = "1" if int(own["id_number"][16]) % 2 else "2"
    return FULL | own | {"person_number": number, "sex": sex} | HERE | values


def wife(**values: Any) -> Person:
    return person(name="李秀英", relation="02", **values)


def document(number: str, *, masked: bool = True) -> Any:
    found = household_documents([number], within=make.COUNTY, masked=masked)
    return json.loads(found[number].text)


def memberships(who: Person) -> list[tuple[str, str]]:
    """Where a person is or was: household and reason of the end."""
    found = Member.objects.filter(person_number=who["person_number"]).order_by("pk")
    return [*found.values_list("household__number", "end_reason")]


def told(item: dict[str, Any]) -> int:
    """The digest of the people that an item tells."""
    return digest_of({"members": item["members"]})


def recorded(item: dict[str, Any]) -> int:
    """The digest of the people that are on record of its household."""
    members = document(item["number"])["members"]
    names = set(item["members"][0])
    kept = [{name: one[name] for name in names & set(one)} for one in members]
    return digest_of({"members": kept})


@pytest.fixture
def moved() -> tuple[dict, dict, Person]:
    """Two households as they are after somebody went from one to the other, and who it was."""
    head, mover = person(), wife()
    left = pushed(members=[head, mover | LEFT])
    joined = pushed(members=[mover | {"relation": "01"}])
    return left, joined, mover


def before(left: dict) -> dict:
    return left | {"members": [one | HERE for one in left["members"]]}


@pytest.mark.parametrize("order", [1, -1])
def test_a_first_load_takes_who_moved_in_one_batch(door, moved, order):
    left, joined, mover = moved
    answer = push(door, *[left, joined][::order])
    assert results(answer) == ["created", "created"], answer.body
    assert sorted(memberships(mover)) == [(left["number"], "08"), (joined["number"], "")]
    assert [recorded(one) for one in (left, joined)] == [told(one) for one in (left, joined)]
    assert results(push(door, left, joined)) == ["unchanged", "unchanged"]


@pytest.mark.parametrize("order", [1, -1])
def test_a_first_load_takes_who_moved_in_two_batches(door, moved, order):
    left, joined, mover = moved
    for item in [left, joined][::order]:
        assert results(push(door, item)) == ["created"]
    assert sorted(memberships(mover)) == [(left["number"], "08"), (joined["number"], "")]
    assert [recorded(one) for one in (left, joined)] == [told(one) for one in (left, joined)]


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("years", [(2018, 2019), (2019, 2018)])
def test_who_moves_is_free_to_join_in_the_same_batch(door, moved, order, years):
    left, joined, mover = moved
    push(door, before(left))
    surveys = [{"surveys": [year(year=when)]} for when in years]
    items = [left | surveys[0] | {"version": 1}, joined | surveys[1]]
    answer = push(door, *items[::order])
    assert results(answer) == ["updated", "created"][::order], answer.body
    assert memberships(mover) == [(left["number"], "08"), (joined["number"], "")]
    assert Household.everywhere.get(number=left["number"]).version == 2
    ends = Change.objects.filter(subject_kind="households.member", action="push")
    assert ends.count() == 1


def test_who_moves_joins_with_a_later_batch_when_the_end_comes_second(door, moved):
    left, joined, _mover = moved
    push(door, before(left))
    assert errors(push(door, joined)) == [("/members/0/person_number", "active_elsewhere")]
    assert results(push(door, left | {"version": 1})) == ["updated"]
    assert results(push(door, joined)) == ["created"]


def test_two_households_that_swap_people_are_both_written(door):
    heads, movers = [person(), person()], [wife(), wife() | {"name": "王秋月"}]
    homes = [pushed(members=[*pair]) for pair in zip(heads, movers, strict=True)]
    assert results(push(door, *homes)) == ["created", "created"]
    after = [
        home | {"version": 1, "members": [head, own | LEFT, other]}
        for home, head, own, other in zip(homes, heads, movers, movers[::-1], strict=True)
    ]
    assert results(push(door, *after)) == ["updated", "updated"]
    numbers = [home["number"] for home in homes]
    assert memberships(movers[0]) == [(numbers[0], "08"), (numbers[1], "")]


def test_an_end_counts_only_with_its_household(door, moved):
    left, joined, mover = moved
    push(door, before(left))
    answer = push(door, joined, left | {"version": 1, "phone": "139"}, pushed())
    assert results(answer) == ["rejected", "rejected", "created"]
    assert errors(answer, 0) == [("/members/0/person_number", "active_elsewhere")]
    assert memberships(mover) == [(left["number"], "")]


def test_an_end_that_waits_for_the_county_frees_nobody(door, moved):
    left, joined, mover = moved
    push(door, before(left))
    say("exchange.owner.members", "here")
    answer = push(door, left | {"version": 1}, joined)
    assert results(answer) == ["queued", "rejected"]
    assert memberships(mover) == [(left["number"], "")]


def test_a_person_who_is_here_in_two_households_is_still_shared(door):
    mover = wife()
    answer = push(
        door,
        pushed(members=[person(), mover]),
        pushed(members=[mover | {"relation": "01"}]),
        pushed(members=[person(), mover | LEFT]),
    )
    assert results(answer) == ["rejected"] * 3
    assert {code for n in range(3) for _at, code in errors(answer, n)} == {"shared"}


def test_an_end_and_a_person_of_another_number_are_still_shared(door):
    mover = wife()
    other = mover | {"person_number": f"P{next(make.serials):09d}", "relation": "01"}
    answer = push(door, pushed(members=[person(), mover | LEFT]), pushed(members=[other]))
    assert results(answer) == ["rejected", "rejected"]


@pytest.mark.parametrize("masked", [True, False])
@pytest.mark.parametrize("owner", ["shared", "there"])
def test_a_document_of_somebody_who_came_back_given_back_changes_nothing(door, masked, owner):
    say("exchange.owner.members", owner)
    household = make.make_household(persons=1)
    back = make.make_member(household, relation="02")
    for day in ("2018-05-06", "2019-05-06"):
        make.make_member(
            household, relation="02", person_number=back.person_number, name=back.name,
            end_reason="03", end_date=day,
        )  # fmt: skip
    found = document(household.number, masked=masked)
    assert len(found["members"]) == 4
    for version in (found["version"], None):
        assert one(push(door, found | {"version": version}))["result"] == "unchanged"
    assert not Difference.objects.exists()


@pytest.mark.parametrize("masked", [True, False])
def test_who_came_back_comes_back_at_the_other_system_too(door, masked):
    head, back = person(), wife()
    item = pushed(members=[head, back | EARLIER])
    assert results(push(door, item)) == ["created"]
    returned = item | {"members": [head, back | EARLIER, back]}
    hidden = ("id_number", "birth_date") if masked else ()
    members = [
        {name: value for name, value in each.items() if name not in hidden}
        for each in returned["members"]
    ]
    answer = one(push(door, returned | {"members": members}))
    assert (answer["result"], answer["warnings"]) == ("updated", [])
    assert memberships(back) == [(item["number"], "03"), (item["number"], "")]
    ids = Member.objects.filter(person_number=back["person_number"]).values_list("id_blind")
    assert len({*ids}) == 1
    assert recorded(returned) == told(returned)
    assert one(push(door, returned))["result"] == "unchanged"


def test_a_new_household_is_registered_with_who_came_back(door):
    head, back = person(), wife()
    item = pushed(members=[back | EARLIER, head, back, back | LEFT])
    assert results(push(door, item)) == ["created"]
    assert recorded(item) == told(item)
    assert one(push(door, item))["result"] == "unchanged"


def test_who_left_and_came_back_between_two_pushes_has_both_memberships(door):
    head, back = person(), wife()
    item = pushed(members=[head, back])
    push(door, item)
    returned = item | {"version": 1, "members": [head, back, back | EARLIER]}
    assert results(push(door, returned)) == ["updated"]
    assert recorded(returned) == told(returned)


def test_who_came_back_and_left_again_has_both_ends(door):
    head, back = person(), wife()
    item = pushed(members=[head, back | EARLIER, back])
    push(door, item)
    gone = item | {"version": 1, "members": [head, back | EARLIER, back | LEFT]}
    assert results(push(door, gone)) == ["updated"]
    assert recorded(gone) == told(gone)


@pytest.fixture
def gone(door: Door) -> tuple[dict, Person]:
    """A household as another system has it, and somebody who left it here meanwhile."""
    head, away = person(), wife()
    item = pushed(members=[head, away])
    push(door, item)
    member = Member.objects.get(person_number=away["person_number"])
    member.end_reason, member.end_date = "03", "2019-05-06"
    member.save()
    official = make.make_officer(Role.VILLAGE_OFFICIAL, make.VILLAGE)
    record(
        by=official, action="enter", subject=member, division=make.VILLAGE,
        before={"member_end_reason": ""}, after={"member_end_reason": "03"},
    )  # fmt: skip
    return item, away


@pytest.mark.parametrize("owner", ["shared", "there", "here"])
def test_who_left_here_waits_for_the_county_before_he_comes_back(door, gone, owner):
    say("exchange.owner.members", owner)
    item, away = gone
    answer = one(push(door, item))
    assert (answer["result"], answer["queued"]) == ("queued", ["/members/1"])
    assert memberships(away) == [(item["number"], "03")]
    (row,) = Difference.objects.all()
    assert (row.field, row.state, row.member.person_number) == (
        "return", DifferenceState.OPEN, away["person_number"],
    )  # fmt: skip
    push(door, item)
    assert Difference.objects.count() == 1


def test_who_left_here_comes_back_when_the_record_was_seen(door, gone):
    item, away = gone
    version = Household.everywhere.get(number=item["number"]).version
    assert results(push(door, item | {"version": version})) == ["updated"]
    assert memberships(away) == [(item["number"], "03"), (item["number"], "")]


def test_a_return_that_waits_is_crossed_off_when_the_end_is_told(door, gone):
    item, away = gone
    push(door, item)
    end = {"end_reason": "03", "end_date": "2019-05-06"}
    push(door, item | {"members": [item["members"][0], away | end]})
    assert not Difference.objects.waiting().exists()


def test_whoever_is_said_without_an_end_stays_away(door, gone):
    item, away = gone
    away = {name: value for name, value in away.items() if name not in HERE}
    answer = one(push(door, item | {"members": [away]}))
    assert (answer["result"], answer["queued"]) == ("unchanged", [])


def test_a_return_that_waits_is_not_written_by_what_is_pushed_after_it(door, gone):
    say("exchange.owner.members", "there")
    say("exchange.owner.household", "there")
    item, away = gone
    for address in ("村西 1 号", "村西 2 号"):
        answer = one(push(door, item | {"address": address}))
        assert (answer["result"], answer["queued"]) == ("updated", ["/members/1"])
        assert memberships(away) == [(item["number"], "03")]


@pytest.mark.parametrize(
    "said", [{"health": "03"}, {"end_date": "2018-05-06"}, {"allowance": False}, {"name": "李秀"}]
)
def test_what_is_said_of_a_membership_that_is_over_is_written_to_that_one(door, said):
    say("exchange.owner.members", "there")
    head, back = person(), wife()
    item = pushed(members=[head, back | EARLIER, back | LEFT, back])
    assert results(push(door, item)) == ["created"]
    changed = item | {"members": [head, back | EARLIER, back | LEFT | said, back]}
    assert results(push(door, changed)) == ["updated"]
    assert recorded(changed) == told(changed)
    assert one(push(door, changed))["result"] == "unchanged"


def test_the_clerk_takes_what_is_said_of_a_membership_that_is_over(door, cast):
    head, away = person(), wife()
    item = pushed(members=[head, away | LEFT])
    push(door, item)
    changed = item | {"members": [head, away | LEFT | {"health": "03"}]}
    assert one(push(door, changed))["queued"] == ["/members/1/health"]
    household = Household.everywhere.get(number=item["number"])
    (row,) = Difference.objects.waiting()
    decide_differences(
        household, {row.pk: Choice.THEIRS}, version=household.version, by=cast.county_clerk
    )
    assert recorded(changed) == told(changed)


def test_who_leaves_takes_along_all_that_is_said_of_him(door):
    say("exchange.owner.members", "there")
    head, away = person(), wife()
    item = pushed(members=[head, away])
    push(door, item)
    left = item | {"members": [head, away | LEFT | {"allowance": False, "health": "03"}]}
    assert results(push(door, left)) == ["updated"]
    assert recorded(left) == told(left)


@pytest.mark.parametrize("before", [HERE, EARLIER])
def test_who_would_have_joined_does_not_wait_any_more_once_he_left(door, before):
    say("exchange.owner.members", "here")
    head, brief = person(), wife()
    item = pushed(members=[head])
    push(door, item)
    push(door, item | {"members": [head, brief | before]})
    push(door, item | {"members": [head, brief | LEFT]})
    (row,) = Difference.objects.waiting()
    assert joining(row)["end_date"] == LEFT["end_date"]


@pytest.mark.parametrize("reason", ["11", "99", " 08", " ", "搬走"])
def test_an_end_that_is_not_listed_rejects_its_household_alone(door, reason):
    person = new_person() | {"end_reason": reason, "end_date": "2019-05-06"}
    answer = push(door, pushed(), pushed(members=[new_person(), person]), pushed())
    assert results(answer) == ["created", "rejected", "created"]
    assert errors(answer, 1) == [("/members/1/end_reason", "not_listed")]
