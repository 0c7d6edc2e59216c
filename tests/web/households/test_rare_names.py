"""Names come back byte for byte: through the import to pages, files and sheets."""

import csv
import html
import io
import re
from pathlib import Path

import pytest
from django.test import Client
from openpyxl import load_workbook

from households.importing import batches
from households.models import Household, Member
from households.models.batches import BatchState
from households.models.members import HEAD
from registry.pages.prints.sheets import SHEETS
from tests import factories as make
from tests.rare_names import NAMES

pytestmark = pytest.mark.django_db
SAMPLE = Path("tests/data/register_sample_2019.csv").read_text(encoding="utf-8-sig")
HEADINGS, HEAD_ROW = list(csv.reader(io.StringIO(SAMPLE)))[:2]
NAME_COLUMN = HEADINGS.index("姓名")
FILTER_PAGES = 10


def rows() -> list[list[str]]:
    """One household of one person for each name, after the first row of the sample."""
    made = []
    for serial, name in enumerate(NAMES):
        row = dict(zip(HEADINGS, HEAD_ROW, strict=True))
        number = f"970123100200{5000 + serial}"
        row |= {"户编号": number, "人编号": f"{number}-1", "姓名": name}
        made.append(list((row | {"证件号码": make.make_id_number()}).values()))
    return made


@pytest.fixture
def imported(cast, settings, tmp_path) -> list[Household]:
    """The households of the file in its order."""
    settings.MEDIA_ROOT = tmp_path
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows([HEADINGS, *rows()])
    content = text.getvalue().encode()
    batch = batches.upload(by=cast.village_official, year=2019, file_name="x.csv", content=content)
    batches.judge_batch(batch.pk)
    batches.save_batch(batches.confirm(batch, by=cast.village_official).pk)
    batch.refresh_from_db()
    assert batch.state == BatchState.SAVED
    return list(Household.everywhere.filter(number__startswith="9701231002005").order_by("number"))


@pytest.fixture
def official(cast, signed_in) -> Client:
    return signed_in(cast.village_official)


def names_in(text: str) -> set[str]:
    """The names that a page shows, as a reader would copy them."""
    found = re.findall(r"<bdi>(.*?)</bdi>", text, re.DOTALL)
    return {html.unescape(one) for one in found}


def test_the_register_keeps_every_name(imported):
    kept = Member.objects.filter(household__in=imported, relation=HEAD).order_by("household")
    assert [one.name for one in kept.order_by("household__number")] == NAMES


PAGES = ["", *(f"print/{name}/" for name in SHEETS)]


@pytest.mark.parametrize("page", PAGES)
def test_pages_and_sheets_show_every_name(imported, official, full_counts, page):
    """Each page for each name; in the short run, each name on one of them."""
    pairs = list(zip(imported, NAMES, strict=True))
    chosen = pairs if full_counts else pairs[PAGES.index(page) :: len(PAGES)]
    lost = [
        name
        for household, name in chosen
        if name not in names_in(official.get(f"/households/{household.number}/{page}").text)
    ]
    assert lost == []


def test_the_list_of_the_register_shows_every_name(imported, official):
    shown: set[str] = set()
    address = "/households/"
    for _ in range(FILTER_PAGES):
        answer = official.get(address)
        shown |= names_in(answer.text)
        if not (following := answer.context["next_url"]):
            break
        address = f"/households/{following}"
    assert set(NAMES) - shown == set()


def test_the_minutes_of_a_meeting_name_everybody(imported, official):
    cases = [make.make_case(one, "identification", state="visited") for one in imported]
    text = official.get(f"/cases/{cases[0].pk}/print/minutes/?all=yes").text
    assert set(NAMES) - names_in(text) == set()


def filled(client: Client, form: str) -> bytes:
    """The template of the village, filled."""
    answer = client.post("/imports/template/", {"village": make.VILLAGE, "form": form})
    assert answer.status_code == 200
    return answer.content


def test_the_filled_csv_holds_every_name(imported, official):
    lines = csv.reader(io.StringIO(filled(official, "csv").decode("utf-8-sig")))
    assert set(NAMES) - {line[NAME_COLUMN] for line in lines} == set()


def test_the_filled_workbook_holds_every_name(imported, official):
    sheet = load_workbook(io.BytesIO(filled(official, "xlsx"))).worksheets[0]
    assert set(NAMES) - {row[NAME_COLUMN] for row in sheet.iter_rows(values_only=True)} == set()


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_was_taken_away_is_imported_again_without_a_change(imported, official, cast, form):
    versions = dict(Member.objects.values_list("pk", "version"))
    batch = batches.upload(
        by=cast.village_official, year=2019, file_name=f"x.{form}", content=filled(official, form)
    )
    batches.judge_batch(batch.pk)
    batch.refresh_from_db()
    assert batch.state == BatchState.JUDGED
    batches.save_batch(batches.confirm(batch, by=cast.village_official).pk)
    assert dict(Member.objects.values_list("pk", "version")) == versions
