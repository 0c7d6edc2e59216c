import pytest

from households.rules import Kind, State
from reviews.actions.accepting import accept_proposals
from reviews.actions.answering import (
    answer_proposal,
    answer_proposals,
    take_back_answer,
)
from reviews.actions.refreshing import refresh
from reviews.models import Answer, Proposal
from reviews.queries.acting import answerable, chosen_proposals
from reviews.queries.proposals import Wanted
from tests.web.reviews.conftest import GOOD_INCOME, POOR_INCOME
from trail.errors import NotAllowed, Refused, Stale
from trail.models import Change
from workflow.errors import Incomplete
from workflow.models import Case

pytestmark = pytest.mark.django_db


@pytest.fixture
def exit_proposal(household_of, committed) -> Proposal:
    household = household_of(State.POOR, GOOD_INCOME)
    return Proposal.everywhere.get(review=committed(), household=household)


def refuse(proposal: Proposal, by, text: str = "收入不稳定") -> Proposal:
    return answer_proposal(proposal.pk, answer=Answer.REFUSED, reason="unstable", text=text, by=by)


def test_a_refusal_keeps_who_said_what_and_leaves_a_trace(cast, exit_proposal):
    refused = refuse(exit_proposal, cast.county_clerk)
    assert (refused.answer, refused.answered_by) == (Answer.REFUSED, cast.county_clerk)
    assert refused.answer_reason == "unstable: 收入不稳定"
    change = Change.objects.get(action="refused")
    assert (change.subject_id, change.actor_id) == (str(exit_proposal.pk), cast.county_clerk.pk)
    assert change.after == {"answer": 1, "reason": "unstable: 收入不稳定"}


@pytest.mark.parametrize("part", ["county_approver", "province_officer", "auditor", "stranger"])
def test_only_the_countys_clerk_answers(cast, exit_proposal, part):
    with pytest.raises(NotAllowed):
        refuse(exit_proposal, getattr(cast, part))
    with pytest.raises(NotAllowed):
        take_back_answer(refuse(exit_proposal, cast.county_clerk).pk, by=getattr(cast, part))


def test_an_answer_needs_a_reason_of_its_list(cast, exit_proposal):
    for reason, text in [("no_such", ""), ("income", ""), ("other", "长" * 161)]:
        with pytest.raises(Incomplete):
            answer_proposal(
                exit_proposal.pk,
                answer=Answer.REFUSED,
                reason=reason,
                text=text,
                by=cast.county_clerk,
            )
    assert Proposal.everywhere.waiting().get() == exit_proposal


def test_a_proposal_to_complete_facts_is_sent_back_but_never_refused(cast, household_of, committed):
    household_of(State.POOR, None)
    committed()
    proposal = Proposal.everywhere.get()
    assert proposal.kind == Kind.COMPLETE
    with pytest.raises(Refused):
        refuse(proposal, cast.county_clerk)
    sent = answer_proposal(
        proposal.pk, answer=Answer.SENT_BACK, reason="income", text="", by=cast.county_clerk
    )
    assert (sent.answer, sent.answer_reason) == (Answer.SENT_BACK, "income")


def test_an_answered_proposal_is_neither_answered_again_nor_accepted(cast, exit_proposal):
    refuse(exit_proposal, cast.county_clerk)
    with pytest.raises(Refused):
        refuse(exit_proposal, cast.county_clerk)
    acceptance = accept_proposals(exit_proposal.review_id, [exit_proposal.pk], by=cast.county_clerk)
    assert [one.refusal.code for one in acceptance.left_out] == ["answered"]
    assert not Case.everywhere.exists()


def test_an_answer_taken_back_stays_on_record_and_a_like_proposal_waits(cast, exit_proposal):
    refuse(exit_proposal, cast.county_clerk)
    fresh = Proposal.everywhere.get(pk=take_back_answer(exit_proposal.pk, by=cast.county_clerk))
    old = Proposal.everywhere.get(pk=exit_proposal.pk)
    assert (old.answer, old.superseded_at) == (Answer.REFUSED, fresh.added_at)
    assert Proposal.everywhere.waiting().get() == fresh
    same = ("household_id", "survey_id", "kind", "state", "persons", "net_fen", "village_id")
    assert [getattr(fresh, name) for name in same] == [getattr(old, name) for name in same]
    assert Change.objects.get(action="take_back_answer").before["reason"] == old.answer_reason
    accepted = accept_proposals(fresh.review_id, [fresh.pk], by=cast.county_clerk)
    assert len(accepted.cases) == 1


def test_what_is_not_answered_has_nothing_to_take_back(cast, exit_proposal):
    with pytest.raises(Refused) as refusal:
        take_back_answer(exit_proposal.pk, by=cast.county_clerk)
    assert refusal.value.code == "no_answer"


def test_new_facts_put_a_new_proposal_in_the_place_of_an_answered_one(
    cast, household_of, committed, resurvey
):
    household = household_of(State.POOR, GOOD_INCOME)
    review = committed()
    old = refuse(Proposal.everywhere.get(review=review), cast.county_clerk)
    resurvey(household, wage_income=POOR_INCOME)
    refresh(review.pk)
    old.refresh_from_db()
    new = Proposal.everywhere.waiting().get()
    assert (old.answer, old.superseded_at) == (Answer.REFUSED, new.added_at)
    assert (new.kind, new.answer) == (Kind.KEEP, None)


def test_all_waiting_proposals_of_a_filter_are_answered_at_once(cast, household_of, committed):
    for wage in (GOOD_INCOME, GOOD_INCOME, POOR_INCOME):
        household_of(State.POOR, wage)
    review, wanted = committed(), Wanted(kind=int(Kind.EXIT))
    chosen = chosen_proposals(cast.county_clerk, review, wanted, answerable(Answer.REFUSED))
    answered = answer_proposals(
        review.pk,
        wanted,
        answer=Answer.REFUSED,
        reason="other",
        text="",
        seen=chosen.seen,
        by=cast.county_clerk,
    )
    assert answered == 2
    assert Proposal.everywhere.waiting().get().kind == Kind.KEEP
    assert Change.objects.filter(action="refused").count() == 2


def test_a_filter_that_holds_others_by_now_is_not_answered(cast, household_of, committed):
    household_of(State.POOR, GOOD_INCOME)
    review = committed()
    with pytest.raises(Stale):
        answer_proposals(
            review.pk,
            Wanted(),
            answer=Answer.REFUSED,
            reason="other",
            text="",
            seen="other",
            by=cast.county_clerk,
        )
    assert Proposal.everywhere.waiting().exists()
