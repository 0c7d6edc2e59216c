"""The roster of a place on a day, and what it counts as missing."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from households.counting import recount
from officers.rules import Role
from teams.queries import roster
from teams.queries.roster import Wanted, roster_page
from teams.rules.terms import Lack, Post
from tests import factories as make
from trail.dates import business_date
from workflow.models import PolicyParameter
from workflow.parameters import TEAM_ADDED_VILLAGES, TEAM_ENDING_DAYS, TEAM_FEWEST

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def today(cast) -> date:
    return business_date()


def serve(village=make.VILLAGE, post=Post.MEMBER, **fields):
    today = business_date()
    fields.setdefault("starts_on", today - 100 * DAY)
    fields.setdefault("due_on", today + 400 * DAY)
    return make.make_term(None, village, post, **fields)


def rows(place=make.COUNTY, **wanted):
    today = business_date()
    page = roster_page(Wanted(place, wanted.pop("on", today), **wanted), today=today)
    return {row.village.pk: row for row in page.rows}


def lacks(village=make.VILLAGE, **wanted):
    return rows(**wanted)[village].lacks


def policy(key, value, division=make.COUNTY):
    PolicyParameter.objects.create(
        division_id=division, key=key, year=2015, value=value, version=1, source="t"
    )


def test_a_listed_village_without_anybody_has_no_team(today):
    make.make_team_village()
    assert lacks() == [Lack.NO_TEAM]


def test_a_team_without_first_secretary_and_too_small_lacks_both(today):
    make.make_team_village()
    serve()
    assert lacks() == [Lack.NO_FIRST_SECRETARY, Lack.TOO_FEW]


def test_a_team_of_three_with_a_first_secretary_lacks_nothing(today):
    make.make_team_village()
    for post in (Post.FIRST_SECRETARY, Post.MEMBER, Post.MEMBER):
        serve(post=post)
    assert lacks() == []


def test_the_county_says_how_many_a_team_has_at_least(today):
    make.make_team_village()
    policy(TEAM_FEWEST, 2)
    serve(post=Post.FIRST_SECRETARY)
    serve()
    assert lacks() == []


def test_a_village_off_the_list_stands_there_only_with_its_people(today):
    serve()
    assert not rows()[make.VILLAGE].is_needed
    assert lacks() == []


def test_the_roster_shows_the_day_that_is_asked_for(today):
    make.make_team_village()
    serve(post=Post.FIRST_SECRETARY, starts_on=date(2020, 1, 1), last_day=date(2020, 6, 30))
    first = serve(post=Post.FIRST_SECRETARY, starts_on=date(2020, 7, 1))
    before = rows(on=date(2020, 6, 30))[make.VILLAGE].first_secretary
    after = rows(on=date(2020, 7, 1))[make.VILLAGE].first_secretary
    assert (before.last_day, after.pk) == (date(2020, 6, 30), first.pk)


def test_a_term_ends_soon_within_the_days_of_its_county(today):
    policy(TEAM_ENDING_DAYS, 10)
    serve(due_on=today + 10 * DAY)
    serve(make.NEXT_VILLAGE, due_on=today + 11 * DAY)
    assert lacks() == [roster.ENDING]
    assert lacks(make.NEXT_VILLAGE) == []


def test_a_term_that_runs_after_its_planned_last_day_is_overdue(today):
    serve(due_on=today - DAY)
    assert lacks() == [roster.OVERDUE]


@pytest.mark.parametrize("lack", [*roster.LACK_LABELS])
def test_each_count_of_the_page_is_the_number_of_villages_that_its_rows_mark(today, lack):
    for village in (make.VILLAGE, make.NEXT_VILLAGE, make.OTHER_TOWNSHIP_VILLAGE):
        make.make_team_village(village)
    serve(post=Post.FIRST_SECRETARY, due_on=today + 5 * DAY)
    serve(make.NEXT_VILLAGE, due_on=today - 5 * DAY)
    whole = roster_page(Wanted(make.COUNTY, today), today=today)
    marked = sum(lack in row.lacks for row in whole.rows)
    assert whole.counts[lack] == marked == len(rows(lack=lack))


def test_a_county_may_add_every_village_with_households_on_the_register(today, household):
    policy(TEAM_ADDED_VILLAGES, "registered")
    make.make_household(make.NEXT_VILLAGE)
    assert [*rows(on=date(2020, 3, 3))] == [make.VILLAGE]


def test_today_is_answered_by_the_summary_of_the_register(today, household):
    policy(TEAM_ADDED_VILLAGES, "registered")
    assert rows() == {}
    recount(make.COUNTY)
    assert [*rows()] == [make.VILLAGE]


def test_a_unit_narrows_to_the_villages_that_it_serves(today):
    unit = make.make_unit(name="县水利局")
    serve(unit=unit)
    serve(make.NEXT_VILLAGE)
    assert [*rows(unit="水利")] == [make.VILLAGE]


def test_the_pages_turn_in_the_order_of_the_codes(today, monkeypatch):
    monkeypatch.setattr(roster, "PAGE_ROWS", 2)
    villages = [make.VILLAGE, make.NEXT_VILLAGE, make.OTHER_TOWNSHIP_VILLAGE]
    for village in villages:
        make.make_team_village(village)
    wanted = Wanted(make.COUNTY, today)
    first = roster_page(wanted, today=today)
    second = roster_page(wanted, today=today, after=first.following)
    back = roster_page(wanted, today=today, before=second.previous)
    pages = [[row.village.pk for row in page.rows] for page in (first, second, back)]
    assert pages == [villages[:2], villages[2:], villages[:2]]
    assert (first.previous, second.following, back.following) == ("", "", villages[1])


def test_a_page_takes_as_many_queries_for_three_villages_as_for_one(
    today, django_assert_num_queries
):
    for village in (make.VILLAGE, make.NEXT_VILLAGE, make.OTHER_TOWNSHIP_VILLAGE):
        make.make_team_village(village)
        serve(village, Post.FIRST_SECRETARY)
        serve(village)
    with django_assert_num_queries(5):
        rows()


def test_a_name_is_sought_by_post_and_stands_in_no_address(cast, signed_in):
    term = serve()
    serve(make.NEXT_VILLAGE)
    client = signed_in(cast.county_clerk)
    answer = client.post(reverse("teams:roster"), {"name": term.cadre.name})
    assert answer.status_code == 302
    assert term.cadre.name not in answer.url
    page = client.get(answer.url).context["page"]
    assert [row.village.pk for row in page.rows] == [make.VILLAGE]


def test_a_faulty_day_is_named_and_today_is_shown(cast, signed_in, in_english):
    answer = signed_in(cast.county_clerk).get(reverse("teams:roster") + "?on=1999-01-01")
    assert answer.status_code == 400
    assert "from 2014 on" in answer.text


def test_a_filter_keeps_the_day(cast, signed_in):
    make.make_team_village()
    page = signed_in(cast.county_clerk).get(reverse("teams:roster") + "?on=2020-06-30").text
    assert f"?division={make.TOWNSHIP}&amp;on=2020-06-30" in page
    assert "?on=2020-06-30&amp;lack=no_team" in page


@pytest.mark.parametrize("place", [make.OTHER_COUNTY, make.PROVINCE])
def test_a_place_outside_the_posting_is_not_found(cast, signed_in, place):
    url = reverse("teams:roster") + f"?division={place}"
    assert signed_in(cast.county_clerk).get(url).status_code == 404


def test_a_member_of_a_team_sees_his_village_alone(cast, signed_in):
    serve()
    serve(make.NEXT_VILLAGE)
    page = signed_in(cast.first_secretary).get(reverse("teams:roster")).context["page"]
    assert [row.village.pk for row in page.rows] == [make.VILLAGE]


def test_an_account_administrator_reads_no_roster(cast, signed_in):
    assert signed_in(cast.account_admin).get(reverse("teams:roster")).status_code == 403


def test_a_nation_is_not_listed_but_led_down(cast, signed_in):
    reader = make.make_officer(Role.READER, "0", home_id="97")
    page = signed_in(reader).get(reverse("teams:roster"))
    assert page.status_code == 200
    assert "?division=97" in page.text
