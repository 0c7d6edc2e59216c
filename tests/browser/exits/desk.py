"""An officer's browser in a language and a size; words are given as the source has them."""

import os
from dataclasses import dataclass

from django.utils import translation
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.axe import violations
from tests.pictures import photo
from tests.procedures import wait_for_notice
from workflow.models import Case

LANGUAGES = {"zh-CN": "zh-hans", "en-GB": "en"}
LOOKS = [(locale, width) for locale in LANGUAGES for width in (360, 1280)]


def ways(locale: str, width: int) -> list[tuple[str, int]]:
    """How a journey is made: this one way in the short run, in all four at full counts."""
    return LOOKS if os.environ.get("BROWSER") == "full" else [(locale, width)]


@dataclass(frozen=True)
class Desk:
    """What an officer reads, presses and writes."""

    page: Page
    language: str
    width: int

    def said(self, text: str, **values: object) -> str:
        """The sentence as this reader gets it; in Chinese it is not the source's."""
        with translation.override(self.language):
            said = translation.gettext(text)
        assert said != text or self.language == "en", text
        return said % values

    def go(self, path: str) -> None:
        self.page.goto(path)

    def open(self, case: Case, *, on: str = "") -> None:
        self.go(f"/cases/{case.pk}/{on}")

    @property
    def main(self) -> Locator:
        return self.page.get_by_role("main")

    def button(self, text: str) -> Locator:
        return self.main.get_by_role("button", name=self.said(text), exact=True)

    def link(self, text: str, **values: object) -> Locator:
        return self.main.get_by_role("link", name=self.said(text, **values), exact=True)

    def field(self, label: str) -> Locator:
        return self.page.get_by_label(self.said(label)).first

    def fill(self, entries: dict[str, str]) -> None:
        for label, value in entries.items():
            self.field(label).fill(value)

    def choose(self, label: str, text: str) -> None:
        self.field(label).select_option(label=self.said(text))

    def reads(self, text: str, **values: object) -> None:
        """The sentence stands on the page, though it may be further down."""
        self.shows(self.said(text, **values))

    def shows(self, text: str) -> None:
        """The figure or name stands on the page, in whatever language."""
        expect(self.main).to_contain_text(text)

    def look(self) -> None:
        """Nothing bars anybody, and nothing is wider than the screen."""
        assert violations(self.page) == [], self.page.url
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= self.width, self.page.url

    def keep(self, case: Case, purpose: str) -> None:
        """Add a photo to the case from the page of its files; no two are the same."""
        self.go(f"/evidence/case/{case.pk}/")
        self.choose("What it shows", purpose)
        content = photo((640, 480 + case.version))
        upload = FilePayload(name="a.jpg", mimeType="image/jpeg", buffer=content)
        self.field("Photos or PDF").set_input_files(upload)
        self.button("Keep the files").click()
        self.reads("Take away")

    def act(self, case: Case, step: str, entries: dict[str, str] | None = None) -> None:
        """Open the case, go to the page of its step where it has one, fill it in and take it."""
        wait_for_notice(case)
        self.open(case)
        if not self.button(step).count():
            self.link(step).click()
        self.fill(entries or {})
        self.button(step).click()
        self.reads("Recorded: %(step)s.", step=self.said(step))
