"""The pages of data quality: accessible and within the screen, empty, filled and with an error."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from households.actions.quality import explain, recheck
from households.entry.drafts import Typed, content_of, open_draft, save_step
from households.models import Draft, QualityIssue
from households.rules import State
from tests import factories as make
from tests.axe import violations
from tests.browser.registering.conftest import sign_in
from tests.cast import Cast, hire_all
from tests.web.households.entry.entered import content

LOOKS = [(locale, width) for locale in ("zh-CN", "en-GB") for width in (360, 1280)]
YEAR = 2019
PHONE = "4_01_001"


@pytest.fixture
def officers(site: str) -> Cast:
    make.plant_tree()
    return hire_all()


@pytest.fixture
def issue(officers: Cast) -> QualityIssue:
    """Of a household with many findings, one of them explained."""
    household = make.make_household(state=State.POOR, persons=3)
    make.make_survey(household, YEAR)
    recheck([household.pk], year=YEAR)
    found = QualityIssue.everywhere.filter(household=household)
    explain(found.filter(rule="3_02_008").get().pk, text="已核实", by=officers.village_official)
    return found.get(rule=PHONE)


@pytest.fixture
def draft(officers: Cast) -> Draft:
    """A sound one in which the ethnicity of both members is empty."""
    by = officers.village_official
    draft = open_draft(make.VILLAGE, by=by, year=YEAR, head={"name": "陈大山"})
    for name, one in content().steps.items():
        seen = content_of(draft).step(name).version
        draft = save_step(draft.pk, name, by=by, seen=seen, typed=Typed(one.values, one.rows))
    return draft


@pytest.fixture
def looks(full_counts: bool) -> list[tuple[str, int]]:
    return LOOKS if full_counts else [LOOKS[0]]


def opened(browse, site: str, officers: Cast, look: tuple[str, int]) -> Page:
    locale, width = look
    page = browse(locale=locale, width=width)
    sign_in(page, officers.village_official, site)
    return page


def check(page: Page) -> None:
    assert not violations(page), page.url
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert not wide, page.url


def test_the_pages_without_a_finding(browse, site, officers, looks):
    for look in looks:
        page = opened(browse, site, officers, look)
        for name in ("pages:quality", "pages:quality_list"):
            page.goto(reverse(name))
            check(page)


def test_the_pages_with_findings_and_an_explanation_that_is_missing(
    browse, site, officers, looks, issue
):
    for look in looks:
        page = opened(browse, site, officers, look)
        explained = f"{reverse('pages:quality_list')}?state=explained"
        for path in (reverse("pages:quality"), reverse("pages:quality_list"), explained):
            page.goto(path)
            check(page)
        page.goto(reverse("pages:quality_explain", args=[issue.pk]))
        check(page)
        page.get_by_role("textbox").fill("长" * 201)
        page.locator("main form button").click()
        expect(page.get_by_role("textbox")).to_have_value("长" * 201)
        expect(page.locator(".error")).to_be_visible()
        check(page)


def test_an_explanation_that_is_too_long_stands_open_at_its_field(
    browse, site, officers, looks, draft
):
    for look in looks:
        page = opened(browse, site, officers, look)
        page.goto(reverse("registering:check", args=[draft.uuid]))
        field = page.locator("#explain-2_01_001-1")
        page.locator("details", has=field).locator("summary").click()
        field.fill("长" * 201)
        page.locator("[data-primary]").click()
        expect(field).to_be_visible()
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(field).to_have_value("长" * 201)
        check(page)


def test_mending_leads_to_the_field(browse, site, officers, issue):
    page = opened(browse, site, officers, LOOKS[2])
    page.goto(f"{reverse('pages:quality_list')}?rule={PHONE}")
    page.locator("main td form button").first.click()
    expect(page.locator("#id_phone:target")).to_be_visible()
