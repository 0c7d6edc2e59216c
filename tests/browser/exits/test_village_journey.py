"""A village leaves the list of poor villages, carried on a phone by its people."""

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from exits.models import ListedPlace
from households.rules import State
from officers.models import Officer
from tests import factories as make
from tests.axe import violations
from tests.cast import Cast, hire_all
from tests.procedures import wait_for_notice
from trail.dates import business_date
from workflow.models import Case

PHONE = 360
FIGURES = {
    "households": "300",
    "population": "1050",
    "rural_population": "1000",
    "unsafe_water_households": "0",
    "dangerous_house_households": "0",
    "clinics": "1",
}


@pytest.fixture
def officers(site: str, settings) -> Cast:
    settings.DEMO = True
    make.plant_tree()
    cast = hire_all()
    make.make_household(state=State.POOR, persons=19)
    return cast


@pytest.fixture
def open_as(browse, site: str):
    """Opens an address as an officer on his phone, in Chinese."""

    def opened(officer: Officer, path: str) -> Page:
        page = browse(locale="zh-CN", width=PHONE, javascript=True)
        client = Client()
        client.force_login(officer, "django.contrib.auth.backends.ModelBackend")
        session = client.cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": site}])
        page.goto(path)
        return page

    return opened


def look(at: Page) -> None:
    """Nothing bars anybody, and nothing is wider than the phone."""
    assert violations(at) == []
    assert at.evaluate("document.documentElement.scrollWidth") <= PHONE


def test_a_village_exits_through_its_people(open_as, officers):
    clerk = open_as(officers.county_clerk, "/exits/villages/")
    clerk.get_by_role("link", name="列入贫困村").first.click()
    clerk.get_by_label("代码").fill(make.VILLAGE)
    clerk.get_by_label("决定日期").fill("2014-06-01")
    clerk.get_by_label("来源").fill("省贫困村名单（2014）")
    clerk.get_by_role("button", name="列入名单").click()
    expect(clerk.get_by_text("已列入1个。")).to_be_visible()

    village = open_as(officers.village_official, f"/exits/records/{make.VILLAGE}/")
    village.get_by_role("link", name=f"登记{business_date().year}年").click()
    for name, value in FIGURES.items():
        village.locator(f"[name={name}]").fill(value)
    village.locator("[name=road_paved]").select_option("1")
    village.locator("[name=production_power]").select_option("1")
    look(village)
    village.get_by_role("button", name="保存档案").click()
    expect(village.get_by_text("1,050")).to_be_visible()
    look(village)

    township = open_as(officers.township_reviewer, "/exits/villages/")
    look(township)
    township.get_by_role("table").get_by_role("link").first.click()
    expect(township.get_by_text("19 ÷ 1,000 = 1.90 %")).to_be_visible()
    look(township)
    township.get_by_role("button", name="按此数据提出退出").click()
    case = Case.everywhere.get(kind="village_exit")
    look(township)

    clerk.goto(f"/cases/{case.pk}/")
    clerk.get_by_label("核查人").fill("李芳")
    clerk.get_by_label("意见").fill("属实")
    clerk.get_by_role("button", name="登记县级核查").first.click()
    expect(clerk.get_by_text("县级已核查").first).to_be_visible()

    township.reload()
    township.get_by_label("张贴地点").fill("乡镇政府公示栏")
    township.get_by_role("button", name="在乡镇公示").first.click()
    wait_for_notice(case)

    approver = open_as(officers.county_approver, f"/cases/{case.pk}/")
    look(approver)
    approver.get_by_role("button", name="批准贫困村退出").first.click()
    assert ListedPlace.everywhere.get().exit_year == business_date().year
    clerk.goto("/exits/villages/")
    expect(clerk.get_by_text("年退出")).to_be_visible()
