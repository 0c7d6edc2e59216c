"""Comparing two reviews, near-line lists and a what-if: accessible, within the screen, by links."""

from decimal import Decimal

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from divisions.models import Division
from households.rules import State
from officers.models import Officer
from reviews.actions.chunks import drive
from reviews.actions.comparing import ask_comparison, count_comparison
from reviews.actions.proposing import propose_dry_run, propose_review
from reviews.models import Review
from reviews.queries.comparing import Pair
from tests import factories as make
from tests.axe import violations
from tests.cast import Cast, hire_all

LOOKS = [(locale, width) for locale in ("zh-CN", "en-GB") for width in (360, 1280)]


@pytest.fixture
def officers(site: str) -> Cast:
    make.plant_tree()
    return hire_all()


@pytest.fixture
def pair(officers: Cast) -> tuple[Review, Review]:
    """The review that counts, and a dry run under a higher line that ends its exits."""
    for state, wage in ((State.POOR, 5000), (State.POOR, 3250), (State.EXITED, 4000)):
        household = make.make_household(state=state)
        make.make_survey(household, 2018, wage_income=Decimal(2000))
        make.make_survey(household, 2019, wage_income=Decimal(wage))
    county = Division.objects.get(pk=make.COUNTY)
    binding = propose_review(root=county, year=2019, by=officers.county_clerk)
    drive(binding.pk)
    higher = make.make_standard(2019, line="8000.00")
    trial = propose_dry_run(root=county, year=2019, by=officers.county_clerk, standard=higher)
    drive(trial.pk)
    return binding, trial


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


def pages_of(officers: Cast, pair: tuple[Review, Review]) -> list[tuple[Officer, str]]:
    binding, trial = pair
    compare = f"/reviews/{trial.pk}/compare/"
    return [
        (officers.county_clerk, f"/reviews/{trial.pk}/"),
        (officers.county_clerk, compare),
        (officers.county_clerk, f"{compare}?with={binding.pk}"),
        (officers.city_reviewer, f"{compare}?with={binding.pk}"),
        (officers.county_clerk, f"{compare}flips/?with={binding.pk}&before=5&after=4"),
        (officers.county_clerk, f"{compare}flips/?with={binding.pk}&before=2&after=4"),
        (officers.county_clerk, f"/reviews/{binding.pk}/proposals/?near=-4:3"),
        (officers.county_clerk, f"/reviews/{binding.pk}/proposals/?near=5:9&answer=waiting"),
    ]


def test_every_page_is_accessible_and_within_the_screen(open_as, officers, pair, full_counts):
    """Each page in each language and size; in the short run, each page in one of them."""
    paths = pages_of(officers, pair)
    for number, (locale, width) in enumerate(LOOKS):
        for officer, path in paths if full_counts else paths[number :: 2 * len(LOOKS)]:
            page = open_as(officer, path, locale=locale, width=width)
            assert violations(page) == [], (path, locale, width)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)


@pytest.mark.parametrize("javascript", [True, False])
def test_from_a_dry_run_to_the_households_that_flip(open_as, officers, pair, javascript):
    page = open_as(
        officers.county_clerk, f"/reviews/{pair[1].pk}/", locale="en-GB",
        javascript=javascript,
    )  # fmt: skip
    page.get_by_role("link", name="Compare with the review that counts").click()
    expect(page.get_by_text("Of 3 households, 3 get another proposal")).to_be_visible()
    page.get_by_role("row", name="exit").get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="exit → keep")).to_be_visible()
    expect(page.get_by_role("link", name="CSV")).to_be_visible()


def test_a_large_part_shows_its_counts_by_itself(open_as, officers, pair, monkeypatch):
    monkeypatch.setattr("reviews.queries.comparing.COUNTED_AT_ONCE", 0)
    binding, trial = pair
    kept = ask_comparison(Pair(binding, trial, make.COUNTY), by=officers.county_clerk)
    path = f"/reviews/{trial.pk}/compare/?with={binding.pk}"
    page = open_as(officers.county_clerk, path, locale="en-GB")
    assert violations(page) == []
    expect(page.get_by_text("A worker counts")).to_be_visible()
    count_comparison(kept.pk)
    expect(page.get_by_text("Of 3 households")).to_be_visible(timeout=20_000)
