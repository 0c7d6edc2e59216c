"""The pages of running reviews: progress by part, the next step, and the list."""

import gzip
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from divisions.models import Division
from households.rules import State
from reviews.actions.chunks import claim, run_chunk
from reviews.actions.pausing import pause_review
from reviews.actions.proposing import cancel_review
from reviews.models import Review, ReviewState
from reviews.queries.progress import IDLE, progress_of, work_parts
from tests import factories as make
from tests.web.reviews.pages import page_of

pytestmark = pytest.mark.django_db


def test_the_parts_are_named_by_their_villages(cast, signed_in, begun):
    page = page_of(signed_in(cast.county_clerk), "parts", begun)
    names = [part.places for part in page.context["parts"]]
    towns = [Division.objects.get(pk=code).name for code in (make.TOWNSHIP, make.OTHER_TOWNSHIP)]
    assert [places[0].split()[0] for places in names] == towns


def test_a_part_done_shows_its_seconds_and_a_failed_one_its_fault_in_words(
    cast, signed_in, begun, in_english
):
    first = claim(begun.pk)
    run_chunk(first.pk)
    begun.chunks.filter(seq=2).update(
        error="WorkerLost: the worker ended before the part was done", attempts=2
    )
    page = page_of(signed_in(cast.county_clerk), "parts", begun)
    done, failed = page.context["parts"]
    assert done.seconds is not None
    assert (failed.seconds, failed.chunk.attempts) == (None, 2)
    assert "The worker ended before it was done" in str(failed.fault.happened)


def test_an_officer_sees_the_parts_of_his_own_posting(cast, begun):
    assert [part.seq for part in work_parts(begun, make.TOWNSHIP)] == [1]
    assert [part.seq for part in work_parts(begun, make.OTHER_TOWNSHIP)] == [2]


def test_a_thousand_parts_stay_light(cast, signed_in, begun, django_assert_max_num_queries):
    begun.chunks.bulk_create(
        type(begun.chunks.first())(
            review=begun, seq=seq, low=make.VILLAGE, high=make.NEXT_VILLAGE, households=1,
            error="ValueError: no number" if seq % 2 else "",
        )
        for seq in range(3, 1001)
    )  # fmt: skip
    client = signed_in(cast.county_clerk)
    for name in ("review", "progress", "parts", "attention"):
        page_of(client, name, begun)
        with django_assert_max_num_queries(25):
            answer = page_of(client, name, begun)
        assert len(gzip.compress(answer.content)) < 20_000
    assert len(page_of(client, "review", begun).context["overview"].parts) == 10


def test_a_stuck_review_says_so_loudly(cast, signed_in, begun, in_english):
    begun.chunks.filter(seq=1).update(
        error="DataError: bigint out of range", attempts=5,
        lease_until=timezone.now() + timedelta(seconds=20),
    )  # fmt: skip
    page = page_of(signed_in(cast.county_clerk), "review", begun).text
    assert 'role="alert"' in page
    assert "part 1 failed 5 times" in page


def test_a_review_that_nobody_works_on_says_since_when(cast, begun):
    assert progress_of(begun).idle_since is None
    Review.everywhere.filter(pk=begun.pk).update(created_at=timezone.now() - 2 * IDLE)
    begun.refresh_from_db()
    assert progress_of(begun).idle_since == begun.created_at
    pause_review(begun.pk, by=cast.county_clerk)
    begun.refresh_from_db()
    assert progress_of(begun).idle_since is None


@pytest.mark.parametrize(
    ("state", "facts", "part", "words"),
    [
        (ReviewState.RUNNING, {}, "county_clerk", "runs by itself"),
        (ReviewState.FINISHED, {}, "county_approver", "waits for you"),
        (ReviewState.FINISHED, {}, "county_clerk", "an approver to commit it"),
        (ReviewState.FINISHED, {"dry_run": True}, "county_clerk", "dry run ends here"),
        (ReviewState.CANCELLED, {}, "county_clerk", "was cancelled"),
    ],
)
def test_the_next_step_is_named_for_the_reader(
    cast, signed_in, in_english, state, facts, part, words
):
    review = make.make_review(state=state, proposed_by=cast.county_clerk, **facts)
    assert words in page_of(signed_in(getattr(cast, part)), "review", review).context["next_step"]


def test_the_approvers_who_can_commit_are_named_but_not_the_proposer(cast, signed_in, in_english):
    review = make.make_review(state=ReviewState.FINISHED, proposed_by=cast.county_clerk)
    step = page_of(signed_in(cast.county_clerk), "review", review).context["next_step"]
    assert cast.county_approver.name in step
    assert cast.province_approver.name in step
    assert cast.county_clerk.name not in step


def test_a_committed_review_counts_what_waits_for_the_clerk(
    cast, signed_in, household_of, committed, in_english
):
    household_of(State.POOR)
    review = committed()
    step = page_of(signed_in(cast.county_clerk), "review", review).context["next_step"]
    assert step == "1 proposal waits for you."
    step = page_of(signed_in(cast.city_reviewer), "review", review).context["next_step"]
    assert step == "<5 proposals wait for the county clerk."


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [2019, 2018]),
        ("?year=2018", [2018]),
        ("?state=finished", [2018]),
        ("?state=paused", [2019]),
        (f"?place={make.COUNTY}", [2019, 2018]),
        (f"?place={make.COUNTY}000000", [2019, 2018]),
        ("?place=nowhere", []),
        ("?year=next&state=lost", [2019, 2018]),
    ],
)
def test_the_list_is_narrowed_by_year_state_and_place(cast, signed_in, query, expected):
    make.make_review(year=2018, state=ReviewState.FINISHED)
    paused = make.make_review(year=2019, state=ReviewState.RUNNING)
    pause_review(paused.pk, by=cast.county_clerk)
    page = signed_in(cast.county_clerk).get(reverse("reviews:list") + query)
    assert [review.year for review in page.context["page"]] == expected


def test_the_list_says_for_whom_each_review_waits(
    cast, signed_in, household_of, committed, in_english
):
    household_of(State.POOR)
    committed()
    text = signed_in(cast.county_clerk).get(reverse("reviews:list")).text
    assert "the county clerk, to accept" in text


def test_the_list_costs_the_same_for_any_number(cast, signed_in, django_assert_num_queries):
    for year in (2017, 2018, 2019):
        make.make_review(year=year, state=ReviewState.COMMITTED, committed_by=cast.county_approver,
                         committed_at=timezone.now())  # fmt: skip
    client = signed_in(cast.county_clerk)
    client.get(reverse("reviews:list"))
    with django_assert_num_queries(10):
        client.get(reverse("reviews:list"))


def test_a_dry_run_is_finished_and_nobody_is_asked_to_commit_it(cast, signed_in, in_english):
    review = make.make_review(state=ReviewState.FINISHED, dry_run=True)
    page = page_of(signed_in(cast.county_approver), "review", review).text
    assert "not committed" not in page
    assert "To the commitment" not in page
    assert reverse("reviews:commit", args=[review.pk]) not in page
    assert "propose the review that counts" in page


@pytest.mark.parametrize("root", [make.COUNTY, make.PROVINCE, make.TOWNSHIP])
def test_a_dry_run_leads_to_the_review_that_counts_already(cast, signed_in, in_english, root):
    counting = make.make_review(root)
    review = make.make_review(state=ReviewState.FINISHED, dry_run=True)
    answer = page_of(signed_in(cast.county_clerk), "review", review)
    assert f"Review number {counting.pk} of" in answer.context["next_step"]
    assert "propose the review that counts" not in answer.text
    assert reverse("reviews:review", args=[counting.pk]) in answer.text


@pytest.mark.parametrize(
    "facts", [{"root": make.OTHER_COUNTY}, {"year": 2018}, {"state": "cancelled"}]
)
def test_another_review_does_not_count_for_a_dry_run(cast, signed_in, facts):
    make.make_review(**facts)
    review = make.make_review(state=ReviewState.FINISHED, dry_run=True)
    assert page_of(signed_in(cast.county_clerk), "review", review).context["counting"] is None


def test_the_badge_of_a_paused_review_says_so(cast, signed_in, begun, in_english):
    pause_review(begun.pk, by=cast.county_clerk)
    head = page_of(signed_in(cast.county_clerk), "review", begun).text.split("<h1>")[1]
    assert "paused</span>" in head.split("</div>")[0]


def test_a_cancelled_review_says_who_cancelled_it_when_and_why(cast, signed_in, in_english):
    review = make.make_review(state=ReviewState.FINISHED)
    cancel_review(review.pk, reason="标准有误", by=cast.county_approver)
    page = page_of(signed_in(cast.city_reviewer), "review", review).text
    cancelled = page.split("Cancelled by")[1].split("</dd>")[0]
    assert cast.county_approver.name in cancelled
    assert "标准有误" in cancelled
    assert re.search(r"\d{4}-\d{2}-\d{2}", cancelled)


def test_parts_and_result_add_up_with_the_ordinary_households_that_nobody_surveyed(
    cast, signed_in, household_of, proposed, in_english
):
    household_of()
    household_of(State.ORDINARY)
    for _number in range(6):
        make.make_household(state=State.ORDINARY)
    review = proposed()
    assert sum(review.chunks.values_list("households", flat=True)) == 8
    assert review.totals["households"] == 2
    for name in ("review", "parts"):
        page = page_of(signed_in(cast.county_clerk), name, review)
        assert "6 have no proposal: ordinary households without a survey" in page.text


def test_where_everybody_was_judged_nobody_is_said_to_be_left_out(
    cast, signed_in, household_of, proposed, in_english
):
    household_of()
    page = page_of(signed_in(cast.county_clerk), "parts", proposed())
    assert "have no proposal" not in page.text
