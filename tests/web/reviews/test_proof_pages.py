"""The command and the pages that recompute a review, and one proposal alone."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from households.rules import Kind
from officers.rules import Role
from reviews import tasks
from reviews.actions.refreshing import refresh
from reviews.actions.verifying import ask_to_verify
from reviews.models import Proposal, Verification
from tests import factories as make
from tests.web.reviews.conftest import GOOD_INCOME
from tests.web.reviews.pages import page_of
from tests.web.reviews.proofs import tamper, verified
from trail.errors import NotAllowed
from trail.models import Change
from workflow.models import Case

pytestmark = pytest.mark.django_db


def verify(number: int | str, *more: str) -> int:
    """The exit status of the command."""
    try:
        call_command("verify_review", str(number), *more)
    except CommandError as refusal:
        return refusal.returncode
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def test_the_command_says_the_same_with_status_0(review_of_each, capsys, in_english):
    assert verify(review_of_each.pk) == 0
    out = capsys.readouterr().out
    assert "6 proposals recomputed, 0 differ." in out
    assert f"Result: {review_of_each.result_hash} the same" in out
    assert Verification.objects.get().by.username == "operator"


def test_the_command_names_differences_with_status_1(
    one_of_each, review_of_each, capsys, in_english
):
    tamper("reviews_proposal", "kind = 4", "household_id = %s", one_of_each[1].pk)
    assert verify(review_of_each.pk) == 1
    out = capsys.readouterr().out
    assert f"household {one_of_each[1].number} · Proposal: keep → re-include" in out


@pytest.mark.parametrize("more", [(), ("--by=nobody-here",), ("--by=stranger",)])
def test_the_command_refuses_with_status_2(cast, household, more):
    number = make.make_review().pk if more else 999_999
    assert verify(number, *more) == 2
    assert not Verification.objects.exists()


def test_the_command_refuses_an_unfinished_review_with_status_2(cast, household):
    assert verify(make.make_review().pk) == 2


def test_the_page_shows_the_three_values_and_what_was_recomputed(
    cast, signed_in, review_of_each, in_english
):
    verified(cast, review_of_each)
    page = page_of(signed_in(cast.county_clerk), "proof", review_of_each).text
    for value in (
        review_of_each.input_hash,
        review_of_each.standard_hash,
        review_of_each.result_hash,
    ):
        assert value in page
    assert "the three values came out again" in page
    assert cast.auditor.name in page
    assert reverse("reviews:verify", args=[review_of_each.pk]) not in page


def test_the_page_shows_the_first_differences(
    cast, signed_in, one_of_each, review_of_each, in_english
):
    tamper("reviews_proposal", "kind = 4", "household_id = %s", one_of_each[1].pk)
    verified(cast, review_of_each)
    page = page_of(signed_in(cast.auditor), "proof", review_of_each)
    [example] = page.context["proof"].examples
    assert (example.stored, example.recomputed) == ("keep", "re-include")
    assert "1 does not follow from the facts that it names" in page.text


def test_who_sees_a_part_alone_reads_no_example_of_the_rest(
    cast, signed_in, one_of_each, review_of_each
):
    tamper("reviews_proposal", "kind = 4", "household_id = %s", one_of_each[3].pk)
    verified(cast, review_of_each)
    page = page_of(signed_in(cast.township_reviewer), "proof", review_of_each)
    assert page.context["proof"].examples == []
    assert one_of_each[3].number not in page.text


def test_the_button_has_a_worker_recompute_it(cast, signed_in, review_of_each, monkeypatch):
    asked = []
    monkeypatch.setattr("reviews.tasks.verify.delay", lambda *ids: asked.append(ids))
    client = signed_in(cast.auditor)
    client.post(reverse("reviews:verify", args=[review_of_each.pk]))
    page = page_of(client, "proof", review_of_each)
    assert page.context["proof"].asked.actor_id == cast.auditor.pk
    assert 'http-equiv="refresh"' in page.text
    assert reverse("reviews:verify", args=[review_of_each.pk]) not in page.text
    [ids] = asked
    tasks.verify(*ids)
    page = page_of(client, "proof", review_of_each)
    assert page.context["proof"].asked is None
    assert page.context["proof"].latest.by == cast.auditor


def test_a_request_that_nobody_answers_can_be_made_again(cast, signed_in, review_of_each):
    ask_to_verify(review_of_each.pk, by=cast.auditor)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE trail_change DISABLE TRIGGER USER")
    Change.objects.update(at=timezone.now() - timedelta(hours=1))
    page = page_of(signed_in(cast.auditor), "proof", review_of_each)
    assert (page.context["proof"].asked, page.context["proof"].lost is None) == (None, False)
    assert reverse("reviews:verify", args=[review_of_each.pk]) in page.text


def test_who_lost_the_right_meanwhile_has_nothing_recomputed(cast, review_of_each):
    posting = cast.auditor.postings.get()
    ids = (review_of_each.pk, cast.auditor.pk, posting.pk)
    type(posting).objects.filter(pk=posting.pk).update(ends_on=timezone.localdate() - timedelta(1))
    with pytest.raises(NotAllowed):
        tasks.verify(*ids)


def recomputed(client, proposal):
    address = reverse("reviews:recompute", args=[proposal.review_id, proposal.pk])
    return client.get(address)


def test_one_proposal_is_recomputed_figure_by_figure(cast, signed_in, one_of_each, review_of_each):
    client = signed_in(cast.county_clerk)
    for proposal in Proposal.everywhere.filter(review=review_of_each):
        page = recomputed(client, proposal)
        assert page.status_code == 200
        assert page.context["recomputed"].is_same, proposal.kind
        assert len(page.context["recomputed"].figures) == 7


def test_a_tampered_figure_of_one_proposal_differs(
    cast, signed_in, one_of_each, review_of_each, in_english
):
    tamper("reviews_proposal", "net_fen = 1", "household_id = %s", one_of_each[1].pk)
    proposal = Proposal.everywhere.get(household=one_of_each[1])
    page = recomputed(signed_in(cast.county_clerk), proposal)
    [figure] = [one for one in page.context["recomputed"].figures if not one.is_same]
    assert (figure.label, figure.stored, figure.recomputed) == ("Net income", "0.01", "1,000.00")
    assert "It differs" in page.text


def test_an_accepted_proposal_shows_the_evidence_of_its_case_too(cast, signed_in, accepted_of_each):
    page = recomputed(signed_in(cast.county_clerk), accepted_of_each)
    assert page.context["recomputed"].is_same
    case = Case.everywhere.get(pk=accepted_of_each.case_id)
    assert case.facts_hash in page.text


def test_a_superseded_proposal_is_recomputed_from_its_own_survey(
    cast, signed_in, one_of_each, review_of_each, resurvey
):
    old = Proposal.everywhere.get(household=one_of_each[1])
    resurvey(one_of_each[1], wage_income=GOOD_INCOME)
    refresh(review_of_each.pk)
    assert recomputed(signed_in(cast.county_clerk), old).context["recomputed"].is_same


def test_a_household_that_needs_attention_has_no_figures(
    cast, signed_in, one_of_each, review_of_each
):
    Proposal.everywhere.filter(household=one_of_each[1]).update(
        kind=Kind.ATTENTION, error="ValueError: x", lacks=0, net_fen=None
    )
    proposal = Proposal.everywhere.get(household=one_of_each[1])
    page = recomputed(signed_in(cast.county_clerk), proposal)
    assert len(page.context["recomputed"].figures) == 1


def test_another_townships_officer_recomputes_nothing_there(
    cast, signed_in, one_of_each, review_of_each
):
    officer = make.make_officer(Role.TOWNSHIP_REVIEWER, make.OTHER_TOWNSHIP)
    proposal = Proposal.everywhere.get(household=one_of_each[1])
    assert recomputed(signed_in(officer), proposal).status_code == 404


def test_the_page_of_a_proposal_leads_to_its_recomputation(
    cast, signed_in, one_of_each, review_of_each
):
    proposal = Proposal.everywhere.get(household=one_of_each[1])
    page = signed_in(cast.county_clerk).get(
        reverse("reviews:proposal", args=[review_of_each.pk, proposal.pk])
    )
    assert reverse("reviews:recompute", args=[review_of_each.pk, proposal.pk]) in page.text
