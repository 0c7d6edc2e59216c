"""How many presses and keys it costs to decide a list of exits, each on its own page."""

from decimal import Decimal

import pytest
from django.db import transaction
from django.test import Client
from playwright.sync_api import Page, expect

from households.models import Standard
from households.rules import State
from households.snapshot import snapshot
from tests import factories as make
from tests.cast import Cast, hire_all
from tests.procedures import post_all, reach_year_after
from trail.rules import digest
from workflow.models import Case

MANY, MOST_ACTIONS = 50, 120
FEW, MOST_OF_FEW = 10, 24
RETURNED_OF = 10
"""One case in so many is sent back, with a reason of the list and a text."""


class Hand:
    """Presses and types on a page, and counts each press and each key as one action."""

    def __init__(self, page: Page):
        self.page = page
        self.actions = 0
        self.keys = page.context.new_cdp_session(page)

    def press(self, key: str) -> None:
        self.actions += 1
        self.page.keyboard.press(key)

    def access(self, letter: str) -> None:
        """The key of a button: Alt and a letter, as the browser itself takes it."""
        self.actions += 1
        key = {"modifiers": 1, "key": letter, "code": f"Key{letter.upper()}"}
        key |= {"text": letter, "unmodifiedText": letter, "windowsVirtualKeyCode": ord(letter) - 32}
        self.keys.send("Input.dispatchKeyEvent", {"type": "keyDown"} | key)
        self.keys.send("Input.dispatchKeyEvent", {"type": "keyUp"} | key)

    def click(self, role: str, name: str) -> None:
        self.actions += 1
        self.page.get_by_role(role, name=name, exact=True).click()

    def write(self, label: str, text: str) -> None:
        self.actions += 1 + len(text)
        self.page.get_by_label(label).click()
        self.page.keyboard.type(text)

    def choose(self, label: str, text: str) -> None:
        """The list takes the focus, and the first letters find the entry."""
        self.actions += 1
        self.page.get_by_label(label, exact=True).focus()
        for letter in text[:2]:
            self.press(letter)


@pytest.fixture
def officers(site: str, calendar: None) -> Cast:
    reach_year_after(2019)
    make.plant_tree()
    return hire_all()


def checked_exits(count: int) -> list[Case]:
    """Exits that stood on a notice and that the township checked: they wait for the county."""
    standard = Standard.objects.holding(make.VILLAGE, 2019).get(division_id="0")
    cases = []
    for _number in range(count):
        household = make.make_household(state=State.POOR, persons=3)
        make.make_survey(household, 2019, wage_income=Decimal(21_000))
        make.make_help(household, 2019)
        facts = snapshot(household, year=2019, standard=standard)
        own = {"state": "checked", "facts": facts, "facts_hash": digest(facts)}
        with transaction.atomic():
            cases.append(make.make_case(household, "exit", **own))
    post_all(cases)
    return cases


def test_a_list_of_exits_is_decided_in_few_actions(browse, site, officers, full_counts):
    """Without JavaScript: the keys are those of the page itself."""
    count, most = (MANY, MOST_ACTIONS) if full_counts else (FEW, MOST_OF_FEW)
    cases = checked_exits(count)
    page = browse(locale="en-GB", javascript=False)
    client = Client()
    client.force_login(officers.county_approver, "django.contrib.auth.backends.ModelBackend")
    session = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": site}])
    page.goto("/inbox/?kind=exit")
    hand = Hand(page)
    hand.actions += 1
    page.locator("a.cover").first.click()
    for number in range(count):
        expect(page.get_by_role("heading", name="You may decide: yes")).to_be_visible()
        here = page.url.split("?")[0]
        if number % RETURNED_OF == 0:
            hand.click("link", "Return to the village")
            hand.choose("Reason", "evidence")
            hand.write("Reason in words", "photo")
        hand.access("n")
        page.wait_for_url(lambda url, here=here: not url.startswith(here))
    expect(page).to_have_url(f"{site}/inbox/?kind=exit")
    states = [case.state for case in Case.everywhere.filter(pk__in=[one.pk for one in cases])]
    returned = -(-count // RETURNED_OF)
    assert (states.count("approved"), states.count("planned")) == (count - returned, returned)
    assert hand.actions <= most
