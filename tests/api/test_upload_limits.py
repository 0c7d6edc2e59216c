"""How much an upload and its client may take: a small packed file fills neither disk nor memory."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from exchange import uploaded
from exchange.actions import upload_room, uploading
from exchange.models import Upload
from households.models import Household
from tests.api.conftest import Door
from tests.api.pushing import errors, push, pushed
from tests.api.test_uploads import lines, put, sent, take_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def opened(door: Door, key: str) -> Any:
    return door.post("sync/uploads/", {}, Idempotency_Key=key)


def stand(door: Door, uuid: str) -> tuple[str, str, int]:
    told = door.get(f"sync/uploads/{uuid}/").body
    assert told["detail"]
    return told["state"], told["fault"], told["lines_done"]


@pytest.mark.parametrize(
    ("limit", "fault"), [("MOST_LINES", "too_many_lines"), ("MOST_UNPACKED", "unpacked_too_large")]
)
def test_what_unpacks_into_too_much_fails_before_anything_is_taken_in(
    door, monkeypatch, limit, fault
):
    monkeypatch.setattr(uploading, "ITEMS_AT_ONCE", 1)
    monkeypatch.setattr(uploaded, limit, 3)
    uuid = sent(door, gzip.compress(lines(5)), packing="gzip")
    take_in(uuid)
    assert stand(door, uuid) == ("failed", fault, 0)
    assert not Household.everywhere.exists()


def test_long_lines_are_taken_in_few_at_a_time(door, monkeypatch):
    monkeypatch.setattr(uploading, "BYTES_AT_ONCE", 1)
    take_in(sent(door, lines(3)))
    upload = Upload.objects.get()
    assert (upload.counts, upload.pieces) == ({"created": 3}, 3)


def test_a_report_of_the_same_over_and_over_is_small(door, folder):
    uuid = sent(door, b"{}\n" * 500)
    take_in(uuid)
    told = door.get(f"sync/uploads/{uuid}/report/").body
    assert len(told["results"]) == 100
    size = sum(place.stat().st_size for place in folder.glob("uploads/*"))
    assert size < len(json.dumps(told["results"]))
    assert Upload.objects.get().report_bytes <= size


def test_of_one_household_a_hundred_errors_are_told(door):
    item = pushed(**{f"unknown{place}": 1 for place in range(300)})
    assert len(errors(push(door, item))) == 100
    item = pushed(members=[{} for _ in range(300)])
    assert len(errors(push(door, item))) <= 100


def test_a_client_has_so_many_uploads_that_are_not_taken_in(door, foreign_door, monkeypatch):
    monkeypatch.setattr(upload_room, "MOST_UNFINISHED", 2)
    first = sent(door, lines(1))
    assert opened(door, "second").status_code == 201
    refused = opened(door, "third")
    assert (refused.status_code, refused.body["code"]) == (409, "too_many_uploads")
    assert opened(foreign_door, "first").status_code == 201
    take_in(first)
    assert opened(door, "third").status_code == 201


def test_parts_have_so_much_room_until_they_are_taken_in(door, foreign_door, monkeypatch):
    content = lines(1)
    monkeypatch.setattr(upload_room, "MOST_STORED", 2 * len(content))
    first, second = sent(door, content), opened(door, "second").body["uuid"]
    assert put(door, second, 1, content).status_code == 200
    refused = put(door, second, 2, content)
    assert (refused.status_code, refused.body["code"]) == (409, "no_room")
    assert door.get(f"sync/uploads/{second}/").body["parts"] == [1]
    assert put(foreign_door, opened(foreign_door, "f").body["uuid"], 1, content).status_code == 200
    take_in(first)
    assert put(door, second, 2, b"{}").status_code == 200


def test_reports_take_room_until_they_are_forgotten(door, monkeypatch):
    take_in(sent(door, lines(1)))
    monkeypatch.setattr(upload_room, "MOST_STORED", Upload.objects.get().report_bytes)
    uuid = opened(door, "second").body["uuid"]
    assert put(door, uuid, 1, b"{}").status_code == 409
    Upload.objects.exclude(finished_at=None).update(finished_at="2020-01-01T00:00Z")
    assert put(door, uuid, 1, b"{}").status_code == 200


def test_an_upload_whose_report_finds_no_room_stops(door, monkeypatch):
    uuid = sent(door, lines(1))
    monkeypatch.setattr(upload_room, "MOST_STORED", 10)
    take_in(uuid)
    assert stand(door, uuid) == ("failed", "no_room", 0)
    assert not Household.everywhere.exists()
