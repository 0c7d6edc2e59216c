"""A proposal adds up to the fen, whatever the sum and whoever has a part."""

from hypothesis import given
from hypothesis import strategies as st

from assistance.rules.distributing import Basis, Claim, Whom, divided, proposed_parts

claims = st.lists(
    st.builds(
        Claim,
        household=st.integers(1, 10_000),
        share_fen=st.integers(0, 10**9),
        persons=st.integers(0, 12),
        workers=st.integers(0, 6),
    ),
    max_size=60,
    unique_by=lambda one: one.household,
)
sums = st.integers(0, 10**14)


@given(sums, claims, st.sampled_from(Basis), st.sampled_from(Whom))
def test_the_parts_add_up_to_the_sum(sum_fen, people, basis, whom):
    parts = proposed_parts(sum_fen, people, basis, whom)
    assert sum(parts.values()) in ((sum_fen,) if parts else (0,))
    assert all(part > 0 for part in parts.values())
    assert set(parts) <= {one.household for one in people}


@given(sums, st.lists(st.integers(0, 10**9), min_size=1, max_size=60))
def test_no_part_is_a_fen_away_from_what_is_due(sum_fen, weights):
    parts = divided(sum_fen, list(enumerate(weights)))
    whole = sum(weights)
    for key, weight in enumerate(weights):
        if whole:
            assert abs(parts.get(key, 0) * whole - sum_fen * weight) < whole


@given(sums, claims.filter(bool))
def test_equal_parts_differ_by_one_fen_at_most(sum_fen, people):
    parts = proposed_parts(sum_fen, people, Basis.EQUAL)
    every = [parts.get(one.household, 0) for one in people]
    assert max(every) - min(every) <= 1
