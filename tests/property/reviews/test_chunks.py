from hypothesis import given
from hypothesis import strategies as st

from reviews.rules import cut

counts = st.lists(st.integers(0, 50), max_size=40).map(
    lambda sizes: [(f"{place:03d}", size) for place, size in enumerate(sizes, start=1)]
)


@given(counts, st.integers(1, 60))
def test_every_household_falls_into_exactly_one_range(places, most):
    ranges = cut(places, low="000", high="999", most=most)
    for code, _ in places:
        assert sum(one.low <= code < one.high for one in ranges) == 1
    assert sum(one.households for one in ranges) == sum(size for _, size in places)


@given(counts, st.integers(1, 60))
def test_only_a_place_too_big_by_itself_passes_the_limit(places, most):
    for one in cut(places, low="000", high="999", most=most):
        inside = [size for code, size in places if one.low <= code < one.high and size]
        assert one.households <= most or len(inside) == 1
