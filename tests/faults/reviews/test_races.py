"""Two at once are as good as one after the other."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connections

from reviews.actions.accepting import accept_proposals
from reviews.actions.chunks import claim, drive, run_chunk
from reviews.actions.proposing import Overlaps, commit_review, propose_dry_run, propose_review
from reviews.actions.refreshing import refresh
from reviews.models import Proposal, Review
from tests import factories as make
from tests.faults.reviews.conftest import decided, province, slow_down, speed_up, undisturbed
from trail.errors import Refused
from workflow.models import Case

RACED_CHUNKS = 4


def at_once(act: Callable[[int], Any], times: int) -> list[Any]:
    """The results of `times` threads that start together, each on its own connection."""
    barrier = Barrier(times)

    def one(place: int) -> Any:
        barrier.wait()
        try:
            return act(place)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


def test_twenty_simultaneous_proposals_make_one_review(register):
    def propose(place: int) -> str:
        try:
            return f"review {propose_review(root=province(), year=2019, by=register.operator).pk}"
        except Overlaps as refusal:
            return f"review {refusal.details['review']}"

    answers = at_once(propose, 20)
    review = Review.everywhere.get()
    assert set(answers) == {f"review {review.pk}"}
    assert review.chunks.count() > 1


def test_a_chunk_on_two_workers_at_once_is_decided_once(register, full_counts):
    expected = undisturbed(register)
    for _ in range(20 if full_counts else 5):
        review = propose_dry_run(root=province(), year=2019, by=register.operator)
        for _ in range(RACED_CHUNKS):
            chunk = claim(review.pk)
            assert sorted(at_once(lambda _, key=chunk.pk: run_chunk(key), 2)) == [False, True]
        drive(review.pk)
        assert Review.everywhere.get(pk=review.pk).result_hash == expected.result_hash
        assert decided(review) == decided(expected)


def test_four_drivers_of_one_review_share_the_chunks(register):
    expected = undisturbed(register)
    slow_down(0.02)
    review = propose_dry_run(root=province(), year=2019, by=register.operator)
    at_once(lambda _: drive(review.pk), 4)
    speed_up()
    assert Review.everywhere.get(pk=review.pk).result_hash == expected.result_hash
    assert set(review.chunks.values_list("attempts", flat=True)) == {1}


def test_two_clerks_accepting_the_same_proposals_open_each_case_once(register):
    review = propose_review(root=province(), year=2019, by=register.operator)
    drive(review.pk)
    commit_review(review.pk, by=register.province_approver)
    proposals = list(
        Proposal.everywhere.within(make.COUNTY)
        .filter(review=review, kind=5)
        .values_list("pk", flat=True)
    )
    results = at_once(lambda _: accept_proposals(review.pk, proposals, by=register.county_clerk), 4)
    assert sorted(len(result.cases) for result in results) == [0, 0, 0, len(proposals)]
    assert Case.everywhere.count() == len(proposals) > 0


def test_refreshing_while_accepting_leaves_one_proposal_each(register, full_counts):
    review = propose_review(root=province(), year=2019, by=register.operator)
    drive(review.pk)
    commit_review(review.pk, by=register.province_approver)
    standing = Proposal.everywhere.undecided().within(make.COUNTY).filter(review=review, kind=5)
    for proposal in list(standing)[: 20 if full_counts else 5]:
        make.make_survey(proposal.household, 2019, corrects=proposal.survey, persons=1)

        def act(place: int, key: int = proposal.pk) -> None:
            try:
                if place:
                    accept_proposals(review.pk, [key], by=register.county_clerk)
                else:
                    refresh(review.pk)
            except Refused:
                pass

        at_once(act, 2)
        found = Proposal.everywhere.in_force().filter(review=review, household=proposal.household)
        assert found.count() == 1
