"""Somebody whose record another county took over: who still reads and mends what he did before."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from divisions.models import Division
from teams.actions.cadres import reveal_cadre_phone
from teams.models import Cadre, Presence, Term
from teams.models.units import PHONE_FIELD
from teams.rules.presence import Source, Status
from teams.rules.terms import Post
from tests import factories as make
from tests.web.teams.present import on_record
from tests.web.teams.sent import proposed, step
from trail.dates import business_date
from trail.errors import NotAllowed
from trail.models import Change
from trail.sealing import seal

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
DAY = timedelta(days=1)
PHONE = "13900000007"
FIELD = ("village_official", "township_reviewer", "county_clerk", "county_approver")


@pytest.fixture
def gone(cast) -> Cadre:
    """Somebody who served in VILLAGE long ago and serves in the other county, which keeps him."""
    cadre = make.make_cadre(make.OTHER_COUNTY, name="调离者")
    cadre.phone_sealed = seal(PHONE, field=PHONE_FIELD, row=cadre.uuid)
    cadre.save()
    before = {"starts_on": date(2018, 1, 1), "last_day": date(2018, 12, 31)}
    make.make_term(cadre, make.VILLAGE, **before)
    make.make_term(cadre, make.OTHER_COUNTY_VILLAGE, Post.MEMBER, starts_on=date(2019, 3, 1))
    return cadre


def pages(cadre: Cadre) -> list[str]:
    return [
        reverse("teams:person", args=[cadre.number]),
        reverse("teams:cadre", args=[cadre.number]),
        reverse("teams:helper", args=[cadre.number]),
        reverse("teams:presence_person", args=[cadre.number]),
        reverse("pages:print_month", args=[cadre.number, "2018-05"]),
    ]


@pytest.mark.parametrize("part", FIELD)
def test_the_place_where_he_served_keeps_reading_his_history(cast, signed_in, gone, part):
    client = signed_in(getattr(cast, part))
    assert [client.get(page).status_code for page in pages(gone)] == [200] * 5


@pytest.mark.parametrize("part", ["city_reviewer", "province_officer"])
def test_the_offices_above_both_read_it_once(cast, signed_in, gone, part):
    found = signed_in(getattr(cast, part)).get(reverse("teams:cadres")).context["page"]
    assert [row.cadre for row in found.rows] == [gone]


def test_a_household_that_he_helped_keeps_him_in_sight_too(cast, signed_in, household):
    cadre = make.make_cadre(make.OTHER_COUNTY)
    page = reverse("teams:person", args=[cadre.number])
    client = signed_in(cast.county_clerk)
    assert client.get(page).status_code == 404
    make.make_pairing(household, cadre, last_day=date(2019, 12, 31))
    assert client.get(page).status_code == 200


def test_a_dispatch_shows_somebody_while_it_is_under_way_alone(cast, signed_in):
    cadre = make.make_cadre()
    case = proposed(cast.township_reviewer, cadre)
    client, page = signed_in(cast.township_reviewer), reverse("teams:person", args=[cadre.number])
    assert client.get(page).status_code == 200
    step(case, "withdraw", cast.township_reviewer, note="本人不愿意")
    assert client.get(page).status_code == 404


def test_where_he_serves_elsewhere_is_not_said(cast, signed_in, gone):
    Division.objects.filter(pk=make.OTHER_COUNTY_VILLAGE).update(name="远处村")
    make.make_pairing(make.make_household(make.OTHER_COUNTY_VILLAGE), gone)
    client = signed_in(cast.county_clerk)
    (row,) = client.get(reverse("teams:cadres")).context["page"].rows
    assert (row.cadre, row.village, row.households) == (gone, "", 1)
    for page in pages(gone):
        assert "远处村" not in client.get(page).text


def test_the_county_withdraws_an_absence_that_was_found_while_he_served_there(
    cast, signed_in, gone
):
    term, day = gone.terms.earliest("starts_on"), date(2018, 5, 7)
    on_record(term, day, Status.ABSENT, Source.INSPECTION)
    page = reverse("teams:withdraw_day", args=[gone.number, day])
    client = signed_in(cast.county_approver)
    assert page in client.get(pages(gone)[3], {"month": "2018-05"}).text
    assert client.post(page, {"reason": "查明属公务外出"}).status_code == 302
    assert not Presence.everywhere.exists()


def test_the_other_county_does_not_withdraw_it(cast, signed_in, gone):
    term, day = gone.terms.earliest("starts_on"), date(2018, 5, 7)
    on_record(term, day, Status.ABSENT, Source.INSPECTION)
    page = reverse("teams:withdraw_day", args=[gone.number, day])
    assert signed_in(cast.stranger).get(page).status_code == 403
    assert Presence.everywhere.exists()


@pytest.mark.parametrize("part", FIELD)
def test_who_left_long_ago_is_not_telephoned(cast, signed_in, gone, part):
    officer = getattr(cast, part)
    page = reverse("teams:cadre_phone", args=[gone.number])
    client = signed_in(officer)
    assert page not in client.get(reverse("teams:cadre", args=[gone.number])).text
    assert client.get(page).status_code == 403
    assert PHONE not in client.post(page, {"reason": "通知开会"}).text
    assert not Change.objects.filter(action="reveal_phone").exists()


@pytest.mark.parametrize(("days", "sees"), [(30, True), (31, False)])
def test_the_phone_of_who_left_lately_is_shown_still(cast, gone, days, sees):
    last = business_date() - days * DAY
    here, there = gone.terms.order_by("starts_on")
    there.delete()
    Term.everywhere.filter(pk=here.pk).update(last_day=last)
    if sees:
        assert reveal_cadre_phone(gone, by=cast.county_clerk, reason="交接") == PHONE
        return
    with pytest.raises(NotAllowed):
        reveal_cadre_phone(gone, by=cast.county_clerk, reason="交接")


def test_a_helper_from_elsewhere_is_telephoned_while_he_helps(cast, gone, household):
    make.make_pairing(household, gone)
    assert reveal_cadre_phone(gone, by=cast.township_reviewer, reason="走访") == PHONE


def test_private_entries_of_who_left_long_ago_are_not_read(cast, signed_in, gone):
    page = reverse("teams:cadre", args=[gone.number])
    assert "Born in" not in signed_in(cast.county_clerk).get(page).text
    assert "Born in" in signed_in(cast.stranger).get(page).text


@pytest.mark.parametrize("route", ["teams:cadre_change", "teams:cadre_account"])
def test_only_the_county_that_keeps_the_record_changes_it(cast, signed_in, gone, route):
    page = reverse(route, args=[gone.number])
    assert signed_in(cast.county_clerk).get(page).status_code == 403
    record = reverse("teams:cadre", args=[gone.number])
    assert page not in signed_in(cast.county_clerk).get(record).text
    assert page in signed_in(cast.stranger).get(record).text
