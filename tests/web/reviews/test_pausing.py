"""Pausing a review and resuming it: who does, what stops, what the pages and the command say."""

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from reviews.actions.chunks import claim, drive, finish, run_chunk
from reviews.actions.pausing import pause_review, resume_review
from reviews.actions.proposing import cancel_review
from reviews.actions.sweeping import sweep, unfinished
from reviews.models import ChunkState, ReviewState
from tests import factories as make
from tests.web.reviews.pages import page_of
from trail.errors import NotAllowed, Refused
from trail.models import Change

pytestmark = pytest.mark.django_db


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
