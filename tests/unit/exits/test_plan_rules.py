"""What stands out in a plan, and in how somebody decides."""

from datetime import UTC, datetime

import pytest

from exits.rules.plans import (
    FEWEST_DECISIONS,
    Habit,
    Mark,
    marks_of,
    seconds_a_case,
    was_raised,
)
from exits.rules.years import can_be_decided


@pytest.mark.parametrize(
    ("planned", "actual", "is_over", "is_village", "found"),
    [
        (None, 7, True, True, []),
        (10, 10, False, True, [Mark.EXACT]),
        (10, 10, True, False, []),
        (0, 0, True, True, []),
        (10, 11, False, True, [Mark.OVER]),
        (10, 9, False, True, []),
        (10, 9, True, False, [Mark.UNREACHED]),
    ],
)
def test_what_stands_out_in_a_plan(planned, actual, is_over, is_village, found):
    assert marks_of(planned, actual, is_over=is_over, is_village=is_village) == found


@pytest.mark.parametrize(
    ("decisions", "approved", "seconds", "found"),
    [
        (FEWEST_DECISIONS, FEWEST_DECISIONS, 19.9, True),
        (FEWEST_DECISIONS, FEWEST_DECISIONS, 20.0, False),
        (FEWEST_DECISIONS, FEWEST_DECISIONS - 1, 1.0, False),
        (FEWEST_DECISIONS - 1, FEWEST_DECISIONS - 1, 1.0, False),
        (FEWEST_DECISIONS, FEWEST_DECISIONS, 0.0, True),
    ],
)
def test_who_approves_all_and_fast_stands_out(decisions, approved, seconds, found):
    assert Habit(decisions, approved, 0, seconds).stands_out(fast_seconds=20) == found


def test_a_case_left_open_over_lunch_hides_no_haste():
    assert seconds_a_case([4.0, 5_000.0, 6.0]) == 6


def test_an_unseen_case_took_no_time():
    assert seconds_a_case([None, None, 90.0]) == 0
    assert seconds_a_case([None, 80.0, 90.0]) == 80
    assert seconds_a_case([]) == 0


@pytest.mark.parametrize(("year", "can"), [(2018, False), (2019, True), (2020, True)])
def test_exits_of_a_year_are_decided_until_the_end_of_the_next_one(year, can):
    assert can_be_decided(year, 2020) == can


@pytest.mark.parametrize(
    ("versions", "begun", "raised"),
    [
        ([(10, 3), (12, 8)], 5, True),
        ([(10, 3), (12, 4)], 5, False),
        ([(10, 3), (8, 8)], 5, False),
        ([(10, 3), (8, 7), (10, 8)], 5, False),
        ([(10, 3), (15, 8), (10, 9)], 5, True),
        ([(12, 8)], 5, False),
        ([(10, 3), (12, 8)], None, False),
        ([], 5, False),
    ],
)
def test_a_plan_that_grew_over_its_first_version_after_exits_was_raised(versions, begun, raised):
    def on(day):
        return datetime(2019, 11, day, tzinfo=UTC)

    approved = [(count, on(day)) for count, day in versions]
    assert was_raised(approved, begun and on(begun)) == raised
