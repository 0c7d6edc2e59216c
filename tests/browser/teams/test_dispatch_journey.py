"""A candidate on his way to a village: proposed, checked, approved and sent, in both languages."""

from datetime import timedelta

import pytest
from django.utils import translation
from playwright.sync_api import Page, expect

from teams.models import Cadre, Term
from tests import factories as make
from tests.axe import violations
from trail.dates import business_date
from workflow.models import Case

LOOKS = [("zh-CN", 1280, True), ("en-GB", 360, False)]
LANGUAGES = {"zh-CN": "zh-hans", "en-GB": "en"}
WORDS = {
    "propose": "Propose for a post",
    "village": "Village",
    "post": "Post",
    "first": "First day",
    "send": "Propose",
    "healthy": "is in good health",
    "check": "Record the check of the candidate",
    "integrity": "Opinion of the discipline office",
    "ability": "Opinion of the unit on conduct and ability",
    "approve": "Approve the dispatch",
    "dispatch": "Dispatch: the term begins",
    "letter": "Number of the dispatch letter",
    "next": "From the first day on, sign in every day in the village.",
}


def spoken(locale: str) -> dict[str, str]:
    """What the pages say, in the language of the browser."""
    with translation.override(LANGUAGES[locale]):
        return {key: translation.gettext(text) for key, text in WORDS.items()}


@pytest.fixture
def cadre(officers) -> Cadre:
    return make.make_cadre(name="周启明", is_healthy=False)


def sound(page: Page) -> None:
    """The page fits the screen, and axe finds no fault where it can run."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == []


@pytest.mark.parametrize(("locale", "width", "javascript"), LOOKS)
def test_a_candidate_is_sent_to_a_village(open_as, officers, cadre, locale, width, javascript):
    said = spoken(locale)
    look = {"locale": locale, "width": width, "javascript": javascript}
    check = sound if javascript else lambda _page: None
    page = open_as(officers.county_clerk, f"/teams/cadres/{cadre.number}/", **look)
    page.get_by_role("link", name=said["propose"], exact=True).click()
    page.get_by_label(said["village"], exact=True).fill(make.VILLAGE)
    page.get_by_label(said["post"], exact=True).select_option("first_secretary")
    first = business_date() + timedelta(days=5)
    page.get_by_label(said["first"], exact=True).fill(first.isoformat())
    page.get_by_role("button", name=said["send"], exact=True).click()
    expect(page.get_by_role("listitem").filter(has_text=said["healthy"]).first).to_be_visible()
    check(page)
    Cadre.everywhere.update(is_healthy=True)
    page.get_by_role("button", name=said["send"], exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(cadre.name)
    page.get_by_label(said["integrity"]).fill("县纪委：无异议")
    page.get_by_label(said["ability"]).fill("表现良好")
    page.get_by_role("button", name=said["check"]).click()
    path = f"/cases/{Case.everywhere.get().pk}/"
    page = open_as(officers.county_approver, path, **look)
    page.get_by_role("button", name=said["approve"]).click()
    page = open_as(officers.county_clerk, path, **look)
    page.get_by_label(said["letter"]).fill("组发〔2020〕7号")
    page.get_by_role("button", name=said["dispatch"]).click()
    expect(page.get_by_text(said["next"])).to_be_visible()
    check(page)
    term = Term.everywhere.get()
    assert (term.cadre, term.village_id, term.starts_on) == (cadre, make.VILLAGE, first)


@pytest.mark.parametrize(("locale", "width"), [("zh-CN", 360), ("en-GB", 1280)])
def test_the_lists_of_candidates_people_units_and_accounts_are_sound(
    open_as, officers, locale, width
):
    make.make_term(make.make_cadre())
    for path in ("/teams/units/", "/teams/cadres/", "/teams/candidates/", "/teams/cadres/new/"):
        sound(open_as(officers.county_clerk, path, locale=locale, width=width))
    sound(open_as(officers.account_admin, "/teams/accounts/", locale=locale, width=width))
