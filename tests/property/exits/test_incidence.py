"""The incidence in whole numbers against fractions."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from exits.rules.shares import is_below, percent, percent_beside

PEOPLE = st.integers(0, 10**7)
LIMIT = st.integers(1, 10_000)


@given(part=PEOPLE, whole=st.integers(1, 10**7), limit=LIMIT)
def test_below_is_what_fractions_say(part, whole, limit):
    assert is_below(part, whole, limit_bp=limit) == (
        Fraction(part, whole) < Fraction(limit, 10_000)
    )


@given(whole=st.integers(1, 10**4), limit=LIMIT)
def test_the_limit_itself_is_never_below(whole, limit):
    assert not is_below(limit * whole, 10_000 * whole, limit_bp=limit)


@given(part=PEOPLE, whole=st.integers(1, 10**7))
def test_a_share_is_written_within_half_of_the_last_place(part, whole):
    value = Fraction(part, whole)
    written = Fraction(percent(value).removesuffix(" %").replace(",", "")) / 100
    assert abs(written - value) <= Fraction(1, 20_000)


@given(part=PEOPLE, whole=st.integers(1, 10**7), limit=LIMIT)
def test_what_is_written_lies_on_the_same_side_of_the_limit(part, whole, limit):
    value, bound = Fraction(part, whole), Fraction(limit, 10_000)
    text = percent_beside(value, limit_bp=limit).removesuffix(" %").replace(",", "")
    written = Fraction(text) / 100
    assert (written < bound, written == bound) == (value < bound, value == bound)
