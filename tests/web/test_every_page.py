"""Every page of the site: its weight on a slow line, its frame, and that it calls nobody else.

The table of pages is that of tests/web/test_every_route.py: whatever answers a GET with HTML.
"""

import gzip
import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests import factories as make
from tests.web import test_every_route as every_route
from tests.web.open_routes import OPEN, PUBLIC
from tests.web.route_rows import Rows
from tests.web.routes import ROWS

pytestmark = pytest.mark.django_db
standing, own = every_route.standing, every_route.own
cast, rows = every_route.cast, every_route.rows

KILOBYTE = 1024
HTML_BYTES, COLD_BYTES = 20 * KILOBYTE, 60 * KILOBYTE
FEWEST_PAGES = 60
TAKEN = re.compile(
    r"<(?:link|script|img|iframe|source|form)\b[^>]*?(?:src|href|action)=\"([^\"]+)\""
)
OTHERS = {"officers:reset", "healthz", "readyz"}  # needs a link; no pages
ADDRESSES = {"pages:public_notices_of": {"code": make.VILLAGE}}
PAGES = sorted(
    {*OPEN, *PUBLIC, *(name for name, route in ROWS.items() if route.method == "get")} - OTHERS
)
Pages = Callable[[str], list[tuple[str, HttpResponse]]]


@pytest.fixture(scope="module")
def opened() -> dict[str, list[tuple[str, HttpResponse]]]:
    """The pages that a test of this module has asked for already, by language."""
    return {}


@pytest.fixture
def pages(cast, rows: Rows, signed_in, opened) -> Pages:
    """Every page in one language, each opened once by somebody who works there."""

    def answers(language: str) -> Iterator[tuple[str, HttpResponse]]:
        clients: dict[str, Client] = {}
        for name in PAGES:
            route = ROWS.get(name)
            who = "account_admin" if name.startswith("officers:") else "county_clerk"
            who = route.insider if route else who
            if who not in clients:
                clients[who] = signed_in(getattr(cast, who))
            found = route.address(rows) if route else ADDRESSES.get(name)
            path = reverse(name, kwargs=found)
            answer = clients[who].get(path, headers={"accept-language": language})
            if is_page(answer):
                yield name, answer

    def pages_in(language: str) -> list[tuple[str, HttpResponse]]:
        if language not in opened:
            opened[language] = [*answers(language)]
        return opened[language]

    return pages_in


def is_page(answer: HttpResponse) -> bool:
    """Whether it is a whole HTML page, not a file, a fragment or a way to another page."""
    html = answer.headers.get("Content-Type", "").startswith("text/html")
    return html and not answer.streaming and b"<html" in answer.content


def cold_bytes(answer: HttpResponse) -> int:
    """What a first visit loads, each part gzipped: the page and what it takes from us."""
    taken = {url for url in TAKEN.findall(answer.text) if url.startswith("/static/")}
    return len(gzip.compress(answer.content)) + sum(map(gzipped_file, sorted(taken)))


@cache
def gzipped_file(url: str) -> int:
    """The gzipped size of one of our static files."""
    path = Path(str(finders.find(url.removeprefix("/static/"))))
    return len(gzip.compress(path.read_bytes()))


def test_every_page_is_light_on_a_slow_line(pages: Pages):
    heavy = {
        name: sizes
        for name, answer in pages("zh-hans")
        if (sizes := (len(gzip.compress(answer.content)), cold_bytes(answer)))
        and (sizes[0] > HTML_BYTES or sizes[1] > COLD_BYTES)
    }
    assert heavy == {}


def test_no_page_takes_anything_from_elsewhere(pages: Pages):
    foreign = {
        (name, url)
        for name, answer in pages("en")
        for url in TAKEN.findall(answer.text)
        if re.match("(https?:)?//", url)
    }
    assert foreign == set()


@pytest.mark.parametrize(("language", "mark"), [("zh-hans", "zh-Hans"), ("en", "en")])
def test_every_page_has_one_heading_its_language_and_no_id_twice(pages: Pages, language, mark):
    faults = {
        name: lacks for name, answer in pages(language) if (lacks := [*lacking(answer, mark)])
    }
    assert faults == {}


def lacking(answer: HttpResponse, mark: str) -> Iterator[str]:
    """What is wrong with the frame of a page."""
    text = answer.text
    if text.count("<h1") != 1:
        yield "not one h1"
    if f'<html lang="{mark}"' not in text:
        yield "language"
    if not re.search(r"<title>\s*\S", text):
        yield "title"
    ids = Counter(re.findall(r'\bid="([^"]+)"', text))
    yield from (f"id {one} {count} times" for one, count in ids.items() if count > 1)
    yield from re.findall(r"<[^>]*\s(?:style|on[a-z]+)=\"[^>]*>", text)


def test_the_table_holds_most_of_the_pages(pages: Pages):
    assert len(pages("en")) >= FEWEST_PAGES
