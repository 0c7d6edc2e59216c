from datetime import timedelta

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import connection
from django.utils import timezone

from divisions.models import Division
from households.models import Household
from households.rules import ALL_GAPS, LACK_BIT, Kind, State
from reviews.actions.chunks import WHOLE_ATTEMPTS, claim, drive, finish, run_chunk, try_again
from reviews.actions.proposing import propose_dry_run, propose_review
from reviews.models import ChunkState, Proposal, ReviewState, ReviewVillage
from reviews.queries.progress import MANY_ATTEMPTS, progress_of
from tests import factories as make
from tests.web.reviews.conftest import GOOD_INCOME, POOR_INCOME, RISKY_INCOME
from workflow.models import PolicyParameter

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(hours=1)  # the database's clock stands still within a test


def snapshot(review) -> list[tuple]:
    columns = ("household_id", "survey_id", "state", "kind", "lacks", "gaps", "persons", "net_fen")
    found = Proposal.everywhere.in_force().filter(review=review)
    return sorted(found.values_list(*columns))


def small_chunks(households: int) -> None:
    PolicyParameter.objects.create(
        division_id=make.PROVINCE, year=2014, key="review.chunk_households", value=households,
        source="test",
    )  # fmt: skip


def poison(household: Household) -> None:
    """Let the database refuse every decided proposal for one household."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " RAISE EXCEPTION 'poisoned'; END $$;"
            "CREATE TRIGGER poison BEFORE INSERT ON reviews_proposal FOR EACH ROW"
            f" WHEN (NEW.household_id = {household.pk} AND NEW.kind <> {Kind.ATTENTION.value})"
            " EXECUTE FUNCTION poison()"
        )


def test_each_household_gets_the_proposal_of_its_state_and_facts(household_of, proposed):
    cases = {
        household_of(State.POOR, GOOD_INCOME): Kind.EXIT,
        household_of(State.POOR, POOR_INCOME): Kind.KEEP,
        household_of(State.RELAPSED, GOOD_INCOME): Kind.EXIT,
        household_of(State.EXITED, POOR_INCOME): Kind.REINCLUDE,
        household_of(State.EXITED, RISKY_INCOME): Kind.WATCH,
        household_of(State.ORDINARY, POOR_INCOME): Kind.IDENTIFY,
        household_of(State.ORDINARY, GOOD_INCOME): Kind.KEEP,
        household_of(State.POOR, None): Kind.COMPLETE,
    }
    review = proposed()
    found = dict(Proposal.everywhere.filter(review=review).values_list("household_id", "kind"))
    assert found == {household.pk: kind for household, kind in cases.items()}


def test_a_proposal_keeps_what_it_rests_on(household_of, proposed):
    household = household_of(State.EXITED, POOR_INCOME, housing=0)
    proposal = Proposal.everywhere.get(review=proposed())
    assert proposal.survey == household.surveys.get()
    assert (proposal.village_id, proposal.state) == (make.VILLAGE, State.EXITED)
    assert (proposal.persons, proposal.net_fen, proposal.gaps) == (1, 100_000, 0)
    assert proposal.lacks == LACK_BIT["income"] | LACK_BIT["housing"]


def test_an_unknown_income_leaves_the_net_income_empty(household_of, proposed):
    household_of(State.POOR, None)
    assert Proposal.everywhere.get(review=proposed()).net_fen is None


def test_a_poor_household_without_survey_is_to_be_completed_with_its_active_members(
    household_of, proposed
):
    household_of()
    unsurveyed = make.make_household(state=State.POOR, persons=3)
    leaver = unsurveyed.members.filter(relation="02").first()
    leaver.end_reason, leaver.end_date = "01", timezone.localdate()
    leaver.save()
    proposal = Proposal.everywhere.get(review=proposed(), household=unsurveyed)
    assert (proposal.kind, proposal.persons, proposal.gaps) == (Kind.COMPLETE, 2, ALL_GAPS)
    assert (proposal.survey, proposal.net_fen) == (None, None)


def test_ordinary_unsurveyed_cleared_cancelled_and_withdrawn_households_get_none(
    household_of, proposed
):
    judged = household_of()
    make.make_household(state=State.ORDINARY)
    household_of(State.CLEARED)
    household_of(State.CANCELLED)
    gone = household_of()
    Household.everywhere.filter(pk=gone.pk).update(withdrawn_at=timezone.now())
    assert Proposal.everywhere.get(review=proposed()).household == judged


def test_the_survey_in_force_counts_corrections_and_ignores_withdrawals(
    household_of, proposed, resurvey
):
    corrected, withdrawn = household_of(), household_of()
    latest = resurvey(corrected, wage_income=POOR_INCOME)
    mistaken = resurvey(withdrawn, wage_income=POOR_INCOME)
    type(mistaken).objects.filter(pk=mistaken.pk).update(withdrawn_at=timezone.now())
    review = proposed()
    surveys = dict(Proposal.everywhere.filter(review=review).values_list("household", "survey"))
    assert surveys[corrected.pk] == latest.pk
    assert surveys[withdrawn.pk] == withdrawn.surveys.get(corrects=None).pk


def test_a_survey_recorded_after_the_review_began_does_not_count(
    cast, county, household_of, resurvey
):
    household = household_of()
    review = propose_review(root=county, year=2019, by=cast.county_clerk)
    resurvey(household, wage_income=POOR_INCOME)
    drive(review.pk)
    assert Proposal.everywhere.get(review=review).survey == household.surveys.get(corrects=None)


def test_a_household_of_the_neighbour_county_is_not_touched(household_of, proposed):
    household_of()
    household_of(village=make.OTHER_COUNTY_VILLAGE)
    assert Proposal.everywhere.get(review=proposed()).village_id == make.VILLAGE


def test_a_chunk_run_twice_changes_nothing(household_of, proposed):
    household_of()
    review = proposed()
    before = snapshot(review)
    assert run_chunk(review.chunks.get().pk) is False
    assert snapshot(review) == before
    assert ReviewVillage.objects.filter(review=review).count() == 1


def test_a_message_that_comes_twice_changes_nothing(household_of, proposed):
    household_of()
    review = proposed()
    before = snapshot(review)
    drive(review.pk)
    review.refresh_from_db()
    assert (snapshot(review), review.state) == (before, ReviewState.FINISHED)


def test_a_claimed_chunk_is_left_to_its_worker_until_the_lease_is_over(cast, county, household_of):
    household_of()
    review = propose_review(root=county, year=2019, by=cast.county_clerk)
    chunk = claim(review.pk)
    assert claim(review.pk) is None
    review.chunks.update(lease_until=timezone.now() - LONG_AGO)
    assert claim(review.pk) == chunk


def test_nothing_of_a_cancelled_review_is_claimed(cast, household_of):
    household_of()
    review = make.make_review(state=ReviewState.CANCELLED)
    review.chunks.create(seq=1, low=make.COUNTY, high="970124", households=1)
    assert claim(review.pk) is None


def test_a_review_is_finished_only_after_its_last_chunk(cast, county, household_of):
    household_of()
    review = propose_review(root=county, year=2019, by=cast.county_clerk)
    assert finish(review.pk) is None
    chunk = claim(review.pk)
    assert finish(review.pk) is None
    assert run_chunk(chunk.pk) is True
    assert finish(review.pk).state == ReviewState.FINISHED
    assert finish(review.pk) is None


def test_totals_add_up(household_of, proposed):
    household_of()
    household_of(village=make.OTHER_TOWNSHIP_VILLAGE)
    household_of(State.EXITED, POOR_INCOME)
    totals = proposed().totals
    assert (totals["households"], totals["persons"]) == (3, 3)
    kinds = totals["kinds"]
    assert (kinds["5"], kinds["6"], sum(kinds.values())) == (2, 1, 3)


def test_a_dry_run_of_the_same_facts_gives_the_same_hashes(cast, county, household_of, proposed):
    household_of()
    household_of(State.EXITED, None, village=make.NEXT_VILLAGE)
    review = proposed()
    again = propose_dry_run(root=county, year=2019, by=cast.county_clerk)
    drive(again.pk)
    again.refresh_from_db()
    assert (again.input_hash, again.result_hash) == (review.input_hash, review.result_hash)


def test_chunk_borders_leave_no_mark_on_the_hashes(cast, county, household_of, proposed):
    for village in (make.VILLAGE, make.NEXT_VILLAGE, make.OTHER_TOWNSHIP_VILLAGE):
        household_of(village=village)
    review = proposed()
    small_chunks(1)
    again = propose_dry_run(root=county, year=2019, by=cast.county_clerk)
    drive(again.pk)
    again.refresh_from_db()
    assert (review.chunks.count(), again.chunks.count()) == (1, 3)
    assert (again.input_hash, again.result_hash) == (review.input_hash, review.result_hash)


def test_another_survey_gives_other_hashes_and_the_same_figures_the_same_result(
    cast, county, household_of, proposed, resurvey
):
    household = household_of()
    review = proposed()
    resurvey(household, wage_income=GOOD_INCOME)
    again = propose_dry_run(root=county, year=2019, by=cast.county_clerk)
    drive(again.pk)
    again.refresh_from_db()
    assert again.input_hash != review.input_hash
    assert again.result_hash == review.result_hash


def test_a_fen_more_gives_another_result_hash(cast, county, household_of, proposed, resurvey):
    household = household_of()
    review = proposed()
    resurvey(household, wage_income=GOOD_INCOME + 1)
    again = propose_dry_run(root=county, year=2019, by=cast.county_clerk)
    drive(again.pk)
    again.refresh_from_db()
    assert again.result_hash != review.result_hash


def test_the_household_at_fault_needs_attention_and_the_rest_is_decided(household_of, proposed):
    households = [household_of() for _ in range(5)]
    poison(households[3])
    review = proposed()
    assert review.state == ReviewState.FINISHED
    assert review.chunks.get().attempts == WHOLE_ATTEMPTS + 1
    kinds = dict(Proposal.everywhere.filter(review=review).values_list("household_id", "kind"))
    assert kinds.pop(households[3].pk) == Kind.ATTENTION
    assert set(kinds.values()) == {Kind.EXIT}
    assert "poisoned" in Proposal.everywhere.get(kind=Kind.ATTENTION).error
    assert review.totals["kinds"]["7"] == 1


def test_deciding_household_by_household_gives_the_same_hashes(
    cast, county, household_of, proposed
):
    for village in (make.VILLAGE, make.NEXT_VILLAGE, make.VILLAGE):
        household_of(village=village)
    review = proposed()
    again = propose_dry_run(root=county, year=2019, by=cast.county_clerk)
    again.chunks.update(attempts=WHOLE_ATTEMPTS)
    drive(again.pk)
    again.refresh_from_db()
    assert (again.input_hash, again.result_hash) == (review.input_hash, review.result_hash)


def test_a_chunk_that_fails_in_every_way_pauses_and_says_why(cast, county, household_of):
    household_of()
    review = propose_review(root=county, year=2019, by=cast.county_clerk)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE reviews_proposal ADD CONSTRAINT closed CHECK (false) NOT VALID")
    drive(review.pk)
    chunk = review.chunks.get()
    assert (chunk.state, chunk.attempts) == (ChunkState.WAITING, WHOLE_ATTEMPTS + 1)
    assert chunk.error.startswith("IntegrityError")
    assert chunk.lease_until > timezone.now()


def test_a_review_of_a_city_holds_its_counties(cast, household_of, proposed):
    household_of()
    household_of(village=make.OTHER_COUNTY_VILLAGE)
    household_of(village=make.OTHER_CITY_VILLAGE)
    review = propose_review(root=Division.objects.get(pk=make.CITY), year=2019, by=cast.operator)
    drive(review.pk)
    villages = Proposal.everywhere.filter(review=review).values_list("village_id", flat=True)
    assert sorted(villages) == [make.VILLAGE, make.OTHER_COUNTY_VILLAGE]


def test_a_chunk_stopped_by_the_time_limit_says_so_and_is_put_back(
    cast, county, household_of, monkeypatch
):
    def stopped(*_):
        raise SoftTimeLimitExceeded

    household_of()
    review = propose_review(root=county, year=2019, by=cast.county_clerk)
    monkeypatch.setattr("reviews.actions.chunks.decide", stopped)
    monkeypatch.setattr("reviews.actions.isolating.decide", stopped)
    drive(review.pk)
    chunk = review.chunks.get()
    assert (chunk.state, chunk.attempts) == (ChunkState.WAITING, WHOLE_ATTEMPTS + 1)
    assert "time limit" in chunk.error
    assert progress_of(review).stuck == chunk
    monkeypatch.undo()
    try_again(review.pk, review.root_id)
    drive(review.pk)
    review.refresh_from_db()
    assert review.state == ReviewState.FINISHED


def test_a_chunk_whose_worker_dies_every_time_is_stuck(cast, county, household_of):
    household_of()
    review = propose_review(root=county, year=2019, by=cast.county_clerk)
    for _ in range(MANY_ATTEMPTS + 1):
        assert progress_of(review).stuck is None
        claim(review.pk)
        review.chunks.update(lease_until=timezone.now() - LONG_AGO)
    assert progress_of(review).stuck.error.startswith("WorkerLost")
