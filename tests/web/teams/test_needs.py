"""The list of villages that must have a team."""

from datetime import timedelta

import pytest
from django.urls import reverse

from teams.actions.needs import Need, end_need, list_villages
from teams.models import NeedReason, TeamVillage
from teams.queries.need import needed_villages
from teams.refusals import EntryRefused
from tests import factories as make
from trail.dates import business_date
from trail.errors import NotAllowed, Refused
from trail.models import Change

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
DAY = timedelta(days=1)
VILLAGES = [make.VILLAGE, make.NEXT_VILLAGE]


def need(**changed):
    return Need(**{"reason": NeedReason.WEAK, "starts_on": business_date()} | changed)


def needed(on=None):
    today = business_date()
    return needed_villages(make.COUNTY, on or today, today=today)


def test_many_villages_are_put_on_the_list_at_once(cast):
    list_villages(VILLAGES, need(source="县发〔2020〕3号"), by=cast.county_clerk)
    assert needed() == VILLAGES
    assert Change.objects.filter(action="list_village").count() == 2


def test_a_village_is_needed_from_the_first_to_the_last_day_of_its_row(cast):
    today = business_date()
    make.make_team_village(starts_on=today, last_day=today + DAY)
    days = [bool(needed(today + number * DAY)) for number in (-1, 0, 1, 2)]
    assert days == [False, True, True, False]


def test_a_village_stands_on_the_list_once_at_a_time(cast):
    make.make_team_village()
    with pytest.raises(EntryRefused) as refused:
        list_villages(VILLAGES, need(), by=cast.county_clerk)
    assert "in these days already" in refused.value.faults[0][1]
    assert needed() == [make.VILLAGE]


@pytest.mark.parametrize("code", [make.OTHER_COUNTY_VILLAGE, make.TOWNSHIP, "970123100999"])
def test_a_code_that_is_no_village_of_the_county_is_named(cast, code):
    with pytest.raises(EntryRefused) as refused:
        list_villages([make.VILLAGE, code], need(), by=cast.county_clerk)
    ((field, text),) = refused.value.faults
    assert field == "codes"
    assert code in text
    assert not TeamVillage.everywhere.exists()


@pytest.mark.parametrize("part", ["township_reviewer", "county_approver", "province_officer"])
def test_the_county_clerk_alone_keeps_the_list(cast, part):
    with pytest.raises(NotAllowed):
        list_villages(VILLAGES, need(), by=getattr(cast, part))


def test_a_village_is_taken_off_the_list_with_a_reason(cast):
    row = make.make_team_village()
    end_need(row.pk, last_day=business_date() - DAY, reason="已出列", by=cast.county_clerk)
    assert needed() == []
    assert Change.objects.get(action="unlist_village").reason == "已出列"


def test_a_village_is_taken_off_once(cast):
    row = make.make_team_village(last_day=business_date())
    with pytest.raises(Refused, match="already"):
        end_need(row.pk, last_day=business_date(), reason="x", by=cast.county_clerk)


def test_a_stranger_takes_nothing_off(cast):
    row = make.make_team_village()
    with pytest.raises(NotAllowed):
        end_need(row.pk, last_day=business_date(), reason="x", by=cast.stranger)


def test_the_page_takes_ticked_villages_and_pasted_codes(cast, signed_in):
    url = reverse("teams:need_add") + f"?township={make.TOWNSHIP}"
    client = signed_in(cast.county_clerk)
    offered = [value for value, _name in client.get(url).context["form"].fields["villages"].choices]
    assert make.VILLAGE in offered
    sent = {
        "villages": [make.VILLAGE],
        "codes": f"{make.NEXT_VILLAGE}，{make.OTHER_TOWNSHIP_VILLAGE}\n",
        "reason": "poor",
        "starts_on": business_date().isoformat(),
        "source": "县发〔2020〕3号",
    }
    assert client.post(url, sent).status_code == 302
    assert needed() == [make.VILLAGE, make.NEXT_VILLAGE, make.OTHER_TOWNSHIP_VILLAGE]


def test_a_village_on_the_list_is_not_offered_again(cast, signed_in):
    make.make_team_village()
    url = reverse("teams:need_add") + f"?township={make.TOWNSHIP}"
    form = signed_in(cast.county_clerk).get(url).context["form"]
    assert make.VILLAGE not in [value for value, _name in form.fields["villages"].choices]


def test_the_list_says_why_and_since_when(cast, signed_in):
    make.make_team_village(source="县发〔2014〕1号")
    page = signed_in(cast.township_reviewer).get(reverse("teams:needs"))
    assert "registered poor village" in page.text
    assert "县发〔2014〕1号" in page.text
