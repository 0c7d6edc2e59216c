from datetime import date
from decimal import Decimal

import pytest

from trail.rules import canonical, digest


def test_the_order_of_facts_does_not_change_the_digest():
    assert digest({"a": 1, "b": "二"}) == digest({"b": "二", "a": 1})


def test_a_changed_fen_changes_the_digest():
    assert digest({"net": Decimal("1.00")}) != digest({"net": Decimal("1.01")})


def test_dates_and_money_have_one_written_form():
    assert (
        canonical({"on": date(2020, 1, 2), "x": Decimal("1.50")})
        == '{"on":"2020-01-02","x":"1.50"}'
    )


def test_a_value_without_a_canonical_form_is_refused():
    with pytest.raises(TypeError):
        digest({"x": object()})
