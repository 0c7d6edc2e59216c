"""The work of a review: claim a chunk, decide it, and close the review after the last one.

Nothing here trusts a message or a worker: any number of processes may drive one review at once,
be killed anywhere, and start again.
"""

import logging
import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, cast

from celery.exceptions import SoftTimeLimitExceeded
from django.db import DatabaseError, transaction
from django.db.models import Case, F, Q, TextField, Value, When
from django.db.models.functions import Now
from django.utils import timezone
from psycopg2.errors import DeadlockDetected, SerializationFailure

from households.evidence import rest_on_facts
from households.models import Household
from households.rules import Kind
from reviews.actions.frames import (
    attention,
    decide,
    read_facts,
    read_identity,
    write_proposals,
    write_villages,
)
from reviews.models import (
    UNFINISHED,
    ChunkState,
    Proposal,
    Review,
    ReviewChunk,
    ReviewState,
)
from reviews.queries.facts import AMONG, WITHIN
from reviews.queries.totals import totals_within
from reviews.rules import combined

if TYPE_CHECKING:
    from pandas import DataFrame

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=5)  # from the claim to the lock, both of one worker
PAUSE = timedelta(seconds=30)  # after a chunk failed even with its households one by one
WHOLE_ATTEMPTS = 3
TOO_LONG = "the part takes longer than the time limit of a task"
LOST = Value("WorkerLost: the worker ended before the part was done", TextField())
FAULTS = (DatabaseError, ArithmeticError, LookupError, TypeError, ValueError)
ENDLESS = float("inf")


def drive(review_id: int, *, seconds: float = ENDLESS) -> bool:
    """Decide chunks until none is left to claim; False when the seconds ran out before.

    Closes the review when its last chunk is done.
    """
    deadline = time.monotonic() + seconds
    while (chunk := claim(review_id)) is not None:
        run_chunk(chunk.pk)
        if time.monotonic() > deadline:
            return False
    finish(review_id)
    return True


@transaction.atomic
def claim(review_id: int) -> ReviewChunk | None:
    """The next chunk that nobody works on, now leased; None when there is none."""
    over = Q(lease_until=None) | Q(lease_until__lt=Now())
    chunk = (
        ReviewChunk.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(over, review_id=review_id, review__state__in=UNFINISHED)
        .exclude(state=ChunkState.DONE)
        .order_by("seq")
        .first()
    )
    if chunk is None:
        return None
    ReviewChunk.objects.filter(pk=chunk.pk).update(
        state=ChunkState.RUNNING,
        attempts=F("attempts") + 1,
        error=Case(When(state=ChunkState.RUNNING, error="", then=LOST), default=F("error")),
        started_at=Now(),
        lease_until=Now() + LEASE,
    )
    Review.everywhere.filter(pk=review_id, state=ReviewState.PROPOSED).update(
        state=ReviewState.RUNNING
    )
    return chunk


@transaction.atomic
def try_again(review_id: int) -> None:
    """Forget the failures of chunks that had many: somebody starts the review anew.

    They are tried household by household at once. A chunk in other hands stays as it is.
    """
    failed = ReviewChunk.objects.select_for_update(skip_locked=True).filter(
        review_id=review_id, attempts__gt=WHOLE_ATTEMPTS
    )
    keys = list(failed.exclude(state=ChunkState.DONE).values_list("pk", flat=True))
    ReviewChunk.objects.filter(pk__in=keys).update(attempts=WHOLE_ATTEMPTS, lease_until=None)


def run_chunk(chunk_id: int) -> bool:
    """Decide one chunk in one commit; False when it is done, in other hands, or failed.

    A failure is kept on the chunk and does not rise. After WHOLE_ATTEMPTS of them the households
    at fault are found and marked for attention. A chunk that outlasts the time limit of a task is
    put back with that error.
    """
    try:
        return _decide_chunk(chunk_id)
    except SoftTimeLimitExceeded:
        _put_back(chunk_id, TimeoutError(TOO_LONG))
    except FAULTS as fault:
        _put_back(chunk_id, fault)
    return False


@transaction.atomic
def _decide_chunk(chunk_id: int) -> bool:
    rest_on_facts()
    chunk = (  # waits: another driver's claim may hold the row for a moment while it looks for work
        ReviewChunk.objects.select_for_update(of=("self",))
        .exclude(state=ChunkState.DONE)
        .select_related("review__standard")
        .filter(pk=chunk_id)
        .first()
    )
    if chunk is None:
        return False
    decided = _decided_whole(chunk) if chunk.attempts <= WHOLE_ATTEMPTS else _decided_apart(chunk)
    write_villages(chunk.review, decided)
    ReviewChunk.objects.filter(pk=chunk_id).update(
        state=ChunkState.DONE,
        finished_at=Now(),
        lease_until=None,
    )
    return True


def _decided_whole(chunk: ReviewChunk) -> "DataFrame":
    facts = read_facts(chunk.review, WITHIN, low=chunk.low, high=chunk.high)
    decided = decide(facts, chunk.review)
    write_proposals(chunk.review, decided)
    return decided


def _decided_apart(chunk: ReviewChunk) -> "DataFrame":
    """The chunk's households in halves, down to the single ones that cannot be decided."""
    import pandas as pd  # noqa: PLC0415

    standing = Household.everywhere.standing().filter(
        village_id__gte=chunk.low, village_id__lt=chunk.high
    )
    households = list(standing.order_by("village_id", "pk").values_list("pk", flat=True))
    parts = decide_apart(chunk.review, households, facts_at=cast(datetime, chunk.review.facts_at))
    return pd.concat(parts).sort_values(["village", "number"], kind="stable")


def decide_apart(review: Review, households: list[int], *, facts_at: datetime) -> list["DataFrame"]:
    """Decide these households, halving them as long as something fails.

    A single one that fails gets a proposal of kind ATTENTION with the error.
    """
    try:
        with transaction.atomic():
            facts = read_facts(review, AMONG, households=households, facts_at=facts_at)
            decided = decide(facts, review)
            write_proposals(review, decided)
            return [decided]
    except FAULTS as fault:
        if len(households) == 1:
            return [_needing_attention(review, households[0], fault, facts_at)]
    middle = len(households) // 2
    return [
        part
        for half in (households[:middle], households[middle:])
        for part in decide_apart(review, half, facts_at=facts_at)
    ]


def _needing_attention(
    review: Review, household_id: int, fault: Exception, facts_at: datetime
) -> "DataFrame":
    logger.warning("household %s of review %s needs attention", household_id, review.pk)
    identity = read_identity(review, household_id, facts_at=facts_at)
    Proposal.everywhere.create(
        review=review,
        household_id=household_id,
        village_id=identity["village"],
        survey_id=identity["survey"] or None,
        state=identity["state"],
        kind=Kind.ATTENTION,
        persons=identity["persons"],
        error=in_short(fault),
    )
    return attention(identity)


def in_short(fault: Exception) -> str:
    """Kind and first line of a fault: its further lines may quote rows."""
    return f"{type(fault).__name__}: {str(fault).partition(chr(10))[0]}"[:300]


def _put_back(chunk_id: int, fault: Exception) -> None:
    """Let the chunk be claimed again: at once, or after a pause when all else has failed.

    A deadlock does not count as an attempt.
    """
    logger.warning("review chunk %s failed: %s", chunk_id, in_short(fault))
    transient = isinstance(fault.__cause__, DeadlockDetected | SerializationFailure)
    ReviewChunk.objects.filter(pk=chunk_id, state=ChunkState.RUNNING).update(
        error=in_short(fault),
        state=ChunkState.WAITING,
        attempts=F("attempts") - int(transient),
        lease_until=Case(When(attempts__gt=WHOLE_ATTEMPTS, then=Now() + PAUSE)),
    )


@transaction.atomic
def finish(review_id: int) -> Review | None:
    """Close the review, with hashes and totals, if all its chunks are done; else None."""
    review = Review.everywhere.unfinished().select_for_update().filter(pk=review_id).first()
    if review is None or review.chunks.exclude(state=ChunkState.DONE).exists():
        return None
    proofs = list(review.villages.values_list("village_id", "input_hash", "result_hash"))
    review.input_hash = combined((code, one) for code, one, _ in proofs)
    review.result_hash = combined((code, one) for code, _, one in proofs)
    review.totals = totals_within(review, review.root_id)
    review.state = ReviewState.FINISHED
    review.finished_at = timezone.now()
    review.save(update_fields=["input_hash", "result_hash", "totals", "state", "finished_at"])
    return review
