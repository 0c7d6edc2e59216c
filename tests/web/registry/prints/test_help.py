"""Keyboard help, single keys that can be switched off, and a language that stays."""

import pytest

from tests import factories as make

pytestmark = pytest.mark.django_db
YEAR_SECONDS = 365 * 24 * 3600


def test_every_page_leads_to_the_keyboard_help(client, cast, signed_in):
    assert "data-help" in client.get("/sign-in/").text
    assert "data-help" in signed_in(cast.village_official).get("/").text
    assert client.get("/help/keyboard/").status_code == 200


def test_single_keys_can_be_switched_off_and_on_again(client):
    assert client.get("/help/keyboard/").context["frame"].keys
    client.post("/look/", {"nokeys": "yes"})
    page = client.get("/help/keyboard/")
    assert not page.context["frame"].keys
    assert 'class="nokeys"' in page.text
    client.post("/look/", {"nokeys": "no"})
    assert client.get("/help/keyboard/").context["frame"].keys


def test_the_chosen_language_stays_through_signing_in_and_out_for_a_year(client, cast):
    answer = client.post("/language/", {"language": "en", "next": "/"})
    assert answer.cookies["django_language"]["max-age"] == YEAR_SECONDS
    entries = {"username": cast.county_clerk.username, "password": make.PASSWORD}
    client.post("/sign-in/", entries)
    assert '<html lang="en"' in client.get("/").text
    client.post("/sign-out/")
    assert '<html lang="en"' in client.get("/sign-in/").text
