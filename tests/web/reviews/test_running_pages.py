"""Pausing, progress by part, and what needs attention: on the pages and in the actions."""

import gzip
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from divisions.models import Division
from households.rules import Kind, State
from reviews.actions.chunks import claim, drive, finish, run_chunk
from reviews.actions.pausing import pause_review, resume_review
from reviews.actions.proposing import cancel_review, propose_review
from reviews.actions.retrying import ask_to_try_again, decide_again
from reviews.actions.sweeping import sweep, unfinished
from reviews.models import ChunkState, Proposal, Review, ReviewState, ReviewVillage
from reviews.queries.progress import IDLE, progress_of, work_parts
from tests import factories as make
from tests.web.reviews.conftest import POOR_INCOME
from trail.errors import NotAllowed, Refused
from trail.models import Change
from workflow.models import PolicyParameter

pytestmark = pytest.mark.django_db


@pytest.fixture
def begun(cast, county, household_of) -> Review:
    """A review of two villages in two parts, proposed and not driven."""
    PolicyParameter.objects.create(
        division_id=make.PROVINCE, year=2014, key="review.chunk_households", value=1, source="test"
    )
    household_of()
    household_of(village=make.OTHER_TOWNSHIP_VILLAGE)
    return propose_review(root=county, year=2019, by=cast.county_clerk)


def page_of(client, name: str, review: Review, query: str = ""):
    return client.get(reverse(f"reviews:{name}", args=[review.pk]) + query)


@pytest.mark.parametrize("part", ["county_clerk", "county_approver", "province_officer"])
def test_whoever_proposes_or_commits_there_pauses(cast, begun, part):
    by = getattr(cast, part)
    pause_review(begun.pk, by=by)
    begun.refresh_from_db()
    assert (begun.paused_by, begun.paused_at is None) == (by, False)
    change = Change.objects.get(action="pause")
    assert (change.actor_id, change.subject_id) == (by.pk, str(begun.pk))


@pytest.mark.parametrize("part", ["auditor", "township_reviewer", "city_reviewer", "stranger"])
def test_nobody_else_pauses_or_resumes(cast, begun, part):
    with pytest.raises(NotAllowed):
        pause_review(begun.pk, by=getattr(cast, part))
    pause_review(begun.pk, by=cast.county_clerk)
    with pytest.raises(NotAllowed):
        resume_review(begun.pk, by=getattr(cast, part))


def test_workers_stop_after_the_part_at_hand(cast, begun):
    chunk = claim(begun.pk)
    pause_review(begun.pk, by=cast.county_approver)
    assert run_chunk(chunk.pk)
    assert claim(begun.pk) is None
    assert [one.state for one in begun.chunks.all()] == [ChunkState.DONE, ChunkState.WAITING]


def test_a_review_whose_last_part_ends_during_a_pause_waits_for_its_end(cast, begun):
    chunks = [claim(begun.pk), claim(begun.pk)]
    pause_review(begun.pk, by=cast.county_clerk)
    for chunk in chunks:
        run_chunk(chunk.pk)
    assert finish(begun.pk) is None
    resume_review(begun.pk, by=cast.county_clerk)
    drive(begun.pk)
    begun.refresh_from_db()
    assert begun.state == ReviewState.FINISHED


def test_a_resumed_review_leaves_who_paused_it_in_the_trace(cast, begun):
    pause_review(begun.pk, by=cast.county_clerk)
    resume_review(begun.pk, by=cast.county_approver)
    change = Change.objects.get(action="resume")
    assert change.before["paused_by"] == cast.county_clerk.pk
    assert change.actor_id == cast.county_approver.pk


def test_the_sweep_leaves_a_paused_review_alone(cast, begun):
    pause_review(begun.pk, by=cast.county_clerk)
    assert unfinished() == []
    assert sweep() == ([], [])
    begun.refresh_from_db()
    assert begun.state == ReviewState.PROPOSED


def test_a_second_pause_names_who_paused(cast, begun):
    pause_review(begun.pk, by=cast.county_clerk)
    with pytest.raises(Refused) as refusal:
        pause_review(begun.pk, by=cast.county_approver)
    assert refusal.value.code == "paused"
    assert cast.county_clerk.name in refusal.value.message


def test_what_is_not_under_way_is_neither_paused_nor_resumed(cast, household_of, proposed, begun):
    with pytest.raises(Refused) as refusal:
        resume_review(begun.pk, by=cast.county_clerk)
    assert refusal.value.code == "not_paused"
    drive(begun.pk)
    with pytest.raises(Refused) as refusal:
        pause_review(begun.pk, by=cast.county_clerk)
    assert refusal.value.code == "not_under_way"


def test_a_paused_and_a_running_review_can_be_cancelled(cast, begun):
    chunk = claim(begun.pk)
    pause_review(begun.pk, by=cast.county_clerk)
    cancel_review(begun.pk, reason="wrong line", by=cast.county_clerk)
    run_chunk(chunk.pk)
    assert claim(begun.pk) is None
    assert finish(begun.pk) is None


def test_a_pause_and_a_resumption_on_the_page(cast, signed_in, begun, monkeypatch):
    nudged = []
    monkeypatch.setattr("reviews.tasks.nudge", nudged.append)
    client = signed_in(cast.county_clerk)
    client.post(reverse("reviews:pause", args=[begun.pk]))
    page = page_of(client, "review", begun).text
    assert cast.county_clerk.name in page
    assert reverse("reviews:resume", args=[begun.pk]) in page
    assert "http-equiv" not in page
    assert "hx-get" not in page
    client.post(reverse("reviews:resume", args=[begun.pk]))
    assert nudged == [begun.pk]
    page = page_of(client, "review", begun).text
    assert reverse("reviews:pause", args=[begun.pk]) in page
    assert 'http-equiv="refresh"' in page


def test_who_may_not_pause_sees_no_button_and_who_paused(cast, signed_in, begun):
    pause_review(begun.pk, by=cast.county_clerk)
    client = signed_in(cast.auditor)
    page = page_of(client, "review", begun).text
    assert reverse("reviews:resume", args=[begun.pk]) not in page
    assert cast.county_clerk.name in page
    assert client.post(reverse("reviews:resume", args=[begun.pk])).status_code == 403


def test_the_fragment_of_a_review_paused_by_somebody_else_reloads_the_page(cast, signed_in, begun):
    pause_review(begun.pk, by=cast.county_approver)
    assert page_of(signed_in(cast.county_clerk), "progress", begun)["HX-Refresh"] == "true"


def test_run_review_says_that_it_is_paused_and_ends_with_status_2(cast, begun):
    pause_review(begun.pk, by=cast.county_clerk)
    with pytest.raises(CommandError) as refusal:
        call_command("run_review", "--year=2019", f"--division={make.COUNTY}", "--workers=1")
    assert refusal.value.returncode == 2
    assert cast.county_clerk.name in str(refusal.value)
    assert "--resume" in str(refusal.value)
    begun.refresh_from_db()
    assert begun.paused_at is not None


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
