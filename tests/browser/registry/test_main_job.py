"""The main job in a browser: import, review, commit, read why, accept, and the case to its end."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from households.models import Household
from households.rules import State
from officers.models import Officer
from officers.rules import Role
from tests import factories as make
from tests.axe import violations
from tests.cast import Cast, hire_all
from tests.pictures import photo
from tests.procedures import reach_year_after
from trail.dates import business_date
from workflow.models import Case

SAMPLE = Path(__file__).parents[2] / "data" / "register_sample_2019.csv"
NUMBER = "9701231002000001"


@pytest.fixture
def officers(site: str, calendar: None) -> Cast:
    reach_year_after(2019)
    make.plant_tree()
    return hire_all()


@pytest.fixture
def desk(browse: Callable[..., Page]) -> Callable[[Officer], Page]:
    """The desk of an officer: one signed-in browser each, in English."""
    desks: dict[int, Page] = {}

    def of(officer: Officer) -> Page:
        if officer.pk not in desks:
            page = desks[officer.pk] = browse(locale="en-GB")
            page.goto("/sign-in/")
            page.get_by_label("User name").fill(officer.username)
            page.get_by_label("Password").fill(make.PASSWORD)
            page.get_by_role("button", name="Sign in").click()
            expect(page.get_by_role("heading", level=1)).to_have_text("What waits for you")
        return desks[officer.pk]

    return of


def accessible(page: Page) -> Page:
    assert violations(page) == [], page.url
    return page


def import_sample(page: Page) -> None:
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Imports").click()
    accessible(page).get_by_role("link", name="Import a file").first.click()
    page.get_by_label("Year of the facts").fill("2019")
    page.get_by_label("File of the register template").set_input_files(SAMPLE)
    accessible(page).get_by_role("button", name="Check the file").click()
    save = page.get_by_role("button", name="Save the faultless households")
    wait_until(page, save)
    assert "outside your posting" in accessible(page).get_by_role("main").inner_text()
    save.click()
    wait_until(page, page.get_by_text("The faultless households are saved."))
    accessible(page)


def wait_until(page: Page, sign) -> None:
    """A page in progress, loaded again until it shows the sign."""
    for _ in range(60):
        if sign.count():
            return
        page.wait_for_timeout(500)
        page.reload()
    raise AssertionError(f"{sign} did not appear on {page.url}")


def propose_review(page: Page) -> None:
    page.goto("/reviews/propose/")
    page.get_by_label("Year").select_option("2019")
    page.get_by_label("Place").fill(make.COUNTY)
    page.get_by_role("button", name="Propose and begin").click()
    wait_until(page, page.get_by_text("finished, not committed"))


def take(page: Page, case: Case, button: str, **entries: str) -> None:
    """Open the case, fill in what its next step asks for, and take it."""
    page.goto(f"/cases/{case.pk}/")
    for label, value in entries.items():
        entry = page.get_by_label(label.replace("_", " "), exact=False).first
        is_choice = entry.evaluate("one => one.tagName") == "SELECT"
        entry.select_option(value) if is_choice else entry.fill(value)
    accessible(page)
    page.get_by_role("button", name=button, exact=True).click()
    assert page.locator(".errors").count() == 0, page.locator(".errors").inner_text()


def keep(page: Page, case: Case, purpose: str) -> None:
    """Add a photo to the case; each purpose has a picture of its own."""
    page.goto(f"/evidence/case/{case.pk}/")
    page.get_by_label("What it shows").select_option(label=purpose)
    content = photo((640, 480 + len(purpose)))
    upload = FilePayload(name="a.jpg", mimeType="image/jpeg", buffer=content)
    page.get_by_label("Photos or PDF").set_input_files(upload)
    accessible(page).get_by_role("button", name="Keep the files").click()
    expect(page.get_by_role("main")).to_contain_text("Take away")


def test_a_register_is_imported_reviewed_and_a_household_leaves_it(officers, desk, processes):
    processes.start_worker(DEMO="true")
    clerk, approver = desk(officers.county_clerk), desk(officers.county_approver)
    import_sample(clerk)
    propose_review(clerk)
    review = clerk.url

    approver.goto(review)
    accessible(approver).get_by_role("button", name="Commit this review").click()

    clerk.goto(review)
    clerk.get_by_role("link", name="exit", exact=True).click()
    accessible(clerk).get_by_role("link", name="陈大山").click()
    assert "34,596.00" in clerk.get_by_role("main").inner_text()
    accessible(clerk).get_by_role("button", name="Accept: exit").click()
    case = Case.everywhere.get(subject=NUMBER)
    make.make_help(Household.everywhere.get(number=NUMBER))

    village, secretary = desk(officers.village_official), desk(officers.first_secretary)
    township = desk(officers.township_reviewer)
    take(approver, case, "Put on the plan of exits")
    planned_on = business_date().isoformat()
    meeting = {
        "Day_of_the_meeting": planned_on,
        "Villagers'_representatives": "30",
        "Representatives_present": "20",
        "Votes_for": "18",
        "Votes_against": "1",
        "Abstentions": "1",
    }
    keep(village, case, "Appraisal meeting and its minutes")
    take(village, case, "Record the villagers' appraisal", **meeting)
    visit = {"Day_of_the_visit": planned_on, "Visitors": "甲, 乙"}
    take(secretary, case, "Record the verification on site", **visit)
    signed = {"Day_of_the_signature": planned_on, "Who_signed": "户主", "Kept_as": "slip"}
    keep(village, case, "Signature of the household")
    take(village, case, "Record that the household agrees", **signed)
    take(village, case, "Post the notice in the village", Place_of_posting="村务公开栏")

    township.goto(f"/cases/{case.pk}/")
    assert township.get_by_role("button", name="Record the township's check").count() == 0
    township.get_by_text("Move the date").click()
    township.get_by_role("button", name="7 days on").click()
    township.get_by_text("Move the date").click()
    township.get_by_role("button", name="7 days on").click()
    after_notice = business_date().isoformat()
    checked = {"Day_of_the_check": after_notice, "Opinion": "属实"}
    take(township, case, "Record the township's check", **checked)
    take(approver, case, "Approve; a second approver decides", Note="缺项已核实")
    second = desk(make.make_officer(Role.COUNTY_APPROVER))
    take(second, case, "Approve the exit", Note="缺项已核实")
    announced = {"Day_of_the_announcement": after_notice, "Place_of_posting": "村务公开栏"}
    take(village, case, "Record the announcement", **announced)

    household = Household.everywhere.get(number=NUMBER)
    assert (household.state, household.exit_year) == (State.EXITED, 2019)
    village.goto(f"/households/{NUMBER}/")
    assert "exited" in accessible(village).get_by_role("main").inner_text()
