from datetime import date

import pytest

from households.rules import EXPENSE, GUARANTEES, INCOMES
from reviews.quality import (
    GAP_KINDS,
    ISSUES,
    MUST_FIX,
    a_year_before,
    demanded_gaps,
    kinds_for,
    remedy_of,
)


@pytest.mark.parametrize(
    ("day", "before"),
    [
        (date(2020, 2, 29), date(2019, 2, 28)),
        (date(2021, 2, 28), date(2020, 2, 28)),
        (date(2020, 12, 31), date(2019, 12, 31)),
        (date(2020, 1, 30), date(2019, 1, 30)),
    ],
)
def test_a_year_before_is_the_same_day(day, before):
    assert a_year_before(day) == before


def test_a_figure_of_income_counts_whatever_the_standard_demands():
    assert demanded_gaps([]) == tuple(f"gap_{name}" for name in (*INCOMES, EXPENSE))


def test_only_the_guarantees_demanded_count():
    assert demanded_gaps(["housing", "water"])[-2:] == ("gap_housing", "gap_water")
    assert demanded_gaps(GUARANTEES) == tuple(GAP_KINDS)


def test_every_kind_of_a_list_says_what_clears_it():
    assert all(remedy_of(kind) for kind in kinds_for(tuple(GAP_KINDS)))


def test_a_doubt_that_may_be_right_holds_nothing_up():
    assert set(ISSUES) - set(MUST_FIX) == {"income_jump", "no_id", "copied"}
