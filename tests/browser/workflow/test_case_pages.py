"""Inbox, case, step, facts, objection and conflict: accessible, light and within the screen."""

import gzip
from decimal import Decimal

import pytest
from django.test import Client
from playwright.sync_api import Page

from households.models import Household
from households.rules import State
from officers.models import Officer
from tests import factories as make
from tests.axe import violations
from tests.cast import Cast, hire_all
from tests.procedures import carry, open_for, take
from trail.dates import business_date
from workflow.actions import record_objection
from workflow.models import Case

PAGE_BYTES = 20_000
LOOKS = [(locale, width) for locale in ("zh-CN", "en-GB") for width in (360, 1280)]


@pytest.fixture
def officers(site: str, calendar: None) -> Cast:
    make.plant_tree()
    return hire_all()


def exit_of(officers: Cast, *steps: str) -> Case:
    household = make.make_household(state=State.POOR, persons=3)
    make.make_survey(household, 2019, wage_income=Decimal(21_000))
    case = open_for(household, "exit", by=officers.county_clerk)
    if steps:
        carry(case, officers, *steps)
    return case


@pytest.fixture
def cases(officers: Cast) -> list[Case]:
    """One on notice with an objection, one whose facts changed, one that has just begun."""
    noticed = exit_of(officers, "plan", "appraise", "verify", "confirm", "post")
    record_objection(
        noticed.pk, by=officers.village_official, received_on=business_date(), text="家中有车"
    )
    changed = exit_of(officers, "plan")
    first = changed.facts["survey"]
    household = Household.everywhere.get(number=changed.subject)
    make.make_survey(household, 2019, wage_income=Decimal(9_900), corrects_id=first)
    return [noticed, changed, exit_of(officers)]


@pytest.fixture
def open_as(browse, site: str):
    """Opens a page of the site as an officer."""

    def opened(officer: Officer, path: str, **kwargs) -> Page:
        client = Client()
        client.force_login(officer, "django.contrib.auth.backends.ModelBackend")
        page = browse(**kwargs)
        session = client.cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": site}])
        page.goto(path)
        return page

    return opened


def pages_of(officers: Cast, cases: list[Case]) -> list[tuple[Officer, str]]:
    noticed, changed, begun = cases
    return [
        (officers.county_approver, "/inbox/"),
        (officers.township_reviewer, f"/cases/{noticed.pk}/"),
        (officers.township_reviewer, f"/cases/{noticed.pk}/objections/1/"),
        (officers.village_official, f"/cases/{noticed.pk}/objections/"),
        (officers.county_clerk, f"/cases/{changed.pk}/facts/"),
        (officers.village_official, f"/cases/{changed.pk}/"),
        (officers.county_approver, f"/cases/{begun.pk}/steps/reject/"),
    ]


def test_every_case_page_is_accessible_and_within_the_screen(open_as, officers, cases, full_counts):
    """Each page in each language and size; in the short run, each page in one of them."""
    paths = pages_of(officers, cases)
    for number, (locale, width) in enumerate(LOOKS):
        for officer, path in paths if full_counts else paths[number :: 2 * len(LOOKS)]:
            page = open_as(officer, path, locale=locale, width=width)
            assert violations(page) == [], (path, locale, width)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)


def test_every_case_page_is_light(open_as, officers, cases):
    for officer, path in pages_of(officers, cases):
        page = open_as(officer, "/")
        answer = page.goto(path)
        assert len(gzip.compress(answer.body())) <= PAGE_BYTES, path


@pytest.mark.parametrize("javascript", [True, False])
def test_who_comes_too_late_reads_what_changed_and_what_he_had_written(
    open_as, officers, cases, javascript
):
    begun = cases[-1]
    path = f"/cases/{begun.pk}/steps/reject/"
    page = open_as(officers.county_approver, path, locale="en-GB", javascript=javascript)
    page.get_by_label("Reason").fill("income is not stable")
    take(begun, "withdraw", by=officers.county_clerk, note="撤回")
    page.get_by_role("button", name="Reject").click()
    assert page.get_by_text("income is not stable").is_visible()
    assert page.get_by_role("cell", name="withdrawn", exact=True).is_visible()
