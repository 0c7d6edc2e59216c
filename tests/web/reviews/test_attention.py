"""What needs attention: which households and parts are at fault, and how they are tried again."""

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from divisions.models import Division
from households.rules import Kind
from reviews.actions.chunks import WHOLE_ATTEMPTS, claim
from reviews.actions.proposing import propose_review
from reviews.actions.retrying import ask_to_try_again, decide_again
from reviews.models import Proposal, ReviewVillage
from tests import factories as make
from tests.web.reviews.conftest import POOR_INCOME
from tests.web.reviews.pages import page_of
from trail.errors import Refused
from trail.models import Change
from workflow.models import PolicyParameter

pytestmark = pytest.mark.django_db


@pytest.fixture
def poisoned(cast, county, household_of, proposed):
    """A finished review with one household that the database refuses, and what cures it."""
    _good, bad = household_of(), household_of(wage=POOR_INCOME)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "ALTER TABLE reviews_proposal ADD CONSTRAINT closed CHECK"
            f" (household_id <> {bad.pk} OR kind = {Kind.ATTENTION.value}) NOT VALID"
        )

    def cure() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE reviews_proposal DROP CONSTRAINT closed")

    return proposed(), bad, cure


def test_a_household_at_fault_is_listed_with_place_fault_and_remedy(
    cast, signed_in, poisoned, in_english
):
    review, bad, _cure = poisoned
    page = page_of(signed_in(cast.county_clerk), "attention", review)
    assert [one.row.proposal.household for one in page.context["attention"].households] == [bad]
    assert reverse("pages:household", args=[bad.number]) in page.text
    assert "The database refused the result of these facts." in page.text
    assert bad.village.name in page.text
    assert "陈大山" in page.text
    assert (
        reverse("reviews:attention", args=[review.pk])
        in page_of(signed_in(cast.county_clerk), "review", review).text
    )


def test_a_role_without_names_reads_none_of_those_at_fault(cast, signed_in, poisoned):
    review, _bad, _cure = poisoned
    page = page_of(signed_in(cast.city_reviewer), "attention", review)
    assert "陈大山" not in page.text
    assert page.context["attention"].count == "<5"


def test_another_townships_officer_sees_none_of_them(cast, signed_in, poisoned):
    review, _bad, _cure = poisoned
    other = make.make_officer(cast.township_reviewer.posting.role, make.OTHER_TOWNSHIP)
    assert page_of(signed_in(other), "attention", review).context["attention"].is_empty


def test_what_was_mended_is_decided_anew(cast, poisoned):
    review, bad, cure = poisoned
    cure()
    part = ask_to_try_again(review.pk, by=cast.county_clerk)
    decide_again(review.pk, part)
    standing = Proposal.everywhere.in_force().filter(review=review)
    renewed = standing.get(household=bad)
    assert (renewed.kind, renewed.added_at is None) == (Kind.KEEP, False)
    assert standing.count() == 2
    review.refresh_from_db()
    assert review.totals["kinds"][str(Kind.ATTENTION.value)] == 0
    assert ReviewVillage.objects.get(review=review).by_kind == {"4": 1, "5": 1}
    assert Change.objects.get(action="try_again").actor_id == cast.county_clerk.pk


def test_what_still_fails_needs_attention_again(cast, poisoned):
    review, bad, _cure = poisoned
    decide_again(review.pk, ask_to_try_again(review.pk, by=cast.county_clerk))
    standing = Proposal.everywhere.in_force().get(review=review, household=bad)
    assert (standing.kind, standing.added_at is None) == (Kind.ATTENTION, False)


def test_those_at_fault_are_decided_in_small_steps_that_go_on(
    cast, household_of, proposed, monkeypatch
):
    monkeypatch.setattr("reviews.actions.retrying.AT_ONCE", 1)
    households = sorted(household_of().pk for _ in range(3))
    review = proposed()
    Proposal.everywhere.filter(review=review).update(kind=Kind.ATTENTION, error="ValueError: x")
    reached = decide_again(review.pk, make.COUNTY, seconds=-1)
    assert reached == households[0]
    assert decide_again(review.pk, make.COUNTY, after=reached) == 0
    standing = Proposal.everywhere.in_force().filter(review=review)
    assert set(standing.values_list("kind", flat=True)) == {Kind.EXIT}


def test_a_township_or_auditor_has_nothing_tried_again(cast, signed_in, poisoned):
    review, _bad, _cure = poisoned
    for part in ("township_reviewer", "auditor", "county_approver"):
        client = signed_in(getattr(cast, part))
        url = reverse("reviews:try_again", args=[review.pk])
        assert url not in page_of(client, "attention", review).text
        assert client.post(url).status_code == 403


def test_nothing_to_try_again_is_refused(cast, household_of, proposed):
    household_of()
    review = proposed()
    with pytest.raises(Refused) as refusal:
        ask_to_try_again(review.pk, by=cast.county_clerk)
    assert refusal.value.code == "nothing_to_try"


def test_the_button_has_a_worker_decide_them(cast, signed_in, poisoned, monkeypatch):
    review, _bad, _cure = poisoned
    asked = []
    monkeypatch.setattr("reviews.tasks.decide_again.delay", lambda *ids: asked.append(ids))
    answer = signed_in(cast.county_clerk).post(reverse("reviews:try_again", args=[review.pk]))
    assert answer.url == reverse("reviews:attention", args=[review.pk])
    assert asked == [(review.pk, make.COUNTY)]


def test_failed_parts_of_a_review_under_way_are_free_at_once(cast, signed_in, begun, monkeypatch):
    monkeypatch.setattr("reviews.tasks.nudge", lambda *_: None)
    begun.chunks.update(
        attempts=9, error="DataError: x", lease_until=timezone.now() + timedelta(seconds=30)
    )
    signed_in(cast.county_clerk).post(reverse("reviews:try_again", args=[begun.pk]))
    assert claim(begun.pk) is not None


def test_a_county_frees_its_own_parts_of_a_provinces_review_alone(cast, household_of):
    parameters = {"year": 2014, "key": "review.chunk_households", "value": 1, "source": "test"}
    PolicyParameter.objects.create(division_id=make.PROVINCE, **parameters)
    for village in (make.VILLAGE, make.OTHER_COUNTY_VILLAGE):
        household_of(village=village)
    province = Division.objects.get(pk=make.PROVINCE)
    review = propose_review(root=province, year=2019, by=cast.province_officer)
    review.chunks.update(attempts=WHOLE_ATTEMPTS + 4)
    ask_to_try_again(review.pk, by=cast.county_clerk)
    left = review.chunks.filter(attempts__gt=WHOLE_ATTEMPTS)
    assert [(one.low, one.high) for one in left] == [(make.OTHER_COUNTY_VILLAGE[:9], "98")]


def test_nothing_needs_attention_is_said_otherwise_while_households_wait(
    cast, signed_in, begun, in_english
):
    page = page_of(signed_in(cast.county_clerk), "attention", begun)
    assert "still to be decided" in page.text
    assert "every household was decided" not in page.text


def test_that_all_were_decided_is_said_of_a_finished_review(
    cast, signed_in, household_of, proposed, in_english
):
    household_of()
    page = page_of(signed_in(cast.county_clerk), "attention", proposed())
    assert "every household was decided" in page.text
