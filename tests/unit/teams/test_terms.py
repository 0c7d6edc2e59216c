"""Spans of days: who serves when, and where nobody does."""

from datetime import date

import pytest

from teams.rules.terms import (
    Lack,
    Post,
    Span,
    ends_soon,
    gaps,
    is_overdue,
    merged,
    team_lacks,
    year_span,
)

MARCH = Span(date(2020, 3, 1), date(2020, 3, 31))
APRIL = Span(date(2020, 4, 1), date(2020, 4, 30))
TODAY = date(2020, 6, 30)


def test_the_first_and_the_last_day_belong_to_a_span():
    assert [MARCH.holds(day) for day in (date(2020, 3, 1), date(2020, 3, 31))] == [True, True]
    assert not MARCH.holds(date(2020, 4, 1))


def test_spans_that_follow_each_other_share_no_day():
    assert not MARCH.meets(APRIL)
    assert MARCH.meets(Span(date(2020, 3, 31)))


def test_spans_that_touch_are_one():
    assert merged([APRIL, MARCH]) == [Span(date(2020, 3, 1), date(2020, 4, 30))]


def test_a_span_within_an_open_one_is_swallowed():
    assert merged([Span(date(2020, 1, 1)), MARCH]) == [Span(date(2020, 1, 1))]


def test_a_leap_year_has_366_days():
    assert year_span(2020).days == 366


def test_the_gaps_lie_before_between_and_after():
    window = Span(date(2020, 2, 28), date(2020, 5, 2))
    second = Span(date(2020, 4, 3), date(2020, 4, 30))
    assert gaps([MARCH, second], window) == [
        Span(date(2020, 2, 28), date(2020, 2, 29)),
        Span(date(2020, 4, 1), date(2020, 4, 2)),
        Span(date(2020, 5, 1), date(2020, 5, 2)),
    ]


def test_an_open_term_leaves_no_gap_after_it():
    assert gaps([Span(date(2020, 1, 1))], year_span(2020)) == []


def test_a_window_without_a_term_is_one_gap():
    assert gaps([], MARCH) == [MARCH]


def test_an_open_window_is_refused():
    with pytest.raises(ValueError, match="open window"):
        gaps([], Span(date(2020, 1, 1)))


@pytest.mark.parametrize(
    ("posts", "lacks"),
    [
        ([], [Lack.NO_TEAM]),
        ([Post.MEMBER], [Lack.NO_FIRST_SECRETARY, Lack.TOO_FEW]),
        ([Post.FIRST_SECRETARY, Post.MEMBER], [Lack.TOO_FEW]),
        ([Post.LEADER, Post.MEMBER, Post.MEMBER], [Lack.NO_FIRST_SECRETARY]),
        ([Post.FIRST_SECRETARY, Post.MEMBER, Post.MEMBER], []),
    ],
)
def test_a_team_lacks_its_first_secretary_or_people(posts, lacks):
    assert team_lacks(posts, fewest=3) == lacks


def test_a_term_is_overdue_from_the_day_after_its_planned_last():
    span = Span(date(2018, 7, 1))
    assert not is_overdue(span, TODAY, TODAY)
    assert is_overdue(span, date(2020, 6, 29), TODAY)


def test_a_term_that_ended_is_not_overdue():
    assert not is_overdue(Span(date(2018, 7, 1), date(2020, 5, 1)), date(2020, 4, 1), TODAY)


def test_a_term_ends_soon_within_the_days_to_its_earlier_end():
    span = Span(date(2018, 7, 1))
    assert ends_soon(span, date(2020, 8, 29), TODAY, days=60)
    assert not ends_soon(span, date(2020, 8, 30), TODAY, days=60)
    ended = Span(date(2018, 7, 1), date(2020, 7, 10))
    assert ends_soon(ended, date(2021, 1, 1), TODAY, days=60)
