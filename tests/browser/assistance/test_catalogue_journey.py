"""A county narrows a measure on a phone, and a household's page says so at once."""

from datetime import date

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from households.rules import State
from officers.models import Officer
from tests import factories as make
from tests.axe import violations
from tests.cast import Cast, hire_all
from trail.dates import business_date


@pytest.fixture
def officers(site: str) -> Cast:
    make.plant_tree()
    return hire_all()


@pytest.fixture
def open_as(browse, site: str):
    """Opens a page of an officer on his phone, in Chinese."""

    def opened(officer: Officer, address: str) -> Page:
        page = browse(locale="zh-CN", width=360, javascript=True)
        client = Client()
        client.force_login(officer, "django.contrib.auth.backends.ModelBackend")
        session = client.cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": site}])
        page.goto(address)
        return page

    return opened


def test_a_county_s_version_changes_what_a_household_is_recommended(open_as, officers):
    household = make.make_household(state=State.POOR, main_cause="11")
    old = date(business_date().year - 62, 1, 1)
    make.make_member(household, name="赵大爷", labour="01", work_months=12, birth_date=old)
    address = f"/assistance/households/{household.number}/recommendation/"

    village = open_as(officers.village_official, address)
    suits = village.get_by_role("region", name="适合本户的措施")
    expect(suits.get_by_role("row").filter(has_text="公益性岗位")).to_contain_text("赵大爷")
    assert violations(village) == []

    county = open_as(officers.county_clerk, "/assistance/catalogue/")
    county.get_by_label("类别").select_option("PUB")
    county.get_by_role("button", name="显示").click()
    assert violations(county) == []
    county.get_by_role("link", name="公益性岗位").last.click()
    expect(county.get_by_text("年龄：16至69")).to_be_visible()
    assert violations(county) == []
    county.get_by_role("link", name="写入新版本").click()
    county.get_by_label("条件2：最大值").fill("59")
    county.get_by_label("来源").fill("县发〔2020〕8号")
    assert violations(county) == []
    county.get_by_role("button", name="保存新版本").click()
    expect(county.get_by_text("年龄：16至59")).to_be_visible()

    village.reload()
    against = village.get_by_role("region", name="有推荐理由但不予推荐的措施")
    row = against.get_by_role("row").filter(has_text="公益性岗位")
    expect(row).to_contain_text("不符合：年龄：16至59；本例为62")
