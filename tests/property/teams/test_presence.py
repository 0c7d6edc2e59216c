"""The statement that adds up days agrees with a count by hand, whatever served and happened."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from officers.models import Officer
from teams.models import Cadre, Presence, Term
from teams.queries.presence import month_totals, year_totals
from teams.rules.presence import (
    COUNTED,
    Source,
    Status,
    earliest_to_keep,
    month_span,
    unaccounted,
)
from teams.rules.terms import EndReason, Post, Span, year_span
from tests import factories as make

pytestmark = pytest.mark.django_db

YEAR, YEAR_DAYS, MONTH_DAYS = 2020, 200, 20
FIRST = date(2019, 11, 1)
DAYS = st.integers(0, 500).map(lambda number: FIRST + timedelta(days=number))
SPANS = st.lists(st.tuples(DAYS, st.integers(0, 300) | st.none()), max_size=3)
KNOWN = st.dictionaries(DAYS, st.sampled_from(list(Status)), max_size=40)


@pytest.fixture
def clerk(tree) -> Officer:
    return make.make_officer()


def apart(drawn) -> list[Span]:
    """The drawn spans as terms of one person: those that meet an earlier one are left out."""
    spans: list[Span] = []
    for first, days in sorted(drawn, key=lambda one: one[0]):
        span = Span(first, None if days is None else first + timedelta(days=days))
        if not any(span.meets(other) for other in spans):
            spans.append(span)
    return spans


def written(cadre: Cadre, clerk: Officer, spans, known) -> None:
    """The terms, and the days whether or not one runs on them, as the tables hold them."""
    Presence.everywhere.all().delete()
    Term.everywhere.all().delete()
    terms = Term.everywhere.bulk_create(
        Term(
            cadre=cadre, village_id=make.VILLAGE, post=Post.MEMBER, starts_on=span.first,
            due_on=span.first + timedelta(days=730), last_day=span.last,
            end_reason=EndReason.TERM if span.last else "",
        )
        for span in spans
    )  # fmt: skip
    Presence.everywhere.bulk_create(
        Presence(
            term=terms[0], cadre=cadre, village_id=make.VILLAGE, day=day, status=status,
            source=Source.VILLAGE, recorded_by=clerk,
        )
        for day, status in (known.items() if terms else ())
    )  # fmt: skip


def within(spans, known, window: Span, today: date) -> dict[date, Status]:
    """The days that count at all, one by one."""
    return {
        day: status
        for day, status in known.items()
        if day <= today and window.holds(day) and any(span.holds(day) for span in spans)
    }


@settings(
    max_examples=100,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
)
@given(drawn=SPANS, known=KNOWN, today=DAYS)
def test_the_totals_of_a_year_and_a_month_equal_a_count_by_hand(clerk, drawn, known, today):
    cadre, spans = Cadre.everywhere.first() or make.make_cadre(), apart(drawn)
    written(cadre, clerk, spans, known)
    for window, totals, days in (
        (year_span(YEAR), year_totals([cadre.pk], YEAR, today), YEAR_DAYS),
        (month_span(today), month_totals([cadre.pk], today, today), MONTH_DAYS),
    ):
        served = [part for span in spans if (part := span.cut(window))]
        assert set(totals) == ({cadre.pk} if served else set())
        if not served:
            continue
        found, seen = totals[cadre.pk], within(spans, known, window, today)
        ordinals = range(window.first.toordinal(), window.last.toordinal() + 1)
        dates = [date.fromordinal(number) for number in ordinals]
        serving = [day for day in dates if any(span.holds(day) for span in spans)]
        passed = [day for day in serving if day <= today]
        blank = [day for day in passed if day.weekday() < 5 and day not in seen]
        assert found.counted == sum(status in COUNTED for status in seen.values())
        by_status = (found.in_village, found.official, found.leave, found.absent)
        assert by_status == tuple(list(seen.values()).count(status) for status in Status)
        assert found.served == len(serving)
        assert found.unaccounted == len(blank)
        assert found.wanted == -(-days * len(serving) // len(dates))
        assert found.due == -(-days * len(passed) // len(dates))
        last = min(window.last, today)
        if window.first <= last:
            assert blank == unaccounted(spans, known, first=window.first, last=last)


@given(day=st.dates(date(2014, 1, 1), date(2040, 12, 31)))
def test_a_month_holds_its_days_and_no_other(day):
    span = month_span(day)
    near = [day + timedelta(days=number) for number in range(-40, 41)]
    same = [one for one in near if (one.year, one.month) == (day.year, day.month)]
    assert (span.first, span.last) == (same[0], same[-1])


@given(today=st.dates(date(2014, 3, 1), date(2040, 12, 31)), back=st.integers(0, 100))
def test_a_village_keeps_this_month_and_the_last_one(today, back):
    day = today - timedelta(days=back)
    months = (today.year - day.year) * 12 + today.month - day.month
    assert (day >= earliest_to_keep(today)) == (months <= 1)
