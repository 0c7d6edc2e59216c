"""Who may be sent to a village."""

from dataclasses import replace
from datetime import date

import pytest

from teams.rules.candidates import (
    EVERYBODY,
    NOBODY,
    SECRETARY,
    Candidate,
    Conditions,
    checks_of,
    years_between,
)
from teams.rules.terms import Post

ON = date(2020, 3, 1)
SOUND = Candidate(
    born=date(1985, 5, 20),
    party_member_since=date(2010, 7, 1),
    working_since=date(2008, 8, 1),
    is_healthy=True,
    has_unit=True,
)
POLICY = Conditions(working_years=2, oldest=60, party=SECRETARY)


def unmet(candidate: Candidate, post: Post, conditions: Conditions = POLICY) -> dict:
    checks = checks_of(candidate, post, on=ON, conditions=conditions)
    return {check.name: check.is_met for check in checks if not check.is_met}


def test_somebody_sound_meets_every_condition():
    assert unmet(SOUND, Post.FIRST_SECRETARY) == {}


@pytest.mark.parametrize(
    ("fact", "value", "name", "met"),
    [
        ("has_unit", False, "unit", False),
        ("is_healthy", False, "health", False),
        ("is_healthy", None, "health", None),
        ("working_since", date(2018, 3, 2), "work", False),
        ("working_since", None, "work", None),
        ("born", date(1960, 3, 1), "age", False),
        ("party_member_since", date(2020, 3, 2), "party", False),
        ("party_member_since", None, "party", False),
    ],
)
def test_each_condition_stands_alone(fact, value, name, met):
    assert unmet(replace(SOUND, **{fact: value}), Post.FIRST_SECRETARY) == {name: met}


def test_two_years_of_work_are_full_on_their_day():
    assert unmet(replace(SOUND, working_since=date(2018, 3, 1)), Post.FIRST_SECRETARY) == {}


def test_a_team_member_need_not_be_in_the_party():
    assert unmet(replace(SOUND, party_member_since=None), Post.MEMBER) == {}


def test_a_place_may_ask_the_whole_team_or_nobody():
    outside = replace(SOUND, party_member_since=None)
    assert unmet(outside, Post.MEMBER, replace(POLICY, party=EVERYBODY)) == {"party": False}
    assert unmet(outside, Post.FIRST_SECRETARY, replace(POLICY, party=NOBODY)) == {}


def test_a_year_from_29_february_is_full_on_1_march():
    assert years_between(date(2020, 2, 29), date(2021, 2, 28)) == 0
    assert years_between(date(2020, 2, 29), date(2021, 3, 1)) == 1
