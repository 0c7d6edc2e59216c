"""A birth and the death of a head, from the household's page to the township's approval."""

import pytest
from playwright.sync_api import Page, expect

from households.models import Household, HouseholdChange
from tests import factories as make
from workflow.models import Case

ENGLISH = {"locale": "en-GB"}


@pytest.fixture
def household(officers) -> Household:
    return make.make_household(persons=2)


def approved(open_as, officers, **kwargs) -> None:
    """The township opens the case from its inbox and approves it."""
    page = open_as(officers.township_reviewer, f"/cases/{Case.everywhere.get().pk}/", **kwargs)
    page.get_by_role("button", name="Approve the change").click()
    expect(page.get_by_text("applied")).to_be_visible()


def begun(open_as, officers, household: Household, kind: str, **kwargs) -> Page:
    page = open_as(officers.village_official, f"/households/{household.number}/", **kwargs)
    page.get_by_role("link", name="Report a change").click()
    page.get_by_role("link", name=kind, exact=True).click()
    page.get_by_label("Day of the event").fill("2020-05-04")
    page.get_by_label("What happened").fill("自然变更")
    return page


@pytest.mark.parametrize(("width", "javascript"), [(360, True), (1280, False)])
def test_a_birth_is_reported_and_approved(open_as, officers, household, width, javascript):
    look = ENGLISH | {"width": width, "javascript": javascript}
    page = begun(open_as, officers, household, "Birth", **look)
    page.get_by_label("Name").fill("陈新月")
    page.get_by_label("Relation to the head").select_option("04")
    page.get_by_label("Sex").select_option("2")
    page.get_by_label("Date of birth").fill("2020-05-01")
    page.get_by_label("Reason for no ID number").select_option("1")
    page.get_by_role("button", name="Send to be decided").click()
    expect(page.get_by_role("alert").first).to_contain_text("Write this")
    expect(page.get_by_label("Name")).to_have_value("陈新月")
    page.get_by_label("What proves it").fill("出生医学证明")
    page.get_by_role("button", name="Send to be decided").click()
    expect(page.get_by_text("Sent to the township")).to_be_visible()
    approved(open_as, officers, **look)
    assert household.members.active().get(name="陈新月").join_reason == "01"


@pytest.mark.parametrize(("width", "javascript"), [(1280, True), (360, False)])
def test_a_head_who_died_is_followed_by_another(open_as, officers, household, width, javascript):
    look = ENGLISH | {"width": width, "javascript": javascript}
    page = begun(open_as, officers, household, "Death", **look)
    page.get_by_label("What proves it").fill("死亡医学证明")
    page.get_by_label("陈大山 leaves").check()
    page.get_by_role("button", name="Send to be decided").click()
    expect(page.get_by_role("alert").first).to_contain_text("must be the head")
    page.get_by_label("李秀英: relation afterwards").select_option("01")
    page.get_by_role("button", name="Send to be decided").click()
    assert HouseholdChange.objects.get().kind == "death"
    approved(open_as, officers, **look)
    assert [one.name for one in household.members.active()] == ["李秀英"]
