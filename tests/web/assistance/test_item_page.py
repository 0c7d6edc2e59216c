"""The page of a measure: what it shows and offers to whom, and what its forms do."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from assistance.actions.delivering import withdraw_delivery
from assistance.models import Delivery, Item, ItemStatus
from tests import factories as make
from tests.pictures import photo
from tests.web.assistance.delivered import agreed_item, days_from_now, deliver, head_of
from trail.dates import business_date
from workflow.models import Attachment

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def client(cast, signed_in):
    return signed_in(cast.village_official)


def page_of(client, item: Item) -> str:
    answer = client.get(reverse("assistance:item", args=[item.uuid]))
    assert answer.status_code == 200
    return answer.text


def send(client, route: str, item: Item, *more, **typed):
    """The form of a page with what it offers, but for what is typed."""
    path = reverse(f"assistance:{route}", args=[item.uuid, *more])
    form = client.get(path).context["form"]
    shown = {one.html_name: one.value() for one in form if one.value() is not None}
    return client.post(path, shown | typed, follow=True)


def test_the_page_shows_how_far_a_measure_is_in_words_and_as_a_bar(cast, client):
    item = agreed_item(content="两头牛")
    deliver(item, 400, by=cast.village_official)
    text = page_of(client, item)
    assert "400 of 1,000 yuan delivered" in text
    assert re.search(r'<svg[^>]*aria-label="400 of 1,000 yuan delivered"', text)
    assert "next 600.00 yuan by" in text
    assert "两头牛" in text


def test_two_instalments_are_delivered_on_the_page_and_it_is_done(client):
    item = agreed_item()
    answer = send(client, "item_instalments", item)
    assert "The instalments are saved." in answer.text
    answer = send(client, "item_deliver", item)
    assert Delivery.everywhere.get().amount == 500
    assert "500 of 1,000 yuan delivered" in answer.text
    answer = send(client, "item_deliver", item, voucher="2020-17")
    assert "Done on" in answer.text
    assert Item.everywhere.get(pk=item.pk).status == ItemStatus.DONE


def test_a_form_sent_twice_is_one_delivery(client):
    item = agreed_item()
    path = reverse("assistance:item_deliver", args=[item.uuid])
    form = client.get(path).context["form"]
    typed = {one.html_name: one.value() for one in form if one.value() is not None}
    typed["amount"] = "100"
    for _time in range(2):
        assert client.post(path, typed).status_code == 302
    assert Delivery.everywhere.count() == 1


def test_the_head_is_offered_as_payee_and_the_person_of_a_measure_before_him(client):
    household = make.make_household(persons=2)
    head, other = household.members.order_by("relation", "pk")
    for item, first in (
        (agreed_item(household=household), head),
        (agreed_item("EMP-JOB", household, member=other, planned=10), other),
    ):
        path = reverse("assistance:item_deliver", args=[item.uuid])
        assert client.get(path).context["form"]["payee"].value() == first.pk


def test_a_refused_delivery_keeps_what_was_typed_and_says_where(client):
    answer = send(client, "item_deliver", agreed_item(), amount="1000.01", voucher="17")
    assert answer.status_code == 400
    assert "1,000 yuan of 1,000 are left" in str(answer.context["form"].errors["amount"])
    assert 'value="17"' in answer.text


def test_a_photo_proves_a_delivery(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    item = agreed_item()
    path = reverse("assistance:item_deliver", args=[item.uuid])
    form = client.get(path).context["form"]
    typed = {one.html_name: one.value() for one in form if one.value() is not None}
    typed["photos"] = SimpleUploadedFile("slip.jpg", photo(), "image/jpeg")
    answer = client.post(path, typed, follow=True)
    kept = Attachment.everywhere.get()
    assert (kept.subject_kind, kept.subject_id) == ("delivery", str(Delivery.everywhere.get().uuid))
    assert str(kept.uuid) in answer.text
    evidence = client.get(reverse("pages:evidence", args=["delivery", kept.subject_id]))
    assert item.measure.name_en in evidence.text
    assert client.get(reverse("pages:evidence_file", args=[kept.uuid])).status_code == 200


def test_proofs_are_for_who_reads_the_measure(cast, signed_in):
    one = deliver(agreed_item(), 100, by=cast.village_official)
    path = reverse("pages:evidence", args=["delivery", one.uuid])
    for who, status in (("county_clerk", 200), ("helper", 404), ("reader", 404)):
        assert signed_in(getattr(cast, who)).get(path).status_code == status


def test_a_delivery_is_taken_back_on_its_own_page(cast, client):
    item = agreed_item()
    one = deliver(item, 100, by=cast.village_official)
    path = reverse("assistance:delivery_withdraw", args=[one.uuid])
    assert client.post(path, {"reason": ""}).status_code == 400
    answer = client.post(path, {"reason": "付错人"}, follow=True)
    assert "The delivery is taken back." in answer.text
    assert "付错人" in answer.text
    assert client.post(path, {"reason": "再来"}).status_code == 409


def test_a_measure_is_stopped_with_its_reason(client):
    item = agreed_item()
    answer = send(client, "item_stop", item, reason="declined")
    assert "the household declined" in answer.text
    assert "Record a delivery" not in answer.text


def test_whoever_saw_an_earlier_state_is_told_before_he_ends_it(cast, client):
    item = agreed_item()
    path = reverse("assistance:item_finish", args=[item.uuid])
    typed = {"version": 1, "day": business_date()}
    deliver(item, 100, by=cast.township_reviewer)
    answer = client.post(path, typed)
    assert (answer.status_code, Item.everywhere.get().status) == (409, ItemStatus.ONGOING)
    assert "Somebody changed this" in answer.text
    assert answer.context["form"]["version"].value() == "2"
    assert client.post(path, typed | {"version": 2}).status_code == 302


def test_an_ended_measure_offers_nothing_and_refuses_in_words(cast, client):
    item = agreed_item()
    path = reverse("assistance:item_deliver", args=[item.uuid])
    form = client.get(path).context["form"]
    typed = {one.html_name: one.value() for one in form if one.value() is not None}
    deliver(item, 1000, by=cast.township_reviewer)
    assert "Stop the measure" not in page_of(client, item)
    assert client.get(path).status_code == 403
    answer = client.post(path, typed)
    assert answer.status_code == 409
    assert "This measure is done." in answer.text


def test_more_equal_instalments_are_offered_on_demand(client):
    item = agreed_item()
    path = reverse("assistance:item_instalments", args=[item.uuid])
    form = client.get(path, {"number": "3"}).context["form"]
    amounts = [str(form[f"amount{number}"].value()) for number in (1, 2, 3)]
    assert amounts == ["333.33", "333.33", "333.34"]
    assert form["due_on3"].value() == item.due_on
    assert client.get(path, {"number": "40"}).status_code == 400


def test_instalments_are_emptied_to_have_none(cast, client):
    item = agreed_item()
    send(client, "item_instalments", item)
    answer = send(client, "item_instalments", item, due_on1="", amount1="", due_on2="", amount2="")
    assert "All of it is due at once." in answer.text


def test_readers_of_plans_who_do_not_deliver_are_offered_nothing(cast, signed_in):
    item = agreed_item()
    deliver(item, 100, by=cast.village_official)
    client = signed_in(cast.county_approver)
    text = page_of(client, item)
    assert "Record a delivery" not in text
    assert "Take it back" not in text
    assert client.get(reverse("assistance:item_deliver", args=[item.uuid])).status_code == 403


@pytest.mark.parametrize("who", ["province_officer", "reader"])
def test_readers_of_figures_find_no_single_measure(cast, signed_in, who):
    path = reverse("assistance:item", args=[agreed_item().uuid])
    assert signed_in(getattr(cast, who)).get(path).status_code == 404


def test_a_helper_finds_the_measures_of_his_own_households_alone(cast, signed_in):
    own, other = agreed_item(), agreed_item()
    make.make_pairing(own.household, make.make_cadre(account=cast.helper))
    client = signed_in(cast.helper)
    page_of(client, own)
    assert client.get(reverse("assistance:item", args=[other.uuid])).status_code == 404


def test_the_page_takes_as_many_queries_for_many_deliveries_as_for_one(
    cast, client, django_assert_num_queries
):
    item = agreed_item()
    payee = head_of(item.household).pk
    for _time in range(3):
        one = deliver(item, 100, by=cast.village_official, payee=payee)
    withdraw_delivery(one.pk, "付错人", by=cast.village_official)
    page_of(client, item)
    with django_assert_num_queries(14):
        page_of(client, item)


def test_a_measure_out_of_a_draft_has_no_page_and_a_draft_offers_nothing(client):
    draft = agreed_item(status="draft", agreed_on=None)
    assert "not agreed yet" in page_of(client, draft)
    gone = agreed_item(status="dropped", agreed_on=None)
    path = reverse("assistance:item", args=[gone.uuid])
    assert client.get(path).status_code == 404


def test_days_of_the_past_can_be_typed(client):
    item = agreed_item()
    send(client, "item_deliver", item, day=days_from_now(-30).isoformat())
    assert Delivery.everywhere.get().day == days_from_now(-30)
