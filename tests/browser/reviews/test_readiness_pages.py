"""Before the review: pages are accessible, within the screen, and work without JavaScript."""

import re
from datetime import date

import pytest
from playwright.sync_api import expect

from households.rights import FEWEST_COUNTED
from households.rules import State
from officers.models import Officer
from reviews.actions.counting import count_year
from tests import factories as make
from tests.axe import violations
from tests.cast import Cast
from tests.procedures import move_to
from workflow.parameters import QUORUM

LOOKS = [(locale, width) for locale in ("zh-CN", "en-GB") for width in (360, 1280)]
READY, LIST = "/reviews/readiness/", "/reviews/readiness/households/"


@pytest.fixture
def year(officers: Cast, settings) -> None:
    """The field work of 2019 is over: one village surveyed, gaps in another, some not at all."""
    settings.DEMO = True
    for village in (make.VILLAGE, make.NEXT_VILLAGE, make.OTHER_TOWNSHIP_VILLAGE):
        make.make_survey(make.make_household(village, state=State.POOR), 2019, water=None)
        for _ in range(FEWEST_COUNTED - 2):
            make.make_household(village, state=State.POOR)
    count_year(make.PROVINCE, 2019)
    move_to(date(2019, 11, 22))


def pages_of(officers: Cast) -> list[tuple[Officer, str]]:
    return [
        (officers.county_clerk, f"{READY}?year=2019"),
        (officers.province_officer, f"{READY}?year=2019"),
        (officers.province_officer, f"{READY}?year=2018"),
        (officers.township_reviewer, f"{READY}?year=2019"),
        (officers.village_official, READY),
        (officers.county_clerk, f"{READY}?year=1900"),
        (officers.township_reviewer, f"{LIST}?year=2019&kind=gap"),
        (officers.city_reviewer, f"{LIST}?year=2019&kind=missing&division={make.COUNTY}"),
        (officers.county_clerk, f"{LIST}?year=2019&kind=no_head"),
        (officers.province_officer, LIST),
        (officers.township_reviewer, "/"),
        (officers.village_official, "/"),
        (officers.county_approver, "/parameters/"),
        (officers.village_official, "/parameters/"),
        (officers.county_approver, f"/parameters/one/?key={QUORUM}"),
        (officers.county_approver, "/parameters/one/?key=calendar.field_work"),
        (officers.county_clerk, "/parameters/one/?key=calendar.freeze"),
        (officers.county_clerk, "/reviews/propose/"),
    ]


def test_every_page_before_the_review_is_accessible_and_within_the_screen(
    open_as, officers, year, full_counts
):
    """Each page in each language and size; in the short run, each page in one of them."""
    paths = pages_of(officers)
    for number, (locale, width) in enumerate(LOOKS):
        for officer, path in paths if full_counts else paths[number :: 2 * len(LOOKS)]:
            page = open_as(officer, path, locale=locale, width=width)
            assert violations(page) == [], (path, locale, width)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_reminder_leads_to_the_household_that_misses_its_survey(
    open_as, officers, year, javascript
):
    page = open_as(officers.village_official, "/", locale="en-GB", javascript=javascript)
    expect(page.get_by_text("22 days overdue")).to_be_visible()
    page.get_by_role("link", name="3 households have no survey yet").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("No survey of the year")
    page.get_by_role("row").nth(1).get_by_role("link").click()
    expect(page).to_have_url(re.compile(r"/households/T"))


@pytest.mark.parametrize("javascript", [True, False])
def test_the_county_is_gone_down_to_the_village(open_as, officers, year, javascript):
    page = open_as(officers.county_clerk, READY, locale="en-GB", javascript=javascript)
    places = page.get_by_role("region", name="Readiness by place")
    expect(places.get_by_role("row").last).to_contain_text("12")
    places.get_by_role("row").nth(1).get_by_role("link").click()
    places.get_by_role("row").nth(1).get_by_role("link").click()
    expect(page.get_by_role("region", name="Readiness by place")).to_have_count(0)
    page.get_by_role("link", name="Something unknown").click()
    expect(page.get_by_text("Unknown: Safe drinking water")).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False])
def test_the_approver_mends_a_faulty_window_and_sets_it(open_as, officers, year, javascript):
    page = open_as(officers.county_approver, "/parameters/", locale="en-GB", javascript=javascript)
    page.get_by_role("link", name="Days of the field work of the annual survey").click()
    page.get_by_label("First day").fill("10-20")
    page.get_by_label("Last day").fill("10-05")
    page.get_by_label("Source").fill("县通知")
    page.get_by_role("button", name="Set this value").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("the first not after the last")
    assert violations(page) == [] if javascript else True
    expect(page.get_by_label("Last day")).to_have_value("10-05")
    page.get_by_label("First day").fill("9/20")
    page.get_by_role("button", name="Set this value").click()
    expect(page.get_by_text("The new value is set.")).to_be_visible()
    expect(page.get_by_role("heading", level=1).locator("..")).to_contain_text("09-20 to 10-05")
