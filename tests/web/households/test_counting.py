"""The summary counts what the rows hold, and the register shows it where counting rows stops."""

import pytest

from households import queries
from households.counting import provinces, recount
from households.models import VillageCount
from households.queries import Wanted, counted, register_page
from households.rules import State
from tests import factories as make
from trail.dates import business_date

pytestmark = pytest.mark.django_db


@pytest.fixture
def villages(tree):
    """Two poor households of one and of three people, an exited one elsewhere."""
    make.make_household(make.VILLAGE, state=State.POOR)
    make.make_household(make.VILLAGE, state=State.POOR, persons=3)
    make.make_household(make.OTHER_COUNTY_VILLAGE, state=State.EXITED, exit_year=2018)


def sums(**wanted):
    rows = VillageCount.everywhere.filter(**wanted)
    return [(row.village_id, row.state, row.households, row.persons) for row in rows]


def test_a_recount_counts_households_and_active_members(villages):
    recount(make.PROVINCE)
    assert sums(village=make.VILLAGE) == [(make.VILLAGE, State.POOR, 2, 4)]


def test_a_recount_forgets_what_is_no_longer_so(villages):
    recount(make.PROVINCE)
    VillageCount.everywhere.filter(village=make.VILLAGE).update(state=State.CLEARED)
    recount(make.PROVINCE)
    assert sums(village=make.VILLAGE) == [(make.VILLAGE, State.POOR, 2, 4)]


def test_a_recount_of_a_county_leaves_the_others_alone(villages):
    recount(make.PROVINCE)
    before = VillageCount.everywhere.get(village=make.OTHER_COUNTY_VILLAGE).counted_at
    recount(make.COUNTY)
    assert VillageCount.everywhere.get(village=make.OTHER_COUNTY_VILLAGE).counted_at == before


def test_every_province_is_counted(tree):
    assert make.PROVINCE in provinces()


def test_an_officer_gets_the_counts_of_his_posting_alone(villages, cast):
    recount(make.PROVINCE)
    assert counted(cast.county_clerk, Wanted()).households == 2
    assert counted(cast.province_officer, Wanted()).households == 3


def test_the_summary_follows_the_filter(villages, cast):
    recount(make.PROVINCE)
    assert counted(cast.province_officer, Wanted(state=State.EXITED)).households == 1
    assert counted(cast.province_officer, Wanted(division=make.VILLAGE)).households == 2
    assert counted(cast.province_officer, Wanted(cause="02")) is None


def test_a_search_has_no_summary(villages, cast):
    recount(make.PROVINCE)
    assert counted(cast.county_clerk, Wanted(term="A1")) is None


def test_the_register_shows_the_summary_only_above_its_own_cap(villages, cast, monkeypatch):
    recount(make.PROVINCE)
    page = register_page(
        cast.county_clerk, Wanted(), today=business_date(), after=None, before=None
    )
    assert page.summary is None
    monkeypatch.setattr(queries, "COUNT_CAP", 1)
    page = register_page(
        cast.county_clerk, Wanted(), today=business_date(), after=None, before=None
    )
    assert page.summary.households == 2


def test_the_list_tells_when_it_was_counted(villages, cast, signed_in, monkeypatch, in_english):
    recount(make.PROVINCE)
    monkeypatch.setattr(queries, "COUNT_CAP", 1)
    response = signed_in(cast.county_clerk).get("/households/")
    assert "2 households, counted" in response.text
