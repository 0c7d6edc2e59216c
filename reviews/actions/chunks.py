"""The work of a review: claim a chunk, decide it, and close the review after the last one.

Nothing here trusts a message or a worker: any number of processes may drive one review at once,
be killed anywhere, and start again.
"""

import logging
import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, cast

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.db.models import Case, F, Q, When
from django.db.models.functions import Now
from django.utils import timezone

from divisions.scope import code_range
from households.evidence import rest_on_facts
from reviews.actions.frames import decide, read_facts, write_proposals, write_villages
from reviews.actions.isolating import (
    FAULTS,
    decide_apart,
    in_short,
    is_lost,
    is_passing,
    need_attention,
    patience,
)
from reviews.actions.splitting import MOST_DEATHS, range_of, split, standing_in, villages_cut_by
from reviews.actions.stored import read_stored
from reviews.models import UNFINISHED, ChunkState, Review, ReviewChunk, ReviewState
from reviews.queries.facts import PART, WITHIN
from reviews.queries.totals import whole_totals
from reviews.rules import combined

if TYPE_CHECKING:
    from pandas import DataFrame

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=3)  # from the claim to the lock, both of one worker
LOOK_SECONDS = 0.2
PAUSE = timedelta(seconds=30)  # after a chunk failed even with its households one by one
WHOLE_ATTEMPTS = 3
TOO_LONG = "the part takes longer than the time limit of a task"
LOST = "WorkerLost: the worker ended before the part was done"
ENDLESS = float("inf")


def drive(review_id: int, *, seconds: float = ENDLESS) -> bool:
    """Decide chunks until none is left to claim; False when the seconds ran out before.

    Waits for leases that others hold: who took one may be dead, and nobody else be left to go on.
    Closes the review when its last chunk is done.
    """
    deadline = time.monotonic() + seconds
    while (chunk := claim(review_id) or _claim_after_leases(review_id)) is not None:
        run_chunk(chunk.pk)
        if time.monotonic() > deadline:
            return False
    finish(review_id)
    return True


def _claim_after_leases(review_id: int) -> ReviewChunk | None:
    """What comes back when the leases of this moment end; None when all of it was done."""
    leased = ReviewChunk.objects.filter(
        review_id=review_id,
        review__state__in=UNFINISHED,
        review__paused_at=None,
        state=ChunkState.RUNNING,
        lease_until__gt=Now(),
    )
    over = time.monotonic() + LEASE.total_seconds() + LOOK_SECONDS
    while time.monotonic() < over and leased.exists():
        time.sleep(LOOK_SECONDS)
        if chunk := claim(review_id):
            return chunk
    return claim(review_id)


@transaction.atomic
def claim(review_id: int) -> ReviewChunk | None:
    """The next chunk that nobody works on, now leased; None when there is none or all is paused.

    A chunk that ended the process MOST_DEATHS times is split first.
    """
    over = Q(lease_until=None) | Q(lease_until__lt=Now())
    chunk = (
        ReviewChunk.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(
            over,
            review_id=review_id,
            review__state__in=UNFINISHED,
            review__paused_at=None,
        )
        .exclude(state=ChunkState.DONE)
        .order_by("low", "low_household")
        .first()
    )
    if chunk is None:
        return None
    if chunk.state == ChunkState.RUNNING:
        chunk.deaths += 1
        chunk.error = chunk.error or LOST
        chunk.save(update_fields=["deaths", "error"])
    if chunk.deaths >= MOST_DEATHS:
        split(chunk)
    ReviewChunk.objects.filter(pk=chunk.pk).update(
        state=ChunkState.RUNNING,
        attempts=F("attempts") + 1,
        started_at=Now(),
        lease_until=Now() + LEASE,
    )
    Review.everywhere.filter(pk=review_id, state=ReviewState.PROPOSED).update(
        state=ReviewState.RUNNING
    )
    return chunk


@transaction.atomic
def try_again(review_id: int, part: str) -> None:
    """Forget the failures of chunks below a division that had many: somebody starts them anew.

    They are tried household by household at once. A chunk in other hands stays as it is.
    """
    low, high = code_range(part)
    failed = ReviewChunk.objects.select_for_update(skip_locked=True).filter(
        review_id=review_id, attempts__gt=WHOLE_ATTEMPTS, low__lt=high, high__gt=low
    )
    keys = list(failed.exclude(state=ChunkState.DONE).values_list("pk", flat=True))
    ReviewChunk.objects.filter(pk__in=keys).update(attempts=WHOLE_ATTEMPTS, lease_until=None)


def run_chunk(chunk_id: int) -> bool:
    """Decide one chunk in one commit; False when it is done, in other hands, or failed.

    A failure is kept on the chunk and does not rise. After WHOLE_ATTEMPTS of them the households
    at fault are found and marked for attention. A chunk that outlasts the time limit of a task, or
    during which the database goes away, is put back with that error, and split after MOST_DEATHS.
    """
    try:
        return _decide_chunk(chunk_id)
    except SoftTimeLimitExceeded:
        _put_back(chunk_id, TimeoutError(TOO_LONG), deaths=1)
    except FAULTS as fault:
        _put_back(chunk_id, fault, deaths=int(is_lost(fault)))
    return False


@transaction.atomic
def _decide_chunk(chunk_id: int) -> bool:
    chunk = (  # waits: another driver's claim may hold the row for a moment while it looks for work
        ReviewChunk.objects.select_for_update(of=("self",))
        .exclude(state=ChunkState.DONE)
        .select_related("review__standard")
        .filter(pk=chunk_id)
        .first()
    )
    if chunk is None:
        return False
    rest_on_facts()  # may wait long, under the lock of the row and not under the lease
    decided = _decided(chunk)
    cut = villages_cut_by(chunk)
    write_villages(chunk.review, decided[~decided["village"].isin(cut)] if cut else decided)
    ReviewChunk.objects.filter(pk=chunk_id).update(
        state=ChunkState.DONE,
        finished_at=Now(),
        lease_until=None,
    )
    return True


def _decided(chunk: ReviewChunk) -> "DataFrame":
    if chunk.deaths >= MOST_DEATHS and _is_proven_to_kill(chunk):
        return _decided_unread(chunk)
    if chunk.attempts > WHOLE_ATTEMPTS:
        return _decided_apart(chunk)
    return _decided_whole(chunk)


def _is_proven_to_kill(chunk: ReviewChunk) -> bool:
    """Whether other parts were done, so that machine and database are not what ends this one."""
    return chunk.review.chunks.filter(state=ChunkState.DONE).exists()


def _decided_whole(chunk: ReviewChunk) -> "DataFrame":
    where = PART if villages_cut_by(chunk) else WITHIN
    with patience(chunk.households):
        facts = read_facts(chunk.review, where, **range_of(chunk))
        decided = decide(facts, chunk.review)
        write_proposals(chunk.review, decided)
    return decided


def _decided_apart(chunk: ReviewChunk) -> "DataFrame":
    """The chunk's households in pieces, down to the single ones that cannot be decided."""
    households = [household for _village, household in standing_in(chunk)]
    return _in_order(decide_apart(chunk.review, households, facts_at=_facts_at(chunk)))


def _decided_unread(chunk: ReviewChunk) -> "DataFrame":
    """The one household of a chunk that cannot be split any more: whoever reads it dies."""
    parts = [
        need_attention(chunk.review, household, chunk.error, facts_at=_facts_at(chunk))
        for _village, household in standing_in(chunk)
    ]
    return _in_order(parts)


def _in_order(parts: list["DataFrame"]) -> "DataFrame":
    import pandas as pd  # noqa: PLC0415

    return pd.concat(parts).sort_values(["village", "number"], kind="stable")


def _facts_at(chunk: ReviewChunk) -> datetime:
    return cast(datetime, chunk.review.facts_at)


def _put_back(chunk_id: int, fault: Exception, *, deaths: int) -> None:
    """Let the chunk be claimed again: at once, or after a pause when all else has failed.

    A deadlock and its like do not count as attempts. After a database that went away the pause is
    that of a lease: it is back before the next sweep, and a chunk that ends it is split.
    """
    logger.warning("review chunk %s failed: %s", chunk_id, in_short(fault))
    pause = LEASE if is_lost(fault) else PAUSE
    all_failed = When(attempts__gt=WHOLE_ATTEMPTS, then=Now() + pause)
    ReviewChunk.objects.filter(pk=chunk_id, state=ChunkState.RUNNING).update(
        error=in_short(fault),
        state=ChunkState.WAITING,
        attempts=F("attempts") - int(is_passing(fault)),
        deaths=F("deaths") + deaths,
        lease_until=Case(all_failed),
    )


@transaction.atomic
def finish(review_id: int) -> Review | None:
    """Close the review, with hashes and totals, if all its chunks are done; else None.

    Villages that a split of chunks cut through get their totals and hashes here. A paused review
    is left as it is.
    """
    unfinished = Review.everywhere.unfinished().filter(pk=review_id, paused_at=None)
    review = unfinished.select_for_update().first()
    if review is None or review.chunks.exclude(state=ChunkState.DONE).exists():
        return None
    cut = review.chunks.exclude(low_household=0).order_by("low").values_list("low", flat=True)
    for village in cut.distinct():
        write_villages(review, read_stored(review, *code_range(village)))
    proofs = list(review.villages.values_list("village_id", "input_hash", "result_hash"))
    review.input_hash = combined((code, one) for code, one, _ in proofs)
    review.result_hash = combined((code, one) for code, _, one in proofs)
    review.totals = whole_totals(review)
    review.state = ReviewState.FINISHED
    review.finished_at = timezone.now()
    review.save(update_fields=["input_hash", "result_hash", "totals", "state", "finished_at"])
    return review
