"""Two at once on one proposal: one case at most, never on facts that nobody saw, nothing lost.

Each race has a household of its own. Two officers, or an officer and what changes the register,
begin at one moment, each on a connection of his own.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import transaction

from divisions.models import Division
from households.models import Household, Member, Survey
from households.rules import Kind
from officers.models import Officer
from officers.rules import Role
from reviews.actions.accepting import accept_proposal, accept_proposals, digest_of
from reviews.actions.answering import answer_proposal
from reviews.actions.batches import drive as drive_batch
from reviews.actions.chunks import drive
from reviews.actions.proposing import cancel_review, commit_review, propose_review
from reviews.actions.refreshing import refresh
from reviews.actions.undoing import advance as advance_undo
from reviews.actions.undoing import open_undo
from reviews.models import Answer, Proposal, Review, ReviewState
from tests import factories as make
from tests.cast import Cast, hire_all
from tests.faults.workflow.test_races import RACES, poor_households, together
from trail.errors import Refused, Stale
from trail.rules import digest
from workflow.models import Case


@pytest.fixture
def cast(real_database: str) -> Cast:
    make.plant_tree()
    return hire_all()


@pytest.fixture
def second(cast) -> Officer:
    return make.make_officer(Role.COUNTY_CLERK, make.COUNTY)


@pytest.fixture
def races(full_counts: bool) -> int:
    return RACES if full_counts else RACES // 20


@pytest.fixture
def proposals(cast, races) -> list[Proposal]:
    """As many exits as there are races, of a committed review of the county."""
    households = poor_households(races)
    Member.objects.bulk_create(
        Member(
            household=one,
            person_number=f"P{one.pk}",
            name="陈大山",
            relation="01",
            no_id_reason="9",
            sex="1",
            birth_date=date(1960, 1, 1),
        )
        for one in households
    )
    found = committed(cast)
    assert len(found) == races
    return found


def committed(cast: Cast) -> list[Proposal]:
    """The exits that a committed review of the county proposes for those who have none yet."""
    review = propose_review(
        root=Division.objects.get(pk=make.COUNTY), year=2019, by=cast.county_clerk
    )
    drive(review.pk)
    commit_review(review.pk, by=cast.county_approver)
    return list(
        Proposal.everywhere.waiting()
        .filter(review=review, kind=Kind.EXIT)
        .select_related("household", "survey", "review__standard")
        .order_by("pk")
    )


def accepting(proposal: Proposal, by: Officer) -> Callable[[], Case]:
    """The officer read the page of the proposal and presses the button."""
    seen = digest_of(proposal, proposal.survey, proposal.review)
    return lambda: accept_proposal(proposal.pk, seen=seen, by=by)


def cases_of(proposal: Proposal) -> list[Case]:
    """Every case of the household, those on undoing left out."""
    return list(Case.everywhere.about("exit", proposal.household.number))


def assert_sound(proposal: Proposal) -> None:
    """One proposal in force at most one case, which holds just what the officer saw."""
    standing = Proposal.everywhere.in_force().get(
        review=proposal.review, household=proposal.household
    )
    cases = cases_of(proposal)
    assert len(cases) <= 1
    assert [case.pk for case in cases] == ([standing.case_id] if standing.case_id else [])
    for case in cases:
        assert case.facts_hash == digest(case.facts)
        assert case.facts_hash == digest_of(proposal, proposal.survey, proposal.review)


def refusals(outcomes: list[Any]) -> list[Refused]:
    return [one for one in outcomes if isinstance(one, Refused)]


def test_of_two_officers_on_one_proposal_one_accepts_and_the_other_is_told_who(
    cast, second, proposals
):
    for one in proposals:
        outcomes = together(accepting(one, cast.county_clerk), accepting(one, second))
        [lost] = refusals(outcomes)
        assert lost.code == "accepted"
        winner = Proposal.everywhere.select_related("accepted_by").get(pk=one.pk).accepted_by
        assert str(winner) in lost.details["differences"][0]["after"]
        assert len(cases_of(one)) == 1
        assert Case.everywhere.get(subject=one.household.number).proposed_by == winner


def test_a_batch_and_a_single_acceptance_open_one_case(cast, second, proposals):
    for one in proposals:
        batch = make.make_acceptance(
            one.review,
            division_id=make.COUNTY,
            proposals=[one.pk],
            expected=1,
            by=cast.county_clerk,
        )
        single, _driven = together(accepting(one, second), lambda key=batch.pk: drive_batch(key))
        drive_batch(batch.pk)
        batch.refresh_from_db()
        assert batch.state == "done"
        assert batch.accepted == (1 if isinstance(single, Refused) else 0)
        assert batch.accepted + batch.left_out == 1
        if not batch.accepted:
            assert batch.rows.get().code == "accepted"
        assert len(cases_of(one)) == 1


@transaction.atomic
def correct(household: Household, survey: Survey) -> bool:
    """A survey that corrects the one of the year, written as every import writes: under the lock
    of the household. Returns whether its case had been opened by then.
    """
    Household.everywhere.select_for_update().get(pk=household.pk)
    had_case = Case.everywhere.about("exit", household.number).exists()
    make.make_survey(household, 2019, corrects=survey, persons=1, wage_income=20_000)
    return had_case


@transaction.atomic
def end_membership(household: Household, _survey: Survey) -> bool:
    """A member leaves; see `correct`."""
    Household.everywhere.select_for_update().get(pk=household.pk)
    had_case = Case.everywhere.about("exit", household.number).exists()
    household.members.update(end_date=date(2019, 12, 1), end_reason="1")
    return had_case


def test_no_case_is_opened_on_facts_that_changed_before_it(cast, proposals):
    """Whoever changes the facts sees under the lock whether a case is open: if none is, then none
    is opened on the facts of before."""
    changes = [correct, end_membership]
    for place, one in enumerate(proposals):
        change = changes[place % len(changes)]
        outcome, had_case = together(
            accepting(one, cast.county_clerk),
            lambda change=change, one=one: change(one.household, one.survey),
        )
        assert isinstance(outcome, Case) == had_case
        if not had_case:
            assert isinstance(outcome, Stale)
            assert not cases_of(one)
        else:
            [case] = cases_of(one)
            assert case.facts_hash == digest(case.facts)
            assert case.facts["survey"] == one.survey_id


def test_an_acceptance_and_a_refusal_leave_one_decision(cast, second, proposals):
    for one in proposals:
        outcomes = together(
            accepting(one, cast.county_clerk),
            lambda key=one.pk: answer_proposal(
                key, answer=Answer.REFUSED, reason="other", text="", by=second
            ),
        )
        [lost] = refusals(outcomes)
        assert lost.code in ("accepted", "answered")
        standing = Proposal.everywhere.get(pk=one.pk)
        assert (standing.case_id is None) == (standing.answer is not None)
        assert_sound(one)


def test_an_acceptance_and_a_refresh_lose_no_proposal(cast, proposals):
    """The facts changed before both: nothing is accepted on the old ones, one proposal stands."""
    for one in proposals:
        correct(one.household, one.survey)
        outcome, _refreshed = together(
            lambda key=one.pk, review=one.review_id: accept_proposals(
                review, [key], by=cast.county_clerk
            ),
            lambda review=one.review_id: refresh(review),
        )
        assert outcome.cases == []
        assert [row.refusal.code for row in outcome.left_out] in (["changed"], ["superseded"])
        standing = Proposal.everywhere.in_force().get(review=one.review, household=one.household)
        assert standing.pk != one.pk
        assert standing.survey.wage_income == 20_000
        assert not cases_of(one)


def test_an_acceptance_and_a_cancelling_never_both_succeed(cast, races, proposals):
    """Each race has a committed review of its own, of one household."""
    Review.everywhere.update(state=ReviewState.CANCELLED)
    for one in proposals:
        review = make.make_review(
            make.COUNTY,
            state=ReviewState.COMMITTED,
            committed_by=cast.county_approver,
            committed_at=one.review.committed_at,
        )
        fresh = make.make_proposal(
            review, one.household, kind=Kind.EXIT, survey=one.survey, persons=one.persons
        )
        outcomes = together(
            accepting(fresh, cast.county_clerk),
            lambda key=review.pk: cancel_review(key, reason="错", by=cast.county_approver),
        )
        [lost] = refusals(outcomes)
        assert lost.code in ("accepted", "cancelled")
        cancelled = Review.everywhere.get(pk=review.pk).state == ReviewState.CANCELLED
        assert len(cases_of(fresh)) == (0 if cancelled else 1)
        assert_sound(fresh)
        Review.everywhere.filter(pk=review.pk).update(state=ReviewState.CANCELLED)


def test_an_undo_and_a_second_acceptance_leave_one_open_case(cast, second, proposals, races):
    """While the approver undoes the first acceptance, another clerk presses the old button."""
    for one in proposals[: max(5, races // 5)]:
        accepting(one, cast.county_clerk)()
        undo = open_undo(one.pk, reason="错", by=cast.county_clerk)
        outcome, _undone = together(
            accepting(one, second),
            lambda key=undo.pk: advance_undo(key, "approve", by=cast.county_approver, version=1),
        )
        assert isinstance(outcome, Refused)
        assert outcome.code in ("accepted", "superseded")
        assert Proposal.everywhere.waiting().filter(household=one.household).count() == 1
        assert not Case.everywhere.about("exit", one.household.number).open().exists()
