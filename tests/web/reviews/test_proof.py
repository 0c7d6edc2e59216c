"""A review is proved by recomputing it: what comes out the same, what is found, who may ask."""

import json

import pytest
from django.db import connection
from django.db.utils import IntegrityError

from households.models import Survey
from households.rules import Kind, State
from reviews.actions.chunks import drive
from reviews.actions.proposing import propose_dry_run, propose_review
from reviews.actions.refreshing import refresh
from reviews.actions.splitting import split
from reviews.actions.verifying import ask_to_verify, verify_review
from reviews.models import Proposal, Review, ReviewVillage, Verification
from tests import factories as make
from tests.web.reviews.conftest import GOOD_INCOME, POOR_INCOME, change_state
from tests.web.reviews.proofs import tamper, verified
from trail.errors import NotAllowed, Refused
from trail.models import Change
from trail.rules import digest
from workflow.models import CaseEvent, PolicyParameter

pytestmark = pytest.mark.django_db


def test_an_untouched_review_comes_out_the_same(cast, review_of_each):
    found = verified(cast, review_of_each)
    assert (found.proposals, found.differences, found.examples) == (6, 0, [])
    assert (found.input_hash, found.standard_hash, found.result_hash) == (
        review_of_each.input_hash, review_of_each.standard_hash, review_of_each.result_hash,
    )  # fmt: skip
    assert found.is_same


@pytest.mark.parametrize(
    ("setting", "column"),
    [
        ("kind = 4", "kind"),
        ("net_fen = net_fen + 1", "net"),
        ("net_fen = NULL", "known"),
        ("lacks = 0", "lacks"),
        ("gaps = 1", "gaps"),
        ("persons = persons + 1", "persons"),
        ("survey_id = survey_id + 1", "survey"),
    ],
)
def test_a_tampered_proposal_is_found_and_named(cast, one_of_each, review_of_each, setting, column):
    tamper("reviews_proposal", setting, "household_id = %s", one_of_each[1].pk)
    found = verified(cast, review_of_each)
    assert (found.differences, found.is_same) == (1, False)
    named = [(one["household"], one["column"]) for one in found.examples if "household" in one]
    assert (one_of_each[1].number, column) in named


def test_a_tampered_survey_is_found_by_the_proposal_that_rests_on_it(
    cast, one_of_each, review_of_each
):
    tamper("households_survey", "wage_income = 9999", "household_id = %s", one_of_each[1].pk)
    found = verified(cast, review_of_each)
    assert found.differences == 1
    assert found.examples[0]["household"] == one_of_each[1].number


def test_a_tampered_state_changes_the_hash_of_its_village(cast, one_of_each, review_of_each):
    tamper("reviews_proposal", "state = 4, kind = 2", "household_id = %s", one_of_each[1].pk)
    found = verified(cast, review_of_each)
    assert (found.differences, found.is_same) == (0, False)
    assert {(one["village"], one["column"]) for one in found.examples} == {
        (make.VILLAGE, "input_hash"), (make.VILLAGE, "result_hash"),
    }  # fmt: skip


def test_a_proposal_that_was_removed_is_missed(cast, one_of_each, review_of_each):
    Proposal.everywhere.filter(household=one_of_each[3]).delete()
    found = verified(cast, review_of_each)
    assert {one["village"] for one in found.examples} == {make.OTHER_TOWNSHIP_VILLAGE}
    assert not found.is_same


def test_a_tampered_standard_is_found_and_named(cast, review_of_each):
    tamper("households_standard", "line = 900, monitoring_line = 900", "id = %s",
           review_of_each.standard_id)  # fmt: skip
    found = verified(cast, review_of_each)
    assert found.standard_hash != review_of_each.standard_hash
    assert found.examples[-1]["column"] == "standard_hash"
    assert {one["column"] for one in found.examples if "household" in one} == {"lacks", "kind"}
    assert not found.is_same


def test_a_tampered_hash_of_the_review_is_found(cast, review_of_each):
    Review.everywhere.filter(pk=review_of_each.pk).update(result_hash="0" * 64)
    assert not verified(cast, review_of_each).is_same


def test_what_refreshes_added_is_recomputed_as_well(cast, one_of_each, review_of_each, resurvey):
    resurvey(one_of_each[0], wage_income=POOR_INCOME)
    refresh(review_of_each.pk)
    assert (verified(cast, review_of_each).proposals, verified(cast, review_of_each).is_same) == (
        7,
        True,
    )
    tamper("reviews_proposal", "lacks = 0", "added_at IS NOT NULL")
    found = verified(cast, review_of_each)
    assert [one["household"] for one in found.examples] == [one_of_each[0].number]


def test_later_changes_of_the_register_do_not_touch_the_proof(
    cast, one_of_each, review_of_each, resurvey
):
    resurvey(one_of_each[1], wage_income=GOOD_INCOME)
    make.make_member(one_of_each[4])
    change_state(one_of_each[2], State.CANCELLED)
    type(one_of_each[3]).everywhere.filter(pk=one_of_each[3].pk).update(village_id=make.VILLAGE)
    refresh(review_of_each.pk)
    assert verified(cast, review_of_each).is_same


def test_a_household_that_needs_attention_is_not_read_again(cast, county, one_of_each):
    survey = Survey.objects.get(household=one_of_each[0])
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "ALTER TABLE reviews_proposal ADD CONSTRAINT closed CHECK"
            f" (household_id <> {one_of_each[0].pk} OR kind = {Kind.ATTENTION.value}) NOT VALID"
        )
    review = propose_review(root=county, year=2019, by=cast.county_clerk)
    drive(review.pk)
    assert Proposal.everywhere.get(household=one_of_each[0]).survey_id == survey.pk
    assert verified(cast, review).is_same


def test_the_evidence_of_an_accepted_proposal_is_that_of_its_case(cast, accepted_of_each):
    assert verified(cast, accepted_of_each.review).is_same
    assert Change.objects.get(action="verify").after["accepted"] == 1


def test_the_evidence_still_holds_when_the_household_has_changed(cast, accepted_of_each, resurvey):
    resurvey(accepted_of_each.household, wage_income=GOOD_INCOME)
    change_state(accepted_of_each.household, State.RELAPSED)
    assert verified(cast, accepted_of_each.review).is_same


@pytest.mark.parametrize("also_hash", [False, True])
def test_tampered_evidence_of_a_case_is_found_and_named(cast, accepted_of_each, also_hash):
    event = CaseEvent.objects.get(case=accepted_of_each.case, seq=1)
    facts = event.facts | {"persons": 9}
    hashed = digest(facts) if also_hash else event.facts_hash
    tamper("workflow_caseevent", "facts = %s::jsonb, facts_hash = %s", "id = %s",
           json.dumps(facts), hashed, event.pk)  # fmt: skip
    found = verified(cast, accepted_of_each.review)
    assert found.differences == 1
    [example] = found.examples
    assert (example["household"], example["case"]) == (
        accepted_of_each.household.number,
        accepted_of_each.case_id,
    )


def test_the_same_facts_give_the_same_hashes_however_the_work_was_divided(
    cast, county, one_of_each, review_of_each
):
    PolicyParameter.objects.create(
        division_id=make.PROVINCE, year=2014, key="review.chunk_households", value=1, source="test"
    )
    small = propose_dry_run(root=county, year=2019, by=cast.county_clerk)
    small.chunks.update(attempts=9)
    broken = propose_dry_run(root=county, year=2019, by=cast.county_clerk)
    for chunk in broken.chunks.all():
        split(chunk)
    hashes = set()
    for one in (small, broken):
        drive(one.pk)
        one.refresh_from_db()
        hashes.add((one.input_hash, one.standard_hash, one.result_hash))
    assert small.chunks.count() > review_of_each.chunks.count()
    assert hashes == {
        (review_of_each.input_hash, review_of_each.standard_hash, review_of_each.result_hash)
    }


def test_a_dry_run_of_a_draft_stays_proved_after_its_publication(cast, county, one_of_each):
    draft = make.make_draft(line="5000.00", prepared_by=cast.province_officer)
    review = propose_dry_run(root=county, year=2019, by=cast.county_clerk, standard=draft)
    drive(review.pk)
    draft.number = 99_999
    tamper("households_standard", "number = 99999, published_at = now(), content_hash = %s",
           "id = %s", draft.digest(), draft.pk)  # fmt: skip
    assert verified(cast, review).is_same


@pytest.mark.parametrize("part", ["county_clerk", "township_reviewer", "stranger", "city_reviewer"])
def test_others_than_auditors_and_approvers_do_not_recompute(cast, review_of_each, part):
    for act in (verify_review, ask_to_verify):
        with pytest.raises(NotAllowed):
            act(review_of_each.pk, by=getattr(cast, part))


@pytest.mark.parametrize("part", ["auditor", "county_approver", "province_approver", "operator"])
def test_auditors_and_approvers_recompute(cast, review_of_each, part):
    by = getattr(cast, part)
    assert verify_review(review_of_each.pk, by=by).by == by
    assert Change.objects.get(action="verify").actor_id == by.pk


def test_an_unfinished_review_is_refused(cast, household):
    review = make.make_review(proposed_by=cast.county_clerk)
    with pytest.raises(Refused) as refusal:
        verified(cast, review)
    assert refusal.value.code == "not_finished"


def test_a_recomputation_is_kept_for_good(cast, review_of_each):
    found = verified(cast, review_of_each)
    with pytest.raises(IntegrityError):
        Verification.objects.filter(pk=found.pk).update(differences=0)


def test_villages_without_first_run_are_no_difference(cast, review_of_each, household_of):
    household_of(village=make.NEXT_VILLAGE)
    refresh(review_of_each.pk)
    assert (
        ReviewVillage.objects.get(review=review_of_each, village=make.NEXT_VILLAGE).result_hash
        == ""
    )
    assert verified(cast, review_of_each).is_same
