"""Acting on proposals in a browser: a batch, a refusal, a sending back and an undo, and each page
accessible and within the screen."""

import re
from decimal import Decimal

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from divisions.models import Division
from households.rules import Kind, State
from officers.models import Officer
from reviews.actions.accepting import accept_proposals
from reviews.actions.answering import answer_proposal
from reviews.actions.batches import drive as drive_batch
from reviews.actions.chunks import drive
from reviews.actions.proposing import commit_review, propose_review
from reviews.actions.undoing import open_undo
from reviews.models import Answer, BatchAcceptance, LeftOutRow, Proposal, Review
from tests import factories as make
from tests.axe import violations
from tests.cast import Cast, hire_all
from workflow.models import Case

LOOKS = [(locale, width) for locale in ("zh-CN", "en-GB") for width in (360, 1280)]
EXITS = f"?kind={int(Kind.EXIT)}"


@pytest.fixture
def officers(site: str) -> Cast:
    make.plant_tree()
    return hire_all()


@pytest.fixture
def review(officers: Cast) -> Review:
    """Six exits that wait, two households to watch and one that stays; committed."""
    for state, wage in [*[(State.POOR, 9000)] * 6, *[(State.EXITED, 4000)] * 2, (State.POOR, 1000)]:
        make.make_survey(make.make_household(state=state), 2019, wage_income=Decimal(wage))
    county = Division.objects.get(pk=make.COUNTY)
    review = propose_review(root=county, year=2019, by=officers.county_clerk)
    drive(review.pk)
    return commit_review(review.pk, by=officers.county_approver)


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


@pytest.mark.parametrize("javascript", [True, False])
def test_a_clerk_works_through_his_proposals_and_one_acceptance_is_undone(
    open_as, officers, review, javascript
):
    page = open_as(
        officers.county_clerk,
        f"/reviews/{review.pk}/proposals/{EXITS}",
        locale="en-GB",
        javascript=javascript,
    )
    expect(page.get_by_role("heading", name="6 of these wait for you")).to_be_visible()
    page.locator("tbody a").first.click()
    page.get_by_role("link", name="Refuse…").click()
    page.get_by_label("Why is it refused?").select_option("unstable")
    page.get_by_role("button", name="Refuse and go to the next").click()
    page.get_by_role("link", name="Send back for data…").click()
    page.get_by_label("What is missing?").select_option("income")
    page.get_by_role("button", name="Send back and go to the next").click()
    page.get_by_role("button", name="Accept and go to the next").click()
    expect(page.locator("main")).to_contain_text("Accept: exit")
    page.get_by_role("link", name="Proposals of this filter").click()
    page.get_by_role("link", name="Accept these…").click()
    page.get_by_role("button", name="Accept 3 proposals").click()
    expect(page.locator("main")).to_contain_text("0 of 3 proposals")
    drive_batch(BatchAcceptance.everywhere.get().pk)
    expect(page.locator("main")).to_contain_text("3 accepted · 0 left out", timeout=20_000)
    assert Case.everywhere.filter(kind="exit").count() == 4

    one = Proposal.everywhere.filter(case__isnull=False).order_by("pk").last()
    page.goto(f"/reviews/{review.pk}/proposals/{one.pk}/")
    page.get_by_role("link", name="Ask for the undo of this acceptance").click()
    page.get_by_label("Reason").fill("The wrong household.")
    page.get_by_role("button", name="Ask for the undo").click()
    expect(page.locator("main")).to_contain_text("The wrong household.")

    page = open_as(
        officers.county_approver, "/inbox/?kind=undo", locale="en-GB", javascript=javascript
    )
    page.locator("tbody a").first.click()
    page.get_by_role("button", name="Approve the undo").click()
    expect(page.locator("main")).to_contain_text("The case was closed")
    one.refresh_from_db()
    assert one.superseded_at
    assert Proposal.everywhere.waiting().filter(household=one.household).exists()


def test_the_list_is_worked_through_by_keyboard_alone(open_as, officers, review):
    first = Proposal.everywhere.filter(kind=Kind.EXIT).order_by("household_id").first()
    page = open_as(
        officers.county_clerk,
        f"/reviews/{review.pk}/proposals/{first.pk}/{EXITS}#decide",
        locale="en-GB",
    )
    for done in range(1, 4):
        page.keyboard.press("Tab")
        expect(page.get_by_role("button", name="Accept: exit")).to_be_focused()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_text(re.compile("^Accepted. Case"))).to_be_visible()
        assert Case.everywhere.count() == done


def test_a_second_press_shows_who_was_faster(open_as, officers, review):
    first = Proposal.everywhere.filter(kind=Kind.EXIT).order_by("household_id").first()
    page = open_as(
        officers.county_clerk, f"/reviews/{review.pk}/proposals/{first.pk}/", locale="en-GB"
    )
    other = make.make_officer(make.Role.COUNTY_CLERK, make.COUNTY)
    accept_proposals(review.pk, [first.pk], by=other)
    page.get_by_role("button", name="Accept: exit").click()
    expect(page.get_by_role("alert")).to_contain_text("has been accepted already")
    expect(page.get_by_role("table")).to_contain_text(other.name)
    assert violations(page) == []


def acted(officers: Cast, review: Review) -> list[tuple[Officer, str]]:
    """Every page of acting, each in a state worth a look."""
    exits = list(Proposal.everywhere.filter(kind=Kind.EXIT).order_by("household_id"))
    accepted, refused, undone = exits[:3]
    accept_proposals(review.pk, [accepted.pk, undone.pk], by=officers.county_clerk)
    answer_proposal(
        refused.pk, answer=Answer.REFUSED, reason="other", text="看一年", by=officers.county_clerk
    )
    undo = open_undo(undone.pk, reason="填错了", by=officers.county_clerk)
    batch = make.make_acceptance(
        review,
        division_id=make.COUNTY,
        expected=3,
        accepted=1,
        left_out=1,
        by=officers.county_clerk,
    )
    LeftOutRow.objects.create(batch=batch, proposal=refused, code="answered", message="")
    stopped = make.make_acceptance(
        review,
        division_id=make.COUNTY,
        expected=3,
        state="stopped",
        stopped_why="no_posting",
        finished_at=review.committed_at,
    )
    base = f"/reviews/{review.pk}/"
    clerk, others = officers.county_clerk, officers.auditor
    return [
        (clerk, f"{base}proposals/{EXITS}"),
        (clerk, f"{base}proposals/{exits[3].pk}/{EXITS}"),
        (others, f"{base}proposals/{exits[3].pk}/"),
        (clerk, f"{base}proposals/{accepted.pk}/"),
        (clerk, f"{base}proposals/{refused.pk}/"),
        (clerk, f"{base}proposals/{undone.pk}/"),
        (clerk, f"{base}proposals/{exits[3].pk}/answer/refuse/"),
        (clerk, f"{base}proposals/{exits[3].pk}/answer/send-back/"),
        (clerk, f"{base}proposals/{accepted.pk}/answer/refuse/"),
        (clerk, f"{base}proposals/{accepted.pk}/undo/"),
        (clerk, f"{base}accept/"),
        (clerk, f"{base}answer/refuse/{EXITS}"),
        (clerk, f"{base}answer/send-back/"),
        (others, f"{base}accept/"),
        (clerk, f"{base}batches/"),
        (clerk, f"{base}batches/{batch.pk}/"),
        (clerk, f"{base}batches/{stopped.pk}/"),
        (officers.county_approver, f"/cases/{undo.pk}/"),
    ]


def test_every_page_of_acting_is_accessible_and_within_the_screen(
    open_as, officers, review, full_counts
):
    """Each page in each language and size; in the short run, each page in one of them."""
    paths = acted(officers, review)
    for number, (locale, width) in enumerate(LOOKS):
        for officer, path in paths if full_counts else paths[number :: 2 * len(LOOKS)]:
            page = open_as(officer, path, locale=locale, width=width)
            assert violations(page) == [], (path, locale, width)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)
