"""Freezing a year, correcting a figure of it by two officers, and the review that says so."""

from decimal import Decimal

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from divisions.models import Division
from households.actions.corrections import advance, propose_correction
from households.actions.freezing import freeze_year
from households.models import Household, Survey
from households.rules import GUARANTEES, MONEY, State
from officers.models import Officer
from reviews.actions.accepting import accept_proposal, digest_of
from reviews.actions.chunks import drive
from reviews.actions.proposing import commit_review, propose_review
from reviews.models import Proposal, Review
from tests import factories as make
from tests.axe import violations
from tests.cast import Cast, hire_all
from workflow.models import Case

LOOKS = [(locale, width) for locale in ("zh-CN", "en-GB") for width in (360, 1280)]


@pytest.fixture
def officers(site: str) -> Cast:
    make.plant_tree()
    return hire_all()


@pytest.fixture
def households(officers: Cast) -> list[Household]:
    found = [make.make_household(state=State.POOR) for _ in range(3)]
    for one in found:
        make.make_survey(one, 2019, wage_income=Decimal(9000))
    return found


@pytest.fixture
def review(officers: Cast, households: list[Household]) -> Review:
    county = Division.objects.get(pk=make.COUNTY)
    done = propose_review(root=county, year=2019, by=officers.county_clerk)
    drive(done.pk)
    return commit_review(done.pk, by=officers.county_approver)


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


def freeze(officers: Cast) -> None:
    county = Division.objects.get(pk=make.COUNTY)
    freeze_year(county, year=2019, reason="核对无误", by=officers.county_approver)


def correct(officers: Cast, household: Household) -> Case:
    survey = Survey.objects.get(household=household, year=2019)
    figures = {name: getattr(survey, name) for name in (*MONEY, *GUARANTEES)}
    return propose_correction(
        household, year=2019, seen=survey.pk, figures=figures | {"wage_income": Decimal(1000)},
        reason="抄录有误", proof="工资单", by=officers.county_clerk,
    )  # fmt: skip


def test_every_page_of_freezing_is_accessible_and_within_the_screen(
    open_as, officers, households, review, full_counts
):
    """Each page in each language and size; in the short run, each page in one of them."""
    accepted, undecided, open_one = households
    proposal = Proposal.everywhere.get(review=review, household=accepted)
    seen = digest_of(proposal, proposal.survey, review)
    accept_proposal(proposal.pk, seen=seen, by=officers.county_clerk)
    freeze(officers)
    for one in (accepted, undecided):
        advance(correct(officers, one).pk, "approve", by=officers.county_approver, version=1)
    case = correct(officers, open_one)
    clerk, approver = officers.county_clerk, officers.county_approver
    pages = [
        (clerk, "/freezes/"),
        (approver, "/freezes/"),
        (approver, "/freezes/new/"),
        (approver, f"/freezes/new/?year=2018&division={make.COUNTY}"),
        (approver, f"/freezes/new/?year=2019&division={make.COUNTY}"),
        (clerk, f"/households/{accepted.number}/?year=2019"),
        (clerk, f"/households/{open_one.number}/correct/2019/"),
        (approver, f"/cases/{case.pk}/"),
        (officers.city_reviewer, f"/cases/{case.pk}/"),
        (clerk, f"/reviews/{review.pk}/"),
        (clerk, f"/reviews/{review.pk}/corrected/"),
        (clerk, f"/reviews/{review.pk}/proposals/{proposal.pk}/"),
    ]
    for number, (locale, width) in enumerate(LOOKS):
        for officer, path in pages if full_counts else pages[number :: 2 * len(LOOKS)]:
            page = open_as(officer, path, locale=locale, width=width)
            assert violations(page) == [], (path, locale, width)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_year_is_frozen_and_a_figure_of_it_corrected_by_two_officers(
    open_as, officers, households, javascript
):
    [household, *_others] = households
    page = open_as(officers.county_approver, "/freezes/new/", locale="en-GB", javascript=javascript)
    page.get_by_label("Year").select_option("2019")
    page.get_by_role("button", name="See what is not ready").click()
    page.get_by_label("Reason").fill("核对无误")
    page.get_by_role("button", name="Freeze 2019 for good").click()
    expect(page.get_by_role("alert")).to_contain_text("Confirm that you have read")
    page.get_by_label("I have read what is not ready").check()
    page.get_by_role("button", name="Freeze 2019 for good").click()
    expect(page.get_by_text("The year 2019 is frozen for")).to_be_visible()

    page = open_as(
        officers.county_clerk,
        f"/households/{household.number}/?year=2019",
        locale="en-GB",
        javascript=javascript,
    )
    page.get_by_role("link", name="Propose a correction").click()
    page.get_by_label("Wage income").fill("1,000")
    page.get_by_label("Why the figures in force are wrong").fill("抄录有误")
    page.get_by_label("What proves the right figures").fill("工资单")
    page.get_by_role("button", name="Look at what differs").click()
    expect(page.get_by_role("alert")).to_contain_text("at most two decimals")
    if javascript:
        assert violations(page) == []
    page.get_by_label("Wage income").fill("1000")
    page.get_by_role("button", name="Look at what differs").click()
    expect(page.get_by_role("heading", name="Is this the correction?")).to_be_visible()
    expect(page.get_by_role("row", name="Wage income")).to_contain_text("1,000.00")
    if javascript:
        assert violations(page) == []
    page.get_by_role("button", name="Propose the correction").click()
    expect(page.get_by_role("heading", name="What is to be corrected in 2019")).to_be_visible()

    page = open_as(officers.county_approver, "/inbox/", locale="en-GB", javascript=javascript)
    page.get_by_role("link", name="陈大山").click()
    page.get_by_role("button", name="Approve the correction").click()
    expect(page.get_by_text("approved by the county").first).to_be_visible()
    latest = Survey.objects.filter(household=household, year=2019).in_force().get()
    assert latest.wage_income == Decimal(1000)


def test_figures_that_moved_are_shown_beside_what_was_typed(open_as, officers, households):
    [household, *_others] = households
    freeze(officers)
    path = f"/households/{household.number}/correct/2019/"
    page = open_as(officers.village_official, path, locale="en-GB")
    page.get_by_label("Wage income").fill("777")
    page.get_by_label("Why the figures in force are wrong").fill("抄录有误")
    page.get_by_label("What proves the right figures").fill("工资单")
    case = correct(officers, household)
    advance(case.pk, "approve", by=officers.county_approver, version=1)
    page.get_by_role("button", name="Look at what differs").click()
    expect(page.get_by_role("alert")).to_contain_text("1,000.00")
    expect(page.get_by_label("Wage income")).to_have_value("777")
    assert violations(page) == []
