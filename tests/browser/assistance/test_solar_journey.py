"""The income of a solar plant is shared out, and the county sees what help came to."""

import pytest
from playwright.sync_api import Page, expect

from assistance.models import Distribution
from tests import factories as make
from tests.axe import violations
from tests.cast import Cast
from tests.web.assistance.served import YEAR, plant, serve

WIDTH = 1280


@pytest.fixture
def plant_of_village(officers: Cast):
    """A solar plant that serves two households, one of them with full labour."""
    item = plant()
    for labour in ("03", "01"):
        one = serve(item, share=1000)
        one.household.members.update(labour=labour)
        make.make_survey(one.household, YEAR - 1, wage_income=2000)
        make.make_survey(one.household, YEAR, wage_income=6000)
    return item


def look(page: Page) -> None:
    """Nothing bars anybody, and nothing is wider than the screen."""
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= WIDTH


def test_income_is_shared_out_and_the_effect_is_seen(open_as, officers, plant_of_village):
    here = {"width": WIDTH, "locale": "en-GB"}
    page = open_as(officers.village_official, "/assistance/villages/", **here)
    look(page)
    page.get_by_role("link", name="village solar plant").last.click()
    page.get_by_role("link", name="Share out income").click()
    page.get_by_label("Year of the income").fill(str(YEAR))
    page.get_by_label("Sum (yuan)").fill("2000.01")
    page.get_by_label("Stays with the village").fill("1000")
    page.get_by_label("Divide").select_option("equal")
    page.get_by_role("button", name="Propose the parts").click()
    expect(page.get_by_text("Nothing is recorded yet.")).to_be_visible()
    parts = page.get_by_label("Part of 陈大山 (yuan)")
    assert [parts.nth(number).input_value() for number in (0, 1)] == ["500.01", "500.00"]
    parts.first.fill("600.01")
    page.get_by_role("button", name="Record the distribution").click()
    expect(page.get_by_role("alert")).to_contain_text("100.00 yuan too much")
    look(page)
    page.get_by_label("Part of 陈大山 (yuan)").last.fill("400")
    page.get_by_role("button", name="Record the distribution").click()
    expect(page.get_by_text("The distribution is recorded.")).to_be_visible()
    expect(page.get_by_role("table")).to_contain_text("600.01")
    assert Distribution.everywhere.get().transfers.count() == 2

    page = open_as(officers.county_clerk, f"/assistance/effect/?year={YEAR}", **here)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Effect of help")
    expect(page.get_by_role("row", name="asset income").first).to_contain_text("100.0")
    expect(page.get_by_role("row", name="Net income")).to_contain_text("4,000.00")
    look(page)
