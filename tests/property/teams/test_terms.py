"""Dates of terms against a count day by day: gaps, overlaps, days on duty, coverage on any day."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from divisions.models import Division
from teams.models import TeamVillage, Term
from teams.queries.calendar import calendar_of
from teams.queries.coverage import teams_by_place
from teams.queries.gaps import Gap, gap_counts
from teams.queries.roster import ENDING, LACK_LABELS, OVERDUE, Wanted, roster_page
from teams.rules.calendar import expected, monthly_shares, months_around
from teams.rules.terms import (
    Post,
    Span,
    ends_soon,
    gaps,
    is_overdue,
    merged,
    team_lacks,
)
from tests import factories as make

FIRST = date(2019, 1, 1)
LENGTH = 900
WINDOW = Span(FIRST, FIRST + timedelta(days=LENGTH - 1))
DAYS = [FIRST + timedelta(days=number) for number in range(LENGTH)]
TODAY = date(2020, 3, 15)
VILLAGES = [make.VILLAGE, make.NEXT_VILLAGE, make.OTHER_TOWNSHIP_VILLAGE]
SLOW = {"deadline": None, "suppress_health_check": [*HealthCheck]}


@st.composite
def span_lists(draw, most=6):
    """Spans in and around the window, some open, in any order, overlapping as they like."""
    starts = draw(st.lists(st.integers(-100, LENGTH + 100), max_size=most))
    lengths = draw(
        st.lists(st.one_of(st.none(), st.integers(0, 400)), min_size=most, max_size=most)
    )
    return [
        Span(day, None if length is None else day + timedelta(days=length))
        for start, length in zip(starts, lengths, strict=False)
        for day in [FIRST + timedelta(days=start)]
    ]


def on_duty(spans, day):
    """By the words of the rule: from the first day to the last one, both counted."""
    return any(one.first <= day and (one.last is None or day <= one.last) for one in spans)


@settings(**SLOW)
@given(span_lists())
def test_gaps_are_the_days_on_which_nobody_serves(spans):
    found = [day for gap in gaps(spans, WINDOW) for day in DAYS if gap.holds(day)]
    assert found == [day for day in DAYS if not on_duty(spans, day)]


@settings(**SLOW)
@given(span_lists())
def test_no_two_gaps_touch(spans):
    found = gaps(spans, WINDOW)
    pairs = pairwise(found)
    assert all(before.last + timedelta(days=1) < after.first for before, after in pairs)


@settings(**SLOW)
@given(span_lists())
def test_merging_changes_no_day_and_leaves_nothing_that_touches(spans):
    whole = merged(spans)
    assert all(on_duty(whole, day) == on_duty(spans, day) for day in DAYS)
    pairs = pairwise(whole)
    assert all(before.last + timedelta(days=1) < after.first for before, after in pairs)


@settings(**SLOW)
@given(span_lists(most=2))
def test_two_spans_meet_when_they_share_a_day(spans):
    closed = [part for one in spans if (part := one.cut(WINDOW))]
    for one in closed:
        for other in closed:
            shared = any(one.holds(day) and other.holds(day) for day in DAYS)
            assert one.meets(other) == shared


@settings(**SLOW)
@given(st.lists(span_lists(), max_size=4))
def test_monthly_shares_are_counted_day_by_day(villages):
    months = months_around(TODAY)
    for month, share in zip(months, monthly_shares(villages, months), strict=True):
        days = [month.first + timedelta(days=number) for number in range(month.days)]
        covered = sum(on_duty(spans, day) for spans in villages for day in days)
        assert (share.covered, share.days) == (covered, len(villages) * len(days))


@settings(**SLOW)
@given(st.integers(-60, 60), st.integers(1, 60), st.one_of(st.none(), st.integers(0, 120)))
def test_what_is_expected_of_a_term_holds_today_as_the_term_does(start, planned, length):
    first = TODAY + timedelta(days=start)
    last = None if length is None else first + timedelta(days=length)
    span = Span(first, last)
    seen = expected(span, first + timedelta(days=planned), TODAY)
    assert seen.holds(TODAY) == span.holds(TODAY)
    assert seen.last is not None


@st.composite
def rosters(draw):
    """Terms of three villages that the database accepts: nobody twice, one first secretary."""
    rows = []
    for village in VILLAGES:
        day = FIRST + timedelta(days=draw(st.integers(0, 200)))
        for _ in range(draw(st.integers(0, 3))):
            last = day + timedelta(days=draw(st.integers(0, 300)))
            is_open = draw(st.booleans()) and draw(st.booleans())
            rows.append((village, Post.FIRST_SECRETARY, day, None if is_open else last))
            if is_open:
                break
            day = last + timedelta(days=draw(st.integers(1, 90)))
        for _ in range(draw(st.integers(0, 4))):
            first = FIRST + timedelta(days=draw(st.integers(0, LENGTH)))
            length = draw(st.one_of(st.none(), st.integers(0, 500)))
            last = None if length is None else first + timedelta(days=length)
            rows.append((village, draw(st.sampled_from([Post.LEADER, Post.MEMBER])), first, last))
    dues = st.lists(st.integers(1, 700), min_size=len(rows), max_size=len(rows))
    needed = draw(st.lists(st.booleans(), min_size=3, max_size=3))
    days = draw(st.lists(st.integers(0, LENGTH - 1), min_size=2, max_size=3, unique=True))
    return rows, draw(dues), needed, [DAYS[number] for number in days]


def save(rows, dues, needed):
    cadres = [make.make_cadre() for _ in rows]
    Term.everywhere.bulk_create(
        Term(
            cadre=cadre,
            village_id=village,
            post=post,
            starts_on=first,
            last_day=last,
            due_on=first + timedelta(days=due),
            end_reason="term" if last else "",
        )
        for cadre, (village, post, first, last), due in zip(cadres, rows, dues, strict=True)
    )
    TeamVillage.everywhere.bulk_create(
        TeamVillage(village_id=village, reason="poor", starts_on=FIRST)
        for village, wanted in zip(VILLAGES, needed, strict=True)
        if wanted
    )


def counted_by_hand(rows, dues, needed, day):
    """Required, led, full, people, and the lacks of each village, day by day from the rows."""
    required = led = full = people = 0
    lacks = {}
    for village, wanted in zip(VILLAGES, needed, strict=True):
        here = [
            (post, Span(first, last), first + timedelta(days=due))
            for (place, post, first, last), due in zip(rows, dues, strict=True)
            if place == village and on_duty([Span(first, last)], day)
        ]
        posts = [post for post, _span, _due in here]
        required += wanted
        led += wanted and Post.FIRST_SECRETARY in posts
        full += wanted and Post.FIRST_SECRETARY in posts and len(posts) >= 3
        people += len(posts)
        found = list(team_lacks(posts, fewest=3)) if wanted else []
        found += [ENDING] * any(ends_soon(span, due, day, days=60) for _p, span, due in here)
        found += [OVERDUE] * any(is_overdue(span, due, day) for _p, span, due in here)
        if posts or wanted:
            lacks[village] = found
    return (required, led, full, people), lacks


@pytest.mark.django_db
@settings(max_examples=25, **SLOW)
@given(rosters())
def test_coverage_and_roster_of_any_day_equal_a_count_by_hand(tree, drawn):
    rows, dues, needed, days = drawn
    with transaction.atomic():
        save(rows, dues, needed)
        for day in days:
            expected_counts, lacks = counted_by_hand(rows, dues, needed, day)
            (found,) = teams_by_place("97", day, digits=2, today=day).values() or [None]
            counts = (found.required, found.led, found.full, found.people) if found else (0,) * 4
            assert counts == expected_counts
            page = roster_page(Wanted("97", day), today=day)
            assert {row.village.pk: row.lacks for row in page.rows} == lacks
            assert page.counts == {
                lack: sum(lack in one for one in lacks.values()) for lack in LACK_LABELS
            }
            assert gap_counts("97", day)[Gap.VACANT] == expected_counts[0] - expected_counts[1]
        transaction.set_rollback(True)


@pytest.mark.django_db
@settings(max_examples=10, **SLOW)
@given(rosters())
def test_the_calendar_covers_the_days_that_a_count_by_hand_covers(tree, drawn):
    rows, dues, needed, _days = drawn
    with transaction.atomic():
        save(rows, dues, needed)
        calendar = calendar_of(Division.objects.get(pk=make.TOWNSHIP), TODAY)
        for line in calendar.lines:
            spans = [
                expected(Span(first, last), first + timedelta(days=due), TODAY)
                for (village, post, first, last), due in zip(rows, dues, strict=True)
                if village == line.division.pk and post == Post.FIRST_SECRETARY
            ]
            days = [
                calendar.window.first + timedelta(days=number)
                for number in range(calendar.window.days)
            ]
            covered = [on_duty(spans, day) for day in days]
            assert sum(one.covered for one in line.shares) == sum(covered)
            assert sum(gap.days for gap in line.open) == covered.count(False)
        transaction.set_rollback(True)
