"""Reviews, proposals and reasons: accessible and within the screen; progress moves by itself."""

from decimal import Decimal

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from divisions.models import Division
from households.rules import State
from officers.models import Officer
from reviews.actions.chunks import drive
from reviews.actions.proposing import commit_review, propose_dry_run, propose_review
from reviews.models import Proposal, Review
from tests import factories as make
from tests.axe import violations
from tests.cast import Cast, hire_all

LOOKS = [(locale, width) for locale in ("zh-CN", "en-GB") for width in (360, 1280)]


@pytest.fixture
def officers(site: str) -> Cast:
    make.plant_tree()
    return hire_all()


def household_of(state: State, wage: int | None, **facts: object) -> None:
    income = None if wage is None else Decimal(wage)
    make.make_survey(make.make_household(state=state), 2019, wage_income=income, **facts)


@pytest.fixture
def reviews(officers: Cast) -> list[Review]:
    """A committed one with a proposal of each sort, a dry run under way."""
    household_of(State.POOR, 9000)
    household_of(State.EXITED, 1000, housing=0)
    household_of(State.ORDINARY, 4000)
    household_of(State.POOR, None, water=None)
    make.make_household(state=State.POOR)
    county = Division.objects.get(pk=make.COUNTY)
    review = propose_review(root=county, year=2019, by=officers.county_clerk)
    drive(review.pk)
    commit_review(review.pk, by=officers.county_approver)
    return [review, propose_dry_run(root=county, year=2019, by=officers.county_clerk)]


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


def pages_of(officers: Cast, reviews: list[Review]) -> list[tuple[Officer, str]]:
    done, running = (f"/reviews/{review.pk}/" for review in reviews)
    proposals = Proposal.everywhere.filter(review=reviews[0]).order_by("kind")
    return [
        (officers.county_clerk, "/reviews/"),
        (officers.stranger, "/reviews/"),
        (officers.county_clerk, "/reviews/propose/"),
        (officers.county_clerk, done),
        (officers.province_approver, done),
        (officers.county_clerk, running),
        (officers.county_approver, f"{done}cancel/"),
        (officers.county_clerk, f"{done}proposals/"),
        (officers.county_clerk, f"{done}proposals/?kind=2"),
        *((officers.county_clerk, f"{done}proposals/{one.pk}/") for one in proposals),
    ]


def test_every_review_page_is_accessible_and_within_the_screen(
    open_as, officers, reviews, full_counts
):
    """Each page in each language and size; in the short run, each page in one of them."""
    paths = pages_of(officers, reviews)
    for number, (locale, width) in enumerate(LOOKS):
        for officer, path in paths if full_counts else paths[number :: 2 * len(LOOKS)]:
            page = open_as(officer, path, locale=locale, width=width)
            assert violations(page) == [], (path, locale, width)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)


def test_a_refused_proposal_is_accessible(open_as, officers, reviews):
    page = open_as(officers.county_clerk, "/reviews/propose/", locale="en-GB")
    page.get_by_label("Year").select_option("2019")
    page.get_by_role("button", name="Propose and begin").click()
    expect(page.get_by_role("alert")).to_contain_text(str(reviews[0].pk))
    assert violations(page) == []


def test_the_page_of_a_running_review_shows_the_end_by_itself(open_as, officers, reviews):
    page = open_as(officers.county_clerk, f"/reviews/{reviews[1].pk}/", locale="en-GB")
    expect(page.locator("progress")).to_be_visible()
    drive(reviews[1].pk)
    expect(page.get_by_text("What it proposes")).to_be_visible(timeout=20_000)
