"""Undoing an acceptance: asked for by the clerk, decided by the approver, a case of its own."""

import pytest
from django.urls import reverse

from exits.actions import advance as advance_exit
from households.models import Household
from households.rules import Kind, State
from reviews.actions.accepting import accept_proposals
from reviews.actions.answering import answer_proposal
from reviews.actions.refreshing import refresh
from reviews.actions.undoing import REASON_LENGTH, advance, open_undo
from reviews.models import Answer, Proposal, Review
from tests import factories as make
from tests.procedures import reach_year_after
from tests.web.reviews.conftest import GOOD_INCOME, POOR_INCOME
from trail.errors import NotAllowed, Refused, Stale
from trail.models import Change
from workflow.errors import AlreadyOpen, Incomplete
from workflow.models import Case

pytestmark = pytest.mark.django_db


@pytest.fixture
def accepted(cast, household_of, committed) -> Proposal:
    """An exit whose case is open."""
    household_of(State.POOR, GOOD_INCOME)
    review = committed()
    accept_proposals(
        review.pk, Proposal.everywhere.values_list("pk", flat=True), by=cast.county_clerk
    )
    return Proposal.everywhere.get(review=review)


@pytest.fixture
def undo(cast, accepted) -> Case:
    return open_undo(accepted.pk, reason="填错了", by=cast.county_clerk)


def test_asking_changes_nothing_but_opens_a_case(accepted, undo):
    assert (undo.kind, undo.state, undo.closed_at) == ("undo", "requested", None)
    assert undo.facts["proposal"] == accepted.pk
    assert undo.facts["case"] == accepted.case_id
    accepted.refresh_from_db()
    assert accepted.superseded_at is None
    assert accepted.case.closed_at is None


def test_an_approved_undo_ends_the_case_and_puts_the_proposal_up_again(cast, accepted, undo):
    advance(undo.pk, "approve", by=cast.county_approver, version=1)
    accepted.refresh_from_db()
    assert accepted.superseded_at
    assert accepted.accepted_at, "the acceptance stays on record"
    assert accepted.case.state == "withdrawn"
    assert accepted.case.closed_at
    fresh = Proposal.everywhere.waiting().get()
    assert (fresh.household_id, fresh.kind) == (accepted.household_id, accepted.kind)
    undo.refresh_from_db()
    assert undo.closed_at
    assert accepted.case.events.last().evidence == {"cause": undo.pk}


def test_the_trace_tells_who_undid_what(cast, accepted, undo):
    advance(undo.pk, "approve", by=cast.county_approver, version=1)
    change = Change.objects.get(action="undo_acceptance")
    assert (change.actor_id, change.subject_id) == (cast.county_approver.pk, str(accepted.pk))
    assert change.before == {"case": accepted.case_id}
    assert change.reason == "填错了"
    assert change.origin == f"case:{undo.pk}"


def test_an_undone_proposal_is_accepted_anew_with_a_case_of_its_own(cast, accepted, undo):
    advance(undo.pk, "approve", by=cast.county_approver, version=1)
    fresh = Proposal.everywhere.waiting().get()
    [case] = accept_proposals(accepted.review_id, [fresh.pk], by=cast.county_clerk).cases
    assert case.pk != accepted.case_id
    assert Case.everywhere.filter(kind="exit", closed_at=None).get() == case


@pytest.fixture
def spring(db, calendar):
    reach_year_after(2019)


def test_undoing_gives_back_what_the_case_did_to_the_household(cast, spring, accepted):
    advance_exit(accepted.case_id, "plan", by=cast.county_approver, version=1)
    assert Household.everywhere.get().state == State.PLANNED_EXIT
    undo = open_undo(accepted.pk, reason="填错了", by=cast.county_clerk)
    advance(undo.pk, "approve", by=cast.county_approver, version=1)
    assert Household.everywhere.get().state == State.POOR
    refresh(accepted.review_id)
    assert Proposal.everywhere.waiting().get().kind == Kind.EXIT


@pytest.mark.parametrize("step", ["reject", "withdraw"])
def test_a_request_that_fails_leaves_the_acceptance(cast, accepted, undo, step):
    by = cast.county_approver if step == "reject" else cast.county_clerk
    advance(undo.pk, step, by=by, version=1, note="不撤了")
    accepted.refresh_from_db()
    assert accepted.superseded_at is None
    assert accepted.case.closed_at is None
    assert not Proposal.everywhere.waiting().exists()


@pytest.mark.parametrize("part", ["county_clerk", "auditor", "township_reviewer", "stranger"])
def test_only_the_approver_decides(cast, undo, part):
    with pytest.raises(NotAllowed):
        advance(undo.pk, "approve", by=getattr(cast, part), version=1)


@pytest.mark.parametrize("part", ["county_approver", "auditor", "province_officer", "stranger"])
def test_only_the_countys_clerk_asks(cast, accepted, part):
    with pytest.raises(NotAllowed):
        open_undo(accepted.pk, reason="填错了", by=getattr(cast, part))


@pytest.mark.parametrize("reason", ["", "  ", "长" * (REASON_LENGTH + 1)])
def test_asking_needs_a_reason(cast, accepted, reason):
    with pytest.raises(Incomplete) as refusal:
        open_undo(accepted.pk, reason=reason, by=cast.county_clerk)
    assert "reason" in refusal.value.details["fields"]


def test_a_second_request_names_the_first(cast, accepted, undo):
    with pytest.raises(AlreadyOpen) as refusal:
        open_undo(accepted.pk, reason="填错了", by=cast.county_clerk)
    assert list(refusal.value.details["cases"].values()) == [undo.pk]


def test_what_is_not_accepted_is_not_undone(cast, household_of, committed):
    household_of(State.POOR, GOOD_INCOME)
    review = committed()
    waiting = Proposal.everywhere.get(review=review)
    answered = answer_proposal(
        waiting.pk, answer=Answer.REFUSED, reason="other", text="", by=cast.county_clerk
    )
    with pytest.raises(Refused) as refusal:
        open_undo(answered.pk, reason="填错了", by=cast.county_clerk)
    assert refusal.value.code == "not_accepted"


def test_a_decided_case_is_not_undone(cast, accepted):
    advance_exit(accepted.case_id, "reject", by=cast.county_approver, version=1, note="不符合")
    with pytest.raises(Refused) as refusal:
        open_undo(accepted.pk, reason="填错了", by=cast.county_clerk)
    assert refusal.value.code == "decided"


def test_a_case_decided_after_the_request_stays_decided(cast, accepted, undo):
    advance_exit(accepted.case_id, "reject", by=cast.county_approver, version=1, note="不符合")
    with pytest.raises(Refused) as refusal:
        advance(undo.pk, "approve", by=cast.county_approver, version=1)
    assert refusal.value.code == "decided"
    undo.refresh_from_db()
    assert (undo.state, undo.closed_at) == ("requested", None)


def test_a_cancelled_review_has_nothing_to_undo(cast, accepted):
    Review.everywhere.update(state="cancelled")
    with pytest.raises(Refused) as refusal:
        open_undo(accepted.pk, reason="填错了", by=cast.county_clerk)
    assert refusal.value.code == "cancelled"


def test_a_step_on_an_old_version_is_refused(cast, undo):
    with pytest.raises(Stale):
        advance(undo.pk, "approve", by=cast.county_approver, version=2)


def page_of(client, case: Case):
    return client.get(reverse("pages:case", args=[case.pk]))


def test_the_page_of_the_request_says_what_is_to_be_undone(cast, signed_in, accepted, undo):
    page = page_of(signed_in(cast.county_approver), undo).text
    assert "填错了" in page
    assert reverse("pages:case", args=[accepted.case_id]) in page
    assert reverse("reviews:proposal", args=[accepted.review_id, accepted.pk]) in page
    assert cast.county_clerk.name in page


def test_the_reason_is_for_roles_that_read_names(cast, signed_in, undo):
    page = page_of(signed_in(cast.province_officer), undo)
    assert page.status_code == 200
    assert "填错了" not in page.text


def test_a_stranger_finds_no_request(signed_in, undo):
    stranger = signed_in(make.make_officer(make.Role.COUNTY_APPROVER, make.OTHER_COUNTY))
    assert page_of(stranger, undo).status_code == 404


def test_the_request_waits_in_the_inbox_of_the_approver(cast, signed_in, undo, in_english):
    page = signed_in(cast.county_approver).get(reverse("pages:inbox") + "?kind=undo")
    assert [row.case for row in page.context["page"].rows] == [undo]
    assert "Undo of an acceptance" in page.text


def test_the_approver_decides_on_the_page(cast, signed_in, accepted, undo):
    client = signed_in(cast.county_approver)
    url = reverse("pages:case_step", args=[undo.pk, "approve"])
    assert url in page_of(client, undo).text
    client.post(url, {"version": 1, "note": ""})
    accepted.refresh_from_db()
    assert accepted.superseded_at
    assert page_of(client, undo).status_code == 200


def test_the_clerk_withdraws_on_the_page_and_says_why(cast, signed_in, undo):
    client = signed_in(cast.county_clerk)
    url = reverse("pages:case_step", args=[undo.pk, "withdraw"])
    assert url in page_of(client, undo).text
    assert client.post(url, {"version": 1, "note": ""}).status_code == 400
    client.post(url, {"version": 1, "note": "不撤了"})
    undo.refresh_from_db()
    assert undo.state == "withdrawn"


def test_a_case_decided_meanwhile_is_told_on_the_page(cast, signed_in, accepted, undo, in_english):
    advance_exit(accepted.case_id, "reject", by=cast.county_approver, version=1, note="不符合")
    url = reverse("pages:case_step", args=[undo.pk, "approve"])
    response = signed_in(cast.county_approver).post(url, {"version": 1, "note": "同意"})
    assert response.status_code == 409
    assert "has been decided already" in response.text
    assert "A wrong exit is mended by its revocation" in response.text
    assert "同意" in response.text


def test_facts_that_changed_since_the_acceptance_make_a_fresh_proposal_after_the_undo(
    cast, accepted, undo, resurvey
):
    resurvey(accepted.household, wage_income=POOR_INCOME)
    advance(undo.pk, "approve", by=cast.county_approver, version=1)
    refresh(accepted.review_id)
    assert Proposal.everywhere.waiting().get().kind == Kind.KEEP
