"""A clerk pairs from the list, by a row and by ticks, and hands on all households of who leaves."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from households.rules import State
from teams.models import Pairing
from tests import factories as make
from tests.axe import violations
from tests.cast import Cast, hire_all
from trail.dates import business_date

PHONE, DESK = 360, 1280
CHINESE = {
    "locale": "zh-CN",
    "card": "没有帮扶责任人的农户",
    "helper": "帮扶责任人",
    "pair": "结对",
    "one": "周助理新增结对 1 户。",
    "all": "与勾选的农户结对",
    "two": "周助理新增结对 2 户。",
    "left": "已离任但仍有结对户的责任人",
    "warning": "任职已结束",
    "hand_on": "移交全部结对户",
    "short": "还缺 1 个名额",
    "done": "已移交 3 户",
}
ENGLISH = {
    "locale": "en-GB",
    "card": "Households without a helper",
    "helper": "Helper",
    "pair": "Pair",
    "one": "周助理 helps 1 more household.",
    "all": "Give this helper to all that are ticked",
    "two": "周助理 helps 2 more households.",
    "left": "Helpers who left, still with households",
    "warning": "service here has ended",
    "hand_on": "Hand on all households",
    "short": "one place is missing",
    "done": "3 households are handed on",
}


@pytest.fixture
def officers(site: str) -> Cast:
    """Three households that wait, and one helper for them."""
    make.plant_tree()
    cast = hire_all()
    for _ in range(3):
        make.make_household(state=State.POOR)
    make.make_cadre(name="周助理", unit=make.make_unit(name="县教育局"))
    return cast


def check(page: Page) -> None:
    assert not violations(page), page.url
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), page.url


@pytest.mark.parametrize(("words", "width"), [(CHINESE, PHONE), (ENGLISH, DESK)])
def test_pairing_from_the_list_and_handing_on_when_somebody_leaves(open_as, officers, words, width):
    today = business_date()
    page = open_as(officers.county_clerk, "/", locale=words["locale"], width=width)
    page.get_by_role("link", name=words["card"]).click()
    check(page)
    page.get_by_label(words["helper"], exact=True).select_option(index=0)
    page.get_by_role("button", name=words["pair"]).first.click()
    expect(page.get_by_text(words["one"])).to_be_visible()
    assert Pairing.everywhere.in_force(today).count() == 1
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name=words["all"]).click()
    expect(page.get_by_text(words["two"])).to_be_visible()
    leave_with_three(today)
    page.goto("/")
    page.get_by_role("link", name=words["left"]).click()
    check(page)
    page.get_by_role("link", name="周助理").click()
    expect(page.get_by_text(words["warning"])).to_be_visible()
    check(page)
    page.get_by_role("link", name=words["hand_on"]).click()
    page.get_by_label("吴助理").check()
    page.get_by_role("button", name=words["hand_on"]).click()
    expect(page.get_by_role("alert")).to_contain_text(words["short"])
    expect(page.get_by_label("吴助理")).to_be_checked()
    check(page)
    page.get_by_label("郑助理").check()
    page.get_by_role("button", name=words["hand_on"]).click()
    expect(page.get_by_text(words["done"])).to_be_visible()
    check(page)
    running = Pairing.everywhere.in_force(today).values_list("cadre__name", flat=True)
    assert sorted(running).count("郑助理") + sorted(running).count("吴助理") == 6


def leave_with_three(today) -> None:
    """The helper's term ends; of two others one has two free places and one all five."""
    leaving = Pairing.everywhere.first().cadre
    Pairing.everywhere.filter(cadre=leaving).update(starts_on=today - timedelta(days=30))
    make.make_term(leaving, last_day=today - timedelta(days=1))
    for name, count in (("吴助理", 3), ("郑助理", 0)):
        helper = make.make_cadre(name=name)
        for _ in range(count):
            make.make_pairing(make.make_household(state=State.POOR), helper)
