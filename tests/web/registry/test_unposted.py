"""Addresses that only take what is sent to them, merely asked for."""

import pytest
from django.test import Client
from django.urls import reverse

from registry.unposted import page_above
from reviews.models import Review
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
NOTHING = "Nothing was saved: your session had ended"


@pytest.fixture
def review(cast) -> Review:
    return make.make_review()


def test_after_a_lost_session_the_sign_in_leads_to_the_proposal_and_says_that_nothing_was_saved(
    client, cast, review
):
    proposal = make.make_proposal(review, make.make_household())
    page = reverse("reviews:proposal", args=[review.pk, proposal.pk])
    lost = client.post(f"{page}accept/?kind=1", {"seen": "x"})
    assert "sign-in" in lost.url
    named = {"username": cast.county_clerk.username, "password": make.PASSWORD}
    answer = client.post(lost.url, named, follow=True)
    assert answer.redirect_chain[-1] == (f"{page}?kind=1", 302)
    assert answer.status_code == 200
    assert NOTHING in answer.text
    assert NOTHING not in client.get(page).text


@pytest.mark.parametrize(
    ("address", "above"),
    [
        ("/reviews/1/commit/", "/reviews/1/"),
        ("/reviews/1/pause/", "/reviews/1/"),
        ("/reviews/1/resume/", "/reviews/1/"),
        ("/reviews/1/proposals/2/accept/", "/reviews/1/proposals/2/"),
        ("/reviews/1/proposals/2/take-back/", "/reviews/1/proposals/2/"),
        ("/reviews/1/attention/again/", "/reviews/1/attention/"),
        ("/reviews/1/proof/verify/", "/reviews/1/proof/"),
        ("/reviews/1/compare/count/", "/reviews/1/compare/"),
        ("/reviews/readiness/count/", "/reviews/readiness/"),
        ("/standards/1/preview/", "/standards/1/"),
        ("/standards/1/publish/", "/standards/1/"),
        ("/imports/1/confirm/", "/imports/1/"),
        ("/demo/date/", "/"),
        ("/act-as/", "/"),
        ("/look/", "/"),
    ],
)
def test_it_leads_to_the_page_that_has_the_button(cast, signed_in, address, above):
    assert signed_in(cast.county_clerk).get(address).url == above


@pytest.mark.parametrize("address", ["//evil.example/accept/", "/\\evil.example/accept/"])
def test_it_leads_nowhere_else(cast, signed_in, address):
    assert page_above(address) == "/"
    assert signed_in(cast.county_clerk).get(address).status_code == 404


def test_a_visitor_is_told_nothing_on_the_way_home(client, db):
    answer = client.get("/sign-out/", follow=True)
    assert answer.redirect_chain[0] == ("/", 302)
    assert NOTHING not in answer.text


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_what_an_address_does_not_take_gets_a_page_that_says_so(cast, signed_in, method):
    answer = getattr(signed_in(cast.county_clerk), method)("/households/nobody/")
    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD"
    assert "This address takes no such request" in answer.text


def test_a_form_from_before_the_last_sign_in_is_refused_in_words_and_leads_back(cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.county_clerk)
    answer = client.post("/reviews/propose/", {}, headers={"Referer": "http://testserver/reviews/"})
    assert answer.status_code == 403
    assert "This form is too old" in answer.text
    assert 'href="/reviews/"' in answer.text.split("<h1>")[1]
