"""A visit on a phone with a photo and a problem, which another person closes as his task."""

from datetime import timedelta

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from households.rules import State
from officers.models import Officer
from teams.models import Task, Visit
from tests import factories as make
from tests.axe import violations
from tests.cast import Cast, hire_all
from tests.pictures import photo
from trail.dates import business_date
from workflow.models import Attachment

PHONE = 360
CHINESE = {
    "locale": "zh-CN",
    "mine": "我的帮扶户",
    "record": "记录走访",
    "head": "户主",
    "schooling": "子女上学",
    "text": "所见所谈",
    "problem": "问题 1",
    "what": "问题 1：要办什么",
    "who": "问题 1：谁来办",
    "by": "问题 1：办结期限",
    "photos": "照片",
    "save": "保存走访",
    "saved": "走访已记录。",
    "waits": "走访和村里的待办事项",
    "close": "办结待办事项",
    "done": "已完成",
    "result": "办理情况",
    "closed": "待办事项已办结。",
}
ENGLISH = {
    "locale": "en-GB",
    "mine": "My households",
    "record": "Record a visit",
    "head": "householder",
    "schooling": "schooling",
    "text": "What was seen and said",
    "problem": "Problem 1",
    "what": "Problem 1: what is to be done",
    "who": "Problem 1: who does it",
    "by": "Problem 1: to be done by",
    "photos": "Photos",
    "save": "Save the visit",
    "saved": "The visit is recorded.",
    "waits": "Tasks from visits and the villages",
    "close": "Close the task",
    "done": "done",
    "result": "What came of it",
    "closed": "The task is closed.",
}


@pytest.fixture
def officers(site: str, settings, tmp_path) -> Cast:
    settings.MEDIA_ROOT = tmp_path
    make.plant_tree()
    cast = hire_all()
    household = make.make_household(state=State.POOR, persons=2)
    make.make_pairing(household, make.make_cadre(account=cast.helper))
    return cast


@pytest.fixture
def open_as(browse, site: str):
    """Opens the home page of an officer on his phone."""

    def opened(officer: Officer, words: dict[str, str], *, javascript: bool) -> Page:
        page = browse(locale=words["locale"], width=PHONE, javascript=javascript)
        client = Client()
        client.force_login(officer, "django.contrib.auth.backends.ModelBackend")
        session = client.cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": site}])
        page.goto("/")
        return page

    return opened


@pytest.mark.parametrize(("words", "javascript"), [(CHINESE, True), (ENGLISH, False)])
def test_a_problem_of_a_visit_is_solved_by_somebody_else(open_as, officers, words, javascript):
    def look(at: Page) -> None:
        """Nothing bars anybody, and nothing is wider than the phone; a script looks."""
        if javascript:
            assert violations(at) == []
            assert at.evaluate("document.documentElement.scrollWidth") <= PHONE

    page = open_as(officers.helper, words, javascript=javascript)
    page.locator("main").get_by_role("link", name=words["mine"]).click()
    look(page)
    page.get_by_role("link", name=words["record"]).first.click()
    page.get_by_label(words["head"], exact=True).check()
    page.get_by_label(words["schooling"], exact=True).check()
    page.get_by_label(words["text"]).fill("孩子上学的路断了")
    page.get_by_text(words["problem"], exact=True).click()
    page.get_by_label(words["what"]).fill("修通上学的路")
    page.get_by_label(words["who"]).select_option(str(officers.township_reviewer.pk))
    due = business_date() + timedelta(days=7)
    page.get_by_label(words["by"]).fill(due.isoformat())
    upload = {"name": "road.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    page.get_by_label(words["photos"]).set_input_files(upload)
    look(page)
    page.get_by_role("button", name=words["save"]).click()
    expect(page.get_by_text(words["saved"])).to_be_visible()
    expect(page.locator("main .photos img")).to_have_count(1)
    look(page)
    assert (Visit.everywhere.count(), Attachment.everywhere.count()) == (1, 1)

    page = open_as(officers.township_reviewer, words, javascript=javascript)
    page.get_by_role("link", name=words["waits"]).click()
    page.get_by_role("link", name="修通上学的路").click()
    page.get_by_role("link", name=words["close"]).click()
    page.get_by_label(words["done"], exact=True).check()
    page.get_by_label(words["result"]).fill("路已修通")
    page.get_by_role("button", name=words["close"]).click()
    expect(page.get_by_text(words["closed"])).to_be_visible()
    look(page)
    task = Task.everywhere.get()
    assert (task.result, task.closed_by) == ("done", officers.township_reviewer)
