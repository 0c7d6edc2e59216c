"""Whom a measure of the village serves: ticked, with shares, ended; locked and traced."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from assistance.actions.beneficiaries import add_beneficiaries, change_beneficiaries
from assistance.models import Beneficiary, Item, ItemStatus
from households.rules import State
from tests import factories as make
from tests.web.assistance.served import STARTED, plant, serve
from trail.dates import business_date
from trail.errors import NotAllowed, Refused, Stale
from trail.models import Change

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english", "cast")]


@pytest.fixture
def item():
    return plant()


def poor(**fields):
    return make.make_household(state=State.POOR, **fields)


def address(item, name="beneficiaries_add"):
    return reverse(f"assistance:{name}", args=[item.uuid])


def test_many_households_are_ticked_at_once_with_their_shares(cast, item, signed_in):
    first, second, third = poor(), poor(), poor()
    typed = {
        "version": 1,
        "since": STARTED,
        f"tick_{first.pk}": "on",
        f"share_{first.pk}": "5000.50",
        f"tick_{second.pk}": "on",
    }
    answer = signed_in(cast.village_official).post(address(item), typed, follow=True)
    assert "2 more households are served now." in answer.text
    found = Beneficiary.objects.order_by("pk").values_list("household", "share", "added_on")
    assert list(found) == [
        (first.pk, Decimal("5000.50"), STARTED),
        (second.pk, None, STARTED),
    ]
    traced = Change.objects.filter(action="add_beneficiary")
    assert [one.after["household"] for one in traced.order_by("pk")] == [first.pk, second.pk]
    assert third.number not in answer.text


def test_only_registered_and_exited_households_of_the_village_are_offered(cast, item, signed_in):
    kept = [poor(), make.make_household(state=State.EXITED)]
    served = serve(item).household
    left_out = [make.make_household(), make.make_household(make.NEXT_VILLAGE), served]
    text = signed_in(cast.village_official).get(address(item)).text
    assert all(one.number in text for one in kept)
    assert not any(one.number in text for one in left_out)


def test_faults_stand_at_their_rows_and_what_was_typed_is_kept(cast, item, signed_in):
    first, second = poor(), poor()
    typed = {
        "version": 1,
        "since": STARTED,
        f"tick_{first.pk}": "on",
        f"share_{first.pk}": "0",
        f"share_{second.pk}": "77",
    }
    answer = signed_in(cast.village_official).post(address(item), typed)
    assert answer.status_code == 400
    assert "tick the household as well" in answer.text
    typed[f"tick_{second.pk}"] = "on"
    answer = signed_in(cast.village_official).post(address(item), typed)
    assert "A share is more than zero." in answer.text
    assert 'value="77"' in answer.text
    assert not Beneficiary.objects.exists()


def test_shares_are_no_more_than_the_measure_is_worth(cast, item, signed_in):
    serve(item, share=150_000)
    new = poor()
    typed = {"version": 1, "since": STARTED}
    typed |= {f"tick_{new.pk}": "on", f"share_{new.pk}": "50000.01"}
    answer = signed_in(cast.village_official).post(address(item), typed)
    assert "The shares add up to 200,000.01 yuan" in answer.text


def test_somebody_elses_change_meanwhile_is_told_and_the_ticks_are_kept(cast, item, signed_in):
    household = poor()
    Item.everywhere.filter(pk=item.pk).update(version=2)
    typed = {"version": 1, "since": STARTED, f"tick_{household.pk}": "on"}
    answer = signed_in(cast.village_official).post(address(item), typed)
    assert answer.status_code == 409
    assert "Somebody else changed this measure meanwhile." in answer.text
    assert answer.context["form"].data["version"] == "2"
    assert not Beneficiary.objects.exists()


def test_two_at_once_do_not_tick_a_household_twice(cast, item):
    household = poor()
    shares = {household.pk: None}
    add_beneficiaries(item.pk, shares, since=STARTED, version=1, by=cast.village_official)
    with pytest.raises(Stale):
        add_beneficiaries(item.pk, shares, since=STARTED, version=1, by=cast.first_secretary)


def test_shares_are_set_and_parts_ended_in_one_table(cast, item, signed_in):
    first, second, third = serve(item, share=100), serve(item, share=200), serve(item, share=300)
    today = business_date()
    typed = {
        "version": 1,
        "last_day": today,
        f"share_{first.pk}": "150",
        f"share_{second.pk}": "200",
        f"share_{third.pk}": "300",
        f"end_{third.pk}": "on",
    }
    where = address(item, "beneficiaries")
    answer = signed_in(cast.township_reviewer).post(where, typed, follow=True)
    assert "2 households are changed." in answer.text
    found = Beneficiary.objects.order_by("pk").values_list("share", "ended_on")
    assert list(found) == [(150, None), (200, None), (300, today)]
    actions = Change.objects.filter(subject_kind="assistance.beneficiary")
    assert sorted(actions.values_list("action", flat=True)) == ["end_beneficiary", "set_share"]


def test_a_part_does_not_end_before_it_began(cast, item, signed_in):
    one = serve(item)
    typed = {"version": 1, "last_day": STARTED - timedelta(days=1), f"end_{one.pk}": "on"}
    answer = signed_in(cast.village_official).post(address(item, "beneficiaries"), typed)
    assert answer.status_code == 400
    assert "End on that day or later." in answer.text


def test_a_household_whose_part_ended_can_be_ticked_again(cast, item):
    one = serve(item)
    change_beneficiaries(
        item.pk, {}, [one.pk], last_day=STARTED, version=1, by=cast.village_official
    )
    shares = {one.household_id: None}
    add_beneficiaries(item.pk, shares, since=STARTED, version=2, by=cast.village_official)
    assert Beneficiary.objects.filter(household=one.household).count() == 2


@pytest.mark.parametrize(
    ("status", "fields"),
    [
        (ItemStatus.DRAFT, {"agreed_on": None}),
        (ItemStatus.STOPPED, {"stop_reason": "failed", "ended_on": date(2024, 6, 1)}),
    ],
)
def test_a_measure_that_is_not_agreed_or_was_stopped_serves_nobody(cast, status, fields):
    item = plant("INF-ROAD", status=status, **fields)
    shares = {poor().pk: None}
    with pytest.raises(Refused, match="not agreed"):
        add_beneficiaries(item.pk, shares, since=STARTED, version=1, by=cast.village_official)


@pytest.mark.parametrize("part", ["helper", "reader", "county_approver"])
def test_others_keep_no_beneficiaries(cast, item, signed_in, part):
    officer = getattr(cast, part)
    with pytest.raises(NotAllowed):
        add_beneficiaries(item.pk, {1: None}, since=STARTED, version=1, by=officer)
    assert signed_in(officer).get(address(item)).status_code == 403


def test_a_day_ahead_or_before_the_start_is_refused(cast, item, signed_in):
    household = poor()
    client = signed_in(cast.village_official)
    tick = {"version": 1, f"tick_{household.pk}": "on"}
    ahead = client.post(address(item), tick | {"since": business_date() + timedelta(days=1)})
    early = client.post(address(item), tick | {"since": STARTED - timedelta(days=1)})
    assert "The day lies ahead." in ahead.text
    assert "Choose no earlier day." in early.text
