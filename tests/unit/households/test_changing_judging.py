"""What a change is judged by, from values alone."""

from datetime import date
from typing import Any

import pytest

from households import codes
from households.changing.judging import HEAD, Fault, Person, Wanted, empties, judge
from households.changing.kinds import JOIN, KINDS, LEAVE, needs_county

TODAY = date(2020, 6, 30)
DAY = date(2020, 5, 4)
FAMILY = [
    Person(1, HEAD, date(1960, 1, 1)),
    Person(2, "02", date(1962, 1, 1)),
    Person(3, "03", date(2019, 8, 1)),
]


def wanted(kind: str, **entries: Any) -> Wanted:
    base = {"kind": kind, "happened_on": DAY, "reason": "自然变更", "proof": "证明"}
    return Wanted(**base | entries)


def at(faults: list[Fault]) -> list[str]:
    return [one.field for one in faults]


def judged(kind: str, **entries: Any) -> list[str]:
    return at(judge(wanted(kind, **entries), FAMILY, today=TODAY))


@pytest.mark.parametrize("kind", [one for one in KINDS.values() if one.code], ids=lambda k: k.name)
def test_every_reason_is_one_of_the_code_list(kind):
    field = "member_end_reason" if kind.group == LEAVE else "member_join_reason"
    assert kind.code in dict(codes.choices(field))


def test_no_two_kinds_of_a_group_give_one_reason():
    for group in (JOIN, LEAVE):
        given = [one.code for one in KINDS.values() if one.group == group]
        assert len(given) == len(set(given))


def test_a_death_of_the_spouse_has_no_fault():
    assert judged("death", goes=frozenset({2})) == []


def test_the_day_of_the_event_may_be_today_but_not_tomorrow():
    assert judged("death", goes=frozenset({2}), happened_on=TODAY) == []
    assert judged("death", goes=frozenset({2}), happened_on=date(2020, 7, 1)) == ["happened_on"]


def test_who_leaves_leaves_on_the_day_of_his_birth_at_the_earliest():
    assert judged("death", goes=frozenset({3}), happened_on=date(2019, 8, 1)) == []
    assert judged("death", goes=frozenset({3}), happened_on=date(2019, 7, 31)) == ["happened_on"]


def test_missing_counts_after_two_years_to_the_day():
    gone = frozenset({2})
    assert judged("missing", goes=gone, happened_on=date(2018, 6, 30)) == []
    assert judged("missing", goes=gone, happened_on=date(2018, 7, 1)) == ["happened_on"]


def test_a_head_who_leaves_is_followed_by_exactly_one():
    gone = frozenset({1})
    assert judged("death", goes=gone) == ["relations"]
    assert judged("death", goes=gone, relations={2: HEAD}) == []
    assert judged("death", goes=gone, relations={2: HEAD, 3: HEAD}) == ["relations"]


def test_a_split_needs_a_head_on_both_sides_and_somebody_who_stays():
    assert judged("split", goes=frozenset({2, 3}), relations={2: HEAD}) == []
    assert judged("split", goes=frozenset({2, 3})) == ["relations"]
    assert "goes" in judged("split", goes=frozenset({1, 2, 3}))


def test_only_an_empty_household_is_cancelled():
    assert judged("cancellation") == [""]
    assert judge(wanted("cancellation"), [], today=TODAY) == []


def test_the_last_who_leaves_empties_the_household_but_not_one_who_moves_elsewhere():
    assert empties(wanted("death", goes=frozenset({1})), FAMILY[:1])
    assert not empties(wanted("death", goes=frozenset({2})), FAMILY)


@pytest.mark.parametrize(
    ("kind", "there", "county"),
    [
        ("birth", "", False),
        ("transfer", "522301101201", False),
        ("transfer", "522301101202", True),
        ("merge", "522301102201", True),
        ("relocation", "522301101202", False),
        ("relocation", "522301102201", True),
    ],
)
def test_the_county_decides_what_crosses_a_border(kind, there, county):
    assert needs_county(KINDS[kind], here="522301101201", there=there) is county
