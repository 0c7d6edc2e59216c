"""Progress, pause, attention, changes, proof: accessible, within the screen, without a script."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from divisions.models import Division
from households.rules import Kind, State
from officers.models import Officer
from reviews.actions.accepting import accept_proposals
from reviews.actions.chunks import claim, drive, run_chunk
from reviews.actions.proposing import commit_review, propose_dry_run, propose_review
from reviews.actions.refreshing import refresh
from reviews.actions.verifying import ask_to_verify, verify_review
from reviews.models import Proposal, Review
from tests import factories as make
from tests.axe import violations
from tests.cast import Cast, hire_all
from workflow.models import PolicyParameter

LOOKS = [(locale, width) for locale in ("zh-CN", "en-GB") for width in (360, 1280)]
PAGES = ("", "parts/", "attention/", "changes/", "proof/")


@pytest.fixture
def officers(site: str) -> Cast:
    make.plant_tree()
    PolicyParameter.objects.create(
        division_id=make.PROVINCE, year=2014, key="review.chunk_households", value=1, source="test"
    )
    return hire_all()


@pytest.fixture
def reviews(officers: Cast) -> list[Review]:
    """One committed, renewed, accepted in part, with a household at fault; one under way."""
    states = (State.POOR, State.EXITED, State.ORDINARY, State.POOR)
    households = [
        make.make_household(village, state=state)
        for village in (make.VILLAGE, make.OTHER_TOWNSHIP_VILLAGE)
        for state in states
    ]
    surveys = [make.make_survey(one, 2019, wage_income=9000) for one in households]
    county = Division.objects.get(pk=make.COUNTY)
    review = propose_review(root=county, year=2019, by=officers.county_clerk)
    drive(review.pk)
    commit_review(review.pk, by=officers.county_approver)
    accepted = Proposal.everywhere.get(review=review, household=households[0])
    accept_proposals(review.pk, [accepted.pk], by=officers.county_clerk)
    make.make_survey(
        households[1], 2019, wage_income=1000, corrects=surveys[1], recorded_at=timezone.now()
    )
    refresh(review.pk)
    Proposal.everywhere.filter(review=review, household=households[3]).update(
        kind=Kind.ATTENTION, error="DataError: bigint out of range", net_fen=None
    )
    verify_review(review.pk, by=officers.auditor)
    running = propose_dry_run(root=county, year=2019, by=officers.county_clerk)
    chunk = claim(running.pk)
    run_chunk(chunk.pk)
    running.chunks.filter(seq=2).update(error="WorkerLost: gone", attempts=12)
    return [review, running]


@pytest.fixture
def open_as(browse, site: str) -> Callable[..., Page]:
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


def test_every_page_of_a_run_is_accessible_and_within_the_screen(
    open_as, officers, reviews, full_counts
):
    """Each page in each language and size; in the short run, each page in one of them."""
    paths = [f"/reviews/{review.pk}/{name}" for review in reviews for name in PAGES]
    proposals = Proposal.everywhere.filter(review=reviews[0]).order_by("kind", "pk")
    paths += [f"/reviews/{one.review_id}/proposals/{one.pk}/proof/" for one in proposals[:3]]
    for number, (locale, width) in enumerate(LOOKS):
        for path in paths if full_counts else paths[number :: 2 * len(LOOKS)]:
            page = open_as(officers.auditor, path, locale=locale, width=width)
            assert violations(page) == [], (path, locale, width)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)


def test_a_review_is_paused_and_resumed_by_keyboard_and_goes_on_to_its_end(
    open_as, officers, reviews
):
    running = reviews[1]
    running.chunks.filter(seq=2).update(error="", attempts=0)
    page = open_as(officers.county_clerk, f"/reviews/{running.pk}/", locale="en-GB")
    page.get_by_role("button", name="Pause").press("Enter")
    expect(page.get_by_text("Paused by")).to_be_visible()
    drive(running.pk)
    running.refresh_from_db()
    assert running.finished_at is None
    page.get_by_role("button", name="Resume").press("Enter")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    drive(running.pk)
    expect(page.get_by_text("What it proposes")).to_be_visible(timeout=20_000)


def test_the_result_of_a_recomputation_comes_by_itself(open_as, officers, reviews):
    ask_to_verify(reviews[0].pk, by=officers.auditor)
    page = open_as(officers.auditor, f"/reviews/{reviews[0].pk}/proof/", locale="en-GB")
    expect(page.get_by_text("A worker is at it")).to_be_visible()
    assert violations(page) == []
    verify_review(reviews[0].pk, by=officers.auditor)
    expect(page.get_by_text("A worker is at it")).to_be_hidden(timeout=20_000)
    expect(page.get_by_role("button", name="Recompute the whole review")).to_be_visible()


def test_without_scripts_the_progress_page_asks_again_by_itself(open_as, officers, reviews):
    running = reviews[1]
    running.chunks.filter(seq=2).update(error="", attempts=0)
    path = f"/reviews/{running.pk}/"
    page = open_as(officers.county_clerk, path, locale="en-GB", javascript=False)
    expect(page.get_by_text("1 of 2 parts")).to_be_visible()
    drive(running.pk)
    expect(page.get_by_text("What it proposes")).to_be_visible(timeout=20_000)
