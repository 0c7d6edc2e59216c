"""Help on a phone, from what is recommended to what came of it: one walk through all its pages.

A helper drafts a plan, changes it, is refused a second post for one person, signs; the township
approves; he delivers in two instalments, and sees what changed. In the short run it is made in
Chinese; at full counts in English, too.
"""

import gzip
import os
from dataclasses import dataclass
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import translation
from playwright.sync_api import Locator, Page, expect

from assistance.actions.instalments import set_instalments
from assistance.models import Delivery, Item, ItemStatus, Plan
from assistance.rules.delivering import Part
from households.rules import EXPENSE
from officers.models import Officer
from tests import factories as make
from tests.axe import violations
from tests.cast import Cast, hire_all
from tests.pictures import photo
from tests.web.assistance.planned import GOAL, make_poor, this_year, with_item, worker_of
from trail.dates import business_date
from workflow.models import Attachment

PHONE = 360
PAGE_BYTES = 20_000
"""Of the main pages, as they come gzipped without what they fetch."""

LANGUAGES = {"zh-CN": "zh-hans", "en-GB": "en"}
LOCALES = list(LANGUAGES) if os.environ.get("BROWSER") == "full" else ["zh-CN"]


@dataclass
class Phone:
    """An officer's phone. Words are given as the source has them, and read as the page says."""

    page: Page
    language: str

    def said(self, text: str) -> str:
        with translation.override(self.language):
            return translation.gettext(text)

    def look(self) -> None:
        """Nothing bars anybody, nothing is wider than the phone, and the page is light."""
        assert violations(self.page) == []
        assert self.page.evaluate("document.documentElement.scrollWidth") <= PHONE
        answer = self.page.request.get(self.page.url)
        assert answer.ok
        assert len(gzip.compress(answer.body())) <= PAGE_BYTES, self.page.url

    def press(self, text: str) -> None:
        self.page.get_by_role("button", name=self.said(text), exact=True).click()

    def follow(self, text: str) -> None:
        self.page.get_by_role("link", name=self.said(text)).first.click()

    def fill(self, label: str, value: str) -> None:
        self.at(label).fill(value)

    def at(self, label: str) -> Locator:
        return self.page.get_by_label(self.said(label))

    def reads(self, text: str) -> None:
        expect(self.page.get_by_text(self.said(text)).first).to_be_visible()


@pytest.fixture
def officers(site: str, settings, tmp_path) -> Cast:
    """A helper with a poor household, surveyed before help begins and since."""
    settings.MEDIA_ROOT = tmp_path
    make.plant_tree()
    cast = hire_all()
    household = make_poor(main_cause="06")
    make.make_survey(household, this_year() - 1, **{EXPENSE: Decimal(6000)})
    make.make_pairing(household, make.make_cadre(account=cast.helper))
    return cast


@pytest.fixture
def phone_of(browse, site: str):
    """The home page of an officer on his phone, with scripts."""

    def opened(officer: Officer, locale: str) -> Phone:
        page = browse(locale=locale, width=PHONE, javascript=True)
        client = Client()
        client.force_login(officer, "django.contrib.auth.backends.ModelBackend")
        session = client.cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": site}])
        page.goto("/")
        return Phone(page, LANGUAGES[locale])

    return opened


def draft(helper: Phone) -> Plan:
    """A plan from what is recommended, without all of its measures but the first."""
    helper.follow("Households whose plan of help is missing")
    helper.look()
    helper.follow("Draft a plan")
    helper.fill("Goal of the year", GOAL)
    ticks = helper.page.locator("input[name=measures]:checked")
    while ticks.count() > 1:
        ticks.last.uncheck()
    helper.look()
    helper.press("Draft the plan")
    return Plan.everywhere.get()


def change(helper: Phone, item: Item) -> None:
    helper.page.locator(f"a[href$='{item.uuid}/change/']").click()
    helper.fill("Planned amount of the year (yuan)", "1000")
    helper.page.locator("select[name=funding]").select_option("county")
    helper.at("I checked the conditions and they are met").check()
    helper.fill("Reason", "入户核实")
    helper.look()
    helper.press("Save the change")


def be_refused_a_second_post(helper: Phone, plan: Plan, by: Officer) -> None:
    worker = worker_of(plan.household)
    with_item(plan, by, "PUB-POST", worker, confirmed=True)
    helper.follow("Add a measure")
    helper.look()
    helper.page.goto(f"/assistance/plans/{plan.uuid}/measures/ECO-RANGER/")
    helper.page.locator("select[name=member]").select_option(str(worker.pk))
    helper.page.locator("select[name=funding]").select_option("county")
    helper.at("I checked the conditions and they are met").check()
    helper.press("Put it into the plan")
    alert = helper.page.get_by_role("alert")
    with translation.override(helper.language):
        rival = Item.everywhere.get(code="PUB-POST").measure.name
    expect(alert).to_contain_text(rival)
    helper.look()
    helper.follow("Back to the plan")
    assert not plan.items.filter(code="ECO-RANGER").exists()


def sign(helper: Phone) -> None:
    helper.look()
    helper.follow("Record the signatures and submit")
    helper.fill("Who signed", "陈大山")
    with translation.override(helper.language):
        slip = translation.gettext("signed slip, kept in the files")
    helper.page.get_by_label(slip).check()
    helper.press("Record the signatures")
    helper.reads("Signed and submitted. The township decides on the plan now.")


def approve(township: Phone, plan: Plan) -> None:
    township.page.goto(f"/cases/{plan.cases.get().case_id}/")
    township.reads("Nothing stands against the plan.")
    expect(township.page.get_by_text(GOAL)).to_be_visible()
    township.look()
    township.press("Approve the plan")
    plan.refresh_from_db()
    assert plan.approved_on == business_date()
    assert not Item.everywhere.filter(plan=plan, status=ItemStatus.DRAFT).exists()


def deliver_twice(helper: Phone, item: Item) -> None:
    """400 of 1,000 yuan with a photo; then the rest, a fen too much at first."""
    helper.page.goto("/")
    helper.follow("Deliveries that are due")
    helper.look()
    helper.page.locator(f"a[href$='{item.uuid}/']").click()
    helper.follow("Record a delivery")
    expect(helper.at("Worth (yuan)")).to_have_value("400.00")
    helper.fill("Voucher number", "17")
    slip = {"name": "slip.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    helper.at("Proof: photos or PDF").set_input_files(slip)
    helper.look()
    helper.press("Save the delivery")
    helper.reads("The delivery is recorded.")
    expect(helper.page.locator("main .photos img")).to_have_count(1)
    expect(helper.page.locator("#progress figcaption")).to_contain_text("400")

    helper.follow("Record a delivery")
    expect(helper.at("Worth (yuan)")).to_have_value("600.00")
    helper.fill("Worth (yuan)", "600.01")
    helper.press("Save the delivery")
    expect(helper.page.get_by_role("alert")).to_be_visible()
    helper.fill("Worth (yuan)", "600")
    helper.press("Save the delivery")
    expect(helper.page.locator("main .banner.good").last).to_be_visible()
    helper.look()
    item.refresh_from_db()
    assert (item.status, item.delivered) == (ItemStatus.DONE, 1000)
    assert (Delivery.everywhere.count(), Attachment.everywhere.count()) == (2, 1)


def see_the_effect(helper: Phone, plan: Plan) -> None:
    """3,000 yuan a person more than before help began, and what was delivered."""
    helper.page.goto(f"/assistance/plans/{plan.uuid}/")
    helper.look()
    helper.follow("Result")
    net = helper.page.get_by_role("row", name=helper.said("Net income"))
    expect(net).to_contain_text("3,000.00")
    expect(helper.page.get_by_role("main")).to_contain_text("1,000.00")
    helper.look()


@pytest.mark.parametrize("locale", LOCALES)
def test_help_goes_from_its_recommendation_to_its_effect_on_a_phone(phone_of, officers, locale):
    helper = phone_of(officers.helper, locale)
    plan = draft(helper)
    item = plan.items.get()
    assert item.origin == "recommended"
    change(helper, item)
    be_refused_a_second_post(helper, plan, officers.helper)
    sign(helper)
    approve(phone_of(officers.township_reviewer, locale), plan)
    assert Item.everywhere.filter(group_claim="post").count() == 1

    item.refresh_from_db()
    parts = [Part(item.starts_on, Decimal(400)), Part(item.due_on, Decimal(600))]
    set_instalments(item.pk, parts, by=officers.village_official, version=item.version)
    deliver_twice(helper, item)
    see_the_effect(helper, plan)
