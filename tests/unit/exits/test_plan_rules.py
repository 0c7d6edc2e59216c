"""What stands out in a plan, and in how somebody decides."""

import pytest

from exits.rules.plans import FEWEST_DECISIONS, Habit, Mark, marks_of, seconds_a_case


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
