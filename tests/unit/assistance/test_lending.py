"""Loans: what is owed, what is overdue, and the subsidy of the interest, by hand."""

from datetime import date
from decimal import Decimal

import pytest

from assistance.rules.lending import Credit, overdue_days, periods, subsidy, total
from teams.rules.terms import Span

DRAWN, DUE = date(2019, 1, 1), date(2020, 1, 1)


def credit(**fields) -> Credit:
    known = {
        "principal": Decimal(50000),
        "rate_percent": Decimal("4.35"),
        "subsidised_percent": 100,
        "drawn_on": DRAWN,
        "due_on": DUE,
    }
    return Credit(**known | fields)


def test_a_year_of_a_loan_bears_its_rate_once():
    assert subsidy(credit(), Span(DRAWN, DUE)) == Decimal("2175.00")


def test_the_day_on_which_a_loan_is_due_bears_nothing():
    assert subsidy(credit(), Span(DUE, date(2020, 12, 31))) == 0


def test_an_extension_bears_interest_until_its_end():
    extended = credit(extended_to=date(2020, 2, 1))
    assert subsidy(extended, Span(DUE, date(2020, 12, 31))) == Decimal("184.73")


def test_what_came_back_bears_nothing_from_that_day_on():
    half = credit(repaid=((date(2019, 7, 2), Decimal(25000)),))
    whole = Decimal(50000) * 182 + Decimal(25000) * 183
    expected = (whole * Decimal("4.35") / 36500).quantize(Decimal("0.01"))
    assert subsidy(half, Span(DRAWN, DUE)) == expected


def test_half_a_cent_is_rounded_up():
    tiny = credit(principal=Decimal("0.25"), rate_percent=Decimal(2), subsidised_percent=100)
    assert subsidy(tiny, Span(DRAWN, DUE)) == Decimal("0.01")


def test_a_part_of_the_interest_is_subsidised():
    assert subsidy(credit(subsidised_percent=50), Span(DRAWN, DUE)) == Decimal("1087.50")


def test_what_is_owed_above_50_000_bears_no_subsidy():
    large = credit(principal=Decimal(100_000))
    assert subsidy(large, Span(DRAWN, DUE)) == subsidy(credit(), Span(DRAWN, DUE))


def test_what_is_paid_back_lowers_the_unsubsidised_part_first():
    large = credit(principal=Decimal(100_000), repaid=((date(2019, 7, 2), Decimal(50_000)),))
    assert subsidy(large, Span(DRAWN, DUE)) == Decimal("2175.00")


def test_the_quarters_hold_each_day_once_and_end_when_it_is_repaid():
    found = periods(credit(repaid=((date(2019, 8, 10), Decimal(50000)),)))
    assert [(one.days.first, one.days.last) for one in found] == [
        (date(2019, 1, 1), date(2019, 3, 31)),
        (date(2019, 4, 1), date(2019, 6, 30)),
        (date(2019, 7, 1), date(2019, 8, 9)),
    ]
    assert total(periods(credit())) == Decimal("2175.00")


def test_a_loan_that_is_repaid_on_the_day_it_is_drawn_bears_nothing():
    assert periods(credit(repaid=((DRAWN, Decimal(50000)),))) == []


@pytest.mark.parametrize(
    ("fields", "today", "days"),
    [
        ({}, DUE, 0),
        ({}, date(2020, 1, 2), 1),
        ({"extended_to": date(2020, 6, 1)}, date(2020, 5, 1), 0),
        ({"extended_to": date(2020, 6, 1)}, date(2020, 6, 11), 10),
        ({"repaid": ((DUE, Decimal(50000)),)}, date(2020, 6, 1), 0),
    ],
)
def test_a_loan_is_overdue_from_the_day_after_it_is_due(fields, today, days):
    assert overdue_days(credit(**fields), today) == days
