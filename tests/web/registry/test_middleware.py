"""What every answer has in common."""

import json
import logging
from datetime import timedelta

import pytest
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.test import Client
from django.urls import include, path

from registry.logs import JsonLines
from registry.middleware import SESSION_BEGAN
from trail.errors import NotAllowed, Refused

pytestmark = pytest.mark.django_db


@login_not_required
def refusing(request, word: str):
    error = {"409": Refused, "403": NotAllowed}[word]
    raise error("The year is closed. Ask the county.")


@login_not_required
def failing(request):
    raise LookupError("张三丰 970123198001010014")


def plain(request):
    return HttpResponse("for officers")


@pytest.mark.parametrize("address", ["/households/?division=97%00", "/households/%00/"])
def test_an_address_with_a_nul_character_is_a_bad_request(client, address):
    assert client.get(address).status_code == 400


urlpatterns = [
    path("refusing/<str:word>/", refusing),
    path("failing/", failing),
    path("plain/", plain),
    path("", include("registry.urls")),
]
here = pytest.mark.urls(__name__)


def test_pages_take_nothing_from_elsewhere_and_stand_in_no_frame(client: Client):
    response = client.get("/healthz")
    policy = response["Content-Security-Policy"].split("; ")
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in response["Content-Security-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]


def test_a_page_travels_compressed(client: Client):
    response = client.get("/sign-in/", headers={"Accept-Encoding": "gzip"})
    assert response["Content-Encoding"] == "gzip"
    assert len(response.content) < 10_000


@here
def test_an_anonymous_visitor_is_sent_to_sign_in(client: Client):
    response = client.get("/plain/")
    assert (response.status_code, response["Location"]) == (302, "/sign-in/?next=/plain/")


@here
def test_a_page_of_a_signed_in_officer_is_kept_by_no_cache(signed_in, cast):
    assert "no-store" in signed_in(cast.county_clerk).get("/plain/")["Cache-Control"]


@here
def test_a_fragment_after_the_session_ended_sends_the_whole_page_to_sign_in(client: Client):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/plain/"}
    response = client.get("/plain/", headers=headers)
    assert response["HX-Redirect"] == "/sign-in/?next=/plain/"


@here
def test_a_busy_session_ends_twelve_hours_after_it_began(signed_in, cast):
    client = signed_in(cast.county_clerk)
    assert client.get("/plain/").status_code == 200
    session = client.session
    session[SESSION_BEGAN] -= timedelta(hours=12, seconds=1).total_seconds()
    session.save()
    assert client.get("/plain/").status_code == 302


@here
def test_each_request_gives_the_session_another_thirty_minutes(signed_in, cast):
    response = signed_in(cast.county_clerk).get("/plain/")
    assert response.cookies["sessionid"]["max-age"] == 30 * 60


@here
@pytest.mark.parametrize("status", [403, 409])
def test_a_refusal_becomes_a_page_that_says_why(client: Client, status):
    response = client.get(f"/refusing/{status}/")
    assert response.status_code == status
    assert "The year is closed. Ask the county." in response.content.decode()


@pytest.mark.parametrize("address", ["/sign-in/", "/households/"])
def test_a_body_of_more_than_25_mb_is_refused_unread(client: Client, address, in_english):
    length = str(25 * 1024 * 1024 + 1)
    kind = "multipart/form-data; boundary=x"
    response = client.generic("POST", address, b"--x", kind, CONTENT_LENGTH=length)
    assert response.status_code == 413
    assert "at most 20 MB" in response.text
    assert response.wsgi_request._read_started is False


def test_a_body_of_25_mb_is_let_through_to_the_form(client: Client):
    length = str(25 * 1024 * 1024)
    assert client.generic("GET", "/sign-in/", b"", CONTENT_LENGTH=length).status_code == 200


def test_a_body_in_chunks_is_refused_unread(client: Client):
    response = client.generic("POST", "/sign-in/", headers={"Transfer-Encoding": "chunked"})
    assert response.status_code == 411
    assert response.wsgi_request._read_started is False


def lines_of(caplog: pytest.LogCaptureFixture) -> str:
    return "\n".join(JsonLines().format(record) for record in caplog.records)


@here
def test_the_log_of_a_failure_names_the_place_and_no_person(client: Client, caplog):
    client.raise_request_exception = False
    assert client.get("/failing/?name=张三丰").status_code == 500
    said = lines_of(caplog)
    assert "LookupError" in said
    assert "test_middleware.py" in said
    assert "张三丰" not in said
    assert "970123198001010014" not in said


@here
def test_a_request_is_logged_by_its_route_and_number(client: Client, caplog):
    with caplog.at_level(logging.INFO, logger="registry"):
        response = client.get("/refusing/409/?name=secret")
    [line] = [
        json.loads(JsonLines().format(record))
        for record in caplog.records
        if record.name == "registry.middleware"
    ]
    assert line["route"] == "refusing/<str:word>/"
    assert (line["method"], line["status"]) == ("GET", 409)
    assert "secret" not in json.dumps(line)
    assert len(response["X-Request-ID"]) == 32
