"""The access log says of each request at the door what an operator needs, and nothing personal."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from registry.api import throttling
from registry.logs import JsonLines
from tests import factories as make
from tests.api.conftest import Door, issue, new_household, new_person
from tests.api.pushing import push

pytestmark = pytest.mark.django_db
FIELDS = {"at", "level", "logger", "message", "request", "key", "method", "route", "status", "ms"}
PERSON = {"name": "欧阳静好", "id_number": "970123196503190524"}


class Kept(logging.Handler):
    """Keeps the lines as they would go to stderr in that moment."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[dict[str, Any]] = []
        self.setFormatter(JsonLines())

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(json.loads(self.format(record)))


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[list[dict[str, Any]]]:
    """The lines that are written from now on."""
    kept = Kept()
    logging.getLogger().addHandler(kept)
    with caplog.at_level(logging.DEBUG):
        yield kept.lines
    logging.getLogger().removeHandler(kept)


def accesses(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [line for line in lines if line["logger"] == "registry.middleware"]


def test_a_line_names_the_request_its_route_and_the_key(door, log):
    answer = door.get("households/")
    (line,) = accesses(log)
    assert set(line) == FIELDS
    assert line["request"] == answer["X-Request-ID"]
    assert (line["method"], line["route"], line["status"]) == ("GET", "api/v1/households/", 200)
    assert line["key"] in door.headers["Authorization"]


def test_without_a_key_none_is_named_also_behind_a_request_with_one(door, log):
    door.get("households/")
    Door().get("households/")
    first, second = accesses(log)
    assert ("key" in first, "key" in second, second["status"]) == (True, False, 401)


def test_nothing_personal_and_no_secret_is_written(door, log, monkeypatch):
    issued = issue()
    sender = Door(issued.text)
    number = sender.post("households/", new_household(members=[new_person(**PERSON)])).body[
        "number"
    ]
    push(sender, {"number": number, "members": [PERSON], "phone": "13912345678"})
    sender.get(f"households/{number}/")
    sender.get(f"households/?number={number}")
    sender.get(f"sync/totals/?division={make.VILLAGE}")
    sender.post("households/", {"members": [PERSON], "phone": "13912345678"})
    monkeypatch.setattr(throttling.PerClient, "count", broken)
    sender.client.raise_request_exception = False
    assert sender.post("households/", new_household(members=[PERSON])).status_code == 500
    written = json.dumps(log, ensure_ascii=False)
    secret = issued.text.split("_", 2)[2]
    told = [*PERSON.values(), "13912345678", number, make.VILLAGE, secret, "127.0.0.1"]
    assert len(accesses(log)) == 7
    assert [one for one in told if one in written] == []


def test_a_refusal_at_the_door_names_no_household(door, household, log):
    at = f"households/{household.number}/"
    refused = {
        400: door.patch(at, {"group": 7}, If_Match='"1"'),
        401: Door().get(at),
        404: door.get(f"{at}nothing/"),
        405: door.send("DELETE", at),
        411: door.send("PATCH", at, {}, Transfer_Encoding="chunked"),
        412: door.patch(at, {}, If_Match='"7"'),
        415: door.client.post(f"/api/v1/{at}surveys/", {}, headers=door.headers),
        428: door.patch(at, {}),
    }
    assert [answer.status_code for answer in refused.values()] == [*refused]
    assert len(accesses(log)) == len(refused)
    assert household.number not in json.dumps(log)


def test_a_refused_page_names_no_household(cast, household, signed_in, log):
    at = f"/households/{household.number}/"
    clerk, stranger = signed_in(cast.county_clerk), signed_in(cast.stranger)
    refused = {
        400: clerk.get(f"{at}?x=%00"),
        403: Client(enforce_csrf_checks=True).post(f"{at}phone/"),
        404: stranger.get(at),
        405: clerk.delete(at),
    }
    assert [answer.status_code for answer in refused.values()] == [*refused]
    assert len(accesses(log)) == len(refused)
    assert household.number not in json.dumps(log)


def broken(*_: Any) -> int:
    raise LookupError(PERSON["name"])
