from datetime import timedelta

import pytest
from django.utils import timezone

from households.models import Household
from households.rules import Kind, State
from reviews.actions.accepting import accept_proposal, accept_proposals, digest_of
from reviews.actions.refreshing import refresh
from reviews.models import Proposal, Review
from reviews.queries.acting import CASE_KINDS
from tests import factories as make
from tests.web.exchange.logged import logged, of_case
from tests.web.reviews.conftest import GOOD_INCOME, POOR_INCOME, RISKY_INCOME
from trail.errors import NotAllowed, Refused, Stale
from trail.models import Change
from trail.rules import digest
from workflow.errors import AlreadyOpen
from workflow.models import Case, CaseEvent

pytestmark = pytest.mark.django_db

ACCEPTABLE = [
    (State.ORDINARY, POOR_INCOME, Kind.IDENTIFY),
    (State.EXITED, POOR_INCOME, Kind.REINCLUDE),
    (State.EXITED, RISKY_INCOME, Kind.WATCH),
    (State.POOR, GOOD_INCOME, Kind.EXIT),
]


def proposal_of(household: Household, review: Review) -> Proposal:
    return Proposal.everywhere.in_force().get(review=review, household=household)


def seen(proposal: Proposal, review: Review) -> str:
    return digest_of(proposal, proposal.survey, review)


@pytest.mark.parametrize(("state", "wage", "kind"), ACCEPTABLE)
def test_an_accepted_proposal_opens_the_case_of_its_kind(
    cast, household_of, committed, state, wage, kind
):
    household = household_of(state, wage)
    review = committed()
    proposal = proposal_of(household, review)
    assert proposal.kind == kind
    case = accept_proposal(proposal.pk, seen=seen(proposal, review), by=cast.county_clerk)
    assert (case.kind, case.subject, case.division_id) == (
        CASE_KINDS[kind],
        household.number,
        household.village_id,
    )
    proposal.refresh_from_db()
    assert (proposal.case, proposal.accepted_by) == (case, cast.county_clerk)
    assert Change.objects.get(action="accept").after == {"case": case.pk}


def test_what_is_accepted_is_logged_for_other_systems(cast, one_of_each, committed):
    review = committed()
    proposals = [proposal_of(one, review).pk for one in one_of_each[:3]]
    entries = logged(lambda: accept_proposals(review.pk, proposals, by=cast.county_clerk))
    assert entries == {of_case(case) for case in Case.everywhere.all()}
    assert len(entries) == 3


def test_the_case_holds_facts_standard_and_finding_under_one_hash(cast, household_of, committed):
    household = household_of(State.POOR, GOOD_INCOME)
    review = committed()
    proposal = proposal_of(household, review)
    case = accept_proposal(proposal.pk, seen=seen(proposal, review), by=cast.county_clerk)
    facts = Case.everywhere.get(pk=case.pk).facts
    assert facts["survey"] == household.surveys.get().pk
    assert facts["facts"]["wage_income"] == "9000.00"
    assert facts["standard"]["line"] == "3218.00"
    assert facts["standard"]["hash"] == review.standard_hash
    assert facts["finding"]["net_income"] == facts["finding"]["per_capita"] == "9000.00"
    assert facts["finding"]["exit_ready"] is True
    assert case.facts_hash == digest(facts) == CaseEvent.objects.get(case=case).facts_hash


def test_accepting_does_not_change_the_household(cast, household_of, committed):
    household = household_of()
    review = committed()
    accept_proposals(review.pk, [proposal_of(household, review).pk], by=cast.county_clerk)
    household.refresh_from_db()
    assert household.state == State.POOR


@pytest.mark.parametrize("part", ["county_approver", "province_officer", "operator", "auditor"])
def test_only_the_county_clerk_accepts(cast, household_of, committed, part):
    household = household_of()
    review = committed()
    proposal = proposal_of(household, review)
    with pytest.raises(NotAllowed):
        accept_proposal(proposal.pk, seen="", by=getattr(cast, part))


def test_a_clerk_of_another_county_accepts_nothing(cast, household_of, committed):
    household = household_of()
    review = committed()
    proposal = proposal_of(household, review)
    with pytest.raises(NotAllowed):
        accept_proposal(proposal.pk, seen="", by=cast.stranger)
    with pytest.raises(NotAllowed):
        accept_proposals(review.pk, [proposal.pk], by=cast.stranger)
    assert not Case.everywhere.exists()


def test_nothing_is_accepted_before_another_officer_committed(cast, household_of, proposed):
    household = household_of()
    review = proposed()
    with pytest.raises(Refused) as refusal:
        accept_proposals(review.pk, [proposal_of(household, review).pk], by=cast.county_clerk)
    assert refusal.value.code == "not_committed"


def test_a_dry_run_is_never_accepted(cast, household_of, committed):
    household = household_of()
    review = committed()
    dry = make.make_review(dry_run=True, state="finished")
    proposal = make.make_proposal(dry, household, Kind.EXIT, survey=household.surveys.get())
    with pytest.raises(Refused) as refusal:
        accept_proposal(proposal.pk, seen="", by=cast.county_clerk)
    assert (refusal.value.code, review.dry_run) == ("dry_run", False)


@pytest.mark.parametrize(("state", "wage"), [(State.POOR, POOR_INCOME), (State.POOR, None)])
def test_keep_and_complete_cannot_be_accepted(cast, household_of, committed, state, wage):
    household = household_of(state, wage)
    review = committed()
    with pytest.raises(Refused) as refusal:
        accept_proposal(proposal_of(household, review).pk, seen="", by=cast.county_clerk)
    assert refusal.value.code == "not_acceptable"


def test_changed_facts_are_refused_with_the_difference(cast, household_of, committed, resurvey):
    household = household_of(State.POOR, GOOD_INCOME)
    review = committed()
    proposal = proposal_of(household, review)
    resurvey(household, wage_income=POOR_INCOME)
    with pytest.raises(Stale) as refusal:
        accept_proposal(proposal.pk, seen=seen(proposal, review), by=cast.county_clerk)
    shown = {(one["before"], one["after"]) for one in refusal.value.details["differences"]}
    assert ("9,000.00", "1,000.00") in shown
    assert not Case.everywhere.exists()


def test_a_superseded_proposal_is_refused(cast, household_of, committed, resurvey):
    household = household_of(State.POOR, GOOD_INCOME)
    review = committed()
    proposal = proposal_of(household, review)
    resurvey(household, wage_income=GOOD_INCOME + 1)
    refresh(review.pk)
    with pytest.raises(Stale):
        accept_proposal(proposal.pk, seen=seen(proposal, review), by=cast.county_clerk)


def test_what_the_officer_saw_must_be_what_is_accepted(cast, household_of, committed):
    household = household_of()
    review = committed()
    with pytest.raises(Stale):
        accept_proposal(proposal_of(household, review).pk, seen="other", by=cast.county_clerk)
    assert not Case.everywhere.exists()


def test_a_second_acceptance_is_refused(cast, household_of, committed):
    household = household_of()
    review = committed()
    proposal = proposal_of(household, review)
    accept_proposals(review.pk, [proposal.pk], by=cast.county_clerk)
    with pytest.raises(Refused) as refusal:
        accept_proposal(proposal.pk, seen=seen(proposal, review), by=cast.county_clerk)
    assert refusal.value.code == "accepted"


def test_an_open_case_of_the_kind_is_named_and_refused(cast, household_of, committed):
    household = household_of(State.POOR, GOOD_INCOME)
    review = committed()
    proposal = proposal_of(household, review)
    case = make.make_case(household, "exit")
    with pytest.raises(AlreadyOpen) as refusal:
        accept_proposal(proposal.pk, seen=seen(proposal, review), by=cast.county_clerk)
    assert refusal.value.details["cases"] == {household.number: case.pk}


def test_a_batch_leaves_out_what_cannot_be_accepted_and_names_it(
    cast, household_of, committed, resurvey
):
    fine, changed, busy, kept = (
        household_of(State.POOR, wage)
        for wage in (GOOD_INCOME, GOOD_INCOME, GOOD_INCOME, POOR_INCOME)
    )
    review = committed()
    resurvey(changed, wage_income=POOR_INCOME)
    make.make_case(busy, "exit")
    proposals = [proposal_of(one, review).pk for one in (fine, changed, busy, kept)]
    acceptance = accept_proposals(review.pk, proposals, by=cast.county_clerk)
    assert [case.subject for case in acceptance.cases] == [fine.number]
    assert [(one.proposal.household_id, one.refusal.code) for one in acceptance.left_out] == [
        (changed.pk, "changed"),
        (busy.pk, "already_open"),
        (kept.pk, "not_acceptable"),
    ]


def test_a_batch_costs_the_same_queries_for_any_number(
    cast, household_of, committed, django_assert_max_num_queries
):
    households = [household_of() for _ in range(12)]
    review = committed()
    proposals = [proposal_of(one, review).pk for one in households]
    with django_assert_max_num_queries(31):
        acceptance = accept_proposals(review.pk, proposals, by=cast.county_clerk)
    assert len(acceptance.cases) == 12


def test_an_officer_whose_posting_ended_accepts_nothing(cast, household_of, committed):
    household = household_of()
    review = committed()
    proposal = proposal_of(household, review)
    assert cast.county_clerk.posting
    cast.county_clerk.postings.update(ends_on=timezone.localdate() - timedelta(days=1))
    with pytest.raises(NotAllowed):
        accept_proposal(proposal.pk, seen=seen(proposal, review), by=cast.county_clerk)
