"""Registering a household page by page: every save keeps what was typed, faulty or not."""

from datetime import date

import pytest
from django.urls import reverse

from households.entry.drafts import content_of, open_draft
from households.models import Draft, Household
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
ADULT = date(1970, 5, 6)


@pytest.fixture
def client(cast, signed_in):
    return signed_in(cast.village_official)


@pytest.fixture
def draft(cast):
    head = {"name": "陈大山", "id_number": make.make_id_number(born=ADULT)}
    return open_draft(make.VILLAGE, by=cast.village_official, year=2026, head=head)


def step_url(draft: Draft, step: str) -> str:
    return reverse("registering:step", args=[draft.uuid, step])


def kept(draft: Draft, step: str):
    return content_of(Draft.everywhere.get(pk=draft.pk)).step(step)


def test_a_sound_id_number_begins_a_draft_with_the_heads_row(client):
    number = make.make_id_number(born=ADULT)
    answer = client.post(
        reverse("registering:start"),
        {"id_number": f" {number[:6]} {number[6:]} ", "name": "陈大山", "year": "2026"},
        follow=True,
    )
    draft = Draft.everywhere.get()
    assert answer.redirect_chain == [(reverse("registering:tasks", args=[draft.uuid]), 302)]
    assert "1970-05-06" in answer.content.decode()
    [row] = kept(draft, "members").rows
    assert (row["id_number"], row["relation"], row["labour"]) == (number, "01", "01")


def test_a_person_who_is_registered_elsewhere_begins_no_draft_and_no_place_is_named(client):
    number = make.make_id_number()
    other = make.make_household(make.OTHER_COUNTY_VILLAGE)
    make.make_member(other, id_number=number)
    answer = client.post(
        reverse("registering:start"), {"id_number": number, "name": "张三", "year": "2026"}
    )
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "This person is already registered." in page
    assert other.number not in page
    assert other.village_id not in page
    assert not Draft.everywhere.exists()


def test_a_person_of_the_own_village_leads_to_the_household(client):
    number = make.make_id_number()
    own = make.make_household()
    make.make_member(own, id_number=number)
    answer = client.post(
        reverse("registering:start"), {"id_number": number, "name": "张三", "year": "2026"}
    )
    assert reverse("pages:household", args=[own.number]) in answer.content.decode()


def test_a_wrong_check_digit_is_told_at_the_field_and_everything_typed_stays(client):
    number = make.make_id_number()
    wrong = number[:17] + ("1" if number[17] != "1" else "2")
    answer = client.post(
        reverse("registering:start"), {"id_number": wrong, "name": "张三", "year": "2026"}
    )
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "the check digit is wrong" in page
    assert wrong in page
    assert "张三" in page


def test_without_number_a_reason_is_needed(client):
    answer = client.post(reverse("registering:start"), {"name": "张三", "year": "2026"})
    assert answer.status_code == 400
    assert "choose below why there is none" in answer.content.decode()
    client.post(reverse("registering:start"), {"no_id_reason": "2", "name": "张三", "year": "2026"})
    [row] = kept(Draft.everywhere.get(), "members").rows
    assert row["no_id_reason"] == "2"


def test_a_faulty_step_is_kept_as_typed_and_shown_with_its_errors(client, draft):
    answer = client.post(
        step_url(draft, "household"), {"version": "0", "group": "一组", "phone": "12 34"}
    )
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "Phone: write the 11 digits of the phone number" in page
    assert kept(draft, "household").values == {"group": "一组", "phone": "12 34"}
    assert 'value="12 34"' in page


def test_a_sound_step_leads_to_the_next(client, draft):
    answer = client.post(step_url(draft, "household"), {"version": "0", "group": "一组"})
    assert answer.url == step_url(draft, "members")


def test_a_person_is_added_without_javascript(client, draft):
    number = kept(draft, "members").rows[0]["id_number"]
    sent = {
        "version": "0", "act": "add", "0-name": "陈大山", "0-relation": "01",
        "0-id_number": number,
    }  # fmt: skip
    answer = client.post(step_url(draft, "members"), sent)
    assert answer.status_code == 302
    page = client.get(answer.url).content.decode()
    assert 'name="1-name"' in page


def test_a_person_is_taken_out(client, draft):
    sent = {
        "version": "0", "act": "remove-1", "0-name": "陈大山", "0-relation": "01",
        "1-name": "李四", "1-relation": "02",
    }  # fmt: skip
    client.post(step_url(draft, "members"), sent)
    assert [row["name"] for row in kept(draft, "members").rows] == ["陈大山"]


def test_a_fault_of_the_second_person_stands_at_the_second_row(client, draft):
    sent = {
        "version": "0", "0-name": "陈大山", "0-relation": "01",
        "0-id_number": make.make_id_number(), "1-name": "李四", "1-relation": "02",
        "1-id_number": "123",
    }  # fmt: skip
    page = client.post(step_url(draft, "members"), sent).content.decode()
    assert '<a href="#id_1-id_number">李四: ID number: it must have 18 characters' in page


def test_an_autosave_answers_with_the_version_and_the_minute(client, draft):
    answer = client.post(
        step_url(draft, "household"),
        {"version": "0", "group": "一组", "phone": "1"},
        headers={"X-Autosave": "1"},
    )
    assert answer.status_code == 200
    assert answer.json()["version"] == 1
    assert kept(draft, "household").values["phone"] == "1"


def test_two_editors_of_one_step_choose_field_by_field(client, signed_in, cast, draft):
    url = step_url(draft, "household")
    signed_in(cast.first_secretary).post(url, {"version": "0", "group": "二组", "address": "河边"})
    mine = {"version": "0", "group": "一组", "bank_name": "信用社"}
    answer = client.post(url, mine)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert cast.first_secretary.name in page
    assert "一组" in page
    assert "二组" in page
    assert kept(draft, "household").values["group"] == "二组"
    chosen = mine | {
        "version": "1", "act": "merge", "take-group": "mine", "take-address": "theirs",
        "take-bank_name": "mine",
    }  # fmt: skip
    client.post(url, chosen)
    assert kept(draft, "household").values == {
        "group": "一组", "address": "河边", "bank_name": "信用社",
    }  # fmt: skip


def test_the_task_list_tells_problems_and_who_saved_last(client, cast, draft):
    client.post(step_url(draft, "household"), {"version": "0", "phone": "12 34"})
    page = client.get(reverse("registering:tasks", args=[draft.uuid])).content.decode()
    assert "Problem" in page
    assert "Not started" in page
    assert f"by {cast.village_official.name}" in page


def test_a_draft_is_deleted_on_its_own_page(client, draft):
    url = reverse("registering:discard", args=[draft.uuid])
    assert "Delete this draft?" in client.get(url).content.decode()
    client.post(url)
    assert Draft.everywhere.get(pk=draft.pk).discarded_at
    assert client.get(reverse("registering:tasks", args=[draft.uuid])).status_code == 302


def test_a_team_member_drafts_and_does_not_submit(signed_in, cast, draft):
    client = signed_in(cast.first_secretary)
    page = client.get(reverse("registering:check", args=[draft.uuid])).content.decode()
    assert "The village official submits it." in page
    answer = client.post(reverse("registering:check", args=[draft.uuid]), {"version": "1"})
    assert answer.status_code == 403
    assert not Household.everywhere.exists()


@pytest.mark.parametrize("role", ["township_reviewer", "county_clerk", "auditor", "helper"])
def test_drafts_are_the_villages_own(signed_in, cast, draft, role):
    client = signed_in(getattr(cast, role))
    assert client.get(reverse("registering:tasks", args=[draft.uuid])).status_code == 404
    assert "陈大山" not in client.get(reverse("registering:list")).content.decode()


def test_the_list_of_drafts_costs_a_fixed_number_of_queries(
    client, cast, draft, django_assert_num_queries
):
    def opened(count: int) -> None:
        for _ in range(count):
            head = {"name": "张三", "no_id_reason": "1"}
            open_draft(make.VILLAGE, by=cast.village_official, year=2026, head=head)

    client.get(reverse("registering:list"))
    with django_assert_num_queries(8):
        client.get(reverse("registering:list"))
    opened(5)
    with django_assert_num_queries(8):
        client.get(reverse("registering:list"))


def test_a_step_saved_by_another_name_does_not_exist(client, draft):
    assert client.get(step_url(draft, "nothing")).status_code == 404


def test_too_long_a_text_is_refused_and_shown_again(client, draft):
    answer = client.post(step_url(draft, "household"), {"version": "0", "address": "长" * 3000})
    assert answer.status_code == 400
    assert "长" * 3000 in answer.content.decode()
