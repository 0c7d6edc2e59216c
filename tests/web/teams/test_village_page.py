"""The page of a village, of a person, and the calendar of a place."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from divisions.models import Division
from officers.rules import Role
from teams.actions.incentives import record_incentive
from teams.models import Candidacy
from teams.queries.calendar import calendar_of
from teams.rules.terms import Post, Span
from tests import factories as make
from trail.dates import business_date

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
DAY = timedelta(days=1)
KILOBYTE = 1024


def serve(village=make.VILLAGE, post=Post.FIRST_SECRETARY, cadre=None, **fields):
    today = business_date()
    fields.setdefault("starts_on", today - 300 * DAY)
    fields.setdefault("due_on", today + 100 * DAY)
    return make.make_term(cadre, village, post, **fields)


def village_page(client, query=""):
    return client.get(reverse("teams:village", args=[make.VILLAGE]) + query)


def person_page(client, cadre):
    return client.get(reverse("teams:person", args=[cadre.number]))


def drawing(text):
    return re.search(r'<svg[^>]*role="img".*?</svg>', text, re.DOTALL)[0]


def test_a_village_shows_its_team_of_a_day_and_what_is_over_then(cast, signed_in):
    past = serve(starts_on=date(2019, 1, 1), last_day=date(2019, 12, 31))
    now = serve(starts_on=date(2020, 1, 1))
    client = signed_in(cast.county_clerk)
    page = village_page(client).context["village"]
    assert [line.term.pk for line in page.team] == [now.pk]
    assert [line.term.pk for line in page.past] == [past.pk]
    then = village_page(client, "?on=2019-06-30").context["village"]
    assert [line.term.pk for line in then.team] == [past.pk]
    assert [line.term.pk for line in then.ahead] == [now.pk]


def test_a_place_whose_successor_is_on_record_changes_hands_no_more(cast, signed_in):
    today = business_date()
    now = serve(last_day=today + 10 * DAY)
    target = reverse("teams:change_hands", args=[now.pk])
    end = reverse("teams:term_end", args=[now.pk])
    client = signed_in(cast.county_clerk)
    assert target in village_page(client).text
    assert target in client.get(end).text
    serve(post=Post.MEMBER, starts_on=today + 11 * DAY)
    assert target in village_page(client).text
    serve(starts_on=today + 11 * DAY)
    assert target not in village_page(client).text
    assert target not in client.get(end).text


@pytest.mark.parametrize(
    ("part", "follows"),
    [
        ("county_clerk", True),
        ("first_secretary", True),
        ("auditor", True),
        ("helper", False),
        ("reader", False),
    ],
)
def test_a_village_shows_who_is_proposed_to_those_who_follow_it(
    cast, signed_in, household, part, follows
):
    make.make_team_village()
    client = signed_in(getattr(cast, part))
    assert ("Nobody is proposed" in village_page(client).text) is follows
    cadre = make.make_cadre(name="拟派甲")
    Candidacy.objects.create(
        case=make.make_case(household, "dispatch"),
        cadre=cadre,
        village_id=make.VILLAGE,
        post=Post.FIRST_SECRETARY,
        starts_on=business_date(),
        due_on=business_date() + 700 * DAY,
    )
    assert ("拟派甲" in village_page(client).text) is follows


def test_the_chart_of_a_village_hatches_its_days_without_first_secretary(cast, signed_in):
    make.make_team_village()
    serve(due_on=business_date() + 700 * DAY, starts_on=business_date() - 700 * DAY)
    client = signed_in(cast.county_clerk)
    assert 'stroke="url(#gap)"' not in drawing(village_page(client).text)
    serve(make.NEXT_VILLAGE)
    make.make_team_village(make.NEXT_VILLAGE)
    other = client.get(reverse("teams:village", args=[make.NEXT_VILLAGE]))
    assert 'stroke="url(#gap)"' in drawing(other.text)


def test_only_the_clerk_and_the_person_himself_are_led_to_the_handover(cast, signed_in):
    term = serve(cadre=make.make_cadre(account=cast.first_secretary))
    url = reverse("teams:hand_over", args=[term.pk])
    seen = {
        part: url in village_page(signed_in(getattr(cast, part))).text
        for part in ("first_secretary", "county_clerk", "village_official", "township_reviewer")
    }
    assert seen == {
        "first_secretary": True,
        "county_clerk": True,
        "village_official": False,
        "township_reviewer": False,
    }


def test_a_village_elsewhere_is_not_found(cast, signed_in):
    url = reverse("teams:village", args=[make.OTHER_COUNTY_VILLAGE])
    assert signed_in(cast.county_clerk).get(url).status_code == 404


def test_a_township_draws_a_row_for_each_village_within_fifteen_kilobytes(cast, signed_in):
    villages = Division.objects.filter(parent=make.TOWNSHIP)
    for village in villages:
        make.make_team_village(village.pk)
        for start in range(-1000, 1000, 100):
            first = business_date() + start * DAY
            serve(village.pk, starts_on=first, due_on=first + 90 * DAY, last_day=first + 80 * DAY)
    url = reverse("teams:calendar") + f"?division={make.TOWNSHIP}"
    page = signed_in(cast.county_clerk).get(url).text
    drawn = drawing(page)
    assert all(village.name in drawn for village in villages)
    assert len(drawn.encode()) <= 15 * KILOBYTE


def test_a_calendar_tells_the_days_without_in_its_table(cast, signed_in):
    make.make_team_village()
    term = serve(last_day=business_date() + 9 * DAY)
    found = calendar_of(Division.objects.get(pk=make.TOWNSHIP), business_date())
    (line,) = found.lines
    assert line.open[-1].first == term.last_day + DAY
    url = reverse("teams:calendar") + f"?division={make.TOWNSHIP}"
    page = signed_in(cast.county_clerk).get(url).text
    assert f"{line.open[-1].first:%Y-%m-%d}" in page


def test_a_county_is_drawn_by_the_share_of_covered_days(cast, signed_in):
    for village in (make.VILLAGE, make.NEXT_VILLAGE):
        make.make_team_village(village)
    serve(starts_on=date(2015, 1, 1), due_on=date(2040, 1, 1))
    found = calendar_of(Division.objects.get(pk=make.COUNTY), business_date())
    (line,) = found.lines
    assert (line.villages, line.past.percent, line.coming.percent) == (2, 50, 50)
    page = signed_in(cast.county_clerk).get(reverse("teams:calendar")).text
    assert "aria-describedby" in drawing(page)


def test_an_overdue_term_covers_until_today_and_not_beyond(cast):
    make.make_team_village()
    serve(due_on=business_date() - 50 * DAY)
    (line,) = calendar_of(Division.objects.get(pk=make.TOWNSHIP), business_date()).lines
    assert line.open[-1] == Span(business_date() + DAY, line.open[-1].last)


def test_a_person_has_his_terms_the_latest_first(cast, signed_in):
    cadre = make.make_cadre()
    past = serve(cadre=cadre, starts_on=date(2018, 1, 1), last_day=date(2018, 12, 31))
    now = serve(make.NEXT_VILLAGE, cadre=cadre)
    page = person_page(signed_in(cast.county_clerk), cadre)
    lines = page.context["person"]["terms"]["lines"]
    assert [term.pk for term, _handover, _runs in lines] == [now.pk, past.pk]


def test_a_person_tells_how_many_terms_lie_outside_the_posting(cast, signed_in):
    cadre = make.make_cadre()
    serve(cadre=cadre, starts_on=date(2018, 1, 1), last_day=date(2018, 12, 31))
    serve(make.OTHER_COUNTY_VILLAGE, cadre=cadre)
    page = person_page(signed_in(cast.county_clerk), cadre)
    assert "1 more term lies outside your posting" in page.text
    assert make.OTHER_COUNTY_VILLAGE not in page.text


def test_a_person_tells_of_households_and_days(cast, signed_in, household):
    term = serve()
    make.make_pairing(household, term.cadre)
    page = person_page(signed_in(cast.county_clerk), term.cadre).text
    assert "Helps 1 household today" in page
    assert "Days in the village in" in page


def test_incentives_are_for_the_field_alone(cast, signed_in):
    term = serve()
    record_incentive(
        term.cadre,
        kind="commendation",
        given_on=business_date(),
        text="县级优秀",
        by=cast.county_clerk,
    )
    assert "县级优秀" in person_page(signed_in(cast.township_reviewer), term.cadre).text
    assert "县级优秀" not in person_page(signed_in(cast.province_officer), term.cadre).text


def test_a_township_finds_those_who_serve_there_and_no_others(cast, signed_in):
    here, there = serve(), serve(make.OTHER_TOWNSHIP_VILLAGE)
    client = signed_in(cast.township_reviewer)
    assert person_page(client, here.cadre).status_code == 200
    assert person_page(client, there.cadre).status_code == 404


def test_an_account_administrator_reads_no_person(cast, signed_in):
    term = serve()
    admin = make.make_officer(Role.ACCOUNT_ADMIN)
    assert person_page(signed_in(admin), term.cadre).status_code == 403
