"""Answers that are cut after the commit, and asked for again: the same answer, nothing done twice.

A proxy between client and site takes the whole answer and then cuts the line, at once or amid.
"""

import re
import socket
import threading
import urllib.request
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from functools import partial
from http.client import HTTPException
from threading import Barrier
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit

import pytest
from django.conf import LazySettings
from django.db import connections

from households.models import Household
from officers.rules import Scope
from tests import factories as make
from tests.api.conftest import Door, issue, new_household
from tests.faults.api.writes import KINDS, Write, writes
from tests.web.exchange.reporting import decides

CUTS = 500
WRITERS = 4
CHUNK = 65_536
LACKING = 20
PLACE = re.compile(rb"x-place: ([0-9]+)", re.IGNORECASE)


class CuttingProxy:
    """Forwards one request a connection; whoever asks for the first time gets no whole answer."""

    def __init__(self, site: str):
        parts = urlsplit(site)
        self.upstream = (parts.hostname, parts.port)
        self.seen: dict[bytes, bytes] = {}
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                threading.Thread(target=self._forward, args=(client,), daemon=True).start()

    def _forward(self, client: socket.socket) -> None:
        with closing(client), closing(socket.create_connection(self.upstream)) as server:
            request = _message(client)
            server.sendall(request)
            answer = b"".join(iter(lambda: server.recv(CHUNK), b""))
            if request in self.seen:
                client.sendall(answer)
            else:
                self.seen[request] = answer
                client.sendall(answer[:-LACKING] if len(self.seen) % 2 else b"")

    def close(self) -> None:
        self.listener.close()


def _message(client: socket.socket) -> bytes:
    """One whole request: its head, and as many bytes as Content-Length says."""
    text = b""
    while b"\r\n\r\n" not in text:
        text += client.recv(CHUNK)
    head, _, body = text.partition(b"\r\n\r\n")
    length = next(
        int(line.partition(b":")[2])
        for line in head.split(b"\r\n")
        if line.lower().startswith(b"content-length:")
    )
    while len(body) < length:
        body += client.recv(CHUNK)
    return head + b"\r\n\r\n" + body


@pytest.fixture
def proxy(site: str, settings: LazySettings) -> Iterator[CuttingProxy]:
    settings.API_RATES = {"read": 10**6, "write": 10**6}
    settings.PLAIN_HTTP = True
    make.plant_tree()
    proxy = CuttingProxy(site)
    yield proxy
    proxy.close()


@pytest.fixture
def cuts(full_counts: bool) -> range:
    return range(CUTS if full_counts else CUTS // 20)


def send(url: str, key: str, place: int, write: Write) -> bytes:
    """The first whole answer, however often it has to be asked for; it is no refusal."""
    own = {"Authorization": f"Bearer {key}", "Connection": "close", "X-Place": str(place)}
    headers = own | write.headers
    at = f"{url}/api/v1/{write.path}"
    while True:
        request = urllib.request.Request(at, write.body, headers, method=write.method)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - our own site
                return answer.read()
        except HTTPError as refused:
            raise AssertionError(write.kind, refused.read()) from None
        except (HTTPException, OSError):
            continue


def test_a_cut_answer_is_given_again_and_nothing_is_done_twice(proxy, cuts):
    issued = issue(make.COUNTY, *set(Scope) - {Scope.IDENTITY})
    decides(issued.key.client.officer.username)
    sent = [*writes(Door(issued.text), len(cuts))]
    with ThreadPoolExecutor(WRITERS) as pool:
        answers = list(pool.map(partial(send, proxy.url, issued.text), cuts, sent))
    lost = {
        int(PLACE.search(request)[1]): answer.partition(b"\r\n\r\n")[2]
        for request, answer in proxy.seen.items()
    }
    assert [lost[place] for place in cuts] == answers
    assert {name: kind.done() for name, kind in KINDS.items()} == Counter(one.kind for one in sent)
    assert all(kind.done() for kind in KINDS.values())


def test_of_two_who_send_one_request_at_a_time_nobody_does_it_twice(
    real_database: str, settings: LazySettings, cuts
):
    settings.API_RATES = {"read": 10**6, "write": 10**6}
    make.plant_tree()
    door = Door(issue().text)
    told = set()
    for place in cuts:
        body, barrier = new_household(), Barrier(2)

        def sent(_: int, place: int = place, body: Any = body, barrier: Any = barrier) -> Any:
            try:
                barrier.wait()
                return door.post("households/", body, Idempotency_Key=f"k{place}")
            finally:
                connections.close_all()

        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(sent, range(2)))
        done = [one for one in answers if one.status_code == 201]
        waiting = [one for one in answers if one.status_code == 409]
        assert len(done) + len(waiting) == 2
        assert len({one.content for one in done}) == 1
        for one in waiting:
            told.add((one.body["code"], one["Retry-After"]))
    assert Household.everywhere.count() == len(cuts)
    assert told <= {("still_running", "2")}
