"""The sample of the contract, from the file to the register."""

from io import StringIO
from pathlib import Path

from django.core.management import call_command

from households.models import Household, Member, Survey
from tests.cast import Cast

SAMPLE = Path("tests/data/register_sample_2019.csv")


def test_the_sample_is_saved_whole(cast: Cast) -> None:
    call_command("import_households", str(SAMPLE), "--year", "2019")
    assert Household.everywhere.count() == 6
    assert Member.objects.active().count() == 13
    assert Survey.objects.count() == 6


def test_the_sample_again_changes_nothing(cast: Cast) -> None:
    out = StringIO()
    call_command("import_households", str(SAMPLE), "--year", "2019")
    call_command("import_households", str(SAMPLE), "--year", "2019", stdout=out)
    assert Survey.objects.count() == 6
    assert Household.everywhere.filter(version=1).count() == 6
    assert "6" in out.getvalue()
