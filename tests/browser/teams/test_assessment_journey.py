"""A year is assessed from points to grade, and who failed is recalled; a course is ticked."""

import pytest
from playwright.sync_api import Page, expect

from teams.models import Assessment, Score, Term, TrainingRecord
from teams.rules.assessment import Grade
from teams.rules.terms import EndReason
from tests import factories as make
from tests.axe import violations
from tests.web.teams.assessed import YEAR, make_training, serving
from trail.dates import business_date
from workflow.models import Case

WORDS = {
    "en-GB": {
        "open": "Open them all",
        "give": "Give points",
        "points": "Points",
        "save": "Save",
        "poll": "Record the villagers' word",
        "asked": "Villagers asked",
        "satisfied": "Satisfied villagers",
        "steps": "Steps of the case",
        "grade": "Grade",
        "summary": "What the year showed",
        "propose": "Propose the grade",
        "confirm": "Confirm the grade",
        "cap": "Days absent without leave: 3. At most “incompetent”.",
        "refused": "The facts allow at most the grade “incompetent”",
        "recall": "Recall now",
    },
    "zh-CN": {
        "open": "全部开启",
        "give": "打分",
        "points": "分数",
        "save": "保存",
        "poll": "登记群众满意度测评",
        "asked": "测评人数",
        "satisfied": "满意人数",
        "steps": "办理步骤",
        "grade": "等次",
        "summary": "年度表现",
        "propose": "提出等次",
        "confirm": "确定等次",
        "cap": "脱岗 3 天。 最高为“不称职”。",
        "refused": "按事实，等次最高为“不称职”",
        "recall": "立即召回",
    },
}


def sound(page: Page) -> None:
    """The page has no fault that axe finds, and nothing to scroll sideways."""
    assert violations(page) == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


@pytest.mark.parametrize(("locale", "width"), [("zh-CN", 360), ("en-GB", 1280)])
def test_who_failed_is_assessed_and_recalled(open_as, officers, locale, width):
    term, words = serving(absent=3), WORDS[locale]
    look = {"locale": locale, "width": width}
    page = open_as(officers.county_clerk, f"/teams/assessments/?year={YEAR}", **look)
    sound(page)
    page.get_by_role("button", name=words["open"]).click()
    page.get_by_role("link", name=term.cadre.name).click()
    found = Assessment.objects.get()
    path = f"/teams/assessments/{found.pk}/"

    def give(page: Page, points: int) -> None:
        page.get_by_role("link", name=words["give"], exact=True).click()
        page.get_by_label(words["points"], exact=True).fill(str(points))
        page.get_by_role("button", name=words["save"]).click()
        expect(page.get_by_role("status")).to_be_visible()

    give(open_as(officers.village_official, path, **look), 95)
    township = open_as(officers.township_reviewer, path, **look)
    give(township, 92)
    township.get_by_role("link", name=words["poll"]).click()
    sound(township)
    township.get_by_label(words["asked"]).fill("40")
    township.get_by_label(words["satisfied"]).fill("38")
    township.get_by_role("button", name=words["save"]).click()
    expect(township.get_by_role("status")).to_be_visible()
    page.reload()
    page.get_by_role("link", name=words["give"], exact=True).click()
    page.locator("#id_side").select_option("county")
    page.get_by_label(words["points"], exact=True).fill("94")
    page.get_by_role("button", name=words["save"]).click()
    expect(page.get_by_text(words["cap"])).to_be_visible()
    sound(page)
    assert Score.objects.count() == 3

    page.get_by_role("link", name=words["steps"]).click()
    page.locator("#id_grade").select_option("1")
    page.get_by_label(words["summary"]).fill("多次脱岗")
    page.get_by_role("button", name=words["propose"]).click()
    expect(page.get_by_role("alert")).to_contain_text(words["refused"])
    page.locator("#id_grade").select_option("4")
    page.get_by_role("button", name=words["propose"]).click()
    expect(page.get_by_role("status")).to_be_visible()
    sound(page)
    approver = open_as(officers.county_approver, f"/cases/{Case.everywhere.get().pk}/", **look)
    approver.get_by_role("button", name=words["confirm"]).click()
    expect(approver.get_by_role("status")).to_be_visible()
    found.refresh_from_db()
    assert found.grade == Grade.INCOMPETENT

    page.goto(path)
    page.get_by_role("link", name=words["recall"]).click()
    assert page.locator("#id_reason").input_value() == EndReason.RECALL
    page.locator("#id_note").fill("县委组织部决定召回")
    page.locator("main form.form button[type=submit]").click()
    expect(page.get_by_role("status")).to_be_visible()
    ended = Term.everywhere.get(pk=term.pk)
    assert (ended.end_reason, ended.last_day) == (EndReason.RECALL, business_date())


def test_who_took_part_in_a_course_is_ticked_on_a_phone(open_as, officers):
    term, training = make.make_term(), make_training()
    page = open_as(
        officers.county_clerk, f"/teams/training/?year={YEAR}", locale="zh-CN", width=360
    )
    sound(page)
    page.get_by_role("link", name=training.title).click()
    sound(page)
    page.locator(f"a[href='?division={make.TOWNSHIP}']").click()
    page.get_by_role("link", name="勾选").click()
    sound(page)
    page.get_by_label(f"{term.cadre.name} 参加").check()
    page.get_by_label(f"{term.cadre.name} 的结果").select_option("yes")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("status")).to_be_visible()
    kept = TrainingRecord.objects.get()
    assert (kept.cadre, kept.days, kept.passed) == (term.cadre, 2, True)
