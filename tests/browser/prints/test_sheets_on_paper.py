"""Sheets as paper: no missing glyph in a name, A4 with numbered pages, and keys that walk lists."""

import io
import re
import unicodedata
from itertools import pairwise

import pikepdf
import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from households.models import Household
from households.rules import State
from officers.models import Officer
from registry.pages.prints.glyphs import seldom_in_fonts
from registry.pages.prints.sheets import SHEETS
from tests import factories as make
from tests.cast import hire_all
from tests.rare_names import NOT_DRAWN, SHOWN

A4_POINTS = (595, 842)
DRAWN_ALIKE = """([characters, selector]) => {
  const style = getComputedStyle(document.querySelector(selector));
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 48;
  const pen = canvas.getContext("2d", {willReadFrequently: true});
  const drawn = text => {
    pen.clearRect(0, 0, 48, 48);
    pen.font = "32px " + style.fontFamily;
    pen.fillText(text, 4, 38);
    return pen.getImageData(0, 0, 48, 48).data.join();
  };
  const missing = ["\\u{10ffff}", "\\u{e0fff}", "\\u0378"].map(drawn), nothing = drawn(" ");
  return characters.filter(one => missing.includes(drawn(one)) || drawn(one) === nothing);
}"""


@pytest.fixture
def official(site: str) -> Officer:
    make.plant_tree()
    return hire_all().village_official


@pytest.fixture
def household(official: Officer) -> Household:
    """A poor household with a survey and a name of each kind."""
    found = make.make_household(state=State.POOR)
    for name in SHOWN[::6]:
        make.make_member(found, name=name)
    make.make_survey(found, 2019, wage_income=9000)
    return found


@pytest.fixture
def opened(browse, site: str, official: Officer):
    """A page of the site as the village official, in Chinese at 1280 px."""
    client = Client()
    client.force_login(official, "django.contrib.auth.backends.ModelBackend")
    page: Page = browse()
    session = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": site}])
    return page


def characters_of(names: list[str]) -> list[str]:
    """The characters that leave ink, each once."""
    found = {one for name in names for one in name}
    return sorted(one for one in found if unicodedata.category(one) not in {"Zs", "Mn"})


@pytest.mark.parametrize("selector", [".paper bdi", "body"])
def test_no_glyph_of_a_rare_name_is_missing(opened, household, selector):
    opened.goto(f"/households/{household.number}/print/registration/")
    assert opened.evaluate(DRAWN_ALIKE, [characters_of(SHOWN), selector]) == []


def test_what_cannot_be_drawn_is_what_the_sheet_warns_of(opened, household):
    opened.goto(f"/households/{household.number}/print/registration/")
    lost = opened.evaluate(DRAWN_ALIKE, [characters_of(NOT_DRAWN), ".paper bdi"])
    told = seldom_in_fonts(lost)
    assert len(told) == len(lost)
    assert seldom_in_fonts(SHOWN) == []


@pytest.mark.parametrize("name", SHEETS)
def test_a_sheet_is_a4_with_numbered_pages_and_the_fonts_inside(opened, household, name):
    opened.goto(f"/households/{household.number}/print/{name}/")
    printed = pikepdf.open(io.BytesIO(opened.pdf(prefer_css_page_size=True)))
    sizes = {tuple(round(float(side)) for side in page.mediabox[2:]) for page in printed.pages}
    assert sizes == {A4_POINTS}
    fonts = [
        font
        for page in printed.pages
        for font in page.resources.get("/Font", {}).as_dict().values()
    ]
    assert fonts
    assert all(holds_its_glyphs(font) for font in fonts)


def test_the_tables_of_a_sheet_fill_its_width(opened, household):
    opened.goto(f"/households/{household.number}/print/registration/")
    widths = "all => all.map(one => one.offsetWidth / one.parentElement.offsetWidth)"
    assert min(opened.eval_on_selector_all(".paper table.pairs", widths)) > 0.9


def holds_its_glyphs(font: pikepdf.Object) -> bool:
    """Whether the file brings the glyphs of a font, so that it prints alike everywhere."""
    if font.Subtype == "/Type3":
        return True
    inner = font.DescendantFonts[0] if "/DescendantFonts" in font else font
    return bool(re.search("/FontFile", str(list(inner.FontDescriptor.keys()))))


def test_keys_walk_through_the_list_that_has_the_focus(opened, household):
    make.make_household()
    opened.goto("/households/")
    links = opened.locator("tr.link a.cover")
    assert links.count() >= 2
    opened.locator(".table-box").focus()
    opened.keyboard.press("j")
    expect(links.nth(0)).to_be_focused()
    opened.keyboard.press("j")
    expect(links.nth(1)).to_be_focused()
    opened.keyboard.press("k")
    expect(links.nth(0)).to_be_focused()
    target = links.nth(0).get_attribute("href")
    opened.keyboard.press("o")
    opened.wait_for_url(f"**{target}")


def test_the_question_mark_opens_the_help_but_not_while_somebody_writes(opened, official):
    opened.goto("/households/")
    field = opened.locator("main input:not([type=hidden])").first
    field.focus()
    opened.keyboard.type("?")
    assert opened.url.endswith("/households/")
    field.blur()
    opened.keyboard.press("?")
    opened.wait_for_url("**/help/keyboard/")
    opened.locator("button[name=nokeys]").click()
    expect(opened.locator("html.nokeys")).to_be_attached()
    opened.goto("/households/")
    opened.keyboard.press("?")
    opened.wait_for_timeout(200)
    assert opened.url.endswith("/households/")


def test_large_print_and_dense_change_the_size_of_what_is_touched(opened, site):
    heights = []
    for look in ("large", "", "dense"):
        opened.context.add_cookies([{"name": "look", "value": look, "url": site}])
        opened.goto("/households/")
        heights.append(opened.locator("main .button").first.bounding_box()["height"])
    assert all(larger > smaller for larger, smaller in pairwise(heights))
