import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from divisions.models import Division
from households.models import Standard
from households.rules import State
from reviews.actions.proposing import (
    NoStandard,
    NoSurveys,
    Overlaps,
    cancel_review,
    commit_review,
    propose_dry_run,
    propose_review,
)
from reviews.models import Proposal, Review, ReviewState
from tests import factories as make
from trail.errors import NotAllowed, Refused
from trail.models import Change
from workflow.models import PolicyParameter

pytestmark = pytest.mark.django_db


def place(code: str) -> Division:
    return Division.objects.get(pk=code)


@pytest.mark.parametrize("part", ["county_clerk", "province_officer", "operator"])
def test_clerk_province_officer_and_operator_propose(cast, county, household, part):
    review = propose_review(root=county, year=2019, by=getattr(cast, part))
    assert (review.state, review.standard.line) == (ReviewState.PROPOSED, 3218)
    assert review.standard_hash == review.standard.content_hash


@pytest.mark.parametrize(
    "part", ["village_official", "township_reviewer", "county_approver", "auditor", "nobody"]
)
def test_nobody_else_proposes(cast, county, household, part):
    with pytest.raises(NotAllowed):
        propose_review(root=county, year=2019, by=getattr(cast, part))


def test_a_clerk_of_another_county_does_not_propose(cast, county, household):
    with pytest.raises(NotAllowed):
        propose_review(root=county, year=2019, by=cast.stranger)


def test_a_clerk_does_not_propose_above_his_county(cast, household):
    with pytest.raises(NotAllowed):
        propose_review(root=place(make.CITY), year=2019, by=cast.county_clerk)


def test_the_nation_is_no_root(cast, household):
    with pytest.raises(Refused) as refusal:
        propose_review(root=place("0"), year=2019, by=cast.operator)
    assert refusal.value.code == "nation"


def test_a_year_without_standard_is_refused(cast, county, household):
    with pytest.raises(NoStandard):
        propose_review(root=county, year=2013, by=cast.county_clerk)


def test_a_year_without_surveys_in_the_whole_scope_is_refused(cast, county, household):
    with pytest.raises(NoSurveys):
        propose_review(root=county, year=2018, by=cast.county_clerk)
    with pytest.raises(NoSurveys):
        propose_review(root=place(make.OTHER_COUNTY), year=2019, by=cast.operator)


def test_the_standard_of_the_province_comes_before_the_nations(cast, county, household):
    own = make.make_standard(2019, line="3500.00")
    assert propose_review(root=county, year=2019, by=cast.county_clerk).standard == own


@pytest.mark.parametrize("second", [make.COUNTY, make.CITY, make.PROVINCE, make.TOWNSHIP])
def test_a_binding_review_that_overlaps_names_the_first(cast, county, household, second):
    first = propose_review(root=county, year=2019, by=cast.county_clerk)
    with pytest.raises(Overlaps) as refusal:
        propose_review(root=place(second), year=2019, by=cast.operator)
    assert refusal.value.details == {"review": first.pk}
    assert cast.county_clerk.name in refusal.value.message


def test_reviews_of_neighbours_and_of_other_years_do_not_overlap(cast, county, household):
    neighbour = make.make_household(make.OTHER_COUNTY_VILLAGE)
    make.make_survey(neighbour, 2019)
    make.make_survey(household, 2018)
    propose_review(root=county, year=2019, by=cast.county_clerk)
    propose_review(root=county, year=2018, by=cast.county_clerk)
    propose_review(root=place(make.OTHER_COUNTY), year=2019, by=cast.stranger)
    assert Review.everywhere.count() == 3


def test_the_database_holds_one_binding_review_of_a_scope_and_year(cast, household):
    make.make_review(make.COUNTY, 2019)
    with pytest.raises(IntegrityError), transaction.atomic():
        make.make_review(make.COUNTY, 2019)
    make.make_review(make.COUNTY, 2019, dry_run=True)


def test_dry_runs_overlap_everything(cast, county, household):
    propose_review(root=county, year=2019, by=cast.county_clerk)
    first = propose_dry_run(root=county, year=2019, by=cast.county_clerk)
    second = propose_dry_run(root=county, year=2019, by=cast.county_clerk)
    assert first.dry_run
    assert second.dry_run


def test_a_dry_run_may_name_another_standard(cast, county, household):
    other = Standard.objects.get(year=2020, division_id="0")
    review = propose_dry_run(root=county, year=2019, by=cast.county_clerk, standard=other)
    assert review.standard == other


def test_a_dry_run_may_try_a_draft_of_the_province(cast, county, household):
    draft = make.make_draft(2019)
    review = propose_dry_run(root=county, year=2019, by=cast.county_clerk, standard=draft)
    assert (review.standard, review.standard_hash) == (draft, draft.digest())


def test_a_draft_of_another_province_is_refused(cast, county, household):
    Division.objects.create(code="98", level=1, name="邻省", parent_id="0")
    draft = make.make_draft(2019, division_id="98")
    with pytest.raises(NoStandard):
        propose_dry_run(root=county, year=2019, by=cast.county_clerk, standard=draft)


def test_a_discarded_draft_is_refused(cast, county, household):
    draft = make.make_draft(2019, discarded_at=timezone.now())
    with pytest.raises(NoStandard):
        propose_dry_run(root=county, year=2019, by=cast.county_clerk, standard=draft)


def test_a_draft_is_never_what_holds(cast, county, household):
    make.make_draft(2019)
    standard = propose_review(root=county, year=2019, by=cast.county_clerk).standard
    assert standard.division_id == "0"


def test_another_officer_commits(cast, proposed, household):
    review = commit_review(proposed().pk, by=cast.county_approver)
    assert (review.state, review.committed_by) == (ReviewState.COMMITTED, cast.county_approver)
    change = Change.objects.get(action="commit")
    assert change.after == {"result_hash": review.result_hash}


def test_the_province_approver_commits_a_review_of_a_county(cast, proposed, household):
    commit_review(proposed().pk, by=cast.province_approver)


@pytest.mark.parametrize("part", ["county_clerk", "province_officer", "operator", "auditor"])
def test_only_approvers_commit(cast, proposed, household, part):
    with pytest.raises(NotAllowed):
        commit_review(proposed().pk, by=getattr(cast, part))


def test_the_approver_of_a_county_does_not_commit_for_the_province(cast, household):
    review = make.make_review(make.PROVINCE, state=ReviewState.FINISHED)
    with pytest.raises(NotAllowed):
        commit_review(review.pk, by=cast.county_approver)


def test_the_proposer_never_commits(cast, household):
    review = make.make_review(state=ReviewState.FINISHED, proposed_by=cast.county_approver)
    with pytest.raises(NotAllowed) as refusal:
        commit_review(review.pk, by=cast.county_approver)
    assert refusal.value.code == "same_hand"


def test_the_database_refuses_one_person_as_proposer_and_committer(cast, household):
    with pytest.raises(IntegrityError), transaction.atomic():
        make.make_review(
            proposed_by=cast.county_clerk, committed_by=cast.county_clerk,
            committed_at=timezone.now(),
        )  # fmt: skip


@pytest.mark.parametrize("state", ["proposed", "running", "committed", "cancelled"])
def test_only_a_finished_review_is_committed(cast, household, state):
    by = {"committed_by": cast.province_approver, "committed_at": timezone.now()}
    review = make.make_review(state=state, **(by if state == "committed" else {}))
    with pytest.raises(Refused) as refusal:
        commit_review(review.pk, by=cast.county_approver)
    assert refusal.value.code == "not_finished"


def test_a_dry_run_is_never_committed(cast, household):
    review = make.make_review(dry_run=True, state=ReviewState.FINISHED)
    with pytest.raises(Refused) as refusal:
        commit_review(review.pk, by=cast.county_approver)
    assert refusal.value.code == "dry_run"


def test_a_cancelled_review_makes_room_for_another(cast, county, household):
    first = propose_review(root=county, year=2019, by=cast.county_clerk)
    cancel_review(first.pk, reason="wrong year", by=cast.county_clerk)
    propose_review(root=county, year=2019, by=cast.county_clerk)


def test_a_clerk_does_not_cancel_what_was_committed(cast, committed, household):
    review = committed()
    with pytest.raises(NotAllowed):
        cancel_review(review.pk, reason="", by=cast.county_clerk)
    cancel_review(review.pk, reason="", by=cast.county_approver)


def test_a_review_with_an_accepted_proposal_is_not_cancelled(cast, committed, household):
    review = committed()
    Proposal.everywhere.filter(review=review).update(
        case=make.make_case(household), accepted_by=cast.county_clerk, accepted_at=timezone.now()
    )
    with pytest.raises(Refused) as refusal:
        cancel_review(review.pk, reason="", by=cast.county_approver)
    assert refusal.value.code == "accepted"


def test_chunks_hold_at_most_the_policys_number_of_households(cast, county):
    make_parameter(make.COUNTY, 2)
    for village in (make.VILLAGE, make.NEXT_VILLAGE, make.OTHER_TOWNSHIP_VILLAGE):
        for _ in range(2):
            make.make_survey(make.make_household(village, state=State.POOR), 2019)
    review = propose_review(root=county, year=2019, by=cast.county_clerk)
    chunks = list(review.chunks.values_list("low", "high", "households"))
    assert chunks == [
        (make.COUNTY, make.NEXT_VILLAGE, 2),
        (make.NEXT_VILLAGE, make.OTHER_TOWNSHIP, 2),
        (make.OTHER_TOWNSHIP, "970124", 2),
    ]


def make_parameter(division: str, households: int) -> None:
    PolicyParameter.objects.create(
        division_id=division, year=2014, key="review.chunk_households", value=households,
        source="test",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("finished", "Whoever proposes or commits reviews, with a posting that contains {place}"),
        ("committed", "only a county or province approver whose posting contains {place}"),
    ],
)
def test_the_refusal_says_who_can_cancel_the_one_in_the_way(
    cast, county, household, in_english, state, words
):
    first = make.make_review(make.PROVINCE, state=state)
    with pytest.raises(Overlaps) as refusal:
        propose_review(root=county, year=2019, by=cast.county_clerk)
    assert words.format(place=first.root.name) in refusal.value.message


def test_the_refusal_says_when_nobody_can_cancel_it_any_more(cast, county, household, in_english):
    first = make.make_review(make.PROVINCE, state=ReviewState.COMMITTED)
    make.make_proposal(
        first, household, accepted_at=timezone.now(), accepted_by=cast.county_clerk,
        case=make.make_case(household),
    )  # fmt: skip
    with pytest.raises(Overlaps) as refusal:
        propose_review(root=county, year=2019, by=cast.county_clerk)
    assert "nobody can cancel it any more" in refusal.value.message
