"""Home, register, household and reveal: accessible, light, within the screen, with no scripts."""

import gzip
from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import Page, Response

from households.rules import State
from officers.models import Officer
from tests import factories as make
from tests.axe import violations
from tests.cast import Cast, hire_all

COLD_BYTES, PAGE_BYTES = 60_000, 20_000
LOW_TARGETS = """() => [...document.querySelectorAll(
    "button, select, input:not([type=hidden]), summary, .nav a, .card, .chips a")]
    .filter(e => e.offsetHeight && e.offsetHeight < 43.5).map(e => e.outerHTML.slice(0, 80))"""
LOOKS = [
    (locale, width, look)
    for locale in ("zh-CN", "en-GB")
    for width, look in ((360, ""), (1280, ""), (320, "large"), (1280, "dense"))
]


@pytest.fixture
def officers(site: str) -> Cast:
    make.plant_tree()
    return hire_all()


@pytest.fixture
def household(officers: Cast):
    household = make.make_household(state=State.POOR, persons=4, number="9701231002000001")
    for year in range(2015, 2021):
        make.make_survey(household, year, wage_income=year * 5, housing=0 if year < 2018 else 1)
    make.make_survey(make.make_household(make.NEXT_VILLAGE), 2020, water=None)
    return household


@pytest.fixture
def open_as(browse, site: str) -> Callable[..., Page]:
    """Opens an address as an officer."""

    def opened(officer: Officer, path: str, **kwargs) -> Page:
        client = Client()
        client.force_login(officer, "django.contrib.auth.backends.ModelBackend")
        page = browse(**kwargs)
        session = client.cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": site}])
        page.goto(path)
        return page

    return opened


def pages_of(household) -> list[str]:
    here = f"/households/{household.number}/"
    member = household.members.first()
    return ["/", "/households/", "/households/?state=5", here, f"{here}?year=2016&known=2999-01-01",
            f"{here}members/{member.pk}/", "/nowhere/"]  # fmt: skip


def test_every_page_is_accessible_and_within_the_screen(
    open_as, site, officers, household, full_counts
):
    """Each page in each language, size and look; in the short run, each page in one of them."""
    paths = pages_of(household)
    for number, (locale, width, look) in enumerate(LOOKS):
        chosen = paths if full_counts else paths[number :: 2 * len(LOOKS)]
        page = open_as(officers.county_clerk, "/", locale=locale, width=width)
        page.context.add_cookies([{"name": "look", "value": look, "url": site}])
        for path in chosen:
            page.goto(path)
            assert violations(page) == [], (path, locale, width, look)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)


def test_every_page_is_light_and_stays_on_its_own_origin(open_as, site, officers, household):
    page = open_as(officers.county_clerk, "/")
    for path in pages_of(household):
        page.wait_for_load_state("networkidle")
        answers: list[Response] = []

        def keep(answer: Response, kept: list[Response] = answers) -> None:
            kept.append(answer)

        page.on("response", keep)
        page.goto(path, wait_until="networkidle")
        page.remove_listener("response", keep)
        weights = [len(gzip.compress(answer.body())) for answer in answers]
        assert all(answer.url.startswith(site) for answer in answers)
        assert weights[0] <= PAGE_BYTES, path
        assert sum(weights) <= COLD_BYTES, path


def test_no_page_breaks_the_content_policy(open_as, officers, household):
    page, said = open_as(officers.county_clerk, "/"), []
    page.on("console", lambda message: said.append(message.text))
    for path in pages_of(household)[:-1]:
        page.goto(path)
    assert said == []


@pytest.mark.parametrize("javascript", [True, False])
def test_a_household_is_found_and_read_in_two_languages_with_or_without_scripts(
    open_as, officers, household, javascript
):
    make.make_member(household, name="罗海燕", relation="03")
    page = open_as(officers.county_clerk, "/", locale="en-GB", javascript=javascript)
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Register").click()
    page.get_by_label("Find a household").fill("罗海")
    page.get_by_role("button", name="Find").click()
    assert page.url.endswith(f"/households/{household.number}/")
    assert page.get_by_text("The sum, to check by hand").is_visible()
    page.get_by_role("button", name="Large print").click()
    assert "large" in page.locator("html").get_attribute("class")
    page.get_by_role("button", name="简体中文").click()
    assert page.locator("html").get_attribute("lang") == "zh-Hans"
    assert page.url.endswith(f"/households/{household.number}/")


def test_an_error_is_summed_up_above_the_form_and_has_the_focus(open_as, officers, household):
    page = open_as(officers.county_clerk, "/households/", locale="en-GB")
    page.get_by_label("Find a household").fill("a")
    page.get_by_role("button", name="Find").click()
    assert page.title().startswith("Error:")
    assert page.evaluate("document.activeElement.classList.contains('errors')")
    page.get_by_role("link", name="Write at least two characters.").click()
    assert page.evaluate("document.activeElement.id") == "id_term"


def test_keyboard_and_mouse_reach_content_and_household(open_as, officers, household):
    page = open_as(officers.county_clerk, "/households/", locale="en-GB")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.get_by_role("cell", name=household.number).click()
    page.wait_for_url(f"**/households/{household.number}/")


def test_every_target_on_a_phone_is_44_px_high_or_stands_in_a_sentence(
    open_as, officers, household
):
    page = open_as(officers.county_clerk, "/", width=360)
    for path in pages_of(household)[:2]:
        page.goto(path)
        low = page.evaluate(LOW_TARGETS)
        assert low == [], path
