"""A plan on a phone: drafted from the recommendation, a conflict refused, signed, approved."""

from datetime import date

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from assistance.models import Item, ItemStatus, Plan
from officers.models import Officer
from tests import factories as make
from tests.axe import violations
from tests.cast import Cast, hire_all
from tests.web.assistance.planned import GOAL, make_poor, this_year, with_item, worker_of

PHONE = 360


@pytest.fixture
def officers(site: str) -> Cast:
    make.plant_tree()
    cast = hire_all()
    household = make_poor(main_cause="06")
    make.make_pairing(household, make.make_cadre(account=cast.helper))
    return cast


@pytest.fixture
def open_as(browse, site: str):
    """Opens the home page of an officer on his phone, in Chinese."""

    def opened(officer: Officer) -> Page:
        page = browse(locale="zh-CN", width=PHONE, javascript=True)
        client = Client()
        client.force_login(officer, "django.contrib.auth.backends.ModelBackend")
        session = client.cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": site}])
        page.goto("/")
        return page

    return opened


def look(at: Page) -> None:
    """Nothing bars anybody, and nothing is wider than the phone."""
    assert violations(at) == []
    assert at.evaluate("document.documentElement.scrollWidth") <= PHONE


def test_a_helper_drafts_a_plan_that_the_township_approves(open_as, officers):
    page = open_as(officers.helper)
    page.get_by_role("link", name="应有而未有帮扶计划的户").click()
    page.get_by_role("link", name="拟定计划").click()
    page.get_by_label("年度目标").fill(GOAL)
    ticks = page.locator("input[name=measures]:checked")
    while ticks.count() > 1:
        ticks.last.uncheck()
    look(page)
    page.get_by_role("button", name="拟定计划").click()
    plan = Plan.everywhere.get()
    item, worker = plan.items.get(), worker_of(plan.household)
    assert item.origin == "recommended"

    page.locator(f"a[href$='{item.uuid}/change/']").click()
    page.get_by_label("年度计划金额（元）").fill("1200")
    page.get_by_label("资金来源").select_option("county")
    page.get_by_label("我已核实，条件符合").check()
    page.get_by_label("理由").fill("入户核实")
    page.get_by_role("button", name="保存修改").click()
    with_item(plan, officers.helper, "PUB-POST", worker, confirmed=True)
    page.get_by_role("link", name="添加措施").click()
    page.goto(f"/assistance/plans/{plan.uuid}/measures/ECO-RANGER/")
    page.locator("select[name=member]").select_option(str(worker.pk))
    page.get_by_label("我已核实，条件符合").check()
    page.get_by_role("button", name="列入计划").click()
    expect(page.get_by_text("互斥").first).to_be_visible()
    look(page)

    page.get_by_role("link", name="返回计划").click()
    look(page)
    page.get_by_role("link", name="登记签字并提交").click()
    page.get_by_label("签字人").fill("陈大山")
    page.get_by_label("签字单，已存档").check()
    page.get_by_role("button", name="登记签字").click()
    expect(page.get_by_text("已签字并提交，由乡镇审批。")).to_be_visible()

    page = open_as(officers.township_reviewer)
    page.goto(f"/cases/{plan.cases.get().case_id}/")
    expect(page.get_by_text("计划没有问题。")).to_be_visible()
    expect(page.get_by_text(GOAL)).to_be_visible()
    look(page)
    page.get_by_role("button", name="批准计划").click()
    plan.refresh_from_db()
    assert plan.approved_on >= date(this_year(), 1, 1)
    assert not Item.everywhere.filter(plan=plan, status=ItemStatus.DRAFT).exists()
    assert Item.everywhere.filter(group_claim="post").count() == 1
