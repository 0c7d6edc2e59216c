from fractions import Fraction
from math import floor

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from reviews.rules import HIGHEST_BAND, LOWEST_BAND, band

AMOUNTS = st.integers(-5_000_000_000_000, 5_000_000_000_000)
LINES = st.integers(1, 10**9)


def exact(net: int, needed: int) -> int:
    distance = Fraction(net - needed, needed)
    if distance < Fraction(-1, 2):
        return LOWEST_BAND
    if distance >= Fraction(1, 2):
        return HIGHEST_BAND
    return floor(distance / Fraction(25, 1000))


@given(AMOUNTS, LINES)
def test_a_band_is_that_of_the_exact_share(net, needed):
    assert band(net, needed) == exact(net, needed)


@given(LINES, st.integers(-25, 25), st.sampled_from([-1, 0, 1]))
def test_a_fen_at_the_edge_decides(needed, edge, step):
    net = needed + needed * edge // 40 + step
    assert band(net, needed) == exact(net, needed)


@given(st.lists(st.tuples(AMOUNTS, LINES), max_size=20))
def test_a_column_is_banded_like_each_of_its_numbers(pairs):
    nets = np.array([net for net, _ in pairs], dtype="int64")
    needed = np.array([line for _, line in pairs], dtype="int64")
    assert band(nets, needed).tolist() == [exact(net, line) for net, line in pairs]
