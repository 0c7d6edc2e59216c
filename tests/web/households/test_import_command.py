"""The command: exit status, report, dry run."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from households.models import Household, ImportBatch
from tests import factories as make
from trail.models import Change

pytestmark = pytest.mark.django_db
SAMPLE = Path("tests/data/register_sample_2019.csv")


def run(*options: str, file: Path = SAMPLE, year: str = "2019") -> tuple[int, str]:
    """The exit status and what was printed."""
    out = StringIO()
    try:
        call_command("import_households", str(file), "--year", year, *options, stdout=out)
    except CommandError as error:
        return error.returncode, str(error)
    except SystemExit as end:
        return int(str(end)), out.getvalue()
    return 0, out.getvalue()


def test_a_dry_run_judges_and_writes_nothing(cast, tmp_path):
    report = tmp_path / "report.csv"
    assert run("--dry-run", f"--report={report}")[0] == 0
    assert not Household.everywhere.exists()
    assert not ImportBatch.everywhere.exists()
    assert not Change.objects.filter(action__contains="import").exists()
    assert report.read_bytes().startswith("\ufeff行政村代码,".encode())
    assert report.read_bytes().count(b"\r\n") == 1


def test_the_report_is_imported_again_once_mended(cast, tmp_path):
    broken, report = tmp_path / "broken.csv", tmp_path / "report.csv"
    broken.write_text(SAMPLE.read_text("utf-8").replace("970123196503074013", "970123196503074014"))
    status, told = run(f"--report={report}", file=broken)
    assert status == 3
    assert Household.everywhere.count() == 5
    assert "970123196503074014" not in told
    lines = report.read_text("utf-8-sig").splitlines()
    assert [line.split(",")[-2] for line in lines[1:]] == ["2", "3", "4", "5"]
    report.write_text(report.read_text("utf-8").replace("074014", "074013"), "utf-8")
    assert run(file=report)[0] == 0
    assert Household.everywhere.count() == 6


@pytest.mark.parametrize("by", ["county-approver", "reader", "nobody", "unheard-of"])
def test_others_than_importers_are_refused(cast, by):
    assert run(f"--by={by}")[0] == 2
    assert not Household.everywhere.exists()


def test_a_clerk_saves_his_county_alone(cast):
    assert run("--by=county-clerk")[0] == 3
    assert not Household.everywhere.exclude(village__code__startswith=make.COUNTY).exists()


@pytest.mark.parametrize("year", ["1999", "2100"])
def test_an_impossible_year_is_refused(cast, year):
    assert run(year=year)[0] == 2


def test_the_report_is_tried_before_anything_else(cast, tmp_path):
    assert run(f"--report={tmp_path / 'no' / 'report.csv'}")[0] == 2
    assert not Household.everywhere.exists()


def test_the_report_never_overwrites_the_file(cast, tmp_path):
    own = tmp_path / "own.csv"
    own.write_bytes(SAMPLE.read_bytes())
    assert run(f"--report={own}", file=own)[0] == 2
    assert own.read_bytes() == SAMPLE.read_bytes()


def test_a_missing_file_is_refused(cast):
    assert run(file=Path("nowhere.csv"))[0] == 2


def test_the_trace_holds_no_personal_text(cast):
    run()
    text = SAMPLE.read_text("utf-8")
    run(file=SAMPLE)
    traced = str(list(Change.objects.values_list("before", "after", "reason")))
    assert "陈大山" in text
    assert "陈大山" not in traced
    assert "970123196503074013" not in traced
