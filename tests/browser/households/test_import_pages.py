"""The import pages in a browser: accessible, light, within the screen, usable without scripts."""

import gzip
from pathlib import Path

import pytest
from django.test import Client

from households.importing import batches
from households.models import ImportBatch
from households.models.batches import BatchState
from officers.models import Officer
from tests import factories as make
from tests.axe import violations
from tests.cast import Cast, hire_all

SAMPLE = Path("tests/data/register_sample_2019.csv")
PAGE_BYTES = 20_000
LOOKS = [(locale, width) for locale in ("zh-CN", "en-GB") for width in (360, 1280)]


@pytest.fixture
def officers(site: str, settings, tmp_path) -> Cast:
    settings.MEDIA_ROOT = tmp_path
    make.plant_tree()
    return hire_all()


@pytest.fixture
def open_as(browse, site: str):
    def opened(officer: Officer, path: str, **kwargs):
        client = Client()
        client.force_login(officer, "django.contrib.auth.backends.ModelBackend")
        page = browse(**kwargs)
        session = client.cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": site}])
        page.goto(path)
        return page

    return opened


def batch_in(state: str, officers: Cast) -> ImportBatch:
    """A batch of the sample in one state; two of its households lie outside the clerk's county."""
    content = SAMPLE.read_bytes() if state != BatchState.REFUSED else b"a;b\n1;2\n"
    batch = batches.upload(
        by=officers.county_clerk, year=2019, file_name="登记表 2019.csv", content=content
    )
    if state != BatchState.UPLOADED:
        batches.judge_batch(batch.pk)
    if state == BatchState.SAVED:
        batches.confirm(batch, by=officers.county_clerk)
        batches.save_batch(batch.pk)
    return batch


def paths(officers: Cast) -> list[str]:
    own = ["/imports/", "/imports/new/"]
    for state in (BatchState.UPLOADED, BatchState.JUDGED, BatchState.REFUSED, BatchState.SAVED):
        own.append(f"/imports/{batch_in(state, officers).pk}/")
    return [*own, f"{own[-1]}withdraw/"]


def test_every_import_page_is_accessible_and_light(open_as, officers, full_counts):
    all_paths = paths(officers)
    for number, (locale, width) in enumerate(LOOKS):
        page = open_as(officers.county_clerk, "/", locale=locale, width=width)
        for path in all_paths if full_counts else all_paths[number :: 2 * len(LOOKS)]:
            answer = page.goto(path)
            assert len(gzip.compress(answer.body())) <= PAGE_BYTES
            assert violations(page) == [], (path, locale, width)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_file_is_imported_with_and_without_scripts(open_as, officers, javascript):
    page = open_as(officers.county_clerk, "/imports/", locale="en-GB", javascript=javascript)
    page.get_by_role("link", name="Import a file").first.click()
    page.get_by_role("button", name="Check the file").click()
    assert page.get_by_role("alert").is_visible()
    page.get_by_label("Year of the facts").fill("2019")
    page.get_by_label("File of the register template").set_input_files(SAMPLE)
    page.get_by_role("button", name="Check the file").click()
    batch = ImportBatch.everywhere.latest("id")
    batches.judge_batch(batch.pk)
    page.get_by_role("button", name="Save the faultless households").wait_for(timeout=15_000)
    assert page.get_by_text("this village lies outside your posting").first.is_visible()
    page.get_by_role("button", name="Save the faultless households").click()
    batches.save_batch(batch.pk)
    page.get_by_text("The faultless households are saved.").wait_for(timeout=15_000)
    page.get_by_role("link", name="Withdraw this import").click()
    page.get_by_label("Reason").fill("wrong year")
    page.get_by_role("button", name="Withdraw the import").click()
    assert page.get_by_text("The import is withdrawn.").is_visible()
