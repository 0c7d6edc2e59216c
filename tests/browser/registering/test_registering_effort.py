"""How many keys a registration costs: no mouse, few pages, each key counted."""

from datetime import date

from django.urls import reverse
from playwright.sync_api import Page, expect

from households.models import Household
from tests import factories as make
from trail.dates import business_date

MOST_KEYS, MOST_LOADS = 305, 10
COUNTING = """
window.addEventListener("keydown", () => {
  sessionStorage.keys = Number(sessionStorage.keys || 0) + 1;
}, true);
window.addEventListener("click", (event) => {
  if (event.detail) sessionStorage.clicks = Number(sessionStorage.clicks || 0) + 1;
}, true);
"""
FAMILY = [
    ("王芳", "wangfang", "2", date(1978, 3, 2), "2"),
    ("王明", "wangming", "3", date(2010, 9, 1), ""),
    ("王丽", "wangli", "4", date(2013, 4, 5), ""),
]
LINES = [
    [("1", "9600"), ("4", "1200")],
    [("1", "3200"), ("2", "2100"), ("7", "1800")],
    [("1", "600")],
    [("2", "2400"), ("4", "1300")],
    [("1", "1500"), ("2", "300")],
]
"""Item and amount of each line, by kind: ten figures."""


class Keys:
    """Presses keys and counts those of an input method, which the page does not see."""

    def __init__(self, page: Page):
        self.page = page
        self.composed = 0
        self.loads = 0
        page.on("load", self._count)

    def _count(self, page: Page) -> None:
        self.loads += 1

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def press(self, *names: str) -> None:
        for name in names:
            self.page.keyboard.press(name)

    def compose(self, text: str, pinyin: str) -> None:
        """Chinese as an input method writes it: the letters, and one key to choose."""
        self.composed += len(pinyin) + 1
        self.page.keyboard.insert_text(text)

    def go_on(self) -> None:
        with self.page.expect_navigation():
            self.page.keyboard.press("Control+s")

    def counted(self, name: str) -> int:
        return int(self.page.evaluate(f"Number(sessionStorage.{name} || 0)"))

    @property
    def total(self) -> int:
        return self.counted("keys") + self.composed


def test_a_household_of_four_costs_no_more_than_its_keys(open_as, officers):
    make.make_standard(business_date().year)
    page = open_as(officers.village_official, "/healthz", locale="en-GB")
    page.add_init_script(COUNTING)
    keys = Keys(page)
    page.goto(reverse("registering:start"))
    register(keys)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Registered")
    assert_all_is_there()
    assert (keys.total <= MOST_KEYS, keys.loads <= MOST_LOADS) == (True, True), (
        keys.total,
        keys.loads,
    )
    assert keys.counted("clicks") == 0


def register(keys: Keys) -> None:
    keys.type(make.make_id_number(born=date(1975, 8, 9)))
    keys.press("Enter")
    keys.compose("王建国", "wangjianguo")
    keys.go_on()
    keys.go_on()
    keys.compose("一组", "yizu")
    keys.press("Enter", "Enter")
    keys.type("13900000001")
    keys.press("Enter", "1")
    keys.go_on()
    members(keys)
    incomes(keys)
    living(keys)
    keys.press("7")
    keys.go_on()
    keys.press("Tab", "0", "Tab", "Tab", "ArrowDown", "ArrowDown")
    keys.go_on()
    keys.go_on()


def members(keys: Keys) -> None:
    keys.press("2", "Enter", "Enter", "1", "Enter", "Enter", "1", "Enter")
    for place, (name, pinyin, relation, born, education) in enumerate(FAMILY, start=1):
        keys.compose(name, pinyin)
        keys.press("Enter", relation, "Enter")
        keys.type(make.make_id_number(born=born))
        keys.press("Enter")
        keys.type(education)
        keys.press("Enter", "Enter", "1", "Enter", "Enter", "1")
        if place < len(FAMILY):
            keys.press("Enter")
    keys.go_on()


def incomes(keys: Keys) -> None:
    for kind, lines in enumerate(LINES):
        for item, amount in lines:
            keys.press(item, "Enter")
            keys.type(amount)
            keys.press("Enter")
        if kind < len(LINES) - 1:
            keys.press("Enter")
    keys.go_on()


def living(keys: Keys) -> None:
    """Food, clothing and water; the other guarantees follow; the house, and the road."""
    keys.press("1", "Enter", "1", "Enter", "Enter", "Enter", "1", "Enter", "1", "Enter")
    for key in ("a", "2", "9", "1", "1", "1", "1", "4"):
        keys.press(key, "Enter")
    keys.go_on()


def assert_all_is_there() -> None:
    household = Household.everywhere.get()
    survey = household.surveys.get()
    assert household.members.count() == 4
    assert survey.lines.count() == 10
    assert survey.wage_income == 10800
    assert survey.business_expense == 1800
    assert (survey.food, survey.clothing, survey.water) == (1, 1, 1)
