"""Large loads: sent in parts, taken in by a worker, followed by their sender."""

import gzip
import json
import os
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from exchange.actions import uploading
from exchange.actions.purging import purge_uploaded
from exchange.models import Upload
from households.models import Household
from households.rules import State
from officers.models import ClientKey
from tests import factories as make
from tests.api.conftest import Door, new_person
from tests.api.pushing import say

pytestmark = pytest.mark.django_db
KEY = {"Idempotency_Key": "load"}
PACKED = gzip.compress(b"{}", mtime=0)
CUT_SHORT = PACKED[:-4]


def lines(count: int, **values: Any) -> bytes:
    items = [
        {"number": f"H{place}", "village": make.VILLAGE, "members": [new_person()]} | values
        for place in range(count)
    ]
    return "\n".join(json.dumps(one) for one in items).encode()


def put(door: Door, uuid: str, number: int, content: bytes) -> Any:
    return door.send("PUT", f"sync/uploads/{uuid}/parts/{number}/", content)


def sent(door: Door, content: bytes, *, packing: str = "none", size: int = 400) -> str:
    """The uuid of an upload whose parts are sent and that is closed."""
    uuid = door.post("sync/uploads/", {"packing": packing}, **KEY).body["uuid"]
    parts = [content[at : at + size] for at in range(0, len(content), size)]
    for number, part in enumerate(parts, 1):
        assert put(door, uuid, number, part).status_code == 200
    end = {"parts": len(parts), "sha256": sha256(content).hexdigest()}
    answer = door.post(f"sync/uploads/{uuid}/close/", end)
    assert (answer.status_code, answer.body["state"]) == (202, "waiting")
    return uuid


def take_in(uuid: str) -> None:
    uploading.take_in(Upload.objects.get(uuid=uuid).pk)


@pytest.fixture
def by_twos(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploading, "ITEMS_AT_ONCE", 2)


def test_the_mark_of_utf_8_is_no_part_of_the_first_household(door):
    uuid = sent(door, b"\xef\xbb\xbf" + lines(2))
    take_in(uuid)
    assert door.get(f"sync/uploads/{uuid}/").body["counts"] == {"created": 2}


@pytest.mark.parametrize(
    ("word", "found"),
    [("leave", (State.ORDINARY, None, False)), ("load", (State.EXITED, 2018, True))],
)
def test_an_upload_brings_history_where_its_county_takes_it(door, word, found):
    say("exchange.loaded_states", word)
    take_in(sent(door, lines(1, status="1", exit_year=2018)))
    household = Household.everywhere.get()
    assert (household.state, household.exit_year, household.state_loaded) == found


@pytest.mark.parametrize("packing", ["none", "gzip"])
def test_all_lines_are_taken_in_and_told(door, by_twos, packing):
    content = lines(5)
    uuid = sent(door, gzip.compress(content) if packing == "gzip" else content, packing=packing)
    take_in(uuid)
    told = door.get(f"sync/uploads/{uuid}/").body
    assert (told["state"], told["lines_done"], told["counts"]) == ("done", 5, {"created": 5})
    assert Household.everywhere.count() == 5


@pytest.mark.parametrize("edge", [0, 7])
def test_a_file_packed_piece_by_piece_is_taken_in_whole(door, edge):
    """However the ends of the packed pieces lie to those of the parts."""
    packed = [gzip.compress(one + b"\n", mtime=0) for one in lines(3).splitlines()]
    uuid = sent(door, b"".join(packed), packing="gzip", size=len(packed[0]) + edge)
    take_in(uuid)
    assert door.get(f"sync/uploads/{uuid}/").body["counts"] == {"created": 3}


def test_parts_are_numbered_from_one(door):
    uuid = door.post("sync/uploads/", {}, **KEY).body["uuid"]
    assert put(door, uuid, 0, b"{}").status_code == 404
    assert door.get(f"sync/uploads/{uuid}/").body["parts"] == []


def test_the_report_comes_in_pages_of_the_asked_length(door, monkeypatch):
    monkeypatch.setattr(uploading, "ITEMS_AT_ONCE", 3)
    uuid = sent(door, lines(5))
    take_in(uuid)
    path, found = f"sync/uploads/{uuid}/report/?limit=2", []
    while path:
        page = door.get(path.replace("http://testserver/api/v1/", "")).body
        found.append([one["index"] for one in page["results"]])
        path = page["next"]
    assert found == [[0, 1], [2], [3, 4]]


def test_the_report_tells_nothing_of_what_was_not_committed(door, by_twos):
    uuid = sent(door, lines(2))
    take_in(uuid)
    Upload.objects.update(pieces=0, state="waiting", lines_done=0)
    assert door.get(f"sync/uploads/{uuid}/report/").body["results"] == []


def test_the_list_of_uploads_takes_as_many_queries_for_many(door):
    uuids = [door.post("sync/uploads/", {}, Idempotency_Key=f"k{n}").body["uuid"] for n in range(3)]
    for uuid in uuids:
        put(door, uuid, 2, b"b")
        put(door, uuid, 1, b"a")
    with CaptureQueriesContext(connection) as one:
        door.get("sync/uploads/?limit=1")
    with CaptureQueriesContext(connection) as many:
        found = door.get("sync/uploads/").body["results"]
    assert [each["parts"] for each in found] == [[1, 2]] * 3
    assert len(many) <= len(one)


def test_the_report_tells_each_household_in_the_order_of_the_file(door, by_twos):
    content = lines(3) + b"\n" + lines(1, number="X", village=make.OTHER_COUNTY_VILLAGE)
    uuid = sent(door, content)
    take_in(uuid)
    path, told = f"sync/uploads/{uuid}/report/", []
    while path:
        page = door.get(path.replace("http://testserver/api/v1/", "")).body
        told += page["results"]
        path = page["next"]
    assert [(one["index"], one["result"]) for one in told] == [
        (0, "created"),
        (1, "created"),
        (2, "created"),
        (3, "rejected"),
    ]
    assert told[3]["errors"][0]["pointer"] == "/village"


def test_an_end_that_is_not_listed_rejects_its_household_alone(door):
    ended = [new_person(), new_person(relation="02", end_reason="11", end_date="2019-05-06")]
    uuid = sent(door, lines(1) + b"\n" + lines(1, number="X", members=ended))
    take_in(uuid)
    told = door.get(f"sync/uploads/{uuid}/").body
    assert (told["state"], told["counts"]) == ("done", {"created": 1, "rejected": 1})


def test_a_killed_worker_goes_on_behind_what_it_committed(door, by_twos, monkeypatch):
    uuid = sent(door, lines(5))
    push, calls = uploading.push_items, []

    def dying(*args: Any, **kwargs: Any) -> Any:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return push(*args, **kwargs)

    monkeypatch.setattr(uploading, "push_items", dying)
    with pytest.raises(KeyboardInterrupt):
        take_in(uuid)
    assert Upload.objects.get().lines_done == 2
    take_in(uuid)
    assert door.get(f"sync/uploads/{uuid}/").body["counts"] == {"created": 5}


def test_a_part_that_is_sent_twice_is_kept_once_and_another_one_is_refused(door):
    uuid = door.post("sync/uploads/", {}, **KEY).body["uuid"]
    assert put(door, uuid, 1, b"{}").body["parts"] == [1]
    assert put(door, uuid, 1, b"{}").body["parts"] == [1]
    assert put(door, uuid, 1, b"[]").body["code"] == "part_differs"


def test_missing_parts_are_named(door):
    uuid = door.post("sync/uploads/", {}, **KEY).body["uuid"]
    put(door, uuid, 2, b"{}")
    refused = door.post(f"sync/uploads/{uuid}/close/", {"parts": 3, "sha256": "ab" * 32})
    assert (refused.status_code, refused.body["code"]) == (409, "parts_missing")
    assert "1, 3" in refused.body["detail"]


@pytest.mark.parametrize(
    ("content", "packing", "fault"),
    [
        (b"no gzip at all", "gzip", "not_gzip"),
        (CUT_SHORT, "gzip", "not_gzip"),
        (PACKED + b"rubbish", "gzip", "not_gzip"),
    ],
    ids=["no gzip", "cut short", "rubbish behind"],
)
def test_what_cannot_be_unpacked_fails_with_its_reason(door, content, packing, fault):
    uuid = sent(door, content, packing=packing)
    take_in(uuid)
    told = door.get(f"sync/uploads/{uuid}/").body
    assert (told["state"], told["fault"]) == ("failed", fault)


def test_a_file_that_is_not_the_one_that_was_meant_fails_and_changes_nothing(door):
    uuid = door.post("sync/uploads/", {}, **KEY).body["uuid"]
    put(door, uuid, 1, lines(1))
    door.post(f"sync/uploads/{uuid}/close/", {"parts": 1, "sha256": "ab" * 32})
    take_in(uuid)
    assert door.get(f"sync/uploads/{uuid}/").body["fault"] == "digest_differs"
    assert not Household.everywhere.exists()


def test_a_revoked_key_takes_nothing_in(door):
    uuid = sent(door, lines(1))
    ClientKey.objects.update(revoked_at="2020-01-01T00:00Z", revoke_reason="泄露")
    take_in(uuid)
    assert (Upload.objects.get().fault, Household.everywhere.count()) == ("no_key", 0)


def test_what_kills_its_worker_again_and_again_is_given_up(door, monkeypatch):
    uuid = sent(door, lines(1))

    def dying(*_: Any, **__: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(uploading, "push_items", dying)
    for _ in range(uploading.ATTEMPTS):
        with pytest.raises(KeyboardInterrupt):
            take_in(uuid)
    take_in(uuid)
    assert Upload.objects.get().fault == "given_up"


def test_nobody_else_finds_an_upload(door, foreign_door):
    uuid = sent(door, lines(1))
    for path in ("", "report/"):
        assert foreign_door.get(f"sync/uploads/{uuid}/{path}").status_code == 404
    assert put(foreign_door, uuid, 1, b"x").status_code == 404
    assert foreign_door.post(f"sync/uploads/{uuid}/close/", {}).status_code == 404
    assert foreign_door.get("sync/uploads/").body["results"] == []


def test_the_parts_lie_sealed_and_are_gone_when_they_are_taken_in(door, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    uuid = sent(door, lines(1))
    (part,) = tmp_path.glob("uploads/*part1")
    assert make.VILLAGE.encode() not in part.read_bytes()
    take_in(uuid)
    assert not [*tmp_path.glob("uploads/*part*")]


class TestAfterThirtyDays:
    @pytest.fixture(autouse=True)
    def _folder(self, settings: Any, tmp_path: Path) -> None:
        settings.MEDIA_ROOT = tmp_path

    @staticmethod
    def later(folder: Path, days: int = 31) -> None:
        """Let so many days pass and the nightly purge run."""
        past = timezone.now() - timedelta(days=days)
        Upload.objects.update(created_at=past)
        Upload.objects.exclude(finished_at=None).update(finished_at=past)
        for place in folder.glob("uploads/*"):
            os.utime(place, (past.timestamp(), past.timestamp()))
        purge_uploaded()

    def test_the_report_is_gone_and_says_so(self, door, tmp_path):
        uuid = sent(door, lines(1))
        take_in(uuid)
        self.later(tmp_path)
        answer = door.get(f"sync/uploads/{uuid}/report/")
        assert (answer.status_code, answer.body["code"]) == (410, "report_gone")
        assert door.get(f"sync/uploads/{uuid}/").body["parts"] == []

    def test_an_open_upload_is_over_and_knows_no_part(self, door, tmp_path):
        uuid = door.post("sync/uploads/", {}, **KEY).body["uuid"]
        put(door, uuid, 1, b"{}")
        self.later(tmp_path)
        told = door.get(f"sync/uploads/{uuid}/").body
        assert (told["state"], told["fault"], told["parts"]) == ("failed", "lapsed", [])
        assert "open a new one" in told["detail"].lower()
        answer = put(door, uuid, 1, b"{}")
        assert (answer.status_code, answer.body["code"]) == (409, "upload_closed")

    def test_an_open_upload_of_yesterday_goes_on(self, door, tmp_path):
        uuid = door.post("sync/uploads/", {}, **KEY).body["uuid"]
        put(door, uuid, 1, b"{}")
        self.later(tmp_path, days=29)
        told = door.get(f"sync/uploads/{uuid}/").body
        assert (told["state"], told["parts"]) == ("open", [1])


def test_the_parts_of_an_upload_that_failed_are_gone(door, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    take_in(sent(door, b"no gzip at all", packing="gzip"))
    assert not [*tmp_path.glob("uploads/*")]
