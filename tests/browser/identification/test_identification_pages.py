"""Inbox, batch, case and what is recorded about it: accessible, light and within the screen."""

import gzip
from decimal import Decimal

import pytest
from django.test import Client
from playwright.sync_api import Page

from identification.actions import record_red_line
from officers.models import Officer
from tests import factories as make
from tests.axe import violations
from tests.cast import Cast, hire_all
from tests.procedures import IDENTIFIED, carry, move_date, open_for, take
from workflow.models import Case

PAGE_BYTES = 20_000
LOOKS = [(locale, width) for locale in ("zh-CN", "en-GB") for width in (360, 1280)]
TO_NOTICE = IDENTIFIED[: IDENTIFIED.index("review")]
BATCH = f"/inbox/{make.VILLAGE}/identification/noticed/"


@pytest.fixture
def officers(site: str, calendar: None) -> Cast:
    make.plant_tree()
    return hire_all()


@pytest.fixture
def cases(officers: Cast) -> list[Case]:
    """Two that the township can review, one with a red line, one returned, one rejected."""
    found = []
    for _ in range(5):
        household = make.make_household(persons=3)
        make.make_survey(household, 2019, wage_income=Decimal(6_000), housing=0)
        case = open_for(household, "identification", by=officers.county_clerk)
        carry(case, officers, *TO_NOTICE)
        found.append(case)
    record_red_line(
        found[2].pk, by=officers.county_clerk, rule="vehicle", member=None, found="名下有轿车"
    )
    move_date(8)
    remarks = {"incomes.wage_income": "与流水不符"}
    take(found[3], "return", by=officers.township_reviewer, note="请核实", remarks=remarks)
    take(found[4], "reject", by=officers.township_reviewer, note="有商品房")
    return found


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
    plain, _second, marked, back, refused = cases
    hit = marked.red_line_hits.get()
    township, village = officers.township_reviewer, officers.village_official
    return [
        (township, "/inbox/"),
        (township, "/inbox/?tab=flagged"),
        (village, "/inbox/?tab=returned"),
        (township, BATCH),
        (township, f"/cases/{plain.pk}/"),
        (township, f"/cases/{plain.pk}/steps/return/"),
        (township, f"/cases/{marked.pk}/comparison/"),
        (township, f"/cases/{marked.pk}/red-lines/"),
        (village, f"/cases/{marked.pk}/red-lines/{hit.pk}/explain/"),
        (village, f"/cases/{back.pk}/"),
        (village, f"/cases/{refused.pk}/appeals/"),
        (officers.county_clerk, f"/cases/{marked.pk}/"),
    ]


def test_every_page_is_accessible_and_within_the_screen(open_as, officers, cases, full_counts):
    paths = pages_of(officers, cases)
    for number, (locale, width) in enumerate(LOOKS):
        for officer, path in paths if full_counts else paths[number :: 2 * len(LOOKS)]:
            page = open_as(officer, path, locale=locale, width=width)
            assert violations(page) == [], (path, locale, width)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)


def test_every_page_is_light(open_as, officers, cases):
    page = open_as(officers.township_reviewer, "/")
    for officer, path in pages_of(officers, cases):
        if officer == officers.township_reviewer:
            assert len(gzip.compress(page.goto(path).body())) <= PAGE_BYTES, path


@pytest.mark.parametrize("javascript", [True, False])
def test_the_township_reviews_several_cases_with_one_press(open_as, officers, cases, javascript):
    page = open_as(officers.township_reviewer, BATCH, locale="en-GB", javascript=javascript)
    boxes = page.get_by_role("checkbox")
    assert boxes.count() == 2
    for place in range(2):
        boxes.nth(place).check()
    page.get_by_label("Was the household checked on site?").select_option("yes")
    page.get_by_label("Day of the check").fill("2020-01-02")
    page.get_by_label("Who checked").fill("两名包村干部")
    page.get_by_label("Opinion").fill("属实")
    page.get_by_label("Place of posting").fill("公示栏")
    page.get_by_role("button", name="Record the township's review").click()
    assert page.get_by_text("2 cases done.").is_visible()
    assert sorted(Case.everywhere.filter(state="reviewed").values_list("pk", flat=True)) == sorted(
        case.pk for case in cases[:2]
    )


def test_the_village_reads_the_remark_and_goes_to_the_fields(open_as, officers, cases):
    path = f"/cases/{cases[3].pk}/"
    page = open_as(officers.village_official, path, locale="en-GB", javascript=False)
    assert page.get_by_text("与流水不符").first.is_visible()
    page.get_by_role("button", name="Fix it at the fields").click()
    assert page.get_by_text("与流水不符").is_visible()
