"""Which households must have a helper, and which were not visited for long."""

from datetime import date

import pytest

from households.rules import State
from teams.rules.helping import busiest, is_unvisited, needs_helper, spread
from teams.rules.terms import Span

TODAY = date(2020, 6, 30)


@pytest.mark.parametrize("state", [State.POOR, State.PLANNED_EXIT, State.RELAPSED])
def test_every_household_on_the_register_needs_a_helper(state):
    assert needs_helper(state, None, year=2020, support_years=0)


@pytest.mark.parametrize(("year", "needs"), [(2020, True), (2023, True), (2024, False)])
def test_an_exited_household_keeps_its_helper_to_the_end_of_the_support(year, needs):
    assert needs_helper(State.EXITED, 2020, year=year, support_years=3) is needs


@pytest.mark.parametrize("state", [State.ORDINARY, State.CLEARED, State.CANCELLED])
def test_no_other_household_needs_one(state):
    assert not needs_helper(state, 2020, year=2020, support_years=3)


def test_an_exit_of_an_unknown_year_wants_none():
    assert not needs_helper(State.EXITED, None, year=2020, support_years=3)


@pytest.mark.parametrize(
    ("last", "unvisited"), [(None, True), (date(2020, 5, 31), False), (date(2020, 5, 30), True)]
)
def test_a_household_is_unvisited_after_the_days(last, unvisited):
    assert is_unvisited(last, TODAY, days=30) is unvisited


def span(first: int, last: int | None = None) -> Span:
    """Days of June 2020."""
    return Span(date(2020, 6, first), date(2020, 6, last) if last else None)


@pytest.mark.parametrize(
    ("spans", "most"),
    [
        ([], 0),
        ([span(1, 9)], 0),
        ([span(1, 10)], 1),
        ([span(1), span(5, 12)], 2),
        ([span(1, 12), span(13)], 1),
        ([span(1, 12), span(12)], 2),
        ([span(1), span(20), span(25, 25)], 3),
    ],
)
def test_places_are_counted_on_the_busiest_day_from_the_tenth_on(spans, most):
    assert busiest(spans, date(2020, 6, 10)) == most


def test_households_go_to_whoever_has_the_most_free_places():
    assert spread(5, {"a": 1, "b": 3, "c": 2}) == ["b", "b", "c", "a", "b"]
    assert spread(0, {"a": 1}) == []


def test_nobody_takes_more_households_than_he_has_places():
    with pytest.raises(ValueError, match="too few places"):
        spread(3, {"a": 2, "b": -1})
