"""Measures brought in from a file on a phone: checked, the sound ones saved, seen on the page."""

import csv
import io

from assistance.models import Item
from tests import factories as make
from tests.axe import violations
from tests.web.assistance.test_import import KEYS, row_of


def sound(page) -> None:
    """The page fits the screen, and axe finds no fault."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == []


def test_measures_are_imported_and_seen_with_their_household(open_as, officers):
    household = make.make_household(persons=2)
    rows = [row_of(household, funding="县级专项资金"), row_of(household, measure="不存在的措施")]
    text = io.StringIO()
    csv.writer(text).writerows([KEYS, *([row.get(key, "") for key in KEYS] for row in rows)])
    page = open_as(officers.county_clerk, "/assistance/import/", locale="zh-CN", width=360)
    sound(page)
    page.get_by_label("帮扶措施模板文件").set_input_files(
        {"name": "m.csv", "mimeType": "text/csv", "buffer": text.getvalue().encode()}
    )
    page.get_by_role("button", name="校验文件").click()
    page.get_by_text("目录中没有此措施").wait_for()
    sound(page)
    assert not Item.everywhere.exists()
    page.get_by_role("button", name="保存无误的行").click()
    page.get_by_role("heading", name="保存结果", level=1).wait_for()
    assert Item.everywhere.get().household == household
    page.goto(f"/households/{household.number}/#help")
    page.get_by_role("heading", name="年帮扶").first.wait_for()
    sound(page)
