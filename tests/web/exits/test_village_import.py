"""Village records from a file: judged row by row, the sound ones saved."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from exits.importing.running import Choice, check, import_records, read_file
from exits.importing.template import headings
from households.models import VillageRecord
from tests import factories as make
from tests.web.exits import standing as shared
from tests.web.exits.listed import YEAR, recorded
from trail.errors import NotAllowed
from trail.models import Change

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
standing, cast = shared.standing, shared.cast
SOUND = {"village_code": make.VILLAGE, "year": str(YEAR), "population": "1000", "women": "480"}


def file_of(*rows: dict[str, str]) -> bytes:
    names = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, names, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def bring(by, *rows, choice=Choice.SOUND):
    return import_records(read_file(file_of(*rows)), by=by, choice=choice)


def faults(by, *rows) -> list[tuple[int, str, str]]:
    found = check(read_file(file_of(*rows)), by=by).faults
    return [(one.record, one.column, one.code) for one in found]


def test_a_row_becomes_a_record_with_its_trace(cast):
    outcome = bring(cast.county_clerk, SOUND | {"到乡镇通硬化路": "是", "arable_mu": "12.5"})
    made = VillageRecord.everywhere.get()
    assert outcome.saved == 1
    assert made.values == {"population": 1000, "women": 480, "road_paved": True,
                           "arable_mu": "12.50"}  # fmt: skip
    assert made.source == "file"
    assert Change.objects.filter(action="record_village").count() == 1


def test_a_blank_cell_leaves_the_figure_on_record(cast):
    recorded()
    bring(cast.county_clerk, {"village_code": make.VILLAGE, "year": str(YEAR), "clinics": "2",
                              "population": "", "reason": "新建"})  # fmt: skip
    values = VillageRecord.everywhere.in_force().get().values
    assert (values["clinics"], values["population"]) == (2, 1050)


def test_the_same_file_again_changes_nothing(cast):
    bring(cast.county_clerk, SOUND)
    assert dict(bring(cast.county_clerk, SOUND).counts) == {"unchanged": 1}
    assert VillageRecord.everywhere.count() == 1


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"village_code": "970123100999"}, ("village_code", "village_unknown")),
        ({"village_code": make.OTHER_COUNTY_VILLAGE}, ("village_code", "village_outside")),
        ({"village_code": "97"}, ("village_code", "digits_12")),
        ({"year": "2099"}, ("year", "year_range")),
        ({"year": ""}, ("year", "blank")),
        ({"women": "1001"}, ("women", "part_larger")),
        ({"women": "-1"}, ("women", "village_number")),
        ({"arable_mu": "1.234"}, ("arable_mu", "village_decimal")),
        ({"bus": "也许"}, ("bus", "not_yes_no")),
        ({"population": "", "women": ""}, ("village_code", "no_figures")),
    ],
)
def test_each_fault_is_told_at_its_row_and_column(cast, changed, fault):
    assert faults(cast.county_clerk, SOUND | changed) == [(2, *fault)]


def test_a_correction_needs_its_reason(cast):
    recorded()
    assert faults(cast.county_clerk, SOUND) == [(2, "reason", "reason_missing")]


def test_two_rows_of_one_village_and_year_are_a_fault(cast):
    assert faults(cast.county_clerk, SOUND, SOUND) == [(3, "village_code", "rows_same")]


def test_faulty_rows_are_left_out_and_the_others_saved(cast):
    outcome = bring(cast.county_clerk, SOUND | {"women": "x"},
                    SOUND | {"village_code": make.NEXT_VILLAGE})  # fmt: skip
    assert outcome.saved == 1
    assert VillageRecord.everywhere.get().village_id == make.NEXT_VILLAGE


def test_all_or_nothing_saves_nothing_with_one_fault(cast):
    rows = SOUND, SOUND | {"village_code": make.NEXT_VILLAGE, "women": "x"}
    assert bring(cast.county_clerk, *rows, choice=Choice.ALL).saved is None
    assert not VillageRecord.everywhere.exists()


def test_a_village_official_imports_his_own_village_alone(cast):
    assert faults(cast.village_official, SOUND | {"village_code": make.NEXT_VILLAGE}) == [
        (2, "village_code", "village_outside")
    ]


def test_who_keeps_no_records_imports_none(cast):
    with pytest.raises(NotAllowed):
        bring(cast.county_approver, SOUND)


class TestPages:
    """The way of a file through the pages."""

    def test_a_file_is_checked_then_saved(self, cast, signed_in):
        client = signed_in(cast.county_clerk)
        file = SimpleUploadedFile("records.csv", file_of(SOUND))
        checked = client.post(reverse("exits:records_import"), {"file": file})
        assert (checked.context["new"], VillageRecord.everywhere.exists()) == (1, False)
        rows = checked.context["carried"]
        saved = client.post(reverse("exits:records_import_save"), {"rows": rows, "choice": "all"})
        assert "Saved: 1 record." in saved.text

    def test_the_faulty_rows_come_back_as_a_file(self, cast, signed_in):
        client = signed_in(cast.county_clerk)
        file = SimpleUploadedFile("records.csv", file_of(SOUND | {"women": "1001"}))
        checked = client.post(reverse("exits:records_import"), {"file": file})
        assert "of which it is a part" in checked.text
        rows = checked.context["carried"]
        back = client.post(reverse("exits:records_faulty_csv"), {"rows": rows})
        assert "part" in back.content.decode("utf-8-sig")

    def test_the_records_of_a_year_can_be_imported_as_they_are(self, cast, signed_in):
        recorded(arable_mu="12.50")
        client = signed_in(cast.county_clerk)
        answer = client.get(reverse("exits:records_file_csv"), {"year": YEAR})
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert content.decode("utf-8-sig").splitlines()[0] == ",".join(headings())
        outcome = check(read_file(content), by=cast.county_clerk)
        assert outcome.counts["unchanged"] == 1
        assert {one.code for one in outcome.faults} == {"no_figures"}

    def test_other_files_are_refused_at_the_field(self, cast, signed_in):
        client = signed_in(cast.county_clerk)
        file = SimpleUploadedFile("records.csv", b"a,b\n1,2\n")
        answer = client.post(reverse("exits:records_import"), {"file": file})
        assert (answer.status_code, "missing" in answer.text) == (400, True)
