from datetime import timedelta

import pytest
from django.template.loader import get_template
from django.utils import timezone

from officers.rules import Role
from tests import factories as make
from trail.dates import business_date
from trail.errors import Refused
from trail.models import Change

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(settings):
    settings.DEMO = True


def menu(client) -> list[str]:
    return [item.url for item in client.get("/").context["frame"].nav]


def test_a_page_speaks_the_language_that_the_visitor_chose(cast, signed_in):
    client = signed_in(cast.county_clerk)
    client.post("/language/", {"language": "en", "next": "/"})
    assert '<html lang="en"' in client.get("/").content.decode()
    client.post("/language/", {"language": "zh-hans", "next": "/"})
    assert '<html lang="zh-Hans"' in client.get("/").content.decode()


def test_large_print_is_kept_for_the_next_pages_and_can_be_put_back(cast, signed_in):
    client = signed_in(cast.county_clerk)
    client.post("/look/", {"large": "yes", "next": "/"})
    client.post("/look/", {"dense": "yes", "next": "/"})
    assert client.get("/").context["frame"].look == "large dense"
    client.post("/look/", {"large": "no", "next": "/"})
    assert client.get("/").context["frame"].look == "dense"


def test_the_look_can_be_chosen_before_signing_in(client, db):
    assert client.post("/look/", {"large": "yes"}).status_code == 302


@pytest.mark.parametrize("target", ["https://example.org/", "//example.org", "javascript:alert(1)"])
def test_a_switch_never_leads_to_another_site(client, db, target):
    assert client.post("/look/", {"large": "yes", "next": target}).headers["Location"] == "/"


def test_a_switch_comes_back_to_the_page_with_its_filter(client, db):
    answer = client.post("/look/", {"large": "yes", "next": "/households/?state=1"})
    assert answer.headers["Location"] == "/households/?state=1"


def test_outside_the_demonstration_the_date_cannot_be_moved(cast, signed_in):
    client = signed_in(cast.county_clerk)
    assert client.post("/demo/date/", {"act": "week"}).status_code == 404
    assert business_date() == timezone.localdate()


def test_the_demonstration_moves_a_week_on_and_back_and_records_who_did(cast, signed_in, demo):
    client, today = signed_in(cast.county_clerk), timezone.localdate()
    client.post("/demo/date/", {"act": "week"})
    client.post("/demo/date/", {"act": "week"})
    assert business_date() == today + timedelta(days=14)
    client.post("/demo/date/", {"act": "today"})
    assert business_date() == today
    assert Change.objects.filter(action="move_date", actor_id=cast.county_clerk.pk).count() == 3


def test_the_demonstration_moves_to_a_chosen_date_and_every_page_says_so(cast, signed_in, demo):
    client, wanted = signed_in(cast.county_clerk), timezone.localdate() + timedelta(days=40)
    client.post("/demo/date/", {"act": "set", "day": wanted.isoformat()})
    assert business_date() == wanted
    body = client.get("/households/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert f"Today is {wanted.isoformat()}" in body


def test_a_date_that_is_none_moves_nothing(cast, signed_in, demo):
    client = signed_in(cast.county_clerk)
    client.post("/demo/date/", {"act": "set", "day": "2020-13-01"})
    assert business_date() == timezone.localdate()


def test_the_menu_holds_the_places_of_the_role(cast, signed_in):
    assert "/households/" in menu(signed_in(cast.village_official))
    assert "/households/" not in menu(signed_in(cast.account_admin))
    assert menu(signed_in(cast.nobody)) == []


def test_the_header_offers_the_other_postings_in_force(cast, signed_in):
    own = cast.county_clerk.posting
    other = make.make_posting(cast.county_clerk, Role.READER, make.CITY)
    make.make_posting(cast.county_clerk, Role.READER, make.PROVINCE, ends_on="2015-01-01")
    frame = signed_in(cast.county_clerk).get("/").context["frame"]
    assert frame.other_postings == [other]
    assert own not in frame.other_postings


@pytest.mark.parametrize(
    "name",
    [
        "400.html", "403.html", "403_csrf.html", "404.html", "405.html", "409.html", "413.html",
        "500.html",
    ],
)  # fmt: skip
def test_an_error_page_stands_without_request_or_context(name):
    body = get_template(name).render()
    assert body.count("<h1>") == 1
    assert "<form" not in body


def test_a_refusal_shows_its_reason_and_the_differences(client, db):
    refusal = Refused(
        "Not now.", details={"differences": [{"label": "Group", "before": "1", "after": "2"}]}
    )
    body = get_template("refused.html").render({"refusal": refusal})
    assert "Not now." in body
    assert "<td>1</td><td>2</td>" in body


@pytest.mark.parametrize(
    ("came_from", "led"),
    [
        ("http://testserver/households/?state=1", "/households/?state=1"),
        ("http://testserver//evil.example/", ""),
        ("http://testserver/accounts/", ""),
        ("https://evil.example/households/", ""),
        ("javascript:alert(1)", ""),
        ("", ""),
    ],
)
def test_an_error_page_leads_back_to_the_page_of_our_own_it_came_from(
    cast, signed_in, came_from, led
):
    page = signed_in(cast.reader).get("/accounts/", headers={"Referer": came_from})
    assert page.status_code == 403
    assert page.context["frame"].back == led
    assert "evil" not in page.text
    assert (f'href="{led}"' in page.text) == bool(led)
