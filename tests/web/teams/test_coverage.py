"""Coverage of a place on a day: villages with their teams, households with their helpers."""

import csv
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.urls import reverse

from divisions.models import Division
from households.actions.cases import change_state
from households.models import StateChange
from households.rules import State
from officers.rules import Role
from teams.models import Pairing, Rank
from teams.queries.coverage import coverage_of
from teams.rules.terms import Post
from tests import factories as make
from tests.unguarded import unguarded
from trail.dates import business_date
from workflow.models import PolicyParameter
from workflow.parameters import PAIRING_SUPPORT_YEARS

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def covered(officer, place=make.COUNTY, on=None):
    today = business_date()
    division = Division.objects.get(pk=place)
    return coverage_of(officer, division, on or today, today=today)


def teams(officer, **wanted):
    found = covered(officer, **wanted).total.teams
    return found.required, found.led, found.full, found.people


def helpers(officer, **wanted):
    found = covered(officer, **wanted).total.helpers
    return found.households, found.helped, found.helpers


def serve(village=make.VILLAGE, post=Post.MEMBER, **fields):
    return make.make_term(None, village, post, **{"starts_on": date(2019, 3, 1)} | fields)


def whole_team(village=make.VILLAGE, **fields):
    for post in (Post.FIRST_SECRETARY, Post.MEMBER, Post.MEMBER):
        serve(village, post, **fields)


def test_a_whole_team_has_three_people_one_of_them_the_first_secretary(cast):
    for village in (make.VILLAGE, make.NEXT_VILLAGE, make.OTHER_TOWNSHIP_VILLAGE):
        make.make_team_village(village)
    whole_team()
    serve(make.NEXT_VILLAGE, Post.FIRST_SECRETARY)
    for _ in range(3):
        serve(make.OTHER_TOWNSHIP_VILLAGE)
    assert teams(cast.county_clerk) == (3, 2, 1, 7)


def test_a_team_where_none_must_be_counts_as_people_alone(cast):
    whole_team()
    assert teams(cast.county_clerk) == (0, 0, 0, 3)


def test_a_village_counts_as_it_was_on_the_day(cast):
    make.make_team_village()
    whole_team(last_day=date(2019, 12, 31))
    assert teams(cast.county_clerk, on=date(2019, 12, 31))[:3] == (1, 1, 1)
    assert teams(cast.county_clerk, on=date(2020, 1, 1))[:3] == (1, 0, 0)


def test_households_on_the_register_and_in_support_must_have_a_helper(cast):
    year = business_date().year
    for state in (State.POOR, State.PLANNED_EXIT, State.RELAPSED, State.ORDINARY, State.CANCELLED):
        make.make_household(state=state)
    for exit_year in (year, year - 5, year - 6):
        make.make_household(state=State.EXITED, exit_year=exit_year)
    assert helpers(cast.county_clerk)[0] == 5


def test_the_county_says_how_long_a_household_is_supported(cast):
    PolicyParameter.objects.create(
        division_id=make.COUNTY, key=PAIRING_SUPPORT_YEARS, year=2015, value=7, source="t"
    )
    year = business_date().year
    make.make_household(state=State.EXITED, exit_year=year - 7)
    make.make_household(state=State.EXITED, exit_year=year - 8)
    assert helpers(cast.county_clerk)[0] == 1


def test_no_county_supports_for_fewer_years_than_the_nation(cast):
    PolicyParameter.objects.create(
        division_id=make.COUNTY, key=PAIRING_SUPPORT_YEARS, year=2015, value=1, source="t"
    )
    make.make_household(state=State.EXITED, exit_year=business_date().year - 5)
    assert helpers(cast.county_clerk)[0] == 1


def test_a_household_is_helped_while_its_pairing_runs(cast, household):
    make.make_pairing(household, starts_on=date(2020, 1, 1), last_day=date(2020, 6, 30))
    days = [date(2019, 12, 31), date(2020, 1, 1), date(2020, 6, 30), date(2020, 7, 1)]
    assert [helpers(cast.county_clerk, on=day)[1] for day in days] == [0, 1, 1, 0]


def test_a_past_day_asks_for_the_state_that_the_household_had(cast):
    household = make.make_household(state=State.POOR)
    case = make.make_case(household)
    today = business_date()
    with unguarded():
        change_state(
            household, State.EXITED, case=case, by=cast.county_approver, exit_year=today.year
        )
    StateChange.objects.get()
    PolicyParameter.objects.create(
        division_id=make.COUNTY, key=PAIRING_SUPPORT_YEARS, year=today.year, value=0, source="t"
    )
    ordinary = make.make_household(state=State.ORDINARY)
    change_state(ordinary, State.POOR, case=make.make_case(ordinary), by=cast.county_approver)
    assert helpers(cast.county_clerk)[0] == 2
    assert helpers(cast.county_clerk, on=today - DAY)[0] == 1


@pytest.mark.parametrize(("years", "due"), [(1, 1), (5, 1), (6, 0)])
def test_a_past_day_asks_for_the_exit_year_that_a_household_cleared_since_had(cast, years, due):
    today = business_date()
    household = make.make_household(state=State.EXITED, exit_year=today.year - years)
    case = make.make_case(household)
    change_state(household, State.CLEARED, case=case, by=cast.county_approver)
    yesterday = today - DAY
    PolicyParameter.objects.create(
        division_id=make.COUNTY, key=PAIRING_SUPPORT_YEARS, year=2015,
        value=5 - today.year + yesterday.year, source="t",
    )  # fmt: skip
    assert helpers(cast.county_clerk, on=yesterday)[0] == due
    assert helpers(cast.county_clerk)[0] == 0


def test_helpers_are_counted_by_rank_and_on_average(cast):
    leader = make.make_cadre(rank=Rank.COUNTY_LEADER)
    for _ in range(3):
        make.make_pairing(make.make_household(state=State.POOR), leader)
    make.make_pairing(make.make_household(state=State.POOR))
    total = covered(cast.county_clerk).total
    assert dict(total.ranks)[str(Rank.COUNTY_LEADER.label)] == 1
    assert (total.helpers.helpers, total.mean) == (2, Decimal("2.0"))


def test_a_helper_of_two_villages_counts_in_each_and_once_in_the_sum(cast):
    cadre = make.make_cadre()
    for village in (make.VILLAGE, make.NEXT_VILLAGE):
        make.make_pairing(make.make_household(village, state=State.POOR), cadre)
    found = covered(cast.county_clerk, make.TOWNSHIP)
    by_village = {row.division.pk: row.helpers.helpers for row in found.parts}
    assert (by_village[make.VILLAGE], by_village[make.NEXT_VILLAGE]) == (1, 1)
    assert found.total.helpers.helpers == 1


@pytest.mark.parametrize(
    ("place", "below"),
    [(make.PROVINCE, make.CITY), (make.CITY, make.COUNTY), (make.COUNTY, make.TOWNSHIP)],
)
def test_each_place_is_the_sum_of_those_below(cast, place, below):
    make.make_team_village()
    make.make_team_village(make.OTHER_COUNTY_VILLAGE)
    whole_team()
    found = covered(cast.province_officer, place)
    assert found.total.teams.required == sum(row.teams.required for row in found.parts)
    row = next(row for row in found.parts if row.division.pk == below)
    assert row.teams.full == 1


def test_a_role_without_names_does_not_see_how_few_households_lack_a_helper(cast):
    for _ in range(3):
        make.make_household(state=State.POOR)
    total = covered(cast.province_officer, make.COUNTY).total
    assert (total.households, total.helped_percent) == ("<5", None)
    assert covered(cast.county_clerk).total.households == "3"


def test_a_report_takes_the_same_queries_for_a_county_and_a_province(
    cast, django_assert_max_num_queries
):
    whole_team()
    for place in (make.COUNTY, make.PROVINCE):
        with django_assert_max_num_queries(7):
            covered(cast.province_officer, place)


def test_the_file_holds_the_rows_of_the_page(cast, signed_in, in_english):
    make.make_team_village()
    whole_team()
    url = reverse("teams:coverage_csv") + f"?division={make.TOWNSHIP}"
    answer = signed_in(cast.county_clerk).get(url)
    text = answer.content.decode("utf-8-sig")
    rows = {row["Code"]: row for row in csv.DictReader(StringIO(text))}
    assert rows[make.VILLAGE]["With a whole team"] == "1"
    assert rows[make.TOWNSHIP]["With a whole team, per cent"] == "100.0"


def test_the_file_comes_as_a_workbook_too(cast, signed_in):
    answer = signed_in(cast.county_clerk).get(reverse("teams:coverage_xlsx"))
    assert answer.content[:2] == b"PK"


def test_the_page_leads_from_the_province_to_the_village(cast, signed_in):
    make.make_team_village()
    client, url = signed_in(cast.province_officer), reverse("teams:coverage")
    for place, below in (
        (make.PROVINCE, make.CITY),
        (make.CITY, make.COUNTY),
        (make.COUNTY, make.TOWNSHIP),
    ):
        assert f"?division={below}" in client.get(f"{url}?division={place}").text
    page = client.get(f"{url}?division={make.TOWNSHIP}").text
    assert reverse("teams:village", args=[make.VILLAGE]) in page


def test_the_bars_are_described_by_the_table_beside_them(cast, signed_in):
    page = signed_in(cast.county_clerk).get(reverse("teams:coverage")).text
    assert 'role="img"' in page
    assert 'aria-describedby="coverage-caption"' in page
    assert 'id="coverage-caption"' in page


def test_a_place_outside_the_posting_is_not_found(cast, signed_in):
    url = reverse("teams:coverage") + f"?division={make.OTHER_COUNTY}"
    assert signed_in(cast.county_clerk).get(url).status_code == 404


def test_a_helper_role_reads_no_report_of_a_county(cast, signed_in):
    helper = make.make_officer(Role.HELPER, make.VILLAGE)
    url = reverse("teams:coverage") + f"?division={make.COUNTY}"
    assert signed_in(helper).get(url).status_code == 404
    assert not Pairing.everywhere.exists()
