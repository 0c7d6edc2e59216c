"""A member of a team on his phone: signs in day by day, and takes short and long leave."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from officers.models import Officer
from teams.models import Presence
from teams.rules.presence import Source, Status
from tests.axe import violations
from tests.web.teams.present import ahead, serving
from trail.dates import business_date
from trail.models import DemoClock
from workflow.models import Case

PHONE = {"width": 360}
WORDS = {
    "zh-CN": ("今日签到", "已签到"),
    "en-GB": ("Sign in for today", "You are signed in for"),
}


@pytest.fixture
def term(officers):
    return serving(officers.first_secretary)


def sound(page: Page) -> None:
    """The page has no fault that axe finds, and nothing to scroll sideways."""
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize(("locale", "javascript"), [("zh-CN", True), ("en-GB", False)])
def test_he_signs_in_every_day_on_his_phone(open_as, officers, term, settings, locale, javascript):
    settings.DEMO = True
    button, answer = WORDS[locale]
    look = PHONE | {"locale": locale, "javascript": javascript}
    page = open_as(officers.first_secretary, "/", **look)
    page.get_by_role("link", name=button, exact=True).click()
    if javascript:
        sound(page)
    days = [business_date() + timedelta(days=number) for number in range(2)]
    for number in range(2):
        DemoClock.objects.update_or_create(pk=1, defaults={"days": number})
        page.goto("/teams/presence/")
        page.get_by_role("button", name=button, exact=True).click()
        expect(page.get_by_role("status").filter(has_text=answer)).to_be_visible()
        expect(page.get_by_role("button", name=button, exact=True)).to_have_count(0)
    rows = Presence.everywhere.order_by("day").values_list("day", "source")
    assert list(rows) == [(day, Source.SELF) for day in days]


def test_he_adds_his_position_only_when_he_ticks_it(open_as, officers, term):
    page = open_as(officers.first_secretary, "/teams/presence/", locale="en-GB", **PHONE)
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"latitude": 26.64753, "longitude": 106.63019})
    expect(page.locator("#id_latitude")).to_have_value("")
    page.get_by_label("Add my position").check()
    expect(page.locator("#id_latitude")).to_have_value("26.65")
    expect(page.locator("#id_longitude")).to_have_value("106.63")
    page.get_by_role("button", name="Sign in for today", exact=True).click()
    expect(page.get_by_text("Only you see it.")).to_be_visible()
    assert Presence.everywhere.get().position_sealed


def ask(open_as, officer: Officer, days, **look) -> None:
    page = open_as(officer, "/teams/presence/", **look)
    page.get_by_role("link", name="Ask to be away").click()
    page.get_by_label("personal reasons").check()
    page.get_by_label("First day").fill(days.first.isoformat())
    page.get_by_label("Last day").fill(days.last.isoformat())
    page.get_by_role("textbox", name="Reason").fill("母亲住院")
    if look["javascript"]:
        sound(page)
    page.get_by_role("button", name="Send the request").click()
    expect(page.get_by_text("asked for").first).to_be_visible()


def act(open_as, officer: Officer, button: str, **look) -> None:
    page = open_as(officer, f"/cases/{Case.everywhere.get().pk}/", **look)
    page.get_by_role("button", name=button).click()
    expect(page.get_by_role("status")).to_be_visible()


@pytest.mark.parametrize(("length", "javascript"), [(5, True), (6, False)])
def test_he_takes_leave(open_as, officers, term, length, javascript):
    look = PHONE | {"locale": "en-GB", "javascript": javascript}
    ask(open_as, officers.first_secretary, ahead(1, length), **look)
    if length > 5:
        act(open_as, officers.township_reviewer, "Pass it on to the county", **look)
        act(open_as, officers.county_approver, "Approve the absence", **look)
    else:
        act(open_as, officers.township_reviewer, "Approve the absence", **look)
    assert Presence.everywhere.filter(status=Status.LEAVE).count() == length
    page = open_as(officers.first_secretary, "/teams/presence/", **look)
    expect(page.get_by_text("approved", exact=True).first).to_be_visible()
