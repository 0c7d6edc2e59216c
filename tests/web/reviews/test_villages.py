"""The totals of a village tell the same after a first run, a refresh, and a count by hand."""

from collections import Counter
from decimal import Decimal

import pytest

from households.models import Household
from households.rules import State, fen
from reviews.actions.chunks import drive
from reviews.actions.proposing import propose_dry_run
from reviews.actions.refreshing import refresh
from reviews.models import Proposal, Review, ReviewVillage
from reviews.rules import band
from tests import factories as make
from tests.web.reviews.conftest import GOOD_INCOME, POOR_INCOME

pytestmark = pytest.mark.django_db

LINE = Decimal("3218.00")


def counted(review: Review) -> dict[str, tuple[dict, ...]]:
    """By village: households by kind, by state and kind, by state and band."""
    line, found = fen(review.standard.line), {}
    for one in Proposal.everywhere.in_force().filter(review=review):
        kinds, states, bands = found.setdefault(one.village_id, (Counter(), Counter(), Counter()))
        kinds[str(one.kind)] += 1
        states[f"{one.state}.{one.kind}"] += 1
        if one.net_fen is not None:
            bands[f"{one.state}.{band(one.net_fen, line * one.persons)}"] += 1
    return {village: tuple(dict(part) for part in parts) for village, parts in found.items()}


def kept(review: Review) -> dict[str, tuple[dict, ...]]:
    """What the rows of the villages say of the same."""
    rows = ReviewVillage.objects.filter(review=review).values_list(
        "village_id", "by_kind", "by_state", "bands"
    )
    return {village: tuple(parts) for village, *parts in rows}


@pytest.fixture
def mixed(household_of) -> None:
    near = [LINE - Decimal("0.01"), LINE, LINE * 2, LINE / 2, LINE / 2 - Decimal("0.01")]
    for wage in (*near, LINE * 3 / 2, LINE * Decimal("1.024"), GOOD_INCOME, POOR_INCOME):
        household_of(State.POOR, wage)
        household_of(State.EXITED, wage, village=make.OTHER_TOWNSHIP_VILLAGE)
    household_of(State.ORDINARY, None, village=make.NEXT_VILLAGE)
    household_of(State.EXITED, GOOD_INCOME, housing=None)
    make.make_household(state=State.RELAPSED)


def test_the_first_run_counts_villages_by_kind_state_and_band(mixed, proposed):
    review = proposed()
    assert kept(review) == counted(review)
    assert kept(review)[make.NEXT_VILLAGE][2] == {}


def test_a_refresh_counts_like_a_first_run(cast, county, mixed, household_of, proposed, resurvey):
    moved = household_of(State.POOR, POOR_INCOME)
    review = proposed()
    resurvey(moved, wage_income=LINE)
    resurvey(household_of(village=make.NEXT_VILLAGE), wage_income=LINE - 1)
    refresh(review.pk)
    fresh = propose_dry_run(root=county, year=2019, by=cast.county_clerk)
    drive(fresh.pk)
    assert kept(review) == counted(review) == kept(fresh)


def test_a_village_that_lost_all_counts_nothing(household_of, proposed):
    household = household_of()
    review = proposed()
    Proposal.everywhere.filter(review=review).update(village_id=make.NEXT_VILLAGE)
    Household.everywhere.filter(pk=household.pk).update(village_id=make.OTHER_TOWNSHIP_VILLAGE)
    refresh(review.pk)
    assert kept(review)[make.NEXT_VILLAGE] == ({}, {}, {})
