"""The pages about other systems are one place: each role finds those that it opens, and itself."""

import re

import pytest

from exchange.tabs import TABS
from officers.rules import Scope
from registry.pages.places import PLACES
from registry.pages.queries.home import tasks_of
from tests import factories as make
from tests.api.conftest import issue
from tests.web.exchange.differing import a_household, differing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
HEALTH, DIFFERENCES, DECISIONS, CLIENTS = (tab.url for tab in TABS)
OPENED = {
    "county_clerk": [HEALTH, DIFFERENCES, DECISIONS],
    "county_approver": [HEALTH, DECISIONS],
    "account_admin": [HEALTH, CLIENTS],
}
ALONE = {"province_officer": [HEALTH]}
"""Who opens one page has no second line."""

MENU = re.compile(r'<nav class="nav tabs.*?</nav>', re.DOTALL)
ENTRY = re.compile(r'<a href="([^"]+)"(?: aria-current="(\w+)")?>')


def menu(browser, url: str) -> list[tuple[str, str]]:
    """(address, aria-current) of each page that the second menu offers at `url`."""
    answer = browser.get(url)
    assert answer.status_code == 200
    return [
        entry for found in MENU.findall(answer.content.decode()) for entry in ENTRY.findall(found)
    ]


@pytest.mark.parametrize("part", OPENED)
def test_each_page_offers_what_the_role_opens_and_marks_where_one_is(cast, signed_in, part):
    browser = signed_in(getattr(cast, part))
    for here in OPENED[part]:
        marked = [(url, "page" if url == here else "") for url in OPENED[part]]
        assert menu(browser, here) == marked


def test_who_opens_one_page_alone_has_no_second_line(cast, signed_in):
    assert menu(signed_in(cast.province_officer), HEALTH) == []


@pytest.mark.parametrize("part", [*OPENED, *ALONE])
def test_what_is_not_offered_is_not_opened(cast, signed_in, part):
    browser = signed_in(getattr(cast, part))
    for url in {tab.url for tab in TABS} - {*(OPENED | ALONE)[part]}:
        assert browser.get(url).status_code == 403


def test_below_a_page_its_entry_is_marked_as_the_one_above(cast, signed_in):
    household = a_household()
    differing(household, group="二组")
    client = issue(make.COUNTY, Scope.READ).key.client
    below = {
        f"{DIFFERENCES}{household.number}/": (cast.county_clerk, DIFFERENCES),
        f"{CLIENTS}{client.pk}/": (cast.account_admin, CLIENTS),
    }
    for url, (officer, tab) in below.items():
        marked = dict(menu(signed_in(officer), url))
        assert {one for one, mark in marked.items() if mark == "true"} == {tab}


@pytest.mark.parametrize("part", [*OPENED, *ALONE])
def test_the_menu_has_one_entry_for_all_of_them(cast, signed_in, part):
    for url in (OPENED | ALONE)[part]:
        at = [name for name, place in PLACES.items() if place.depth(url) and url != "/"]
        assert at == ["exchange"]
    nav = signed_in(getattr(cast, part)).get(HEALTH).context["frame"].nav
    assert [item.url for item in nav if item.current] == [HEALTH]


def test_the_clerks_home_leads_to_what_waits_of_other_systems(cast):
    differing(a_household(), group="二组")
    waiting = {task.url: task.count for task in tasks_of(cast.county_clerk)}
    assert (waiting[DIFFERENCES], waiting[DECISIONS]) == (1, 0)
