"""The pages of a registration: accessible and within the screen, empty, filled and faulty."""

import re
from datetime import date

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from households.entry.drafts import Typed, content_of, open_draft, open_update, save_step
from households.models import Draft
from households.rules import State
from registry.pages.registering.steps import STEPS
from tests import factories as make
from tests.axe import violations
from tests.browser.registering.conftest import sign_in

LOOKS = [(locale, width) for locale in ("zh-CN", "en-GB") for width in (360, 1280)]
ADULT = date(1970, 5, 6)


@pytest.fixture
def draft(officers) -> Draft:
    head = {"name": "陈大山", "id_number": make.make_id_number(born=ADULT)}
    return open_draft(
        make.VILLAGE, by=officers.village_official, year=2020, head=head, group="一组"
    )


@pytest.fixture
def faulty(officers) -> Draft:
    """A draft with a fault in every step."""
    draft = open_draft(
        make.VILLAGE, by=officers.village_official, year=2020, head={"name": "李", "id_number": "1"}
    )
    typed = {
        "household": Typed({"phone": "12"}),
        "members": Typed({}, [{"name": "李", "id_number": "1", "work_months": "x"}]),
        "incomes": Typed({}, [{"kind": "wage_income", "item": "other", "amount": "many"}]),
        "living": Typed({"housing_m2": "big"}),
        "causes": Typed({"main_cause": "12"}),
        "consent": Typed({"consent_on": "yesterday"}),
    }
    for step, one in typed.items():
        save_step(draft.pk, step, by=officers.village_official, seen=0, typed=one)
    return draft


@pytest.fixture
def update(officers) -> Draft:
    household = make.make_household(state=State.POOR, persons=3)
    make.make_survey(household, 2019)
    return open_update(household, by=officers.village_official, year=2020)


def paths_of(*drafts: Draft) -> list[str]:
    found = [reverse("registering:list"), reverse("registering:start")]
    for draft in drafts:
        names = ("tasks", "check", "discard")
        found += [reverse(f"registering:{name}", args=[draft.uuid]) for name in names]
        found += [reverse("registering:step", args=[draft.uuid, step]) for step in STEPS]
    return found


def test_every_page_of_a_registration_is_accessible_and_within_the_screen(
    open_as, officers, draft, faulty, update, full_counts
):
    """Each page in each language and size; in the short run, each page in one of them."""
    paths = paths_of(draft, faulty, update)
    for number, (locale, width) in enumerate(LOOKS):
        page = open_as(officers.village_official, "/", locale=locale, width=width)
        for path in paths if full_counts else paths[number :: 2 * len(LOOKS)]:
            page.goto(path)
            assert violations(page) == [], (path, locale, width)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)


def test_the_page_of_a_conflict_is_accessible(open_as, officers, draft):
    path = reverse("registering:step", args=[draft.uuid, "household"])
    page = open_as(officers.village_official, path, locale="en-GB", javascript=False)
    typed = Typed({"group": "二组"})
    save_step(draft.pk, "household", by=officers.first_secretary, seen=0, typed=typed)
    page.get_by_label("Address").fill("河边")
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Somebody was faster")
    expect(page.get_by_role("alert")).to_contain_text(officers.first_secretary.name)


def kept(draft: Draft, step: str, name: str) -> str:
    return content_of(Draft.everywhere.get(pk=draft.pk)).step(step).values.get(name, "")


def test_typing_is_saved_by_itself_and_said_so(open_as, officers, draft):
    path = reverse("registering:step", args=[draft.uuid, "household"])
    page = open_as(officers.village_official, path, locale="en-GB")
    page.get_by_label("Address").fill("桥头七号")
    page.get_by_label("Address").blur()
    expect(page.locator("#saved")).to_have_text(re.compile(r"^last saved \d\d:\d\d$"))
    assert kept(draft, "household", "address") == "桥头七号"
    page.get_by_label("Phone").press_sequentially("139")
    with page.expect_response(lambda one: "household" in one.url, timeout=10_000):
        pass
    assert kept(draft, "household", "phone") == "139"


def test_a_fault_of_the_session_is_told_and_the_form_comes_back_filled(
    open_as, officers, draft, site
):
    path = reverse("registering:step", args=[draft.uuid, "household"])
    page = open_as(officers.village_official, path, locale="en-GB")
    page.context.clear_cookies(name="sessionid")
    page.get_by_label("Address").fill("桥头七号")
    page.get_by_label("Address").blur()
    expect(page.locator("#saved")).to_contain_text("You are signed out")
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_label("User name").fill(officers.village_official.username)
    page.get_by_label("Password").fill(make.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_label("Address")).to_have_value("桥头七号")
    expect(page.get_by_role("alert")).to_contain_text("Nobody was signed in")
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Members")
    assert kept(draft, "household", "address") == "桥头七号"


def members(page: Page) -> list[str]:
    return [one.input_value() for one in page.locator("[data-row] [name$='-name']").all()]


def test_cells_of_a_spreadsheet_fill_rows_and_columns(open_as, officers, draft):
    path = reverse("registering:step", args=[draft.uuid, "members"])
    page = open_as(officers.village_official, path, locale="en-GB")
    number = make.make_id_number(born=date(2010, 1, 2))
    lines = (
        ("陈大山", "head", make.make_id_number()),
        ("李四", "son", number, "primary school"),
    )
    cells = "\n".join("\t".join(line) for line in lines)
    name = page.locator("[name='0-name']")
    name.focus()
    name.evaluate(
        """(field, text) => {
            const data = new DataTransfer();
            data.setData("text/plain", text);
            const pasted = new ClipboardEvent("paste", { clipboardData: data, bubbles: true });
            field.dispatchEvent(pasted);
        }""",
        cells,
    )
    assert members(page) == ["陈大山", "李四"]
    assert page.locator("[name='1-relation']").input_value() == "03"
    assert page.locator("[name='1-education']").input_value() == "02"


def test_a_person_is_taken_out_and_put_back(open_as, officers, draft):
    path = reverse("registering:step", args=[draft.uuid, "members"])
    page = open_as(officers.village_official, path, locale="en-GB")
    page.get_by_text("No ID number, work").first.click()
    page.get_by_role("button", name="Take this person out").click()
    expect(page.locator("[name='0-name']")).to_be_hidden()
    page.get_by_role("button", name="Put back").click()
    expect(page.locator("[name='0-name']")).to_have_value("陈大山")


def test_the_first_page_says_what_the_number_says(open_as, officers):
    page = open_as(officers.village_official, reverse("registering:start"), locale="en-GB")
    number = make.make_id_number(born=ADULT)
    field = page.get_by_label("ID number of the householder")
    field.fill(f"{number[:6]} {number[6:]}")
    expect(page.locator("[data-id-says]")).to_contain_text("born 1970-05-06")
    field.fill(number[:17] + ("1" if number[17] != "1" else "2"))
    expect(page.locator("[data-id-says]")).to_contain_text("check digit wrong")


def test_fifty_closed_browsers_lose_nothing_that_was_left(
    browse, officers, draft, site, full_counts
):
    """Each field that was left before the browser went away stands in the draft."""
    path = reverse("registering:step", args=[draft.uuid, "household"])
    for number in range(50 if full_counts else 3):
        page = browse(locale="en-GB")
        sign_in(page, officers.village_official, site)
        page.goto(path)
        page.get_by_label("Address").fill(f"桥头{number}号")
        with page.expect_response(lambda one: one.request.method == "POST"):
            page.get_by_label("Phone").focus()
        page.get_by_label("Phone").press_sequentially("13")
        page.context.close()
        assert kept(draft, "household", "address") == f"桥头{number}号"
