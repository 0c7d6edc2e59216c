"""A household is registered from the home page to its number, without JavaScript, in both sizes."""

import re
from datetime import date

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from households.entry.drafts import content_of
from households.models import Draft, Household
from tests import factories as make

ADULT, CHILD = date(1970, 5, 6), date(2012, 3, 4)


def go_on(page: Page) -> None:
    page.get_by_role("button", name="Save and").first.click()


@pytest.mark.parametrize("width", [360, 1280])
def test_a_household_is_registered_without_javascript(open_as, officers, width):
    page = open_as(officers.village_official, "/", locale="en-GB", width=width, javascript=False)
    page.get_by_role("link", name="Register a household").click()
    page.get_by_label("ID number of the householder").fill(make.make_id_number(born=ADULT))
    page.get_by_label("Name of the householder").fill("阿依古丽·买买提")
    page.get_by_role("button", name="Begin the draft").click()
    expect(page.get_by_role("status")).to_contain_text("born on 1970-05-06")

    page.get_by_role("link", name="Go on: Household").click()
    page.get_by_label("Group").fill("一组")
    page.get_by_label("Phone").fill("139")
    go_on(page)
    expect(page.get_by_role("alert")).to_contain_text("11 digits")
    page.get_by_label("Phone").fill("13900000001")
    go_on(page)

    page.get_by_role("button", name="Add a person").click()
    page.locator("[name='1-name']").fill("𠮷田")
    page.locator("[name='1-relation']").select_option("03")
    page.locator("[name='1-id_number']").fill(make.make_id_number(born=CHILD))
    go_on(page)

    for step in ("incomes", "living", "causes"):
        expect(page).to_have_url(re.compile(f"/{step}/"))
        go_on(page)
    page.get_by_label("The household applies for registration").select_option("0")
    page.get_by_label("How consent was given").select_option("slip")
    go_on(page)

    expect(page.get_by_role("heading", level=1)).to_have_text("Check the answers")
    page.get_by_role("button", name="Submit the registration").click()
    household = Household.everywhere.get()
    expect(page.get_by_role("heading", level=1)).to_contain_text(household.number)
    names = household.members.order_by("relation").values_list("name", flat=True)
    assert [*names] == ["阿依古丽·买买提", "𠮷田"]
    page.get_by_role("link", name="Register the next household in 一组").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Register a household")


def test_two_sessions_on_one_step_end_in_one_choice(open_as, officers):
    """The second to save sees both versions and loses neither, without JavaScript."""
    one = open_as(
        officers.village_official, reverse("registering:start"), locale="en-GB", javascript=False
    )
    one.get_by_label("ID number of the householder").fill(make.make_id_number(born=ADULT))
    one.get_by_label("Name of the householder").fill("陈大山")
    one.get_by_role("button", name="Begin the draft").click()
    draft = Draft.everywhere.get()
    step = reverse("registering:step", args=[draft.uuid, "household"])
    one.goto(step)
    two = open_as(officers.first_secretary, step, locale="en-GB", javascript=False)
    two.get_by_label("Address").fill("河边")
    go_on(two)
    one.get_by_label("Address").fill("桥头")
    one.get_by_label("Group").fill("一组")
    go_on(one)
    one.get_by_label("河边").check()
    one.get_by_role("button", name="Save what I chose").click()
    kept = content_of(Draft.everywhere.get()).step("household").values
    assert kept == {"address": "河边", "group": "一组"}
