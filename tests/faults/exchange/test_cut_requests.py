"""A line that breaks within a request: what came over is not taken for all of it."""

import json
import socket
from urllib.parse import urlsplit

import pytest
from django.conf import LazySettings
from registry_client import Door

from exchange.models import Push, UploadPart
from households.models import Household
from officers.rules import Scope
from tests import factories as make
from tests.api.conftest import issue, new_household


@pytest.fixture
def place(site: str, settings: LazySettings) -> str:
    settings.PLAIN_HTTP = True
    make.plant_tree()
    return site


@pytest.fixture
def key(place: str) -> str:
    return issue(make.COUNTY, Scope.WRITE).text


def send_cut(place: str, head: str, content: bytes, *, cut: int) -> str:
    """Send a request whose line breaks `cut` bytes before its end; the status of the answer."""
    parts = urlsplit(place)
    with socket.create_connection((parts.hostname, parts.port)) as line:
        text = f"{head}\r\nHost: {parts.netloc}\r\nContent-Length: {len(content)}\r\n\r\n"
        line.sendall(text.encode() + content[:-cut])
        line.shutdown(socket.SHUT_WR)
        return line.makefile().readline().split()[1]


def test_lines_that_were_cut_are_not_taken_for_all(place, key):
    lines = [json.dumps(new_household(number=f"H{n}")).encode() for n in range(3)]
    content = b"\n".join(lines)
    head = (
        f"POST /api/v1/sync/batches/ HTTP/1.1\r\nAuthorization: Bearer {key}\r\n"
        "Idempotency-Key: k\r\nContent-Type: application/x-ndjson"
    )
    for cut in (10, len(lines[2]) + 1):
        assert send_cut(place, head, content, cut=cut) == "400"
    assert not Household.everywhere.exists()
    assert not Push.objects.exists()
    with Door(place, key, patience=20) as door:
        assert door.post_lines("sync/batches/", content, key="k")["counts"]["created"] == 3


def test_a_part_that_was_cut_is_not_kept(place, key):
    with Door(place, key, patience=20) as door:
        upload = door.post("sync/uploads/", b"{}", key="k")["uuid"]
        at = f"sync/uploads/{upload}/parts/1/"
        head = (
            f"PUT /api/v1/{at} HTTP/1.1\r\nAuthorization: Bearer {key}\r\n"
            "Content-Type: application/octet-stream"
        )
        assert send_cut(place, head, b"x" * 100, cut=1) == "400"
        assert not UploadPart.objects.exists()
        assert door.put(at, b"x" * 100)["parts"] == [1]


def send_in_chunks(place: str, head: str, content: bytes) -> str:
    """Send a body in one chunk and its end; the status of the answer."""
    parts = urlsplit(place)
    with socket.create_connection((parts.hostname, parts.port)) as line:
        text = f"{head}\r\nHost: {parts.netloc}\r\nTransfer-Encoding: chunked\r\n\r\n"
        line.sendall(text.encode() + b"%x\r\n%s\r\n0\r\n\r\n" % (len(content), content))
        return line.makefile().readline().split()[1]


def test_nothing_in_chunks_is_taken_for_nothing_sent(place, key):
    with Door(place, key, patience=20) as door:
        upload = door.post("sync/uploads/", b"{}", key="k")["uuid"]
    line = json.dumps(new_household(number="H1")).encode()
    for method, path, kind in (
        ("POST", "sync/batches/", "application/x-ndjson"),
        ("PUT", f"sync/uploads/{upload}/parts/1/", "application/octet-stream"),
    ):
        head = (
            f"{method} /api/v1/{path} HTTP/1.1\r\nAuthorization: Bearer {key}\r\n"
            f"Idempotency-Key: chunks\r\nContent-Type: {kind}"
        )
        assert send_in_chunks(place, head, line) == "411"
    assert not Push.objects.exists()
    assert not UploadPart.objects.exists()
