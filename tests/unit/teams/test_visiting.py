from datetime import date, timedelta

import pytest

from teams.rules.visiting import (
    DAYS_BACK,
    Pace,
    Urgency,
    is_recordable,
    next_visit_on,
    urgency_of,
)

TODAY = date(2020, 3, 1)
PACE = Pace(soon=30, late=90)


@pytest.mark.parametrize(
    ("back", "recordable"), [(-1, False), (0, True), (DAYS_BACK, True), (DAYS_BACK + 1, False)]
)
def test_a_visit_is_recorded_neither_ahead_nor_long_after(back, recordable):
    assert is_recordable(TODAY - timedelta(days=back), TODAY) is recordable


@pytest.mark.parametrize(
    ("back", "urgency"),
    [(0, "fresh"), (30, "fresh"), (31, "due"), (90, "due"), (91, "overdue")],
)
def test_a_visit_is_due_and_overdue_after_as_many_days_as_the_policy_says(back, urgency):
    assert urgency_of(TODAY - timedelta(days=back), TODAY, PACE) == urgency


def test_who_was_never_visited_is_overdue_and_due_today():
    assert urgency_of(None, TODAY, PACE) == Urgency.OVERDUE
    assert next_visit_on(None, TODAY, PACE) == TODAY


def test_the_next_visit_is_due_on_the_first_day_that_is_due():
    last = date(2020, 1, 30)
    day = next_visit_on(last, TODAY, PACE)
    assert urgency_of(last, day, PACE) == Urgency.DUE
    assert urgency_of(last, day - timedelta(days=1), PACE) == Urgency.FRESH
