"""Notices and evidence in a browser: accessible, on paper as they hang, photos from a phone."""

import io
from datetime import timedelta

import pikepdf
import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page

from households.rules import State
from officers.models import Officer
from tests import factories as make
from tests.axe import violations
from tests.cast import Cast, hire_all
from tests.pictures import photo
from tests.procedures import open_for
from trail.dates import business_date
from workflow import evidence_store
from workflow.models import Attachment, Notice, NoticeLine

LOOKS = [(locale, width) for locale in ("zh-CN", "en-GB") for width in (360, 1280)]
ON_A_LONG_LIST = 66
POSTER_BYTES = 250_000
PAPERS = {"?paper=a3": (842, 1191), "?paper=a4": (595, 842)}
SMALLEST_POINTS = """() => Math.min(...
  [...document.querySelectorAll(".poster p, .poster td, .poster th")]
    .map(one => parseFloat(getComputedStyle(one).fontSize) * 0.75))"""


@pytest.fixture
def officers(site: str, calendar: None) -> Cast:
    make.plant_tree()
    return hire_all()


@pytest.fixture
def notice(officers: Cast) -> Notice:
    """A list of many households, posted today."""
    today = business_date()
    posted = Notice.everywhere.create(
        division_id=make.VILLAGE,
        kind="exit",
        step="post",
        place="村委会公示栏",
        posted_on=today,
        counted_from=today,
        days=7,
        last_day=today + timedelta(days=7),
        posted_by=officers.village_official,
    )
    for serial in range(1, ON_A_LONG_LIST + 1):
        household = make.make_household(state=State.POOR)
        make.make_survey(household, 2019)
        case = open_for(household, "exit", by=officers.county_clerk)
        NoticeLine.objects.create(
            notice=posted, case=case, serial=serial, group="三组", householder="王秀英", people=3
        )
    return posted


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


def test_the_pages_are_open_to_everybody(officers, notice, open_as, browse, full_counts):
    evidence = f"/evidence/notice/{notice.pk}/"
    paths = ["/notices/", f"/notices/{notice.pk}/", f"/notices/{notice.pk}/poster/", evidence]
    for number, path in enumerate(paths):
        for locale, width in LOOKS if full_counts else [LOOKS[number % len(LOOKS)]]:
            page = open_as(officers.village_official, path, locale=locale, width=width)
            assert violations(page) == [], path
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    for path in ("/public/notices/", f"/public/notices/{make.TOWNSHIP}/"):
        for locale, width in LOOKS if full_counts else [LOOKS[0]]:
            page = browse(locale=locale, width=width)
            page.goto(path)
            assert violations(page) == [], path
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path


@pytest.mark.parametrize("paper", PAPERS)
def test_a_long_poster_goes_on_over_the_page_with_its_head(officers, notice, open_as, paper):
    page = open_as(officers.village_official, f"/notices/{notice.pk}/poster/{paper}")
    printed = page.pdf(prefer_css_page_size=True)
    with pikepdf.open(io.BytesIO(printed)) as document:
        assert len(document.pages) > 1
        sizes = {tuple(round(float(side)) for side in one.mediabox[2:]) for one in document.pages}
    assert sizes == {PAPERS[paper]}
    assert len(printed) <= POSTER_BYTES
    page.emulate_media(media="print")
    display = "getComputedStyle(document.querySelector('.poster thead')).display"
    assert page.evaluate(display) == "table-header-group"
    assert not page.locator(".nav").is_visible()


def test_a_poster_on_a3_is_read_from_two_steps_away(officers, notice, open_as):
    page = open_as(officers.village_official, f"/notices/{notice.pk}/poster/")
    page.emulate_media(media="print")
    assert page.evaluate(SMALLEST_POINTS) >= 16


@pytest.mark.parametrize(("javascript", "longest"), [(True, 1600), (False, 2000)])
def test_a_photo_is_added_with_and_without_scripts(officers, notice, open_as, javascript, longest):
    started = timezone.now()
    page = open_as(
        officers.village_official,
        f"/evidence/notice/{notice.pk}/",
        javascript=javascript,
    )
    noise = Image.effect_noise((3000, 2000), 90).convert("RGB")
    out = io.BytesIO()
    noise.save(out, "JPEG", quality=70)
    page.select_option("[name=purpose]", "posting")
    page.set_input_files(
        "[name=uploads]",
        [{"name": "a.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}],
    )
    page.locator("main form button[type=submit]").click()
    page.locator(".photos img").wait_for()
    kept = Attachment.everywhere.get(added_at__gte=started - timedelta(seconds=1))
    assert max(kept.width, kept.height) == longest
    shown = page.request.get(page.locator(".photos img").get_attribute("src"))
    assert Image.open(io.BytesIO(shown.body())).width == 400
    assert evidence_store.kept(kept.uuid)


def test_a_refused_file_is_told_at_its_field(officers, notice, open_as):
    page = open_as(officers.village_official, f"/evidence/notice/{notice.pk}/", locale="en-GB")
    page.select_option("[name=purpose]", "posting")
    page.set_input_files(
        "[name=uploads]",
        [{"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo()[:200]}],
    )
    page.locator("main form button[type=submit]").click()
    assert "no photo" in page.locator("#id_uploads_error").inner_text()
    assert violations(page) == []
