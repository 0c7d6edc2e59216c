"""A helper delivers in two instalments on a phone, proves it with a photo, and sees it done."""

from decimal import Decimal

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from assistance.actions.instalments import set_instalments
from assistance.models import Delivery, Item, ItemStatus
from assistance.rules.delivering import Part
from officers.models import Officer
from tests import factories as make
from tests.axe import violations
from tests.cast import Cast, hire_all
from tests.pictures import photo
from tests.web.assistance.delivered import agreed_item, days_from_now
from workflow.models import Attachment

PHONE = 360


@pytest.fixture
def officers(site: str, settings, tmp_path) -> Cast:
    settings.MEDIA_ROOT = tmp_path
    make.plant_tree()
    cast = hire_all()
    item = agreed_item(content="2 cows")
    parts = [Part(days_from_now(-2), Decimal(400)), Part(days_from_now(20), Decimal(600))]
    set_instalments(item.pk, parts, by=cast.village_official, version=1)
    make.make_pairing(item.household, make.make_cadre(account=cast.helper))
    return cast


@pytest.fixture
def open_as(browse, site: str):
    """Opens the home page of an officer on his phone."""

    def opened(officer: Officer) -> Page:
        page = browse(locale="en-GB", width=PHONE)
        client = Client()
        client.force_login(officer, "django.contrib.auth.backends.ModelBackend")
        session = client.cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": site}])
        page.goto("/")
        return page

    return opened


def test_two_instalments_are_delivered_on_a_phone(open_as, officers):
    def look(at: Page) -> None:
        """Nothing bars anybody, and nothing is wider than the phone."""
        assert violations(at) == []
        assert at.evaluate("document.documentElement.scrollWidth") <= PHONE

    page = open_as(officers.helper)
    page.get_by_role("link", name="Deliveries that are due").click()
    expect(page.get_by_text("2 days late")).to_be_visible()
    look(page)
    page.get_by_role("link", name="own crops or livestock").click()
    page.get_by_role("link", name="Record a delivery").click()
    expect(page.get_by_label("Worth (yuan)")).to_have_value("400.00")
    page.get_by_label("Voucher number").fill("2020-17")
    slip = {"name": "slip.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    page.get_by_label("Proof: photos or PDF").set_input_files(slip)
    look(page)
    page.get_by_role("button", name="Save the delivery").click()
    expect(page.get_by_text("The delivery is recorded.")).to_be_visible()
    expect(page.locator("main .photos img")).to_have_count(1)
    expect(page.locator("#progress figcaption")).to_contain_text("400 of 1,000 yuan delivered")

    page.get_by_role("link", name="Record a delivery").click()
    expect(page.get_by_label("Worth (yuan)")).to_have_value("600.00")
    page.get_by_label("Worth (yuan)").fill("600.01")
    page.get_by_role("button", name="Save the delivery").click()
    expect(page.get_by_text("More than was planned").first).to_be_visible()
    look(page)
    page.get_by_label("Worth (yuan)").fill("600")
    page.get_by_role("button", name="Save the delivery").click()
    expect(page.get_by_text("Done on")).to_be_visible()
    look(page)
    item = Item.everywhere.get()
    assert (item.status, item.delivered) == (ItemStatus.DONE, 1000)
    assert (Delivery.everywhere.count(), Attachment.everywhere.count()) == (2, 1)
