"""The readable description of the REST door: accessible, within the screen, in both languages."""

import pytest
from playwright.sync_api import expect

from tests.axe import violations

LOOKS = [(language, width) for language in ("zh-hans", "en") for width in (360, 1280)]


@pytest.mark.parametrize(("language", "width"), LOOKS)
def test_the_description_is_accessible_and_within_the_screen(browse, language, width):
    page = browse(width=width)
    page.goto(f"/api/v1/docs/?language={language}")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_language_is_chosen_on_the_page_without_scripts_and_cookies(browse):
    page = browse(javascript=False)
    page.goto("/api/v1/docs/")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert page.context.cookies() == []


def test_a_name_leads_to_its_object(browse):
    page = browse()
    page.goto("/api/v1/docs/?language=en")
    page.get_by_role("link", name="NewHousehold").first.click()
    expect(page.get_by_role("heading", name="NewHousehold", exact=True)).to_be_in_viewport()
