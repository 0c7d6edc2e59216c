"""The pages of standards: accessible and within the screen; a preview shows its end by itself."""

from decimal import Decimal

import pytest
from playwright.sync_api import expect

from households.models import Standard
from households.rules import GUARANTEES, State
from officers.models import Officer
from reviews.actions.chunks import drive
from reviews.actions.standards import (
    Content,
    change_standard,
    prepare_standard,
    preview_standard,
    publish_standard,
)
from tests import factories as make
from tests.axe import violations
from tests.cast import Cast

LOOKS = [(locale, width) for locale in ("zh-CN", "en-GB") for width in (360, 1280)]
SOURCE = "示例省扶贫开发领导小组〔2019〕8 号《关于印发本省农村扶贫标准的通知》"


def draft_of(officers: Cast, line: str, guarantees: tuple[str, ...] = GUARANTEES) -> Standard:
    content = Content(2019, Decimal(line), Decimal(6000), guarantees, SOURCE)
    return prepare_standard(content, by=officers.province_officer)


def previewed(officers: Cast, draft: Standard) -> Standard:
    for run in preview_standard(draft.pk, by=officers.province_officer).runs:
        drive(run.pk)
    return draft


@pytest.fixture
def standards(officers: Cast) -> dict[str, Standard]:
    """One of each sort: published, previewed, fresh, changed, and one whose preview runs."""
    for wage in (1000, 5500, 9000):
        for state in (State.POOR, State.EXITED, State.ORDINARY):
            household = make.make_household(state=state)
            make.make_survey(household, 2019, wage_income=Decimal(wage))
    published = previewed(officers, draft_of(officers, "3500"))
    publish_standard(published.pk, by=officers.province_approver)
    changed = draft_of(officers, "4400")
    content = Content(2019, Decimal(4500), Decimal(6000), GUARANTEES[:2], SOURCE)
    fresh = change_standard(changed.pk, content, by=officers.province_officer)
    ready = previewed(officers, draft_of(officers, "5800", GUARANTEES[1:]))
    running = draft_of(officers, "5000")
    preview_standard(running.pk, by=officers.province_officer)
    return {
        "published": published,
        "changed": changed,
        "fresh": fresh,
        "ready": ready,
        "running": running,
    }


def pages_of(officers: Cast, standards: dict[str, Standard]) -> list[tuple[Officer, str]]:
    at = {name: f"/standards/{standard.pk}/" for name, standard in standards.items()}
    officer, approver = officers.province_officer, officers.province_approver
    return [
        (officer, "/standards/"),
        (officer, at["ready"]),
        (approver, at["ready"]),
        (officer, "/standards/prepare/"),
        (officers.county_clerk, "/standards/"),
        (officer, at["fresh"]),
        (officer, at["running"]),
        (officers.county_clerk, at["published"]),
        (officer, at["changed"]),
        (officer, "/standards/?year=2019"),
        (officer, f"{at['fresh']}discard/"),
        (officer, f"{at['fresh']}change/"),
    ]


def test_every_page_of_standards_is_accessible_and_within_the_screen(
    open_as, officers, standards, full_counts
):
    """Each page in each language and size; in the short run, each page in one of them."""
    paths = pages_of(officers, standards)
    for number, (locale, width) in enumerate(LOOKS):
        for officer, path in paths if full_counts else paths[number :: 2 * len(LOOKS)]:
            page = open_as(officer, path, locale=locale, width=width)
            assert violations(page) == [], (path, locale, width)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)


def test_a_faulty_standard_is_accessible_and_keeps_what_was_typed(open_as, officers):
    page = open_as(officers.province_officer, "/standards/prepare/?year=2019", locale="en-GB")
    page.get_by_label("Poverty line").fill("4,000.005")
    page.get_by_role("button", name="Keep as a draft").click()
    expect(page.get_by_role("alert")).to_contain_text("Name the document that sets this standard.")
    expect(page.get_by_label("Poverty line")).to_have_value("4,000.005")
    assert violations(page) == []


def test_the_page_of_a_running_preview_shows_the_effect_by_itself(open_as, officers, standards):
    running = standards["running"]
    page = open_as(officers.province_officer, f"/standards/{running.pk}/", locale="en-GB")
    expect(page.locator("progress").first).to_be_visible()
    for run in preview_standard(running.pk, by=officers.province_officer).runs:
        drive(run.pk)
    expect(page.get_by_text("would get another proposal")).to_be_visible(timeout=20_000)
