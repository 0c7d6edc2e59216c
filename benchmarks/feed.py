"""The change feed as another system reads it: whole pages through a real server, packed."""

import gzip
import http.client
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection

from benchmarks.measuring import Line, peaks_of
from divisions.models import Division
from exchange.api.changes import MOST_CHANGES
from officers.actions import KeyTerms, create_client
from officers.models import Officer
from officers.rules import Scope

PROVINCE = "97"
PAGES = 100
"""At most so many; the rate does not change behind them."""

BUDGET = "≥ 5,000 a second"
HOST, START_SECONDS = "127.0.0.1", 60
NEXT = re.compile(rb'"next":"([^"]+)","more":(true|false)\}\Z')


def measure() -> list[Line]:
    """A full load and the changes of everything, of a province, packed and not."""
    with site(1) as (port, server):
        plain = key_of("bench-plain", Scope.READ)
        whole = key_of("bench-whole", Scope.READ, Scope.IDENTITY)
        now = _Reader(port, plain).ask(since="now")
        _touch()
        return [
            _line("full load of the change feed", _Reader(port, plain, packing=""), server),
            _line("the same packed", _Reader(port, plain), server),
            _line("the same packed, with ID numbers", _Reader(port, whole), server),
            _line("changes of every household, packed", _Reader(port, plain, now), server),
        ]


class _Reader:
    """One client on one connection."""

    def __init__(self, port: int, key: str, cursor: str = "", *, packing: str = "gzip"):
        self.connection = http.client.HTTPConnection(HOST, port)
        self.headers = {"Authorization": f"Bearer {key}", "Accept-Encoding": packing}
        self.cursor = cursor
        self.households = self.bytes = 0
        self.more = True

    def ask(self, **wanted: str) -> str:
        """One page; returns the cursor behind it."""
        asked = {"limit": MOST_CHANGES} | ({"cursor": self.cursor} if self.cursor else {}) | wanted
        self.connection.request(
            "GET", f"/api/v1/sync/changes/?{urlencode(asked)}", headers=self.headers
        )
        answer = self.connection.getresponse()
        packed = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"change feed: {answer.status} {packed[:500]!r}")
        page = gzip.decompress(packed) if answer.getheader("Content-Encoding") else packed
        found = NEXT.search(page)
        if found is None:
            raise RuntimeError("a page without next")
        self.cursor, self.more = found[1].decode(), found[2] == b"true"
        self.households += page.count(b'{"kind":"household"')
        self.bytes += len(packed)
        return self.cursor


def _line(what: str, reader: _Reader, server: subprocess.Popen[bytes]) -> Line:
    began, pages = time.perf_counter(), 0
    while reader.more and pages < PAGES:
        reader.ask()
        pages += 1
    seconds = time.perf_counter() - began
    count = reader.households
    return Line(
        f"{what}: {count:,} households in {pages} pages over HTTP",
        f"{count / seconds:,.0f} a second, {reader.bytes / max(count, 1):,.0f} bytes each, "
        f"{max(peaks_of(server.pid).values()):.0f} MiB",
        BUDGET,
    )


def key_of(name: str, *scopes: Scope) -> str:
    """The key of a new client of the province."""
    province = Division.objects.get(pk=PROVINCE)
    operator = Officer.objects.get(username="operator")
    terms = KeyTerms(scopes, days=1)
    return create_client(username=name, name=name, division=province, terms=terms, by=operator).text


def _touch() -> None:
    """Change every household of the province by one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE households_household SET version = version + 1"
            " WHERE village_code >= '97' AND village_code < '98'"
        )


@contextmanager
def site(workers: int) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """A web server of so many processes on a free port."""
    with socket.create_server((HOST, 0)) as free:
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "-c", "python:registry.gunicorn_conf", "registry.wsgi"],
        cwd=settings.BASE_DIR,
        env=os.environ | {"BIND": f"{HOST}:{port}", "WEB_CONCURRENCY": str(workers)},
    )
    try:
        _wait(port)
        yield port, server
    finally:
        server.terminate()
        server.wait()


def _wait(port: int) -> None:
    """Until the server takes connections."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            socket.create_connection((HOST, port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the web server does not start")
