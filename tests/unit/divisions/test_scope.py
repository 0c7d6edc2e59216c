"""The row scope: whose rows an officer reaches, and that there is no other way."""

from datetime import timedelta

import pytest

from divisions.models import Division
from divisions.scope import NATION, ScopeError, reaches, require_within
from households.models import Household, ImportBatch
from officers.models import Officer
from officers.rules import Role
from reviews.models import Proposal, Review
from tests import factories as make
from trail.dates import business_date
from trail.errors import NotAllowed
from workflow.models import Case, Notice

pytestmark = pytest.mark.django_db
SCOPED = (Household, ImportBatch, Case, Notice, Review, Proposal)


def seen(officer: Officer) -> set[str]:
    return set(Household.objects.visible_to(officer).values_list("village_id", flat=True))


@pytest.fixture
def households(tree):
    villages = [make.VILLAGE, make.NEXT_VILLAGE, make.OTHER_TOWNSHIP_VILLAGE]
    for village in [*villages, make.OTHER_COUNTY_VILLAGE, make.OTHER_CITY_VILLAGE]:
        make.make_household(village)


@pytest.mark.parametrize("model", SCOPED)
@pytest.mark.parametrize(
    "ask",
    [
        lambda manager: manager.all(),
        lambda manager: manager.filter(pk=1),
        lambda manager: manager.get(pk=1),
        lambda manager: manager.count(),
        lambda manager: manager.exists(),
        lambda manager: manager.create(),
        lambda manager: manager.bulk_create([]),
        lambda manager: manager.values(),
        lambda manager: list(manager.iterator()),
        lambda manager: manager.raw("SELECT 1"),
    ],
)
def test_the_manager_of_edges_refuses_everything_but_visible_to(model, ask):
    with pytest.raises((ScopeError, AttributeError)):
        ask(model.objects)


@pytest.mark.parametrize(
    ("role", "division", "villages"),
    [
        (Role.VILLAGE_OFFICIAL, make.VILLAGE, 1),
        (Role.TOWNSHIP_REVIEWER, make.TOWNSHIP, 2),
        (Role.COUNTY_CLERK, make.COUNTY, 3),
        (Role.CITY_REVIEWER, make.CITY, 4),
        (Role.PROVINCE_OFFICER, make.PROVINCE, 5),
        (Role.READER, NATION, 5),
    ],
)
def test_an_officer_sees_the_rows_at_and_below_his_division(households, role, division, villages):
    found = seen(make.make_officer(role, division))
    assert len(found) == villages
    assert all(division == NATION or village.startswith(division) for village in found)


def test_a_stranger_sees_no_row_of_the_county(households, cast):
    assert seen(cast.stranger) == {make.OTHER_COUNTY_VILLAGE}


def test_nobody_without_a_posting_sees_a_row(households, cast):
    assert seen(cast.nobody) == set()


def test_an_ended_posting_opens_no_row(households):
    officer = make.make_officer()
    yesterday = business_date() - timedelta(days=1)
    make.make_posting(officer, Role.COUNTY_CLERK, ends_on=yesterday)
    assert seen(officer) == set()


def test_the_last_day_of_a_posting_counts(households):
    officer = make.make_officer()
    make.make_posting(officer, Role.COUNTY_CLERK, ends_on=business_date())
    assert len(seen(officer)) == 3


def test_a_posting_of_tomorrow_opens_no_row(households):
    officer = make.make_officer()
    make.make_posting(officer, Role.COUNTY_CLERK, starts_on=business_date() + timedelta(days=1))
    assert seen(officer) == set()


def test_a_deactivated_officer_sees_no_row(households, cast):
    Officer.objects.filter(pk=cast.county_clerk.pk).update(is_active=False)
    assert seen(Officer.objects.get(pk=cast.county_clerk.pk)) == set()


def test_only_the_acting_posting_counts(households):
    officer = make.make_officer(Role.READER, make.COUNTY)
    other = make.make_posting(officer, Role.READER, make.OTHER_COUNTY)
    assert len(seen(officer)) == 3
    assert seen(officer.act_as(other)) == {make.OTHER_COUNTY_VILLAGE}


def test_a_household_moved_to_another_village_leaves_the_scope(cast):
    household = make.make_household()
    assert seen(cast.village_official) == {make.VILLAGE}
    Household.everywhere.filter(pk=household.pk).update(village_id=make.OTHER_COUNTY_VILLAGE)
    assert seen(cast.village_official) == set()


def test_the_scope_is_a_range_on_the_own_column_without_a_join(cast):
    query = str(Household.objects.visible_to(cast.county_clerk).values("pk").query)
    assert '"village_code" >= 970123' in query
    assert '"village_code" < 970124' in query
    assert "JOIN" not in query
    assert "LIKE" not in query


@pytest.mark.parametrize("code", [make.COUNTY, make.TOWNSHIP, make.VILLAGE])
def test_writing_within_the_posting_is_allowed(cast, code):
    require_within(cast.county_clerk, code)


@pytest.mark.parametrize("code", [NATION, make.PROVINCE, make.CITY, make.OTHER_COUNTY, "9701"])
def test_writing_above_or_beside_the_posting_is_refused(cast, code):
    with pytest.raises(NotAllowed):
        require_within(cast.county_clerk, code)


def test_nobody_without_a_posting_reaches_the_nation(cast):
    assert not reaches(cast.nobody, NATION)


def test_the_tree_finds_what_lies_within(tree):
    assert Division.objects.within(make.COUNTY).count() == 1 + 2 + 10
    assert Division.objects.within(NATION).count() == 31
    assert [one.pk for one in Division.objects.all().below(make.CITY)] == ["970123", "970124"]
