"""Income items and what an account adds up to."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from households.entry.account import worked_out
from households.incomes import coefficient_of, items, summed, totals
from households.rules import MONEY
from workflow.parameters import COEFFICIENTS

WHOLE = {
    "wage_income": 2_080_000,
    "business_income": 960_000,
    "property_income": 180_000,
    "transfer_income": 629_600,
    "business_expense": 390_000,
}


def test_every_item_has_a_kind_of_the_register():
    assert {one.kind for one in items().values()} == set(MONEY)


def test_every_coefficient_is_a_policy_parameter():
    named = {one.coefficient for one in items().values()} - {""}
    assert named == set(COEFFICIENTS)


def test_the_national_codes_of_transfers_are_there():
    codes = {one.code for one in items().values()} - {""}
    assert codes == {"AAC076", "AAC077", "AAC083", "AAC086", "AAC087", "AAC078"}


def test_the_worked_example_of_the_field():
    found = totals(WHOLE, persons=4, line_fen=321_800)
    assert (found.gross, found.net, found.per_head) == (3_849_600, 3_459_600, 864_900)
    assert found.distance == 3_459_600 - 4 * 321_800


@pytest.mark.parametrize("kind", MONEY)
def test_an_unknown_kind_leaves_the_net_income_unknown(kind):
    found = totals(WHOLE | {kind: None}, persons=4, line_fen=321_800)
    assert (found.net, found.per_head, found.distance) == (None, None, None)


def test_without_people_nothing_is_shared():
    assert totals(WHOLE, persons=0, line_fen=1).per_head is None


def test_an_item_without_coefficient_counts_whole():
    assert coefficient_of("wage_near", {"maize": 49}) == 100
    assert coefficient_of("maize", {"maize": 49}) == 49


amounts = st.integers(0, 10**10)


@given(st.lists(st.tuples(st.sampled_from(MONEY), amounts), max_size=20))
def test_the_sums_of_the_kinds_are_the_sum_of_the_lines(lines):
    assert sum(summed(lines).values()) == sum(amount for _kind, amount in lines)


@given(st.decimals(0, 99999, places=2), st.integers(0, 10**7), st.integers(1, 100))
def test_an_amount_is_rounded_half_away_from_zero_to_the_fen(quantity, price, percent):
    exact = Decimal(quantity) * price * percent / 100
    assert worked_out(Decimal(quantity), price, percent) == exact.quantize(0, ROUND_HALF_UP)


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(1, 100))
def test_the_page_works_an_amount_out_like_the_server(hundredths, price, percent):
    in_the_page = (hundredths * price * percent + 5000) // 10_000
    assert worked_out(Decimal(hundredths) / 100, price, percent) == in_the_page
