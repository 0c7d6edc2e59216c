"""Taking an import back: what it may not undo, what it leaves in the trace, who can do it."""

from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from households.importing import batches, store
from households.importing.checking import check_batch
from households.importing.reader import FileRefused
from households.importing.withdrawing import withdraw_batch
from households.models import Household, ImportBatch, Member, QualityIssue, YearFreeze
from households.models.batches import BatchState
from officers.models import Officer
from registry.pages.queries.imports import rests_on
from reviews.models import ReviewState
from tests import factories as make
from tests.unguarded import unguarded
from trail.errors import Refused
from trail.models import Change

pytestmark = pytest.mark.django_db
SAMPLE = Path("tests/data/register_sample_2019.csv").read_bytes()
ROWS = SAMPLE.decode("utf-8-sig").splitlines()
OWN = "\r\n".join([ROWS[0], *(x for x in ROWS if x.startswith("970123"))]).encode()
CHANGED = OWN.replace("陈大山".encode(), "陈小海".encode()).replace(b"13900000001", b"13900000002")


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def imported(by: Officer, content: bytes = OWN) -> ImportBatch:
    """A batch of these rows, saved."""
    batch = confirmed(by, content)
    batches.save_batch(batch.pk)
    batch.refresh_from_db()
    assert batch.state == BatchState.SAVED
    return batch


def confirmed(by: Officer, content: bytes = OWN) -> ImportBatch:
    batch = batches.upload(by=by, year=2019, file_name="x.csv", content=content)
    batches.judge_batch(batch.pk)
    return batches.confirm(batch, by=by)


def withdraw(batch: ImportBatch, by: Officer) -> ImportBatch:
    return withdraw_batch(batch, by=by, reason="mistake", rests_on=rests_on)


def refusal(batch: ImportBatch, by: Officer) -> str:
    """Why it is refused."""
    with pytest.raises(Refused) as caught:
        withdraw(batch, by)
    return str(caught.value)


@pytest.mark.parametrize("review", [{"dry_run": True}, {"state": ReviewState.CANCELLED}])
def test_a_review_that_does_not_count_blocks_nothing(cast, review):
    batch = imported(cast.county_clerk)
    make.make_proposal(make.make_review(make.COUNTY, **review), Household.everywhere.first())
    assert withdraw(batch, cast.county_clerk).state == BatchState.WITHDRAWN


def test_a_binding_review_blocks(cast, in_english):
    batch = imported(cast.county_clerk)
    make.make_proposal(make.make_review(make.COUNTY), Household.everywhere.first())
    assert "1 proposal rests on it." in refusal(batch, cast.county_clerk)


def test_a_household_that_had_a_helper_blocks(cast, in_english):
    batch = imported(cast.county_clerk)
    make.make_pairing(Household.everywhere.first(), last_day=date(2020, 1, 1))
    assert "1 household of it had a helper." in refusal(batch, cast.county_clerk)


def test_a_case_on_a_household_that_the_batch_only_changed_blocks(cast, in_english):
    imported(cast.county_clerk)
    batch = imported(cast.county_clerk, CHANGED)
    make.make_case(Household.everywhere.get(number="9701231002000001"))
    assert "1 case rests on it." in refusal(batch, cast.county_clerk)


def test_a_case_opened_before_the_batch_does_not_block(cast):
    imported(cast.county_clerk)
    case = make.make_case(Household.everywhere.get(number="9701231002000001"))
    batch = imported(cast.county_clerk, CHANGED)
    with unguarded():
        type(case).everywhere.filter(pk=case.pk).update(opened_at="2020-01-01T00:00Z")
    assert withdraw(batch, cast.county_clerk).state == BatchState.WITHDRAWN


def test_a_later_import_on_its_households_blocks_until_it_is_withdrawn(cast, in_english):
    first = imported(cast.county_clerk)
    later = imported(cast.county_clerk, CHANGED)
    assert f"Later imports changed its households: {later.pk}." in refusal(first, cast.county_clerk)
    withdraw(later, cast.county_clerk)
    assert withdraw(first, cast.county_clerk).state == BatchState.WITHDRAWN


@pytest.mark.parametrize(
    ("division", "year", "blocks"),
    [(make.COUNTY, 2019, True), (make.COUNTY, 2018, False), (make.OTHER_COUNTY, 2019, False)],
)
def test_surveys_of_a_frozen_year_are_not_withdrawn(cast, division, year, blocks):
    batch = imported(cast.county_clerk)
    YearFreeze.objects.create(division_id=division, year=year, frozen_by=cast.operator)
    if blocks:
        assert "2019" in refusal(batch, cast.county_clerk)
    else:
        assert withdraw(batch, cast.county_clerk).state == BatchState.WITHDRAWN


def test_every_withdrawn_household_has_its_trace(cast):
    batch = imported(cast.county_clerk)
    withdraw(batch, cast.county_clerk)
    traced = Change.objects.filter(origin=f"withdraw:{batch.pk}")
    assert set(traced.values_list("subject_id", flat=True)) == {
        str(pk) for pk in Household.everywhere.values_list("pk", flat=True)
    }
    assert {str(one.after) for one in traced} == {"{'withdrawn': True}"}


def test_nothing_is_left_to_check_in_withdrawn_households(cast):
    batch = imported(cast.county_clerk)
    check_batch(batch.pk)
    assert QualityIssue.everywhere.standing().exists()
    withdraw(batch, cast.county_clerk)
    assert not QualityIssue.everywhere.standing().exists()


def test_restored_cells_have_their_trace_without_plain_text(cast):
    imported(cast.county_clerk)
    batch = imported(cast.county_clerk, CHANGED)
    withdraw(batch, cast.county_clerk)
    traced = {one.subject_kind: one for one in Change.objects.filter(origin=f"withdraw:{batch.pk}")}
    household, member = traced["households.household"], traced["households.member"]
    assert (set(household.before), set(household.after)) == ({"phone"}, {"phone"})
    assert (set(member.before), set(member.after)) == ({"name"}, {"name"})
    assert member.subject_id == str(Member.objects.get(name="陈大山").pk)
    told = str([(one.before, one.after) for one in traced.values()])
    assert not any(text in told for text in ("陈大山", "陈小海", "13900000001", "13900000002"))


def test_a_broken_off_save_ends_saved_with_its_reason_and_is_withdrawn(cast, signed_in):
    batch = imported(cast.county_clerk)
    ImportBatch.everywhere.filter(pk=batch.pk).update(
        state=BatchState.CONFIRMED, attempts=batches.ATTEMPTS
    )
    batches.save_batch(batch.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.refused["code"]) == (BatchState.SAVED, "gave_up")
    assert batch.counts["new"] == 4
    page = signed_in(cast.county_clerk).get(f"/imports/{batch.pk}/")
    assert f"/imports/{batch.pk}/withdraw/" in page.text
    assert withdraw(batch, cast.county_clerk).state == BatchState.WITHDRAWN


def test_a_save_that_wrote_nothing_ends_refused(cast):
    batch = confirmed(cast.county_clerk)
    batches.refuse(batch, FileRefused("gone"))
    batch.refresh_from_db()
    assert batch.state == BatchState.REFUSED


def test_a_save_whose_process_died_is_withdrawn(cast):
    batch = imported(cast.county_clerk)
    ImportBatch.everywhere.filter(pk=batch.pk).update(state=BatchState.CONFIRMED)
    withdraw(batch, cast.county_clerk)
    assert not Household.everywhere.filter(withdrawn_at=None).exists()


def test_the_counts_of_a_second_try_include_the_first(cast):
    batch = imported(cast.county_clerk)
    counts = batch.counts
    ImportBatch.everywhere.filter(pk=batch.pk).update(state=BatchState.CONFIRMED, attempts=0)
    batches.save_batch(batch.pk)
    batch.refresh_from_db()
    assert batch.counts == counts
    assert (counts["new"], counts["changed"], counts["unchanged"]) == (4, 0, 0)
    assert store.is_kept(batch=batch.uuid)


def test_the_operator_withdraws_his_import_by_command(cast, in_english):
    out = StringIO()
    file = "tests/data/register_sample_2019.csv"
    call_command("import_households", file, "--year", "2019", stdout=out)
    batch = ImportBatch.everywhere.get()
    assert f"Import {batch.pk}." in out.getvalue()
    call_command("withdraw_import", str(batch.pk), "--reason", "wrong file", stdout=out)
    batch.refresh_from_db()
    assert (batch.state, batch.withdraw_reason) == (BatchState.WITHDRAWN, "wrong file")


@pytest.mark.parametrize(
    "options",
    [
        ("--reason", " "),
        ("--reason", "x", "--by", "stranger"),
        ("--reason", "x", "--by", "unheard-of"),
    ],
)
def test_the_command_refuses_others_and_empty_reasons(cast, options):
    batch = imported(cast.county_clerk)
    with pytest.raises(CommandError) as caught:
        call_command("withdraw_import", str(batch.pk), *options)
    assert caught.value.returncode == 2
    batch.refresh_from_db()
    assert batch.state == BatchState.SAVED


def test_the_command_refuses_an_unknown_import(cast):
    with pytest.raises(CommandError):
        call_command("withdraw_import", "999999", "--reason", "x")
