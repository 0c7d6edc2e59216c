"""Days in the village at their borders: shares, months, positions, who approves an absence."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from teams.rules.presence import (
    COUNTED,
    AbsenceKind,
    Status,
    coarse,
    earliest_to_keep,
    month_span,
    needs_county,
    status_of,
    unaccounted,
)
from teams.rules.terms import Span

MONDAY = date(2020, 5, 4)


@pytest.mark.parametrize("kind", [AbsenceKind.ANNUAL, AbsenceKind.ILLNESS, AbsenceKind.PERSONAL])
def test_leave_longer_than_the_townships_days_is_for_the_county(kind):
    assert not needs_county(kind, 5, township_days=5)
    assert needs_county(kind, 6, township_days=5)
    assert status_of(kind) == Status.LEAVE


def test_an_absence_on_duty_is_never_for_the_county_and_counts():
    assert not needs_county(AbsenceKind.OFFICIAL, 60, township_days=5)
    assert status_of(AbsenceKind.OFFICIAL) == Status.OFFICIAL
    assert {Status.OFFICIAL, Status.IN_VILLAGE} == COUNTED


@pytest.mark.parametrize(
    ("latitude", "longitude", "kept"),
    [
        ("26.64753", "106.63019", "26.65,106.63"),
        ("26.645", "-0.001", "26.65,0.00"),
        ("26", "106.6", "26.00,106.60"),
    ],
)
def test_a_position_keeps_two_decimals(latitude, longitude, kept):
    assert coarse(Decimal(latitude), Decimal(longitude)) == kept


@pytest.mark.parametrize(
    ("day", "last"),
    [(date(2020, 2, 1), 29), (date(2019, 2, 28), 28), (date(2020, 12, 31), 31)],
)
def test_a_month_ends_on_its_last_day(day, last):
    span = month_span(day)
    assert span == Span(day.replace(day=1), day.replace(day=last))


def test_a_village_keeps_the_days_from_the_first_of_last_month_on():
    assert earliest_to_keep(date(2020, 1, 31)) == date(2019, 12, 1)


def test_only_working_days_of_service_without_a_record_are_unaccounted():
    days = [MONDAY + timedelta(days=number) for number in range(7)]
    known = {days[0]: Status.LEAVE}
    spans = [Span(MONDAY, days[6])]
    assert unaccounted(spans, known, first=MONDAY, last=days[6]) == days[1:5]
