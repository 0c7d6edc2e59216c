"""What changed for one household, and how shares and costs are rounded."""

from decimal import Decimal

import pytest

from assistance.rules.effect import (
    Change,
    Facts,
    compared,
    cost_each,
    effect_between,
    share,
)
from households.rules import MONEY


def facts(year: int, persons: int = 2, *, guarantees=None, **money) -> Facts:
    """A survey with every amount known: nothing unless said."""
    return Facts(year, persons, dict.fromkeys(MONEY, 0) | money, guarantees or {})


def test_incomes_are_told_a_person_by_kind_and_in_all():
    before = facts(2019, wage_income=100_000, business_income=50_000, business_expense=20_000)
    after = facts(2021, persons=4, wage_income=400_000, transfer_income=100_001)
    found = effect_between(before, after)
    assert found.kinds["wage_income"] == Change(50_000, 100_000)
    assert found.kinds["business_income"] == Change(15_000, 0)
    assert found.kinds["transfer_income"] == Change(0, 25_000)
    assert found.net == Change(65_000, 125_000)
    assert found.net.difference == 60_000


def test_an_unknown_amount_leaves_its_kind_and_the_whole_unknown():
    before = facts(2019)
    after = Facts(2020, 2, {"wage_income": 100}, {})
    found = effect_between(before, after)
    assert found.kinds["wage_income"] == Change(0, 50)
    assert found.kinds["business_income"].difference is None
    assert found.net == Change(0, None)


def test_a_guarantee_is_mended_where_it_was_not_met_and_is():
    before = facts(2019, guarantees={"water": 0, "housing": 1, "medical": 0})
    after = facts(2020, guarantees={"water": 1, "housing": 0, "medical": 9})
    found = effect_between(before, after)
    assert (found.mended, found.lost) == (("water",), ("housing",))


def test_the_year_before_is_compared_with_the_latest_since():
    surveys = [facts(year) for year in (2018, 2019, 2020, 2021)]
    before, after = compared(surveys, 2020) or pytest.fail("nothing is compared")
    assert (before.year, after.year) == (2019, 2021)


@pytest.mark.parametrize("years", [(2018, 2020), (2019,), (2018, 2019), ()])
def test_without_the_year_before_or_one_since_nothing_is_compared(years):
    assert compared([facts(year) for year in years], 2020) is None


def test_a_share_of_nothing_is_none_and_a_half_is_rounded_up():
    assert share(1, 0) is None
    assert share(1, 2000) == Decimal("0.1")


def test_a_cost_is_exact_to_the_fen():
    assert cost_each(Decimal("100.00"), 3) == Decimal("33.33")
    assert cost_each(Decimal("0.03"), 2) == Decimal("0.02")
    assert cost_each(Decimal(5), 0) is None
