"""A form that was sent without a session, or with an old token, loses nothing."""

import time
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from households.entry.drafts import content_of, open_draft
from households.models import Draft
from registry.pages.registering import parking
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
TYPED = {"version": "0", "group": "三组", "address": "桥头七号", "phone": "13900000001"}


@pytest.fixture
def draft(cast):
    head = {"name": "陈大山", "id_number": make.make_id_number(born=date(1970, 5, 6))}
    return open_draft(make.VILLAGE, by=cast.village_official, year=2026, head=head)


def household_step(draft: Draft) -> str:
    return reverse("registering:step", args=[draft.uuid, "household"])


def sign_in(client: Client, username: str, to: str):
    return client.post(
        reverse("officers:sign_in"),
        {"username": username, "password": make.PASSWORD, "next": to},
    )


def test_what_was_sent_after_the_session_ended_stands_there_after_signing_in(client, cast, draft):
    url = household_step(draft)
    refused = client.post(url, TYPED)
    assert refused.status_code == 302
    assert "13900000001" not in refused.url
    assert "13900000001" not in str(refused.cookies)
    answer = sign_in(client, cast.village_official.username, url)
    assert answer.url == url
    page = client.get(url).content.decode()
    assert "Nobody was signed in" in page
    for text in ("三组", "桥头七号", "13900000001"):
        assert f'value="{text}"' in page
    assert content_of(Draft.everywhere.get()).step("household").version == 0


def test_the_page_forgets_it_once_it_is_saved(client, cast, draft):
    url = household_step(draft)
    client.post(url, TYPED)
    sign_in(client, cast.village_official.username, url)
    client.post(url, TYPED)
    assert "Nobody was signed in" not in client.get(url).content.decode()
    assert content_of(Draft.everywhere.get()).step("household").values["group"] == "三组"


def test_nothing_of_it_can_be_read_in_the_session(client, draft):
    client.post(household_step(draft), TYPED)
    assert "13900000001" not in str(dict(client.session))
    assert "桥头七号" not in str(dict(client.session))


def test_an_officer_of_another_village_does_not_see_what_was_parked(client, draft):
    url = household_step(draft)
    client.post(url, TYPED)
    other = make.make_officer(make.Role.VILLAGE_OFFICIAL, make.NEXT_VILLAGE)
    sign_in(client, other.username, url)
    answer = client.get(url)
    assert answer.status_code == 404
    assert "13900000001" not in answer.content.decode()


def test_after_an_hour_it_is_gone(client, cast, draft, monkeypatch):
    url = household_step(draft)
    client.post(url, TYPED)
    sign_in(client, cast.village_official.username, url)
    now = time.time()
    monkeypatch.setattr(parking.time, "time", lambda: now + parking.KEPT_SECONDS + 1)
    assert "桥头七号" not in client.get(url).content.decode()


def sent_at_the_start(client: Client, sender) -> dict[str, str]:
    """What the sender typed at the first page and sent after his session had ended."""
    sent = {"id_number": make.make_id_number(), "name": "张三", "year": "2026"}
    client.post(reverse("registering:start"), {**sent, "whose": parking.whose(sender)})
    return sent


def test_the_first_page_keeps_what_was_sent_as_well(client, cast):
    sent = sent_at_the_start(client, cast.village_official)
    url = reverse("registering:start")
    sign_in(client, cast.village_official.username, url)
    page = client.get(url).content.decode()
    assert sent["id_number"] in page
    assert "张三" in page
    assert not Draft.everywhere.exists()


def test_the_first_page_carries_whose_it_is(client, cast):
    url = reverse("registering:start")
    sign_in(client, cast.village_official.username, url)
    assert f'value="{parking.whose(cast.village_official)}"' in client.get(url).content.decode()


def test_what_one_sent_at_the_first_page_is_not_shown_to_another(client, cast):
    sent = sent_at_the_start(client, cast.village_official)
    url = reverse("registering:start")
    sign_in(client, cast.first_secretary.username, url)
    page = client.get(url).content.decode()
    assert sent["id_number"] not in page
    assert "张三" not in page


@pytest.mark.parametrize(
    ("route", "args"),
    [("start", []), ("step", ["7b1ad2a5-0f6b-4a43-9b39-0c1b0a3f5a11", "household"])],
)
def test_a_form_that_was_on_no_page_of_ours_is_not_kept(client, cast, route, args):
    client.post(reverse(f"registering:{route}", args=args), {**TYPED, "whose": "1:forged"})
    assert parking.KEY not in client.session


def test_an_autosave_without_session_is_told_so_and_parks_nothing(client, draft):
    answer = client.post(household_step(draft), TYPED, headers={"X-Autosave": "1"})
    assert answer.status_code == 401
    assert parking.KEY not in client.session


@pytest.fixture
def strict(cast):
    """A signed-in client whose tokens are checked."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.village_official, "django.contrib.auth.backends.ModelBackend")
    return client


def test_an_old_token_of_our_own_page_loses_nothing(strict, draft):
    url = household_step(draft)
    answer = strict.post(url, TYPED, headers={"Origin": "http://testserver"})
    assert answer.url == url
    assert 'value="桥头七号"' in strict.get(url).content.decode()


def test_a_form_from_elsewhere_is_refused_and_not_kept(strict, draft):
    url = household_step(draft)
    for origin in ({"Origin": "https://elsewhere.example"}, {}):
        answer = strict.post(url, TYPED, headers=origin)
        assert answer.status_code == 403
    assert "桥头七号" not in strict.get(url).content.decode()
