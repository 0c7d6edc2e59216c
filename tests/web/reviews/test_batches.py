from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from households.rules import Kind, State
from officers.models import Officer
from officers.rules import Role
from reviews.actions import batches
from reviews.actions.accepting import accept_proposals
from reviews.actions.answering import answer_proposal, take_back_answer
from reviews.actions.batches import accept_part, confirm_batch, drive
from reviews.actions.proposing import cancel_review
from reviews.actions.refreshing import refresh
from reviews.actions.sweeping import sweep
from reviews.models import Answer, BatchAcceptance, BatchState, Proposal, Review
from reviews.queries.acting import CAN_BE_ACCEPTED, chosen_proposals
from reviews.queries.proposals import Wanted
from tests import factories as make
from tests.unguarded import unguarded
from tests.web.reviews.conftest import GOOD_INCOME, POOR_INCOME, RISKY_INCOME
from trail.errors import NotAllowed, Refused, Stale
from trail.models import Change
from workflow.models import Case

pytestmark = pytest.mark.django_db
ALL = Wanted()


@pytest.fixture
def in_threes(monkeypatch) -> None:
    monkeypatch.setattr(batches, "PART_ROWS", 3)


@pytest.fixture
def exits_of(household_of, committed) -> Callable[[int], Review]:
    """A committed review that proposes so many exits."""

    def made(number: int) -> Review:
        for _ in range(number):
            household_of(State.POOR, GOOD_INCOME)
        return committed()

    return made


@pytest.fixture
def confirmed(cast) -> Callable[..., BatchAcceptance]:
    """The clerk's batch of what waits now."""

    def made(
        review: Review, wanted: Wanted = ALL, by: Officer = cast.county_clerk
    ) -> BatchAcceptance:
        chosen = chosen_proposals(by, review, wanted, CAN_BE_ACCEPTED)
        return confirm_batch(review.pk, wanted, seen=chosen.seen, by=by)

    return made


def left_out(batch: BatchAcceptance) -> list[tuple[int, str]]:
    return list(batch.rows.values_list("proposal_id", "code"))


def test_a_batch_accepts_every_proposal_once_part_by_part(exits_of, confirmed, in_threes):
    batch = confirmed(exits_of(7))
    assert [accept_part(batch.pk) for _ in range(4)] == [True, True, False, False]
    batch.refresh_from_db()
    assert (batch.state, batch.expected, batch.accepted, batch.left_out) == ("done", 7, 7, 0)
    assert Case.everywhere.filter(kind="exit").count() == 7
    assert not Proposal.everywhere.undecided().exists()


def test_each_acceptance_of_a_batch_names_it_in_the_trace(exits_of, confirmed):
    batch = confirmed(exits_of(2))
    drive(batch.pk)
    origins = Change.objects.filter(action="accept").values_list("origin", flat=True)
    assert list(origins) == [f"batch:{batch.pk}"] * 2
    assert Change.objects.get(action="confirm_batch").after["proposals"] == 2
    assert Change.objects.get(action="finish_batch").after == {"accepted": 2, "left_out": 0}


def test_a_batch_takes_the_kinds_and_places_of_its_filter_alone(household_of, committed, confirmed):
    inside = household_of(State.POOR, GOOD_INCOME)
    household_of(State.POOR, GOOD_INCOME, village=make.OTHER_TOWNSHIP_VILLAGE)
    household_of(State.EXITED, RISKY_INCOME)
    batch = confirmed(committed(), Wanted(division=make.TOWNSHIP, kind=int(Kind.EXIT)))
    drive(batch.pk)
    assert [case.subject for case in Case.everywhere.all()] == [inside.number]
    assert batch.division_id == make.TOWNSHIP


def test_another_set_than_the_clerk_saw_is_refused(cast, exits_of, confirmed, resurvey):
    review = exits_of(2)
    seen = chosen_proposals(cast.county_clerk, review, ALL, CAN_BE_ACCEPTED).seen
    resurvey(Proposal.everywhere.first().household, wage_income=GOOD_INCOME + 1)
    refresh(review.pk)
    with pytest.raises(Stale):
        confirm_batch(review.pk, ALL, seen=seen, by=cast.county_clerk)
    assert not BatchAcceptance.everywhere.exists()


def test_nothing_to_accept_makes_no_batch(cast, household_of, committed):
    household_of(State.POOR, POOR_INCOME)
    review = committed()
    seen = chosen_proposals(cast.county_clerk, review, ALL, CAN_BE_ACCEPTED).seen
    with pytest.raises(Refused) as refusal:
        confirm_batch(review.pk, ALL, seen=seen, by=cast.county_clerk)
    assert refusal.value.code == "none"


@pytest.mark.parametrize("part", ["county_approver", "province_officer", "auditor", "operator"])
def test_only_the_clerk_confirms_a_batch(cast, exits_of, part):
    review = exits_of(1)
    with pytest.raises(NotAllowed):
        confirm_batch(review.pk, ALL, seen="", by=getattr(cast, part))


def test_what_changed_since_the_confirmation_is_left_out_and_named(
    cast, exits_of, confirmed, resurvey
):
    review = exits_of(5)
    fine, changed, renewed, busy, refused = Proposal.everywhere.order_by("household_id")
    batch = confirmed(review)
    resurvey(renewed.household, wage_income=GOOD_INCOME + 1)
    refresh(review.pk)
    resurvey(changed.household, wage_income=POOR_INCOME)
    make.make_case(busy.household, "exit")
    answer_proposal(
        refused.pk, answer=Answer.REFUSED, reason="other", text="", by=cast.county_clerk
    )
    drive(batch.pk)
    assert left_out(batch) == [
        (changed.pk, "changed"),
        (renewed.pk, "superseded"),
        (busy.pk, "already_open"),
        (refused.pk, "answered"),
    ]
    assert Proposal.everywhere.get(accepted_at__isnull=False) == fine


def test_a_proposal_that_came_after_the_confirmation_is_never_accepted_by_it(
    cast, exits_of, confirmed
):
    review = exits_of(2)
    first, second = Proposal.everywhere.order_by("pk")
    answer_proposal(first.pk, answer=Answer.REFUSED, reason="other", text="", by=cast.county_clerk)
    batch = confirmed(review)
    fresh = take_back_answer(first.pk, by=cast.county_clerk)
    drive(batch.pk)
    batch.refresh_from_db()
    assert (batch.expected, batch.accepted, left_out(batch)) == (1, 1, [])
    assert Proposal.everywhere.waiting().get().pk == fresh
    second.refresh_from_db()
    assert second.accepted_at


def test_one_accepted_meanwhile_is_left_out_and_has_one_case(cast, exits_of, confirmed):
    review = exits_of(2)
    batch = confirmed(review)
    first = Proposal.everywhere.first()
    accept_proposals(review.pk, [first.pk], by=cast.county_clerk)
    drive(batch.pk)
    assert left_out(batch) == [(first.pk, "accepted")]
    assert Case.everywhere.count() == 2


def test_the_same_confirmation_sent_twice_is_one_batch(exits_of, confirmed):
    review = exits_of(2)
    assert confirmed(review) == confirmed(review)
    assert Change.objects.filter(action="confirm_batch").count() == 1


def test_a_stopped_batch_is_begun_again_by_another_one(exits_of, confirmed):
    review = exits_of(2)
    stopped = confirmed(review)
    BatchAcceptance.everywhere.update(state="stopped", finished_at=timezone.now())
    assert confirmed(review) != stopped


def test_batches_of_two_clerks_on_the_same_proposals_open_each_case_once(exits_of, confirmed):
    review = exits_of(3)
    second = make.make_officer(Role.COUNTY_CLERK, make.COUNTY)
    one, other = confirmed(review), confirmed(review, by=second)
    drive(one.pk)
    drive(other.pk)
    other.refresh_from_db()
    assert (other.accepted, other.left_out) == (0, 3)
    assert Case.everywhere.count() == 3


def test_a_batch_whose_officer_lost_the_posting_stops_with_the_reason(
    cast, exits_of, confirmed, in_threes
):
    batch = confirmed(exits_of(5))
    accept_part(batch.pk)
    cast.county_clerk.postings.update(ends_on=timezone.localdate() - timedelta(days=1))
    assert not accept_part(batch.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.stopped_why, batch.accepted) == ("stopped", "no_posting", 3)
    assert batch.finished_at
    assert Case.everywhere.count() == 3


def test_a_batch_of_a_cancelled_review_stops(cast, exits_of, confirmed, in_threes):
    review = exits_of(4)
    batch = confirmed(review)
    Review.everywhere.filter(pk=review.pk).update(state="cancelled")
    drive(batch.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.stopped_why, batch.accepted) == ("stopped", "cancelled", 0)


def test_the_sweep_carries_on_what_a_dead_worker_left(exits_of, confirmed, in_threes):
    batch = confirmed(exits_of(5))
    accept_part(batch.pk)
    sweep()
    batch.refresh_from_db()
    assert (batch.state, batch.accepted) == (BatchState.DONE, 5)


def test_a_batch_acts_under_the_clerks_posting_though_it_is_not_his_first(
    cast, exits_of, confirmed
):
    review = exits_of(1)
    clerk = cast.county_clerk
    own = clerk.posting
    batch = confirmed(review)
    make.make_posting(clerk, own.role, make.OTHER_COUNTY, starts_on=own.starts_on - timedelta(1))
    drive(batch.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.accepted) == ("done", 1)


def test_what_a_batch_left_out_can_be_confirmed_again_once_it_waits(cast, exits_of, confirmed):
    review = exits_of(1)
    busy = make.make_case(Proposal.everywhere.get().household, "exit")
    first = confirmed(review)
    drive(first.pk)
    with unguarded():
        Case.everywhere.filter(pk=busy.pk).update(closed_at=timezone.now())
    second = confirmed(review)
    drive(second.pk)
    second.refresh_from_db()
    assert (left_out(first), second.accepted) == (
        [(Proposal.everywhere.get().pk, "already_open")],
        1,
    )


def test_a_proposal_whose_case_the_database_refuses_does_not_stop_the_others(exits_of, confirmed):
    review = exits_of(5)
    faulty = Proposal.everywhere.order_by("household_id")[2]
    batch = confirmed(review)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'no case for this one'; END $$;"
            "CREATE TRIGGER refuse BEFORE INSERT ON workflow_case FOR EACH ROW"
            f" WHEN (NEW.subject = '{faulty.household.number}') EXECUTE FUNCTION refuse()"
        )
    drive(batch.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.accepted, left_out(batch)) == ("done", 4, [(faulty.pk, "fault")])


def test_what_was_confirmed_cannot_be_changed(exits_of, confirmed):
    batch = confirmed(exits_of(2))
    for change in ({"proposals": []}, {"expected": 1}, {"seen": "x"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            BatchAcceptance.everywhere.filter(pk=batch.pk).update(**change)


def test_a_part_costs_the_same_queries_for_any_number(
    exits_of, confirmed, django_assert_max_num_queries
):
    batch = confirmed(exits_of(12))
    with django_assert_max_num_queries(40):
        drive(batch.pk)


def test_cancelling_a_review_with_accepted_cases_is_still_for_the_committers(
    cast, exits_of, confirmed
):
    review = exits_of(1)
    drive(confirmed(review).pk)
    with pytest.raises(Refused):
        cancel_review(review.pk, reason="x", by=cast.county_clerk)
