"""Who gets in, and what every answer has in common."""

from datetime import timedelta

import pytest
from django.utils import timezone

from officers.actions import revoke_key
from officers.models import ClientKey
from officers.rules import Scope
from tests import factories as make
from tests.api.conftest import Door, issue, new_household

pytestmark = pytest.mark.django_db
MIB = 1024 * 1024


def test_without_a_key_the_door_asks_for_one(tree):
    answer = Door().get("households/")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == 'Bearer realm="registry"'
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.body["code"] == "no_key"
    assert answer.body["request_id"] == answer["X-Request-ID"]


@pytest.mark.parametrize("scheme", ["Basic", "Token", "bearer-ish", ""])
def test_a_key_under_another_scheme_is_none(tree, scheme):
    key = issue().text
    door = Door()
    door.headers["Authorization"] = f"{scheme} {key}"
    assert door.get("codes/").status_code == 401


def test_a_session_opens_nothing_at_the_door_and_ends_not(cast, signed_in):
    client = signed_in(cast.county_clerk)
    answer = client.get("/api/v1/households/")
    assert answer.status_code == 401
    assert not answer.cookies
    assert client.get("/").status_code == 200


def test_a_key_opens_no_page(tree):
    door = Door(issue().text)
    assert door.get("/").status_code == 302


def test_no_cookie_is_ever_set(door, household):
    for path in ("codes/", f"households/{household.number}/", "nothing/", "docs/", "schema/"):
        assert not door.get(path, Cookie="sessionid=abc; csrftoken=def").cookies


def test_answers_are_kept_nowhere(door):
    assert door.get("codes/")["Cache-Control"] == "no-store"


def test_a_revoked_key_is_refused_at_the_next_request(tree):
    issued = issue()
    door = Door(issued.text)
    assert door.get("codes/").status_code == 200
    revoke_key(issued.key, reason="lost", by=make.the_operator())
    assert door.get("codes/").status_code == 401


def test_an_ended_posting_is_refused_at_the_next_request(tree):
    issued = issue()
    yesterday = timezone.localdate() - timedelta(days=1)
    issued.key.client.officer.postings.update(starts_on=yesterday, ends_on=yesterday)
    assert Door(issued.text).get("codes/").status_code == 401


def test_the_use_of_a_key_is_noted_once_an_hour(tree):
    issued = issue()
    door = Door(issued.text)
    door.get("codes/")
    first = ClientKey.objects.get().last_used_at
    door.get("codes/")
    assert ClientKey.objects.get().last_used_at == first
    ClientKey.objects.update(last_used_at=first - timedelta(hours=2))
    door.get("codes/")
    assert ClientKey.objects.get().last_used_at > first


@pytest.mark.parametrize(
    ("scope", "statuses"),
    [(Scope.READ, (200, 403)), (Scope.WRITE, (403, 201)), (Scope.IDENTITY, (403, 403))],
)
def test_a_key_opens_what_its_scopes_name(open_door, scope, statuses):
    door = open_door(make.COUNTY, scope)
    read, write = door.get("households/"), door.post("households/", new_household())
    assert (read.status_code, write.status_code) == statuses


def test_plain_http_is_refused_without_a_redirect(tree, settings):
    settings.PLAIN_HTTP = False
    settings.SECURE_SSL_REDIRECT = True
    answer = Door(issue().text).get("codes/")
    assert (answer.status_code, answer.body["code"]) == (403, "https_needed")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "TRACE"])
def test_a_method_that_a_resource_has_not_is_refused(door, household, method):
    answer = door.send(method, f"households/{household.number}/")
    assert (answer.status_code, answer.body["code"]) == (405, "method_not_allowed")


@pytest.mark.parametrize(
    "path", ["nothing/", "households", "households/a/b/c/", "/api/", "/api/v2/"]
)
def test_what_has_no_address_is_not_found(door, path):
    answer = door.get(path)
    assert (answer.status_code, answer.body["code"]) == (404, "not_found")


def test_only_json_is_answered(door):
    assert door.get("codes/", Accept="text/html").status_code == 406


def test_only_json_is_taken(door):
    answer = door.client.post(
        "/api/v1/households/", {"village": make.VILLAGE}, headers=door.headers
    )
    assert answer.status_code == 415


def test_a_body_beyond_the_limit_is_not_read(door):
    answer = door.post("households/", b"[" + b" " * MIB + b"]")
    assert (answer.status_code, answer.body["code"]) == (413, "too_large")


@pytest.mark.parametrize("path", ["households/", "sync/batches/", "nothing/"])
def test_a_body_in_chunks_is_refused_and_not_taken_for_an_empty_one(door, path):
    answer = door.client.generic(
        "POST", f"/api/v1/{path}", headers=door.headers | {"Transfer-Encoding": "chunked"}
    )
    assert (answer.status_code, answer.json()["code"]) == (411, "length_needed")


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"\xff\xfe",
        b'{"village": NaN}',
        b'{"group": "a", "group": "b"}',
        b"[" * 100_000,
        b'{"survey": {"lines": [[[[[[[[[]]]]]]]]]}}',
        b'{"group": "\\ud800"}',
    ],
)
def test_a_body_that_is_no_plain_json_is_refused(door, body):
    answer = door.post("households/", body)
    assert (answer.status_code, answer.body["code"]) == (400, "unreadable")


@pytest.mark.parametrize("body", [[], "text", 7, b"null", True])
def test_a_body_that_is_no_object_is_refused(door, body):
    answer = door.post("households/", body)
    assert answer.status_code == 400
    assert answer.body["errors"][0]["code"] in ("wrong_type", "null")


@pytest.mark.parametrize(
    ("language", "title"), [("en", "Not found"), ("zh-CN", "没有找到"), ("", "没有找到")]
)
def test_sentences_follow_the_language_that_is_asked_for(door, language, title):
    assert door.get("nothing/", Accept_Language=language).body["title"] == title


def test_the_language_does_not_change_the_code(door):
    codes = {door.get("nothing/", Accept_Language=one).body["code"] for one in ("en", "zh-CN")}
    assert codes == {"not_found"}


def test_a_nul_in_the_address_is_a_problem_too(door):
    answer = door.get("households/?division=%00")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"


def test_a_client_that_sends_too_much_waits(door, settings):
    settings.API_RATES = {"read": 2, "write": 1}
    statuses = [door.get("codes/").status_code for _ in range(3)]
    answer = door.get("codes/")
    assert (statuses[:2], answer.status_code) == ([200, 200], 429)
    assert 1 <= int(answer["Retry-After"]) <= 60
    assert answer.body["code"] == "too_many_requests"
    assert door.post("households/", new_household()).status_code == 201


def test_another_client_is_not_held_back(door, open_door, settings):
    settings.API_RATES = {"read": 1, "write": 1}
    for _ in range(3):
        door.get("codes/")
    assert open_door().get("codes/").status_code == 200
