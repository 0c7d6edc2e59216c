"""The filter of the database and the band of the rules never disagree, at any edge."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from households.rules import fen
from reviews.models import Proposal
from reviews.queries.proposals import Wanted, proposals
from reviews.rules import HIGHEST_BAND, LINE_BANDS, LOWEST_BAND, band, band_range
from tests import factories as make

pytestmark = pytest.mark.django_db

BANDS = range(LOWEST_BAND, HIGHEST_BAND + 1)
EDGES = [
    (persons, edge, step)
    for persons in (1, 3, 7)
    for edge in (*BANDS, HIGHEST_BAND + 1)
    for step in (-1, 0, 1)
]


@pytest.fixture
def proposals_at(cast):
    """Makes a review with one proposal for each (persons, net income); returns it."""

    review = make.make_review()

    def made(nets: list[tuple[int, int | None]]):
        Proposal.everywhere.all().delete()
        Proposal.everywhere.bulk_create(
            Proposal(
                review=review, household_id=key, village_id=make.VILLAGE, state=0, kind=4,
                persons=persons, net_fen=net,
            )
            for key, (persons, net) in enumerate(nets, start=1)
        )  # fmt: skip
        return review

    return made


def listed(cast, review, low: int, high: int) -> set[int]:
    found = proposals(cast.county_clerk, review, Wanted(near=f"{low}:{high}"))
    return set(found.values_list("household_id", flat=True))


def test_each_band_holds_the_very_households_that_the_rule_puts_there(cast, proposals_at):
    line = fen(make.make_review(dry_run=True).standard.line)
    nets = [
        (persons, -(-line * persons * (LINE_BANDS + edge) // LINE_BANDS) + step)
        for persons, edge, step in EDGES
    ]
    review = proposals_at([*nets, (1, None), (1, -5_000_000), (1, 0), (1, 90_000_000_000)])
    rows = list(Proposal.everywhere.exclude(net_fen=None))
    placed = {one.household_id: band(one.net_fen, line * one.persons) for one in rows}
    assert set(placed.values()) == set(BANDS)
    for place in BANDS:
        expected = {key for key, found in placed.items() if found == place}
        assert listed(cast, review, place, place) == expected


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_any_range_holds_the_bands_within_it(cast, proposals_at, data):
    low = data.draw(st.integers(LOWEST_BAND, HIGHEST_BAND))
    high = data.draw(st.integers(low, HIGHEST_BAND))
    nets = data.draw(
        st.lists(
            st.tuples(st.integers(1, 20), st.integers(-(10**9), 10**10) | st.none()), max_size=20
        )
    )
    review = proposals_at(nets)
    line = fen(review.standard.line)
    expected = {
        key
        for key, (persons, net) in enumerate(nets, start=1)
        if net is not None and low <= band(net, line * persons) <= high
    }
    assert listed(cast, review, low, high) == expected


def is_refused(text: str) -> bool:
    try:
        band_range(text)
    except ValueError:
        return True
    return False


def test_what_is_no_range_of_bands_is_refused():
    faulty = ["", "0", "1:0", "-22:0", "0:21", "a:b", "0:0:0", " 0:0", "+0:0", "\u0660:\u0660"]
    assert [text for text in faulty if not is_refused(text)] == []
    assert band_range("-21:20") == (LOWEST_BAND, HIGHEST_BAND)
