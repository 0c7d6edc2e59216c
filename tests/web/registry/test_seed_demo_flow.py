"""The made-up years of the demonstration reconcile: each register makes the next."""

import pytest
from django.db import transaction

from divisions.models import Division, Level
from households.models import Household
from officers.models import Officer
from registry.demo import seeding
from reviews.flow import Count
from reviews.queries.flow import flow_within

HOUSEHOLDS, YEARS = 500, tuple(range(2015, 2021))
LEVELS = (Level.PROVINCE, Level.COUNTY, Level.TOWNSHIP)

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def seeded(django_db_setup, django_db_blocker):
    """The households, once for the module, taken back at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        plan = seeding.plan_of(households=HOUSEHOLDS, years=YEARS, seed=2020)
        seeding.seed(plan, by=Officer.objects.get(username="operator"), said=lambda line: None)
        seeding.refresh_statistics()
        yield
        transaction.set_rollback(True)


def places() -> list[str]:
    """The divisions of LEVELS that hold households."""
    villages = set(Household.everywhere.values_list("village_id", flat=True))
    codes = Division.objects.filter(level__in=LEVELS).values_list("code", flat=True)
    return [code for code in codes if any(one.startswith(code) for one in villages)]


@pytest.mark.parametrize("year", YEARS)
def test_the_flow_has_no_difference_and_nothing_unexplained_at_any_level(year):
    for code in places():
        flow = flow_within(code, year)
        assert flow.difference == flow.lines["unexplained"] == Count(), code
        assert flow.is_explained


def test_each_close_is_the_next_opening():
    for code in places():
        flows = [flow_within(code, year) for year in YEARS]
        assert [one.closing for one in flows[:-1]] == [one.opening for one in flows[1:]], code


def test_the_province_is_the_sum_of_its_counties():
    counties = [code for code in places() if len(code) == 6]
    for year in YEARS:
        whole = flow_within("97", year)
        parts = [flow_within(code, year) for code in counties]
        assert sum((one.opening for one in parts), Count()) == whole.opening
        assert sum((one.closing for one in parts), Count()) == whole.closing


def test_every_year_the_register_loses_households_by_exit_until_the_last():
    exits = [flow_within("97", year).lines["exited"].households for year in YEARS[:-1]]
    assert all(number < 0 for number in exits)
