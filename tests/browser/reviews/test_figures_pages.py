"""Figures, flow and report of a review: accessible, within the screen, without a script too."""

import re
from decimal import Decimal

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from divisions.models import Division
from households.rules import State
from officers.models import Officer
from reviews.actions.chunks import drive
from reviews.actions.proposing import propose_review
from reviews.models import Review
from tests import factories as make
from tests.axe import violations
from tests.cast import Cast, hire_all

LOOKS = [(locale, width) for locale in ("zh-CN", "en-GB") for width in (360, 1280)]


@pytest.fixture
def officers(site: str) -> Cast:
    make.plant_tree()
    return hire_all()


@pytest.fixture
def review(officers: Cast) -> Review:
    """A finished one of twelve households in three villages; one exited in the year."""
    for village in (make.VILLAGE, make.NEXT_VILLAGE, make.OTHER_TOWNSHIP_VILLAGE):
        household_of(village, State.POOR, 9000)
        household_of(village, State.EXITED, 3300, housing=0)
        household_of(village, State.ORDINARY, 3200)
        household_of(village, State.POOR, None, water=None)
    left = household_of(make.VILLAGE, State.EXITED, 9000)
    left.exit_year = 2019
    left.save(update_fields=["exit_year"])
    county = Division.objects.get(pk=make.COUNTY)
    found = propose_review(root=county, year=2019, by=officers.county_clerk)
    drive(found.pk)
    return found


def household_of(village: str, state: State, wage: int | None, **facts: object):
    household = make.make_household(village, state=state)
    income = None if wage is None else Decimal(wage)
    make.make_survey(household, 2019, wage_income=income, **facts)
    return household


@pytest.fixture
def open_as(browse, site: str):
    """Opens a page of the site as an officer."""

    def opened(officer: Officer, path: str, **kwargs) -> Page:
        client = Client()
        client.force_login(officer, "django.contrib.auth.backends.ModelBackend")
        page = browse(**kwargs)
        session = client.cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": site}])
        page.goto(path)
        return page

    return opened


def test_every_page_of_figures_is_accessible_and_within_the_screen(
    open_as, officers, review, full_counts
):
    """Each page in each language and size; in the short run, each page in one of them."""
    start = f"/reviews/{review.pk}"
    paths = [
        (officers.county_clerk, f"{start}/figures/"),
        (officers.city_reviewer, f"{start}/figures/?division={make.TOWNSHIP}&group=register"),
        (officers.county_clerk, f"{start}/figures/?division={make.VILLAGE}"),
        (officers.county_clerk, f"{start}/flow/"),
        (officers.county_clerk, f"{start}/flow/exited/"),
        (officers.county_clerk, f"{start}/flow/new/"),
        (officers.county_clerk, f"{start}/report/"),
        (officers.city_reviewer, f"{start}/report/?division={make.OTHER_TOWNSHIP}"),
    ]
    for number, (locale, width) in enumerate(LOOKS):
        for officer, path in paths if full_counts else paths[number :: 2 * len(LOOKS)]:
            page = open_as(officer, path, locale=locale, width=width)
            assert violations(page) == [], (path, locale, width)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)


def test_a_clerk_goes_from_the_county_to_a_village_and_to_its_proposals(open_as, officers, review):
    page = open_as(
        officers.county_clerk, f"/reviews/{review.pk}/", locale="en-GB", javascript=False
    )
    page.get_by_role("link", name="Figures", exact=True).click()
    expect(page.get_by_text("count the same households: 13")).to_be_visible()
    for code in (make.TOWNSHIP, make.VILLAGE):
        name = Division.objects.get(pk=code).name
        page.get_by_role("region", name="Proposals by place").get_by_role("link", name=name).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    page.get_by_role("region", name="Households by state then").get_by_role("link").first.click()
    expect(page).to_have_url(re.compile(f"division={make.VILLAGE}&kind=1&state=0"))


def test_the_flow_leads_to_the_household_that_exited(open_as, officers, review):
    page = open_as(officers.county_clerk, f"/reviews/{review.pk}/flow/", locale="en-GB")
    expect(page.get_by_text("difference 0, nothing unexplained")).to_be_visible()
    page.get_by_role("link", name="exited").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("exited")
    expect(
        page.get_by_role("region", name="Households of this line").get_by_role("row")
    ).to_have_count(2)
