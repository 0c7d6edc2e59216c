"""A household leaves the register on the phones of seven people, though it refused to sign."""

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from households.models import Household
from households.rules import State
from officers.models import Officer
from officers.rules import Role
from tests import factories as make
from tests.axe import violations
from tests.cast import Cast, hire_all
from tests.procedures import wait_for_notice
from trail.dates import business_date
from workflow.models import Case

PHONE = 360
MEETING = {
    "Villagers' representatives": "30",
    "Representatives present": "24",
    "Votes for": "20",
    "Votes against": "3",
    "Abstentions": "1",
}


@pytest.fixture
def officers(site: str, calendar: None) -> Cast:
    make.plant_tree()
    return hire_all()


@pytest.fixture
def household(officers: Cast) -> Household:
    household = make.make_household(state=State.POOR, persons=2)
    make.make_survey(household, 2019, wage_income=20_000)
    make.make_help(household)
    return household


@pytest.fixture
def phone(browse, site: str):
    """The phone of an officer, in English; it stays at hand."""
    phones: dict[int, Page] = {}

    def of(officer: Officer) -> Page:
        if officer.pk not in phones:
            page = phones[officer.pk] = browse(locale="en-GB", width=PHONE)
            client = Client()
            client.force_login(officer, "django.contrib.auth.backends.ModelBackend")
            session = client.cookies["sessionid"].value
            page.context.add_cookies([{"name": "sessionid", "value": session, "url": site}])
        return phones[officer.pk]

    return of


def look(at: Page) -> None:
    """Nothing bars anybody, and nothing is wider than the phone."""
    assert violations(at) == [], at.url
    assert at.evaluate("document.documentElement.scrollWidth") <= PHONE, at.url


def act(page: Page, case: Case, button: str, **entries: str) -> None:
    """Open the case, or the page of its step behind the button, fill it in and take it."""
    wait_for_notice(case)
    page.goto(f"/cases/{case.pk}/")
    main = page.get_by_role("main")
    if not main.get_by_role("button", name=button, exact=True).count():
        main.get_by_role("link", name=button, exact=True).click()
    for label, value in entries.items():
        page.get_by_label(label).first.fill(value)
    main.get_by_role("button", name=button, exact=True).click()
    expect(page.get_by_text(f"Recorded: {button}.")).to_be_visible()


def test_a_household_exits_from_proposal_to_announcement_through_a_refusal(
    phone, officers, household
):
    second_township = make.make_officer(Role.TOWNSHIP_REVIEWER, make.TOWNSHIP)
    second = make.make_officer(Role.COUNTY_APPROVER)
    clerk, village = phone(officers.county_clerk), phone(officers.village_official)
    approver, today = phone(officers.county_approver), business_date()

    clerk.goto(f"/households/{household.number}/")
    clerk.get_by_role("link", name="Propose its exit").click()
    look(clerk)
    clerk.get_by_role("button", name="Propose the exit").click()
    case = Case.everywhere.get(kind="exit")
    act(approver, case, "Put on the plan of exits")
    act(village, case, "Record the villagers' appraisal", **MEETING)
    visitors = {"Visitors": "王建国, 李芳"}
    act(phone(officers.first_secretary), case, "Record the verification on site", **visitors)
    refusal = {"What the household says": "担心取消低保"}
    act(village, case, "Record that the household refuses to sign", **refusal)
    answer = {"Answer to each point": "政策不变，已说明"}
    act(phone(officers.township_reviewer), case, "Record the answer to the refusal", **answer)
    place = {"Place of posting": "村务公开栏"}
    act(village, case, "Post the notice in the village", **place)
    opinion = {"Opinion": "属实"}
    act(phone(second_township), case, "Record the township's check", **opinion)
    approver.goto(f"/cases/{case.pk}/")
    expect(approver.get_by_text("The household refused to sign on").first).to_be_visible()
    act(approver, case, "Approve; a second approver decides")
    act(phone(second), case, "Approve the exit")
    act(village, case, "Record the announcement", **place)

    household.refresh_from_db()
    assert (household.state, household.exit_year) == (State.EXITED, 2019)
    village.goto("/exits/tracking/")
    expect(village.get_by_role("main")).to_contain_text(household.number)
    approver.goto(f"/cases/{case.pk}/explained/")
    approver.get_by_role("button", name="Make the decisions again").click()
    expect(approver.get_by_text("everything comes out the same")).to_be_visible()
    look(approver)
    assert case.opened_on == today
