"""Acting on one proposal: refused, sent back, taken back, undone, and refused with the reason."""

from collections.abc import Callable

import pytest
from django.urls import reverse

from exits.actions import advance as advance_exit
from households.rules import Kind, State
from reviews.actions.accepting import accept_proposal, digest_of
from reviews.actions.answering import answer_proposal, take_back_answer
from reviews.actions.refreshing import refresh
from reviews.actions.undoing import advance as advance_undo
from reviews.actions.undoing import open_undo
from reviews.models import Answer, Proposal, Review
from tests import factories as make
from tests.web.reviews.conftest import GOOD_INCOME, POOR_INCOME
from workflow.models import Case

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(household_of, committed) -> Review:
    """Three exits in one village, and one household that stays."""
    for _ in range(3):
        household_of(State.POOR, GOOD_INCOME)
    household_of(State.POOR, POOR_INCOME)
    return committed()


@pytest.fixture
def exits(review) -> list[Proposal]:
    return list(Proposal.everywhere.filter(review=review, kind=Kind.EXIT).order_by("household_id"))


@pytest.fixture
def clerk(cast, signed_in):
    return signed_in(cast.county_clerk)


def address(name: str, proposal: Proposal, **more: str) -> str:
    named = {"review_id": proposal.review_id, "proposal_id": proposal.pk}
    return reverse(f"reviews:{name}", kwargs=named | more)


def seen_by(proposal: Proposal) -> dict[str, str]:
    return {"seen": digest_of(proposal, proposal.survey, proposal.review)}


def accepted(proposal: Proposal, by) -> Case:
    return accept_proposal(proposal.pk, by=by, **seen_by(proposal))


@pytest.fixture
def refused(cast, exits) -> Proposal:
    return answer_proposal(
        exits[0].pk, answer=Answer.REFUSED, reason="unstable", text="看一年", by=cast.county_clerk
    )


def test_the_clerk_refuses_with_a_reason_and_the_page_says_so(cast, clerk, exits):
    url = address("answer", exits[0], answer="refuse")
    assert url in clerk.get(address("proposal", exits[0])).text
    assert clerk.get(url).status_code == 200
    clerk.post(url, {"reason": "unstable", "text": "看一年"})
    exits[0].refresh_from_db()
    assert (exits[0].answer, exits[0].answer_reason) == (Answer.REFUSED, "unstable: 看一年")
    page = clerk.get(address("proposal", exits[0])).text
    assert "看一年" in page
    assert cast.county_clerk.name in page
    assert address("accept", exits[0]) not in page


def test_a_proposal_is_sent_back_for_data(clerk, exits):
    clerk.post(address("answer", exits[0], answer="send-back"), {"reason": "income"})
    exits[0].refresh_from_db()
    assert (exits[0].answer, exits[0].answer_reason) == (Answer.SENT_BACK, "income")


def test_an_answer_without_a_reason_keeps_what_was_typed(clerk, exits):
    response = clerk.post(address("answer", exits[0], answer="refuse"), {"text": "看一年"})
    assert response.status_code == 400
    assert "reason" in response.context["form"].errors
    assert "看一年" in response.text


def test_there_is_no_other_answer(clerk, exits):
    assert clerk.get(address("answer", exits[0], answer="delete")).status_code == 404


def test_a_household_that_stays_can_be_sent_back_and_not_refused(clerk, review, in_english):
    keep = Proposal.everywhere.get(review=review, kind=Kind.KEEP)
    page = clerk.get(address("proposal", keep)).text
    assert address("answer", keep, answer="send-back") in page
    assert address("answer", keep, answer="refuse") not in page
    refusal = clerk.post(address("answer", keep, answer="refuse"), {"reason": "other"})
    assert refusal.status_code == 409
    assert "cannot be refused" in refusal.text


def test_an_answer_is_taken_back_on_the_page(clerk, refused):
    assert address("take_back", refused) in clerk.get(address("proposal", refused)).text
    response = clerk.post(address("take_back", refused))
    fresh = Proposal.everywhere.waiting().get(household=refused.household)
    assert address("proposal", fresh) in response.url
    assert clerk.get(address("take_back", refused)).url == address("proposal", refused)


def test_an_answer_that_is_gone_cannot_be_taken_back(clerk, exits):
    assert clerk.post(address("take_back", exits[0])).status_code == 409


@pytest.mark.parametrize("part", ["county_approver", "auditor", "province_officer"])
def test_others_read_and_cannot_act(cast, signed_in, refused, exits, part):
    client = signed_in(getattr(cast, part))
    for one in (refused, exits[1]):
        page = client.get(address("proposal", one)).text
        for url in (
            address("answer", one, answer="refuse"),
            address("answer", one, answer="send-back"),
            address("take_back", one),
        ):
            assert url not in page
            assert client.post(url, {"reason": "other"}).status_code == 403
    assert client.get(address("answer", exits[1], answer="refuse")).status_code == 403
    assert client.get(address("undo", exits[1])).status_code == 403


def test_what_was_written_is_for_roles_that_read_names(cast, signed_in, refused, in_english):
    assert "看一年" in signed_in(cast.auditor).get(address("proposal", refused)).text
    page = signed_in(cast.province_officer).get(address("proposal", refused)).text
    assert "看一年" not in page
    assert "the income is not stable yet" in page


def test_accepting_goes_on_to_the_next_waiting_one_of_the_filter(clerk, exits):
    query = f"?kind={int(Kind.EXIT)}"
    response = clerk.post(address("accept", exits[1]) + query, seen_by(exits[1]) | {"next": "1"})
    assert response.url == f"{address('proposal', exits[2])}{query}#decide"


def test_behind_the_last_one_the_first_one_comes_again(clerk, exits):
    response = clerk.post(address("accept", exits[2]), seen_by(exits[2]) | {"next": "1"})
    assert response.url.startswith(address("proposal", exits[0]))


def test_when_nothing_waits_any_more_the_list_comes_next(clerk, cast, exits):
    for one in exits[:2]:
        accepted(one, cast.county_clerk)
    url = address("answer", exits[2], answer="refuse")
    response = clerk.post(url + "?kind=5", {"reason": "other", "next": "1"})
    assert response.url == reverse("reviews:proposals", args=[exits[2].review_id]) + "?kind=5"


def test_the_page_leads_to_the_waiting_ones_before_and_behind(clerk, cast, exits, review):
    beside = clerk.get(address("proposal", exits[1])).context["beside"]
    assert (beside.previous, beside.next) == (exits[0].pk, exits[2].pk)
    accepted(exits[0], cast.county_clerk)
    beside = clerk.get(address("proposal", exits[1]) + "?kind=5").context["beside"]
    assert (beside.previous, beside.next) == (None, exits[2].pk)
    beside = clerk.get(address("proposal", exits[1]) + "?kind=4").context["beside"]
    keep = Proposal.everywhere.get(review=review, kind=Kind.KEEP)
    assert (beside.previous, beside.next) == (None, keep.pk)


def test_the_list_leads_to_a_proposal_under_its_filter(clerk, exits, review):
    page = clerk.get(reverse("reviews:proposals", args=[review.pk]) + "?kind=5").text
    assert f"{address('proposal', exits[0])}?kind=5" in page


def labels(history) -> list[str]:
    return [entry.label for entry in history]


def test_the_history_tells_what_changed_and_what_was_said(
    clerk, cast, refused, resurvey, review, in_english
):
    resurvey(refused.household, wage_income=POOR_INCOME)
    refresh(review.pk)
    fresh = Proposal.everywhere.waiting().get(household=refused.household)
    page = clerk.get(address("proposal", fresh))
    history = page.context["history"]
    assert labels(history) == ["Renewed: keep", "Refused", "Proposed: exit"]
    changes = {one["label"]: (one["before"], one["after"]) for one in history[0].changes}
    assert changes["Wage income"] == ("9,000.00", "1,000.00")
    assert changes["Proposal"] == ("exit", "keep")
    assert address("proposal", refused) in page.text
    assert address("proposal", fresh) in clerk.get(address("proposal", refused)).text


def test_the_history_leads_to_the_case_and_its_undo(clerk, cast, exits, in_english):
    case = accepted(exits[0], cast.county_clerk)
    undo = open_undo(exits[0].pk, reason="填错了", by=cast.county_clerk)
    page = clerk.get(address("proposal", exits[0]))
    history = page.context["history"]
    assert labels(history) == ["Undo asked for", "Accepted", "Proposed: exit"]
    assert [entry.case for entry in history] == [undo, case, None]
    assert "填错了" in page.text


def test_the_clerk_asks_for_the_undo_of_an_acceptance(clerk, cast, exits):
    accepted(exits[0], cast.county_clerk)
    url = address("undo", exits[0])
    assert url in clerk.get(address("proposal", exits[0])).text
    assert clerk.get(url).status_code == 200
    assert clerk.post(url, {"reason": ""}).status_code == 400
    response = clerk.post(url, {"reason": "填错了"})
    undo = Case.everywhere.get(kind="undo")
    assert response.url == reverse("pages:case", args=[undo.pk])
    assert url not in clerk.get(address("proposal", exits[0])).text


def test_a_second_request_to_undo_names_the_first(clerk, cast, exits):
    accepted(exits[0], cast.county_clerk)
    undo = open_undo(exits[0].pk, reason="填错了", by=cast.county_clerk)
    response = clerk.post(address("undo", exits[0]), {"reason": "又错了"})
    assert response.status_code == 409
    assert reverse("pages:case", args=[undo.pk]) in response.text
    assert "又错了" in response.text


def test_a_decided_case_is_not_undone_and_the_page_says_so(clerk, cast, exits, in_english):
    case = accepted(exits[0], cast.county_clerk)
    advance_exit(case.pk, "reject", by=cast.county_approver, version=1, note="不符合")
    page = clerk.get(address("proposal", exits[0]))
    assert address("undo", exits[0]) not in page.text
    assert "has been decided already" in page.text
    assert clerk.get(address("undo", exits[0])).status_code == 409


@pytest.fixture
def pressed(clerk, exits) -> Callable[[], object]:
    """The clerk presses "accept" on the page that he had opened before."""
    return lambda: clerk.post(address("accept", exits[0]), seen_by(exits[0]))


def test_one_accepted_meanwhile_names_who_and_when(pressed, exits):
    other = make.make_officer(make.Role.COUNTY_CLERK, make.COUNTY)
    accepted(exits[0], other)
    response = pressed()
    assert response.status_code == 409
    assert other.name in response.text
    assert response.context["refusal"].details["at"]
    assert Case.everywhere.count() == 1


def test_one_answered_meanwhile_names_the_answer(cast, pressed, refused, in_english):
    response = pressed()
    assert response.status_code == 409
    assert f"refused ({cast.county_clerk})" in response.text


def test_a_superseded_one_leads_to_the_proposal_that_stands_now(
    pressed, exits, resurvey, review, in_english
):
    resurvey(exits[0].household, wage_income=GOOD_INCOME + 1)
    refresh(review.pk)
    standing = Proposal.everywhere.waiting().get(household=exits[0].household)
    response = pressed()
    assert response.status_code == 409
    assert address("proposal", standing) in response.text
    assert "9,001.00" in response.text
    assert "A newer proposal has taken the place" in response.text


def test_changed_facts_are_shown_and_the_renewal_is_promised(pressed, exits, resurvey, in_english):
    resurvey(exits[0].household, wage_income=POOR_INCOME)
    response = pressed()
    assert response.status_code == 409
    assert "1,000.00" in response.text
    assert "The proposal is being renewed" in response.text


def test_an_open_case_of_the_kind_is_linked(pressed, exits):
    case = make.make_case(exits[0].household)
    response = pressed()
    assert response.status_code == 409
    assert reverse("pages:case", args=[case.pk]) in response.text


def test_a_cancelled_review_says_so_on_the_page_and_after_the_press(
    pressed, clerk, exits, review, in_english
):
    Review.everywhere.filter(pk=review.pk).update(state="cancelled")
    response = pressed()
    assert response.status_code == 409
    assert "This review was cancelled" in response.text
    assert "This review was cancelled" in clerk.get(address("proposal", exits[0])).text
    url = address("answer", exits[0], answer="refuse")
    assert clerk.post(url, {"reason": "other", "text": "看一年"}).status_code == 409


def test_a_refused_answer_keeps_what_was_typed(clerk, cast, exits, in_english):
    accepted(exits[0], cast.county_clerk)
    url = address("answer", exits[0], answer="refuse")
    response = clerk.post(url, {"reason": "unstable", "text": "看一年"})
    assert response.status_code == 409
    assert "看一年" in response.text
    assert "the income is not stable yet" in response.text
    assert clerk.get(url).status_code == 409


def test_the_conflict_speaks_chinese(pressed, cast, exits):
    accepted(exits[0], cast.county_clerk)
    assert "该建议已受理" in pressed().text


def test_the_page_of_a_proposal_costs_the_same_queries_for_any_history(
    clerk, cast, exits, django_assert_num_queries
):
    waiting = exits[0].pk
    for _ in range(3):
        answer_proposal(
            waiting, answer=Answer.SENT_BACK, reason="income", text="", by=cast.county_clerk
        )
        waiting = take_back_answer(waiting, by=cast.county_clerk)
    url = address("proposal", Proposal.everywhere.get(pk=waiting))
    assert len(clerk.get(url).context["history"]) == 7
    with django_assert_num_queries(21):
        clerk.get(url)


def test_after_an_undo_the_panel_says_that_the_acceptance_was_undone_and_by_whom(
    clerk, cast, exits, in_english
):
    accepted(exits[0], cast.county_clerk)
    undo = open_undo(exits[0].pk, reason="填错了", by=cast.county_clerk)
    assert "The acceptance was undone" not in clerk.get(address("proposal", exits[0])).text
    advance_undo(undo.pk, "approve", by=cast.county_approver, version=1)
    panel = clerk.get(address("proposal", exits[0])).text.split('id="decide"')[1]
    said = f"The acceptance was undone by {cast.county_approver.name} on "
    assert said in panel.split("</section>")[0]
    fresh = Proposal.everywhere.waiting().get(household=exits[0].household)
    assert "The acceptance was undone" not in clerk.get(address("proposal", fresh)).text
