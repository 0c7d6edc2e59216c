"""A roster brought in from a file: checked, the faulty row taken away, the others saved."""

import pytest
from django.utils import translation
from playwright.sync_api import Page

from teams.models import Term
from tests.axe import violations
from tests.web.teams.roster_files import csv_of, roster_row

LOOKS = [("zh-CN", 1280, True), ("en-GB", 360, False)]
LANGUAGES = {"zh-CN": "zh-hans", "en-GB": "en"}
WORDS = {
    "file": "File of the roster template",
    "check": "Check the file",
    "faulty": "Download the faulty rows (CSV)",
    "save": "Save the faultless rows",
    "saved": "What was saved",
}


def spoken(locale: str) -> dict[str, str]:
    """What the pages say, in the language of the browser."""
    with translation.override(LANGUAGES[locale]):
        return {key: translation.gettext(text) for key, text in WORDS.items()}


def sound(page: Page) -> None:
    """The page fits the screen, and axe finds no fault."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == []


@pytest.mark.parametrize(("locale", "width", "javascript"), LOOKS)
def test_a_roster_is_imported_from_a_file(open_as, officers, locale, width, javascript):
    said = spoken(locale)
    look = {"locale": locale, "width": width, "javascript": javascript}
    verify = sound if javascript else lambda _page: None
    page = open_as(officers.county_clerk, "/teams/import/", **look)
    verify(page)
    content = csv_of(roster_row(1), roster_row(2, post="书记"), roster_row(3))
    page.get_by_label(said["file"]).set_input_files(
        {"name": "roster.csv", "mimeType": "text/csv", "buffer": content}
    )
    page.get_by_role("button", name=said["check"]).click()
    page.get_by_role("button", name=said["save"]).wait_for()
    assert not Term.everywhere.exists()
    verify(page)
    with page.expect_download() as waiting:
        page.get_by_role("button", name=said["faulty"]).click()
    assert "驻村干部2" in waiting.value.path().read_text(encoding="utf-8-sig")
    page.get_by_role("button", name=said["save"]).click()
    page.get_by_role("heading", name=said["saved"], level=1).wait_for()
    assert Term.everywhere.count() == 2
    verify(page)
