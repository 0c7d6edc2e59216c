"""What refreshes changed since the first run: the reasons, the filter, the scope."""

import gzip
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from households.models import Household, Survey
from households.rules import Kind, State
from reviews.actions.accepting import accept_proposals
from reviews.actions.answering import put_up_again
from reviews.actions.proposing import commit_review
from reviews.actions.refreshing import refresh
from reviews.changes import Reason
from reviews.models import Proposal, Review
from reviews.queries.changes import Sought, change_page
from tests import factories as make
from tests.web.reviews.conftest import GOOD_INCOME, POOR_INCOME, change_state

pytestmark = pytest.mark.django_db


def reasons(officer, review, part=make.COUNTY, **sought) -> dict[str, str]:
    page = change_page(officer, review, part, Sought(**sought), page=1)
    return {reason.value: number for reason, _name, number, _otherwise in page.by_reason}


def page_of(client, review, query=""):
    return client.get(reverse("reviews:changes", args=[review.pk]) + query)


def test_a_corrected_survey_shows_both_proposals(cast, household_of, proposed, resurvey):
    household = household_of(State.EXITED, GOOD_INCOME)
    review = proposed()
    resurvey(household, wage_income=POOR_INCOME)
    refresh(review.pk)
    page = change_page(cast.county_clerk, review, make.COUNTY, Sought(), page=1)
    [change] = page.rows
    assert (change.before.proposal.kind, change.after.proposal.kind) == (Kind.KEEP, Kind.REINCLUDE)
    assert change.after.distance_fen == -221_800
    assert reasons(cast.county_clerk, review) == {"corrected": "1"}


def moved(household, proposed):
    Household.everywhere.filter(pk=household.pk).update(village_id=make.NEXT_VILLAGE)


def in_another_state(household, proposed):
    change_state(household, State.PLANNED_EXIT)


def withdrawn(household, proposed):
    Survey.objects.filter(household=household).update(withdrawn_at=timezone.now())


def came_in(household, proposed):
    make.make_survey(make.make_household(state=State.POOR), 2019)


def left(household, proposed):
    Household.everywhere.filter(pk=household.pk).update(withdrawn_at=timezone.now())


def tried_again(household, proposed):
    Proposal.everywhere.update(kind=Kind.ATTENTION, error="ValueError: x")
    put_up_again(Proposal.everywhere.get())


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (moved, Reason.MOVED),
        (in_another_state, Reason.STATE),
        (withdrawn, Reason.WITHDRAWN),
        (came_in, Reason.CAME_IN),
        (left, Reason.LEFT),
        (tried_again, Reason.TRIED_AGAIN),
    ],
)
def test_each_change_of_facts_is_named(cast, household_of, proposed, change, reason):
    household = household_of()
    review = proposed()
    change(household, proposed)
    refresh(review.pk)
    assert reasons(cast.county_clerk, review) == {reason.value: "1"}


def test_a_late_survey_and_new_members_are_named(cast, household_of, proposed):
    household_of()
    late, grown = (make.make_household(state=State.POOR) for _ in range(2))
    review = proposed()
    make.make_survey(late, 2019, recorded_at=timezone.now())
    make.make_member(grown)
    refresh(review.pk)
    assert reasons(cast.county_clerk, review) == {"late_survey": "1", "members": "1"}


def test_a_correction_that_was_taken_back_is_a_withdrawal(cast, household_of, proposed, resurvey):
    household = household_of()
    review = proposed()
    correction = resurvey(household, wage_income=POOR_INCOME)
    refresh(review.pk)
    Survey.objects.filter(pk=correction.pk).update(withdrawn_at=timezone.now())
    refresh(review.pk)
    assert reasons(cast.county_clerk, review) == {"corrected": "1", "withdrawn": "1"}


def test_an_undone_acceptance_and_an_answer_taken_back_are_named(cast, household_of, committed):
    household_of(), household_of()
    review = committed()
    accepted, refused = Proposal.everywhere.order_by("pk")
    accept_proposals(review.pk, [accepted.pk], by=cast.county_clerk)
    accepted.refresh_from_db()
    put_up_again(accepted)
    Proposal.everywhere.filter(pk=refused.pk).update(
        answer=1, answered_by=cast.county_clerk, answered_at=timezone.now(), answer_reason="other"
    )
    refused.refresh_from_db()
    put_up_again(refused)
    assert reasons(cast.county_clerk, review) == {"undone": "1", "taken_back": "1"}


@pytest.fixture
def changed(household_of, proposed, resurvey) -> Review:
    """Two corrected surveys in two townships, one household that came in."""
    households = [household_of(), household_of(village=make.OTHER_TOWNSHIP_VILLAGE)]
    review = proposed()
    for household in households:
        resurvey(household, wage_income=POOR_INCOME)
    household_of()
    refresh(review.pk)
    return Review.everywhere.get(pk=review.pk)


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("", 3),
        ("?reason=corrected", 2),
        ("?reason=came_in", 1),
        ("?reason=left", 0),
        (f"?division={make.TOWNSHIP}", 2),
        (f"?division={make.TOWNSHIP}&reason=corrected", 1),
        ("?otherwise=on", 3),
        ("?day=2001-01-01", 0),
        ("?reason=nonsense&page=99", 3),
        ("?page=x", 3),
    ],
)
def test_the_list_is_narrowed_by_reason_place_and_day(cast, signed_in, changed, query, rows):
    answer = page_of(signed_in(cast.county_clerk), changed, query)
    assert answer.status_code == 200
    assert len(answer.context["changes"].rows) == rows


def test_changes_after_which_the_same_is_proposed_can_be_left_out(
    cast, household_of, proposed, resurvey
):
    same, other = household_of(), household_of()
    review = proposed()
    resurvey(same, wage_income=GOOD_INCOME + 1)
    resurvey(other, wage_income=POOR_INCOME)
    refresh(review.pk)
    page = change_page(cast.county_clerk, review, make.COUNTY, Sought(otherwise=True), page=1)
    assert [row.proposal.household for row in page.rows] == [other]
    assert (page.all, page.otherwise, page.by_reason[0][2:]) == ("2", "1", ("2", "1"))


def test_the_day_is_that_of_shanghai(cast, changed):
    late = timezone.now().replace(hour=17, minute=0) - timedelta(days=2)
    Proposal.everywhere.filter(added_at__isnull=False).update(added_at=late)
    Proposal.everywhere.filter(superseded_at__isnull=False).update(superseded_at=late)
    page = change_page(cast.county_clerk, changed, make.COUNTY, Sought(), page=1)
    assert page.by_day == [((late + timedelta(days=1)).date(), "3")]


def test_the_first_runs_hash_stands_beside_the_changes(cast, signed_in, changed):
    assert changed.result_hash in page_of(signed_in(cast.county_clerk), changed).text


def test_a_place_outside_ones_part_is_an_error_of_the_filter(cast, signed_in, changed):
    answer = page_of(signed_in(cast.township_reviewer), changed, f"?division={make.COUNTY}")
    assert "division" in answer.context["form"].errors


def test_an_officer_sees_the_changes_of_his_own_part(cast, signed_in, changed):
    page = page_of(signed_in(cast.township_reviewer), changed).context["changes"]
    assert page.all == "2"
    assert {row.proposal.village_id for row in page.rows} == {make.VILLAGE}


def test_few_changes_are_hidden_from_a_role_without_names(cast, signed_in, changed):
    answer = page_of(signed_in(cast.city_reviewer), changed)
    page = answer.context["changes"]
    assert (page.all, page.by_reason[0][2], page.by_day[0][1]) == ("<5", "<5", "<5")
    assert "陈大山" not in answer.text


def test_nothing_changed_is_said_with_a_way_on(cast, signed_in, household_of, proposed, in_english):
    household_of()
    answer = page_of(signed_in(cast.county_clerk), proposed())
    assert "Nothing changed here since the first run" in answer.text


def test_pages_follow_each_other_and_cost_the_same(
    cast, signed_in, household_of, proposed, resurvey, django_assert_num_queries
):
    households = [household_of(State.EXITED, None, housing=0) for _ in range(60)]
    review = proposed()
    for household in households:
        resurvey(household, wage_income=POOR_INCOME)
    refresh(review.pk)
    client = signed_in(cast.county_clerk)
    first = page_of(client, review)
    assert len(gzip.compress(first.content)) < 20_000
    with django_assert_num_queries(14):
        second = page_of(client, review, "?page=2")
    seen = [row.proposal.pk for page in (first, second) for row in page.context["changes"].rows]
    assert (len(seen), len(set(seen))) == (60, 60)


def test_the_overview_leads_to_the_changes(cast, signed_in, changed):
    commit_review(changed.pk, by=cast.county_approver)
    text = signed_in(cast.county_clerk).get(reverse("reviews:review", args=[changed.pk])).text
    assert reverse("reviews:changes", args=[changed.pk]) in text


@pytest.mark.parametrize(
    ("query", "words"), [("?reason=came_in", "1 change, page"), ("", "3 changes, page")]
)
def test_one_change_is_told_in_the_singular(cast, signed_in, changed, in_english, query, words):
    assert words in page_of(signed_in(cast.county_clerk), changed, query).text


def test_the_state_beside_a_proposal_is_named_as_the_state_then(
    cast, signed_in, changed, in_english
):
    assert "State then: <span" in page_of(signed_in(cast.county_clerk), changed).text
