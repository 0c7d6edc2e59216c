"""Every page in a browser: accessible, within the screen, to be touched, and honest when wrong.

The tables are those of the tests without a browser: the pages of tests/web/test_every_route.py and
the forms of tests/forms.py. In the short run each page is seen once, in one of the languages and
sizes; with BROWSER=full in each of them. An empty register shows the same frames, and forms are
sent empty without a browser as well: a part of them is enough for the short run.
"""

from collections.abc import Callable, Iterator

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page

from officers.models import Officer
from officers.rules import Role
from tests import factories as make
from tests.axe import violations
from tests.cast import Cast, hire_all
from tests.form_world import World
from tests.forms import ACTING
from tests.web import test_every_route as every_route
from tests.web.open_routes import OPEN, PUBLIC
from tests.web.route_rows import Rows
from tests.web.routes import ROWS
from tests.web.test_every_page import ADDRESSES
from trail.models import DemoClock

LOOKS = [(locale, width) for locale in ("zh-CN", "en-GB") for width in (360, 1280)]
NARROWEST = 320
TARGET = 44
NO_PAGES = {"officers:reset", "healthz", "readyz", "set_language", "pages:look"}
SMALL_TARGETS = """least => [...document.querySelectorAll(
  "main button, main select, main summary, main .button, main input:not([type=hidden])")]
  .filter(one => one.offsetParent && !["checkbox", "radio"].includes(one.type))
  .filter(one => one.getBoundingClientRect().height < least - 0.5)
  .map(one => one.outerHTML.slice(0, 80))"""
CLEAR = """() => document.querySelectorAll("main form[method=post] :is(input, textarea)")
  .forEach(one => { if (one.type !== "hidden") { one.value = ""; one.checked = false; } })"""
Visit = Callable[[Officer | None, str, tuple[str, int]], tuple[Page, bool]]


@pytest.fixture
def cast(site: str) -> Cast:
    make.plant_tree()
    return hire_all()


@pytest.fixture
def visit(browse, site: str) -> Visit:
    """Opens an address as somebody: one window for each language and size."""
    windows: dict[tuple[str, int], Page] = {}
    sessions: dict[int, str] = {}

    def session_of(officer: Officer) -> str:
        if officer.pk not in sessions:
            client = Client()
            client.force_login(officer, "django.contrib.auth.backends.ModelBackend")
            sessions[officer.pk] = client.cookies["sessionid"].value
        return sessions[officer.pk]

    def opened(officer: Officer | None, path: str, look: tuple[str, int]) -> tuple[Page, bool]:
        locale, width = look
        if look not in windows:
            windows[look] = browse(locale=locale, width=width)
        page = windows[look]
        page.context.clear_cookies()
        if officer:
            cookie = {"name": "sessionid", "value": session_of(officer), "url": site}
            page.context.add_cookies([cookie])
        try:
            answer = page.goto(path)
        except PlaywrightError:
            file = page.request.get(path).headers.get("content-disposition", "")
            if not file.startswith("attachment"):
                raise
            return page, False
        html = answer is not None and answer.headers.get("content-type", "").startswith("text/html")
        return page, bool(html and answer and "<html" in answer.text())

    return opened


@transaction.atomic
def rows_of(cast: Cast) -> Rows:
    """The rows that the addresses name; a case comes with its event."""
    return every_route.make_rows(cast)


def looks_of(number: int, full: bool) -> list[tuple[str, int]]:
    """In which languages and sizes the page with this number is seen."""
    return LOOKS if full else [LOOKS[number % len(LOOKS)]]


def faults(page: Page, width: int) -> Iterator[str]:
    """What is wrong with the page that the window shows."""
    yield from violations(page)
    if page.locator("h1").count() != 1:
        yield "not one h1"
    if page.evaluate("document.documentElement.lang") not in ("zh-Hans", "en"):
        yield "language"
    if small := page.evaluate(SMALL_TARGETS, TARGET):
        yield f"small targets: {small[:3]}"
    page.set_viewport_size({"width": NARROWEST, "height": 800})
    if (wide := page.evaluate("document.documentElement.scrollWidth")) > NARROWEST:
        yield f"{wide} px wide"
    page.set_viewport_size({"width": width, "height": 800})


def seen(visit: Visit, places: list[tuple[str, Officer | None, str]], full: bool) -> dict:
    """The faults of each of these pages."""
    found = {}
    for number, (name, officer, path) in enumerate(places):
        for look in looks_of(number, full):
            page, whole = visit(officer, path, look)
            if whole and (wrong := [*faults(page, look[1])]):
                found[name, look] = wrong
    return found


def test_every_page_with_rows(cast, visit, full_counts):
    rows = rows_of(cast)
    places = [
        (name, getattr(cast, route.insider), reverse(name, kwargs=route.address(rows)))
        for name, route in sorted(ROWS.items())
        if route.method == "get"
    ]
    places += open_pages(cast)
    assert seen(visit, places, full_counts) == {}


def test_every_page_of_an_empty_register(cast, visit, full_counts):
    places = open_pages(cast)
    assert seen(visit, places if full_counts else places[::6], full_counts) == {}


def open_pages(cast: Cast) -> list[tuple[str, Officer | None, str]]:
    """Pages that name no row."""
    admin, clerk = cast.account_admin, cast.county_clerk
    pages: list[tuple[str, Officer | None, str]] = [
        (name, admin if name.startswith("officers:") else clerk, reverse(name))
        for name in sorted(OPEN - NO_PAGES)
    ]
    public = sorted(PUBLIC - NO_PAGES)
    return pages + [(name, None, reverse(name, kwargs=ADDRESSES.get(name))) for name in public]


def test_every_form_sent_empty_takes_the_focus_to_its_summary(calendar, cast, visit, full_counts):
    county = make.OTHER_CITY_COUNTY
    world = World(
        cast,
        rows_of(cast),
        lambda officer: Client(),
        far_clerk=make.make_officer(Role.COUNTY_CLERK, county),
        far_approver=make.make_officer(Role.COUNTY_APPROVER, county),
    )
    found = {}
    forms = sorted(ACTING.items())
    for number, (name, place) in enumerate(forms if full_counts else forms[::3]):
        officer = world.who(place.officer) if place.officer else None
        DemoClock.objects.all().delete()  # some forms open on another day than the one before
        with transaction.atomic():
            path = place.path(world)
        for look in looks_of(number, full_counts):
            page, _whole = visit(officer, path, look)
            page.evaluate(CLEAR)
            button = page.locator("main form[method=post] button").first
            if not button.count():  # an act that asks for nothing is done in the first window
                if look == looks_of(number, full_counts)[0]:
                    found[name, look] = ["no button"]
                continue
            with page.expect_navigation():
                button.click()
            if page.locator("[data-focus]").count():
                wrong = [*faults(page, look[1])]
                if not page.evaluate("document.activeElement.matches('[data-focus]')"):
                    wrong.append("the summary has no focus")
                if wrong:
                    found[name, look] = wrong
    assert found == {}
