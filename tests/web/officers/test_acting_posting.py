"""A posting that ends while the officer works."""

from datetime import timedelta

import pytest

from officers.models import Officer, Posting
from officers.rules import Role
from tests import factories as make
from trail.dates import business_date

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
SAID = "has ended. You now act as"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def second(cast) -> Posting:
    """Another county, where the clerk acts when his own posting ends."""
    return make.make_posting(cast.county_clerk, Role.COUNTY_CLERK, make.OTHER_COUNTY)


@pytest.fixture
def working(cast, second, signed_in):
    """A clerk who has opened a page under his first posting, which ends behind his back."""
    client = signed_in(cast.county_clerk)
    client.get("/")
    end_first(cast.county_clerk)
    return client


def end_first(officer: Officer) -> None:
    first = officer.postings.order_by("pk").first()
    ends_on = business_date() - timedelta(days=1)
    Posting.objects.filter(pk=first.pk).update(ends_on=ends_on)


def test_a_form_filled_in_under_it_is_not_taken_and_the_page_says_why(cast, working, second):
    make.make_review(make.OTHER_COUNTY)
    answer = working.post("/reviews/propose/", {"year": "2019", "division": make.OTHER_COUNTY})
    assert answer.status_code == 409
    assert SAID in answer.text
    assert str(second) in answer.text
    assert "Nothing was saved." in answer.text


def test_the_next_form_is_taken_under_the_other_one(working):
    working.post("/account/password/", {})
    working.post("/reviews/propose/", {})
    assert working.post("/reviews/propose/", {}).status_code == 200


def test_a_page_says_it_once(working, second):
    page = working.get("/").text
    assert SAID in page
    assert str(second) in page
    assert SAID not in working.get("/").text


def test_a_fragment_leaves_the_word_to_the_page(working):
    working.get("/account/", headers=HTMX)
    assert working.post("/reviews/propose/", {}).status_code == 409


def test_an_officer_who_has_no_other_one_is_told_so(cast, signed_in):
    client = signed_in(cast.county_clerk)
    client.get("/")
    end_first(cast.county_clerk)
    answer = client.post("/reviews/propose/", {})
    assert answer.status_code == 409
    assert "you have no other one" in answer.text


def test_choosing_another_one_in_the_header_says_nothing(cast, second, signed_in):
    client = signed_in(cast.county_clerk)
    client.get("/")
    client.post("/act-as/", {"posting": second.pk})
    page = client.get("/").text
    assert "You now act as" in page
    assert "has ended" not in page
