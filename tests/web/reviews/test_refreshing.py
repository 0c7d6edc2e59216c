from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from households.models import Household
from households.rules import Kind, State
from reviews.actions.proposing import propose_review
from reviews.actions.refreshing import refresh
from reviews.actions.sweeping import due_for_refresh, sweep, unfinished
from reviews.models import Proposal, Review, ReviewState, ReviewVillage
from tests import factories as make
from tests.web.reviews.conftest import GOOD_INCOME, POOR_INCOME, change_state

pytestmark = pytest.mark.django_db


def standing(review, household) -> Proposal:
    return Proposal.everywhere.in_force().get(review=review, household=household)


def test_a_corrected_survey_renews_the_proposal(household_of, proposed, resurvey):
    household = household_of(State.EXITED, GOOD_INCOME)
    review = proposed()
    survey = resurvey(household, wage_income=POOR_INCOME)
    refresh(review.pk)
    proposal = standing(review, household)
    assert (proposal.kind, proposal.survey) == (Kind.REINCLUDE, survey)
    old = Proposal.everywhere.get(review=review, superseded_at__isnull=False)
    assert old.kind == Kind.KEEP


def test_nothing_changes_where_no_fact_changed(household_of, proposed):
    household_of()
    make.make_household(state=State.POOR)
    make.make_household(state=State.ORDINARY)
    review = proposed()
    before = list(Proposal.everywhere.filter(review=review).values().order_by("pk"))
    refresh(review.pk)
    assert list(Proposal.everywhere.filter(review=review).values().order_by("pk")) == before


def test_a_household_that_came_in_since_is_added(household_of, proposed):
    household_of()
    review = proposed()
    newcomer = household_of(State.ORDINARY, POOR_INCOME, village=make.NEXT_VILLAGE)
    refresh(review.pk)
    assert standing(review, newcomer).kind == Kind.IDENTIFY


def test_a_new_state_renews_the_proposal(household_of, proposed):
    household = household_of(State.POOR, GOOD_INCOME)
    review = proposed()
    change_state(household, State.CLEARED)
    refresh(review.pk)
    assert not Proposal.everywhere.in_force().filter(review=review).exists()


def test_a_new_member_renews_the_proposal_of_an_unsurveyed_household(household_of, proposed):
    household_of()
    unsurveyed = make.make_household(state=State.POOR)
    review = proposed()
    make.make_member(unsurveyed)
    refresh(review.pk)
    assert standing(review, unsurveyed).persons == 2


def test_a_new_member_leaves_a_survey_as_it_was(household_of, proposed):
    household = household_of()
    review = proposed()
    before = standing(review, household)
    make.make_member(household)
    refresh(review.pk)
    assert standing(review, household) == before


def test_an_accepted_proposal_stays(cast, household_of, proposed, resurvey):
    household = household_of(State.EXITED, POOR_INCOME)
    review = proposed()
    Proposal.everywhere.filter(review=review).update(
        case=make.make_case(household), accepted_by=cast.county_clerk, accepted_at=timezone.now()
    )
    resurvey(household, wage_income=GOOD_INCOME)
    refresh(review.pk)
    assert standing(review, household).kind == Kind.REINCLUDE


def test_the_hashes_of_the_first_run_stay_and_the_totals_follow(household_of, proposed, resurvey):
    household = household_of(State.EXITED, GOOD_INCOME)
    review = proposed()
    resurvey(household, wage_income=POOR_INCOME)
    refresh(review.pk)
    renewed = Review.everywhere.get(pk=review.pk)
    assert (renewed.input_hash, renewed.result_hash) == (review.input_hash, review.result_hash)
    assert (renewed.totals["kinds"]["4"], renewed.totals["kinds"]["6"]) == (0, 1)
    village = ReviewVillage.objects.get(review=review)
    assert (village.by_kind, village.result_hash != "") == ({"6": 1}, True)


def test_a_household_that_moved_has_one_proposal(household_of, proposed):
    household = household_of(village=make.VILLAGE)
    household_of(village=make.OTHER_TOWNSHIP_VILLAGE)
    review = proposed()
    Household.everywhere.filter(pk=household.pk).update(village_id=make.OTHER_TOWNSHIP_VILLAGE)
    refresh(review.pk)
    refresh(review.pk)
    assert standing(review, household).village_id == make.OTHER_TOWNSHIP_VILLAGE


def test_a_review_that_runs_is_left_alone(household_of, cast):
    household_of()
    review = make.make_review(state=ReviewState.RUNNING)
    assert refresh(review.pk) is None
    assert Review.everywhere.get(pk=review.pk).refreshed_at is None


def test_refreshing_goes_on_where_its_time_ran_out(household_of, proposed):
    household_of()
    review = proposed()
    assert refresh(review.pk, seconds=-1) == 1
    assert refresh(review.pk, after=1) is None


def test_a_review_is_due_for_a_refresh_an_hour_after_the_last(household_of, proposed):
    household_of()
    review = proposed()
    assert due_for_refresh() == []
    Review.everywhere.update(finished_at=timezone.now() - timedelta(hours=2))
    assert due_for_refresh() == [review.pk]
    refresh(review.pk)
    assert due_for_refresh() == []


def test_a_sweep_finishes_what_was_left_and_renews_the_rest(cast, household_of, proposed, resurvey):
    household = household_of(State.EXITED, GOOD_INCOME)
    review = proposed()
    resurvey(household, wage_income=POOR_INCOME)
    left = make.make_review(make.COUNTY, 2019, dry_run=True, facts_at=timezone.now())
    left.chunks.create(seq=1, low=make.COUNTY, high="970124", households=1, state="running",
                       attempts=1, lease_until=timezone.now())  # fmt: skip
    assert unfinished() == [left.pk]
    left.chunks.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert sweep() == ([left.pk], [review.pk])
    assert Review.everywhere.get(pk=left.pk).state == ReviewState.FINISHED
    assert standing(review, household).kind == Kind.REINCLUDE


def test_the_command_sweeps_too(cast, county, household_of, capsys):
    household_of()
    review = propose_review(root=county, year=2019, by=cast.county_clerk)
    call_command("sweep")
    review.refresh_from_db()
    assert review.state == ReviewState.FINISHED
    assert "1" in capsys.readouterr().out
