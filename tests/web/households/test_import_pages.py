"""Imports in the browser: upload, result, saving, downloads, withdrawal."""

import csv
import io
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from households.importing import batches, store
from households.importing.withdrawing import withdraw_batch
from households.models import Household, ImportBatch, Member, Survey
from households.models.batches import BatchState
from tests import factories as make
from trail.models import Change

pytestmark = pytest.mark.django_db
SAMPLE = Path("tests/data/register_sample_2019.csv").read_bytes()


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def own_rows() -> bytes:
    """The sample's rows of the clerk's county."""
    lines = SAMPLE.decode("utf-8-sig").splitlines()
    return "\r\n".join([lines[0], *(x for x in lines if x.startswith("970123"))]).encode()


@pytest.fixture
def uploaded(cast, signed_in):
    """Uploads a file as the county clerk and lets it be judged."""

    def upload(content: bytes, name: str = "register.csv") -> ImportBatch:
        client = signed_in(cast.county_clerk)
        file = SimpleUploadedFile(name, content)
        response = client.post(reverse("importing:upload"), {"year": "2019", "file": file})
        batch = ImportBatch.everywhere.latest("id")
        assert response.url == reverse("importing:batch", args=[batch.pk])
        batches.judge_batch(batch.pk)
        batch.refresh_from_db()
        return batch

    return upload


@pytest.fixture
def saved(cast, signed_in, uploaded, own_rows) -> ImportBatch:
    batch = uploaded(own_rows)
    signed_in(cast.county_clerk).post(reverse("importing:confirm", args=[batch.pk]))
    batches.save_batch(batch.pk)
    batch.refresh_from_db()
    return batch


def page(client, batch) -> str:
    return client.get(reverse("importing:batch", args=[batch.pk])).text


def test_a_file_is_judged_before_anything_is_saved(cast, signed_in, uploaded, own_rows):
    batch = uploaded(own_rows)
    assert batch.state == BatchState.JUDGED
    assert batch.counts["new"] == 4
    assert not Household.everywhere.exists()
    assert "9701231002000001" in page(signed_in(cast.county_clerk), batch)


def test_a_confirmed_batch_is_saved_with_its_trace(saved):
    assert saved.state == BatchState.SAVED
    assert Household.everywhere.filter(batch=saved).count() == 4
    assert Change.objects.filter(origin=f"import:{saved.pk}").count() == 4


def test_rows_of_another_county_are_left_out(cast, signed_in, uploaded):
    batch = uploaded(SAMPLE)
    assert (batch.counts["new"], batch.counts["faulty"]) == (4, 2)
    client = signed_in(cast.county_clerk)
    rows = client.get(reverse("importing:faulty_csv", args=[batch.pk])).content
    told = list(csv.reader(io.StringIO(rows.decode("utf-8-sig"))))
    assert told[0][-2:] == ["错误行", "错误"]
    assert [row[-2] for row in told[1:]] == ["11", "12", "13", "14"]
    assert told[1][-1].startswith("行政村代码: 970124100200 — ")
    book = client.get(reverse("importing:faulty_xlsx", args=[batch.pk])).content
    assert load_workbook(io.BytesIO(book)).active.max_row == 5


def test_the_corrected_download_is_imported(uploaded, own_rows):
    broken = own_rows.replace(b"970123196503074013", b"970123196503074014")
    batch = uploaded(broken)
    assert batch.counts["faulty"] == 1
    report = store.kept_findings(batch=batch.uuid)["report"]
    assert [fault[1] for fault in report["faults"]] == ["id_number"]


def test_the_same_file_again_has_nothing_to_save(cast, signed_in, saved, uploaded, own_rows):
    batch = uploaded(own_rows)
    assert (batch.counts["new"], batch.counts["changed"], batch.counts["unchanged"]) == (0, 0, 4)
    assert reverse("importing:confirm", args=[batch.pk]) not in page(
        signed_in(cast.county_clerk), batch
    )


def test_saving_a_batch_twice_makes_no_doubles(saved):
    ImportBatch.everywhere.filter(pk=saved.pk).update(state=BatchState.CONFIRMED, attempts=0)
    batches.save_batch(saved.pk)
    assert (Household.everywhere.count(), Survey.objects.count()) == (4, 4)


def test_an_unreadable_file_is_refused_with_advice(uploaded):
    batch = uploaded(b"a;b\r\n1;2")
    assert (batch.state, batch.refused["code"]) == (BatchState.REFUSED, "not_comma")


@pytest.mark.parametrize("part", ["county_approver", "reader", "auditor", "township_reviewer"])
def test_only_importers_come_in(cast, signed_in, part):
    client = signed_in(getattr(cast, part))
    assert client.get(reverse("importing:upload")).status_code == 403
    assert client.get(reverse("importing:list")).status_code == 403


def test_a_stranger_finds_no_batch(cast, signed_in, uploaded, own_rows):
    batch = uploaded(own_rows)
    client = signed_in(cast.stranger)
    assert client.get(reverse("importing:batch", args=[batch.pk])).status_code == 404
    assert client.post(reverse("importing:confirm", args=[batch.pk])).status_code == 404


def test_a_village_officials_status_is_ignored(cast, signed_in, own_rows):
    lines = own_rows.decode().splitlines()
    rows = [lines[0], *(x for x in lines if x.startswith(make.VILLAGE))]
    batch = batches.upload(
        by=cast.village_official, year=2019, file_name="x.csv", content="\n".join(rows).encode()
    )
    batches.judge_batch(batch.pk)
    batches.confirm(ImportBatch.everywhere.get(pk=batch.pk), by=cast.village_official)
    batches.save_batch(batch.pk)
    household = Household.everywhere.get()
    assert (household.state, household.state_loaded) == (4, False)
    findings = store.kept_findings(batch=batch.uuid)
    assert findings["warning_counts"] == {"status_ignored": 1}


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_an_untouched_filled_template_changes_nothing(cast, signed_in, saved, uploaded, form):
    client = signed_in(cast.county_clerk)
    asked = {"village": make.VILLAGE, "form": form}
    file = client.post(reverse("importing:filled_template"), asked).content
    batch = uploaded(file, f"register.{form}")
    assert batch.counts == {
        "rows": 4, "members": 0, "surveys": 0, "new": 0, "changed": 0, "unchanged": 1,
        "faulty": 0, "warnings": 0,
    }  # fmt: skip


def test_a_filled_template_outside_the_posting_is_refused(cast, signed_in):
    client = signed_in(cast.county_clerk)
    asked = {"village": make.OTHER_COUNTY_VILLAGE, "form": "csv"}
    assert client.post(reverse("importing:filled_template"), asked).status_code == 403


def test_the_workbook_template_offers_lists_and_keeps_text(cast, signed_in):
    client = signed_in(cast.county_clerk)
    book = load_workbook(io.BytesIO(client.get(reverse("importing:template_xlsx")).content))
    sheet = book.worksheets[0]
    assert (sheet.freeze_panes, sheet.max_column) == ("A2", 41)
    assert sheet["F1"].number_format == "@"
    assert len(sheet.data_validations.dataValidation) == 23


def test_a_withdrawn_batch_frees_its_numbers_and_persons(
    cast, signed_in, saved, uploaded, own_rows
):
    client = signed_in(cast.county_clerk)
    url = reverse("pages:withdraw_import", args=[saved.pk])
    assert client.get(url).status_code == 200
    client.post(url, {"reason": "wrong year"})
    saved.refresh_from_db()
    assert (saved.state, saved.withdraw_reason) == (BatchState.WITHDRAWN, "wrong year")
    assert not Household.everywhere.filter(withdrawn_at=None).exists()
    assert not Member.objects.filter(withdrawn_at=None).exists()
    assert uploaded(own_rows).counts["new"] == 4


def test_a_withdrawal_restores_changed_cells_unless_changed_since(cast, saved, own_rows, uploaded):
    changed = (
        own_rows.decode()
        .replace("陈大山", "陈小海")
        .replace("13900000001", "13900000002")
        .replace("20800,9600", "20900,9600")
        .replace(",09,", ",08,")
    )
    batch = uploaded(changed.encode())
    assert batch.counts["changed"] == 1
    batches.confirm(batch, by=cast.county_clerk)
    batches.save_batch(batch.pk)
    household = Household.everywhere.get(number="9701231002000001")
    Household.everywhere.filter(pk=household.pk).update(main_cause="10")
    withdraw_batch(batch, by=cast.county_clerk, reason="mistake", rests_on=lambda _: [])
    before = household.phone_blind
    household.refresh_from_db()
    assert household.phone_blind != before
    assert household.main_cause == "10"
    assert household.members.get(relation="01").name == "陈大山"
    assert "陈大" in household.search
    assert Survey.objects.in_force().get(household=household).wage_income == 20800


def test_an_import_that_a_proposal_rests_on_is_not_withdrawn(cast, signed_in, saved):
    review = make.make_review(make.COUNTY)
    make.make_proposal(review, Household.everywhere.first())
    url = reverse("pages:withdraw_import", args=[saved.pk])
    response = signed_in(cast.county_clerk).post(url, {"reason": "wrong year"})
    assert response.status_code == 409
    assert Household.everywhere.filter(withdrawn_at=None).count() == 4


def test_an_import_with_a_later_survey_is_not_withdrawn(cast, signed_in, saved):
    make.make_survey(Household.everywhere.first(), 2020)
    url = reverse("pages:withdraw_import", args=[saved.pk])
    response = signed_in(cast.county_clerk).post(url, {"reason": "wrong year"})
    assert response.status_code == 409


def test_uploads_are_kept_sealed_and_purged(uploaded, own_rows, settings):
    batch = uploaded(own_rows)
    kept = [place.read_bytes() for place in Path(settings.MEDIA_ROOT).rglob("*") if place.is_file()]
    assert len(kept) == 2
    assert not any("陈大山".encode() in content for content in kept)
    assert store.purge() == 0
    assert store.is_kept(batch=batch.uuid)


def test_after_saving_the_first_households_still_stand_there_as_new(cast, signed_in, saved):
    found = store.kept_findings(batch=saved.uuid)
    assert {one["kind"] for one in found["first"]} == {"new"}


def test_a_faulty_id_or_phone_is_masked_on_the_page_and_whole_in_the_download(
    cast, signed_in, uploaded, own_rows
):
    rows = list(csv.reader(io.StringIO(own_rows.decode())))
    id_place, phone_place = (rows[0].index(name) for name in ("证件号码", "联系电话"))
    rows[1][id_place], rows[1][phone_place] = "97012319650307401", "1390000000"
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    batch = uploaded(out.getvalue().encode())
    client = signed_in(cast.county_clerk)
    body = page(client, batch)
    assert "97*************01" in body
    assert "13******00" in body
    assert "19650307" not in body
    assert "1390000000" not in body
    whole = client.get(reverse("importing:faulty_csv", args=[batch.pk])).text
    assert "97012319650307401" in whole
    assert Change.objects.filter(action="download_faulty_rows").count() == 1
