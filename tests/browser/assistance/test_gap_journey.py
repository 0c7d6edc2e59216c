"""A county looks for policy gaps; a village explains one of them on a phone."""

from playwright.sync_api import Page, expect

from assistance.actions.gap_runs import drive
from assistance.models import Gap, GapRun
from households.rules import State
from tests import factories as make
from tests.axe import violations
from trail.dates import business_date

PHONE, GAPS = 360, "/assistance/gaps/"


def look(at: Page) -> None:
    """Nothing bars anybody, and nothing is wider than the phone."""
    assert violations(at) == []
    assert at.evaluate("document.documentElement.scrollWidth") <= PHONE


def test_a_county_searches_and_a_village_explains(open_as, officers):
    make.make_household(state=State.POOR, housing_grade="D")
    page = open_as(officers.county_clerk, GAPS, width=PHONE)
    page.locator("main .empty").get_by_role("link", name="开展筛查").click()
    page.get_by_label("年度").select_option(str(business_date().year))
    look(page)
    page.get_by_role("button", name="开始筛查").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    look(page)
    drive(GapRun.everywhere.get().pk)
    expect(page.get_by_text("筛查结果")).to_be_visible()
    page.get_by_role("link", name="查看应享未享情况").click()
    look(page)
    page.get_by_role("link", name="住房为C级或D级").click()
    look(page)

    page = open_as(officers.village_official, GAPS, width=PHONE, javascript=False)
    page.get_by_role("link", name="住房为C级或D级").click()
    page.get_by_role("link", name="查看 住房为C级或D级").click()
    page.get_by_role("link", name="处置", exact=True).click()
    page.get_by_label("已说明").check()
    page.get_by_label("说明", exact=True).fill("户主已随子女进城居住")
    page.get_by_role("button", name="保存处置").click()
    expect(page.get_by_text("处置已保存。")).to_be_visible()
    expect(page.get_by_text("户主已随子女进城居住")).to_be_visible()
    assert Gap.everywhere.get(rule="house").resolution == "explained"
