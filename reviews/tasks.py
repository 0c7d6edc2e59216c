"""Nudges. A message carries ids; losing, doubling or reordering messages changes nothing."""

import logging
from typing import Any

from celery import Task, shared_task
from kombu.exceptions import OperationalError

from divisions.scope import NATION
from households.counting import provinces
from reviews.actions import (
    batches,
    chunks,
    comparing,
    counting,
    refreshing,
    retrying,
    sweeping,
    verifying,
)
from trail.dates import business_date

logger = logging.getLogger(__name__)

LONG_SECONDS = 840  # of a task in one piece, below the time after which a message comes again
SWEEP_SECONDS = 30  # between two sweeps
TASK_SECONDS = 45.0  # well below the time limit of a task; then the task sends itself on


@shared_task(bind=True)
def drive(self: Task, review_id: int) -> None:
    """Decide chunks of a review until none is left."""
    if not chunks.drive(review_id, seconds=TASK_SECONDS):
        _go_on(self, review_id)


@shared_task(bind=True)
def refresh(self: Task, review_id: int, after: int = 0) -> None:
    """Renew the proposals of a finished review whose facts changed, chunk by chunk."""
    reached = refreshing.refresh(review_id, after=after, seconds=TASK_SECONDS)
    if reached is not None:
        _go_on(self, review_id, reached)


@shared_task(bind=True)
def decide_again(self: Task, review_id: int, part: str, after: int = 0) -> None:
    """Decide anew the households of a finished review that need attention, a few in one commit."""
    reached = retrying.decide_again(review_id, part, after=after, seconds=TASK_SECONDS)
    if reached:
        _go_on(self, review_id, part, reached)


@shared_task(soft_time_limit=LONG_SECONDS, time_limit=LONG_SECONDS + 30)
def verify(review_id: int, officer_id: int, posting_id: int) -> None:
    """Recompute a whole review for an officer, under the right that he has by then."""
    verifying.verify_as_asked(review_id, officer_id, posting_id)


@shared_task(bind=True)
def accept_batch(self: Task, batch_id: int) -> None:
    """Accept the proposals of a confirmed batch until none is left."""
    if not batches.drive(batch_id, seconds=TASK_SECONDS):
        _go_on(self, batch_id)


@shared_task
def count_comparison(comparison_id: int) -> None:
    """Count two reviews of a large place against each other."""
    comparing.count_comparison(comparison_id)


@shared_task
def sweep() -> None:
    """Nudge whatever a crash left behind, and the reviews whose turn to be refreshed has come.

    What no worker takes before the next sweep is gone by then: nothing piles up.
    """
    for review_id in sweeping.unfinished():
        drive.apply_async(args=[review_id], expires=SWEEP_SECONDS)
    for review_id in sweeping.due_for_refresh():
        refresh.apply_async(args=[review_id], expires=SWEEP_SECONDS)
    for batch_id in batches.running():
        accept_batch.apply_async(args=[batch_id], expires=SWEEP_SECONDS)


@shared_task
def count_readiness() -> None:
    """Let each province be counted anew, a message for each of its years at work."""
    for code in provinces():
        for year in counting.years_to_count(code, business_date()):
            count_place.delay(code, year)


@shared_task(soft_time_limit=LONG_SECONDS, time_limit=LONG_SECONDS + 30)
def count_place(code: str, year: int) -> None:
    """Count how ready the villages of one place are, unless that was done this very minute."""
    if not counting.was_just_counted(code, year):
        counting.count_year(code, year)


def nudge_count(code: str, year: int) -> bool:
    """Let a worker count now; False without a broker: then the hourly count does."""
    try:
        for place in provinces() if code == NATION else [code]:
            count_place.delay(place, year)
    except OperationalError as fault:
        logger.warning("%s waits for the hourly count of %s: %s", code, year, fault)
        return False
    return True


def nudge_comparison(comparison_id: int) -> bool:
    """Let a worker count a comparison; False without a broker: ask once more."""
    try:
        count_comparison.delay(comparison_id)
    except OperationalError as fault:
        logger.warning("comparison %s: nobody could be asked to count: %s", comparison_id, fault)
        return False
    return True


def nudge(review_id: int, *, workers: int = 4) -> None:
    """Let up to `workers` workers start on a review. Without a broker, the next sweep does."""
    try:
        for _ in range(workers):
            drive.delay(review_id)
    except OperationalError as fault:
        logger.warning("review %s waits for the next sweep: %s", review_id, fault)


def nudge_refresh(review_id: int) -> None:
    """Let a worker renew the proposals of a review. Without a broker, the next sweep does."""
    try:
        refresh.delay(review_id)
    except OperationalError as fault:
        logger.warning("review %s is renewed by the next sweep: %s", review_id, fault)


def nudge_again(review_id: int, part: str) -> bool:
    """Let a worker decide anew what needs attention; False without a broker: ask once more."""
    try:
        decide_again.delay(review_id, part)
    except OperationalError as fault:
        logger.warning("review %s: nobody could be asked to try again: %s", review_id, fault)
        return False
    return True


def nudge_verify(review_id: int, officer_id: int, posting_id: int) -> bool:
    """Let a worker recompute a review; False without a broker: ask once more."""
    try:
        verify.delay(review_id, officer_id, posting_id)
    except OperationalError as fault:
        logger.warning("review %s: nobody could be asked to recompute it: %s", review_id, fault)
        return False
    return True


def nudge_batch(batch_id: int) -> None:
    """Let a worker accept the proposals of a batch. Without a broker, the next sweep does."""
    try:
        accept_batch.delay(batch_id)
    except OperationalError as fault:
        logger.warning("batch %s waits for the next sweep: %s", batch_id, fault)


def _go_on(task: Task, *ids: Any) -> None:
    """The same task again, on the queue it came by."""
    task.apply_async(args=ids, queue=task.request.delivery_info["routing_key"])
