"""A review is proved by recomputing it: the command, the page, the button, one proposal alone."""

import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.utils import IntegrityError
from django.urls import reverse
from django.utils import timezone

from households.models import Survey
from households.rules import Kind, State
from officers.rules import Role
from reviews import tasks
from reviews.actions.accepting import accept_proposals
from reviews.actions.chunks import drive
from reviews.actions.proposing import propose_dry_run, propose_review
from reviews.actions.refreshing import refresh
from reviews.actions.splitting import split
from reviews.actions.verifying import ask_to_verify, verify_review
from reviews.models import Proposal, Review, ReviewVillage, Verification
from tests import factories as make
from tests.web.reviews.conftest import GOOD_INCOME, POOR_INCOME, RISKY_INCOME, change_state
from trail.errors import NotAllowed, Refused
from trail.models import Change
from trail.rules import digest
from workflow.models import Case, CaseEvent, PolicyParameter

pytestmark = pytest.mark.django_db


@pytest.fixture
def households(household_of):
    """One of each sort, in two townships, one without a survey."""
    found = [
        household_of(State.POOR, GOOD_INCOME),
        household_of(State.EXITED, POOR_INCOME, housing=0),
        household_of(State.ORDINARY, RISKY_INCOME),
        household_of(State.POOR, None, village=make.OTHER_TOWNSHIP_VILLAGE),
        make.make_household(state=State.POOR, persons=2),
    ]
    household_of(State.ORDINARY, GOOD_INCOME)
    return found


@pytest.fixture
def review(households, proposed) -> Review:
    return proposed()


def tamper(table: str, setting: str, condition: str, *values) -> None:
    """Change a stored row behind everybody's back."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(f"UPDATE {table} SET {setting} WHERE {condition}", values)
        assert cursor.rowcount
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def verified(cast, review) -> Verification:
    return verify_review(review.pk, by=cast.auditor)


def test_an_untouched_review_comes_out_the_same(cast, review):
    found = verified(cast, review)
    assert (found.proposals, found.differences, found.examples) == (6, 0, [])
    assert (found.input_hash, found.standard_hash, found.result_hash) == (
        review.input_hash, review.standard_hash, review.result_hash,
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
def test_a_tampered_proposal_is_found_and_named(cast, households, review, setting, column):
    tamper("reviews_proposal", setting, "household_id = %s", households[1].pk)
    found = verified(cast, review)
    assert (found.differences, found.is_same) == (1, False)
    named = [(one["household"], one["column"]) for one in found.examples if "household" in one]
    assert (households[1].number, column) in named


def test_a_tampered_survey_is_found_by_the_proposal_that_rests_on_it(cast, households, review):
    tamper("households_survey", "wage_income = 9999", "household_id = %s", households[1].pk)
    found = verified(cast, review)
    assert found.differences == 1
    assert found.examples[0]["household"] == households[1].number


def test_a_tampered_state_changes_the_hash_of_its_village(cast, households, review):
    tamper("reviews_proposal", "state = 4, kind = 2", "household_id = %s", households[1].pk)
    found = verified(cast, review)
    assert (found.differences, found.is_same) == (0, False)
    assert {(one["village"], one["column"]) for one in found.examples} == {
        (make.VILLAGE, "input_hash"), (make.VILLAGE, "result_hash"),
    }  # fmt: skip


def test_a_proposal_that_was_removed_is_missed(cast, households, review):
    Proposal.everywhere.filter(household=households[3]).delete()
    found = verified(cast, review)
    assert {one["village"] for one in found.examples} == {make.OTHER_TOWNSHIP_VILLAGE}
    assert not found.is_same


def test_a_tampered_standard_is_found_and_named(cast, review):
    tamper("households_standard", "line = 900, monitoring_line = 900", "id = %s",
           review.standard_id)  # fmt: skip
    found = verified(cast, review)
    assert found.standard_hash != review.standard_hash
    assert found.examples[-1]["column"] == "standard_hash"
    assert {one["column"] for one in found.examples if "household" in one} == {"lacks", "kind"}
    assert not found.is_same


def test_a_tampered_hash_of_the_review_is_found(cast, review):
    Review.everywhere.filter(pk=review.pk).update(result_hash="0" * 64)
    assert not verified(cast, review).is_same


def test_what_refreshes_added_is_recomputed_as_well(cast, households, review, resurvey):
    resurvey(households[0], wage_income=POOR_INCOME)
    refresh(review.pk)
    assert (verified(cast, review).proposals, verified(cast, review).is_same) == (7, True)
    tamper("reviews_proposal", "lacks = 0", "added_at IS NOT NULL")
    found = verified(cast, review)
    assert [one["household"] for one in found.examples] == [households[0].number]


def test_later_changes_of_the_register_do_not_touch_the_proof(cast, households, review, resurvey):
    resurvey(households[1], wage_income=GOOD_INCOME)
    make.make_member(households[4])
    change_state(households[2], State.CANCELLED)
    type(households[3]).everywhere.filter(pk=households[3].pk).update(village_id=make.VILLAGE)
    refresh(review.pk)
    assert verified(cast, review).is_same


def test_a_household_that_needs_attention_is_not_read_again(cast, county, households):
    survey = Survey.objects.get(household=households[0])
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "ALTER TABLE reviews_proposal ADD CONSTRAINT closed CHECK"
            f" (household_id <> {households[0].pk} OR kind = {Kind.ATTENTION.value}) NOT VALID"
        )
    review = propose_review(root=county, year=2019, by=cast.county_clerk)
    drive(review.pk)
    assert Proposal.everywhere.get(household=households[0]).survey_id == survey.pk
    assert verified(cast, review).is_same


@pytest.fixture
def accepted(cast, households, committed) -> Proposal:
    review = committed()
    proposal = Proposal.everywhere.get(review=review, household=households[1])
    accept_proposals(review.pk, [proposal.pk], by=cast.county_clerk)
    proposal.refresh_from_db()
    return proposal


def test_the_evidence_of_an_accepted_proposal_is_that_of_its_case(cast, accepted):
    assert verified(cast, accepted.review).is_same
    assert Change.objects.get(action="verify").after["accepted"] == 1


def test_the_evidence_still_holds_when_the_household_has_changed(cast, accepted, resurvey):
    resurvey(accepted.household, wage_income=GOOD_INCOME)
    change_state(accepted.household, State.RELAPSED)
    assert verified(cast, accepted.review).is_same


@pytest.mark.parametrize("also_hash", [False, True])
def test_tampered_evidence_of_a_case_is_found_and_named(cast, accepted, also_hash):
    event = CaseEvent.objects.get(case=accepted.case, seq=1)
    facts = event.facts | {"persons": 9}
    hashed = digest(facts) if also_hash else event.facts_hash
    tamper("workflow_caseevent", "facts = %s::jsonb, facts_hash = %s", "id = %s",
           json.dumps(facts), hashed, event.pk)  # fmt: skip
    found = verified(cast, accepted.review)
    assert found.differences == 1
    [example] = found.examples
    assert (example["household"], example["case"]) == (accepted.household.number, accepted.case_id)


def test_the_same_facts_give_the_same_hashes_however_the_work_was_divided(
    cast, county, households, review
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
    assert small.chunks.count() > review.chunks.count()
    assert hashes == {(review.input_hash, review.standard_hash, review.result_hash)}


def test_a_dry_run_of_a_draft_stays_proved_after_its_publication(cast, county, households):
    draft = make.make_draft(line="5000.00", prepared_by=cast.province_officer)
    review = propose_dry_run(root=county, year=2019, by=cast.county_clerk, standard=draft)
    drive(review.pk)
    draft.number = 99_999
    tamper("households_standard", "number = 99999, published_at = now(), content_hash = %s",
           "id = %s", draft.digest(), draft.pk)  # fmt: skip
    assert verified(cast, review).is_same


@pytest.mark.parametrize("part", ["county_clerk", "township_reviewer", "stranger", "city_reviewer"])
def test_others_than_auditors_and_approvers_do_not_recompute(cast, review, part):
    for act in (verify_review, ask_to_verify):
        with pytest.raises(NotAllowed):
            act(review.pk, by=getattr(cast, part))


@pytest.mark.parametrize("part", ["auditor", "county_approver", "province_approver", "operator"])
def test_auditors_and_approvers_recompute(cast, review, part):
    by = getattr(cast, part)
    assert verify_review(review.pk, by=by).by == by
    assert Change.objects.get(action="verify").actor_id == by.pk


def test_an_unfinished_review_is_refused(cast, household):
    review = make.make_review(proposed_by=cast.county_clerk)
    with pytest.raises(Refused) as refusal:
        verified(cast, review)
    assert refusal.value.code == "not_finished"


def test_a_recomputation_is_kept_for_good(cast, review):
    found = verified(cast, review)
    with pytest.raises(IntegrityError):
        Verification.objects.filter(pk=found.pk).update(differences=0)


def verify(number: int | str, *more: str) -> int:
    """The exit status of the command."""
    try:
        call_command("verify_review", str(number), *more)
    except CommandError as refusal:
        return refusal.returncode
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def test_the_command_says_the_same_with_status_0(review, capsys, in_english):
    assert verify(review.pk) == 0
    out = capsys.readouterr().out
    assert "6 proposals recomputed, 0 differ." in out
    assert f"Result: {review.result_hash} the same" in out
    assert Verification.objects.get().by.username == "operator"


def test_the_command_names_differences_with_status_1(households, review, capsys, in_english):
    tamper("reviews_proposal", "kind = 4", "household_id = %s", households[1].pk)
    assert verify(review.pk) == 1
    out = capsys.readouterr().out
    assert f"household {households[1].number} · Proposal: keep → re-include" in out


@pytest.mark.parametrize("more", [(), ("--by=nobody-here",), ("--by=stranger",)])
def test_the_command_refuses_with_status_2(cast, household, more):
    number = make.make_review().pk if more else 999_999
    assert verify(number, *more) == 2
    assert not Verification.objects.exists()


def test_the_command_refuses_an_unfinished_review_with_status_2(cast, household):
    assert verify(make.make_review().pk) == 2


def page_of(client, review):
    return client.get(reverse("reviews:proof", args=[review.pk]))


def test_the_page_shows_the_three_values_and_what_was_recomputed(
    cast, signed_in, review, in_english
):
    verified(cast, review)
    page = page_of(signed_in(cast.county_clerk), review).text
    for value in (review.input_hash, review.standard_hash, review.result_hash):
        assert value in page
    assert "the three values came out again" in page
    assert cast.auditor.name in page
    assert reverse("reviews:verify", args=[review.pk]) not in page


def test_the_page_shows_the_first_differences(cast, signed_in, households, review, in_english):
    tamper("reviews_proposal", "kind = 4", "household_id = %s", households[1].pk)
    verified(cast, review)
    page = page_of(signed_in(cast.auditor), review)
    [example] = page.context["proof"].examples
    assert (example.stored, example.recomputed) == ("keep", "re-include")
    assert "1 does not follow from the facts that it names" in page.text


def test_who_sees_a_part_alone_reads_no_example_of_the_rest(cast, signed_in, households, review):
    tamper("reviews_proposal", "kind = 4", "household_id = %s", households[3].pk)
    verified(cast, review)
    page = page_of(signed_in(cast.township_reviewer), review)
    assert page.context["proof"].examples == []
    assert households[3].number not in page.text


def test_the_button_has_a_worker_recompute_it(cast, signed_in, review, monkeypatch):
    asked = []
    monkeypatch.setattr("reviews.tasks.verify.delay", lambda *ids: asked.append(ids))
    client = signed_in(cast.auditor)
    client.post(reverse("reviews:verify", args=[review.pk]))
    page = page_of(client, review)
    assert page.context["proof"].asked.actor_id == cast.auditor.pk
    assert 'http-equiv="refresh"' in page.text
    assert reverse("reviews:verify", args=[review.pk]) not in page.text
    [ids] = asked
    tasks.verify(*ids)
    page = page_of(client, review)
    assert page.context["proof"].asked is None
    assert page.context["proof"].latest.by == cast.auditor


def test_a_request_that_nobody_answers_can_be_made_again(cast, signed_in, review):
    ask_to_verify(review.pk, by=cast.auditor)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE trail_change DISABLE TRIGGER USER")
    Change.objects.update(at=timezone.now() - timedelta(hours=1))
    page = page_of(signed_in(cast.auditor), review)
    assert (page.context["proof"].asked, page.context["proof"].lost is None) == (None, False)
    assert reverse("reviews:verify", args=[review.pk]) in page.text


def test_who_lost_the_right_meanwhile_has_nothing_recomputed(cast, review):
    posting = cast.auditor.postings.get()
    ids = (review.pk, cast.auditor.pk, posting.pk)
    type(posting).objects.filter(pk=posting.pk).update(ends_on=timezone.localdate() - timedelta(1))
    with pytest.raises(NotAllowed):
        tasks.verify(*ids)


def recomputed(client, proposal):
    address = reverse("reviews:recompute", args=[proposal.review_id, proposal.pk])
    return client.get(address)


def test_one_proposal_is_recomputed_figure_by_figure(cast, signed_in, households, review):
    client = signed_in(cast.county_clerk)
    for proposal in Proposal.everywhere.filter(review=review):
        page = recomputed(client, proposal)
        assert page.status_code == 200
        assert page.context["recomputed"].is_same, proposal.kind
        assert len(page.context["recomputed"].figures) == 7


def test_a_tampered_figure_of_one_proposal_differs(cast, signed_in, households, review, in_english):
    tamper("reviews_proposal", "net_fen = 1", "household_id = %s", households[1].pk)
    proposal = Proposal.everywhere.get(household=households[1])
    page = recomputed(signed_in(cast.county_clerk), proposal)
    [figure] = [one for one in page.context["recomputed"].figures if not one.is_same]
    assert (figure.label, figure.stored, figure.recomputed) == ("Net income", "0.01", "1,000.00")
    assert "It differs" in page.text


def test_an_accepted_proposal_shows_the_evidence_of_its_case_too(cast, signed_in, accepted):
    page = recomputed(signed_in(cast.county_clerk), accepted)
    assert page.context["recomputed"].is_same
    case = Case.everywhere.get(pk=accepted.case_id)
    assert case.facts_hash in page.text


def test_a_superseded_proposal_is_recomputed_from_its_own_survey(
    cast, signed_in, households, review, resurvey
):
    old = Proposal.everywhere.get(household=households[1])
    resurvey(households[1], wage_income=GOOD_INCOME)
    refresh(review.pk)
    assert recomputed(signed_in(cast.county_clerk), old).context["recomputed"].is_same


def test_a_household_that_needs_attention_has_no_figures(cast, signed_in, households, review):
    Proposal.everywhere.filter(household=households[1]).update(
        kind=Kind.ATTENTION, error="ValueError: x", lacks=0, net_fen=None
    )
    proposal = Proposal.everywhere.get(household=households[1])
    page = recomputed(signed_in(cast.county_clerk), proposal)
    assert len(page.context["recomputed"].figures) == 1


def test_another_townships_officer_recomputes_nothing_there(cast, signed_in, households, review):
    officer = make.make_officer(Role.TOWNSHIP_REVIEWER, make.OTHER_TOWNSHIP)
    proposal = Proposal.everywhere.get(household=households[1])
    assert recomputed(signed_in(officer), proposal).status_code == 404


def test_villages_without_first_run_are_no_difference(cast, review, household_of):
    household_of(village=make.NEXT_VILLAGE)
    refresh(review.pk)
    assert ReviewVillage.objects.get(review=review, village=make.NEXT_VILLAGE).result_hash == ""
    assert verified(cast, review).is_same


def test_the_page_of_a_proposal_leads_to_its_recomputation(cast, signed_in, households, review):
    proposal = Proposal.everywhere.get(household=households[1])
    page = signed_in(cast.county_clerk).get(
        reverse("reviews:proposal", args=[review.pk, proposal.pk])
    )
    assert reverse("reviews:recompute", args=[review.pk, proposal.pk]) in page.text
