"""A first secretary hands over, and the county clerk ends his term, or lets a successor follow."""

from datetime import timedelta

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from divisions.models import Division
from officers.models import Officer
from teams.models import Handover, Term
from teams.rules.terms import Post
from tests import factories as make
from tests.axe import violations
from tests.cast import Cast, hire_all
from tests.web.teams.sent import approved, post
from trail.dates import business_date

CHINESE = {
    "locale": "zh-CN",
    "teams": "驻村帮扶",
    "hand": "办理交接",
    "to": "接收人",
    "what": "交接内容",
    "save": "登记交接",
    "saved": "交接已登记。",
    "end": "结束任期",
    "last": "最后一天",
    "reason": "结束原因",
    "record": "登记结束",
    "ended": "任期结束已登记。",
    "gaps": "空档",
    "ending": "任期将满",
    "handed": "已交接",
    "change": "岗位交替",
    "letter": "选派文件文号",
    "let": "办理岗位交替",
    "changed": "岗位已交替",
}
ENGLISH = {
    "locale": "en-GB",
    "teams": "Work teams",
    "hand": "Hand over",
    "to": "Handed over to",
    "what": "What is handed on",
    "save": "Record the handover",
    "saved": "The handover is recorded.",
    "end": "End the term",
    "last": "Last day",
    "reason": "Reason of the end",
    "record": "Record the end",
    "ended": "The end of the term is recorded.",
    "gaps": "Gaps",
    "ending": "terms ending soon",
    "handed": "handed over",
    "change": "Change of hands",
    "letter": "Number of the dispatch letter",
    "let": "Let the place change hands",
    "changed": "The place changes hands",
}


@pytest.fixture
def officers(site: str) -> Cast:
    make.plant_tree()
    cast = hire_all()
    make.make_team_village()
    today = business_date()
    days = {"starts_on": today - timedelta(days=400), "due_on": today + timedelta(days=330)}
    leaving = make.make_cadre(account=cast.first_secretary, name="林望舒")
    make.make_term(leaving, post=Post.FIRST_SECRETARY, **days)
    make.make_term(make.make_cadre(name="陈珍梅"), post=Post.LEADER, **days)
    return cast


@pytest.fixture
def open_as(browse, site: str):
    """Opens the home page of an officer."""

    def opened(officer: Officer, words: dict[str, str], width: int, *, javascript: bool) -> Page:
        page = browse(locale=words["locale"], width=width, javascript=javascript)
        client = Client()
        client.force_login(officer, "django.contrib.auth.backends.ModelBackend")
        session = client.cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": site}])
        page.goto("/")
        return page

    return opened


def village_name() -> str:
    return Division.objects.get(pk=make.VILLAGE).name


def look_at(page: Page, width: int, *, javascript: bool) -> None:
    """axe finds nothing, as far as it can run, and nothing is wider than the page."""
    assert page.locator("main").bounding_box()["width"] <= width
    if javascript:
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(
    ("words", "width", "javascript"), [(CHINESE, 360, False), (ENGLISH, 360, True)]
)
def test_a_term_is_handed_over_and_ended(open_as, officers, words, width, javascript):
    page = open_as(officers.first_secretary, words, width, javascript=javascript)
    page.get_by_role("link", name=words["teams"], exact=True).click()
    page.locator("main").get_by_role("link", name=village_name()).last.click()
    look_at(page, width, javascript=javascript)
    page.get_by_role("link", name=f"{words['hand']} 林望舒").click()
    page.get_by_role("button", name=words["save"]).click()
    expect(page.get_by_role("alert")).to_contain_text(words["what"])
    page.get_by_label(words["to"]).select_option(index=1)
    page.get_by_label(words["what"]).fill("台账三本，通村路在建，答应王家修渠")
    look_at(page, width, javascript=javascript)
    page.get_by_role("button", name=words["save"]).click()
    expect(page.get_by_text(words["saved"])).to_be_visible()
    assert Handover.objects.get().to.name == "陈珍梅"

    page = open_as(officers.county_clerk, words, width, javascript=javascript)
    page.goto(f"/teams/villages/{make.VILLAGE}/")
    page.get_by_role("link", name=f"{words['end']} 林望舒").click()
    last = business_date() + timedelta(days=5)
    page.get_by_label(words["last"], exact=True).fill(last.isoformat())
    page.get_by_label(words["reason"]).select_option("promotion")
    look_at(page, width, javascript=javascript)
    page.get_by_role("button", name=words["record"]).click()
    expect(page.get_by_text(words["ended"])).to_be_visible()
    assert Term.everywhere.get(cadre__name="林望舒").last_day == last

    page.goto("/teams/gaps/")
    page.get_by_role("link", name=words["ending"]).click()
    row = page.get_by_role("row").filter(has_text="林望舒")
    expect(row).to_contain_text(words["handed"])
    look_at(page, width, javascript=javascript)


@pytest.mark.parametrize(
    ("words", "width", "javascript"), [(CHINESE, 360, False), (ENGLISH, 360, True)]
)
def test_a_place_changes_hands_on_one_form(open_as, officers, words, width, javascript):
    today = business_date()
    case = approved(officers, make.make_cadre(name="沈接任"), post(starts_on=today))
    page = open_as(officers.county_clerk, words, width, javascript=javascript)
    page.goto(f"/teams/villages/{make.VILLAGE}/")
    page.get_by_role("link", name=f"{words['change']} 林望舒").click()
    look_at(page, width, javascript=javascript)
    page.get_by_role("button", name=words["let"]).click()
    expect(page.get_by_role("alert")).to_contain_text(words["what"])
    page.get_by_label(words["last"], exact=True).fill(today.isoformat())
    page.get_by_label(words["reason"]).select_option("promotion")
    page.get_by_label(words["what"]).fill("台账三本，通村路在建，答应王家修渠")
    page.get_by_label(words["letter"]).fill("组发〔2020〕8号")
    look_at(page, width, javascript=javascript)
    page.get_by_role("button", name=words["let"]).click()
    expect(page.get_by_text(words["changed"])).to_be_visible()
    look_at(page, width, javascript=javascript)
    term = Term.everywhere.get(case=case)
    assert term.starts_on == today + timedelta(days=1)
    assert Handover.objects.get(term__cadre__name="林望舒").to == term.cadre
