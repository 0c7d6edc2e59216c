"""Nudges. A message carries ids; losing, doubling or reordering messages changes nothing."""

import logging
from typing import Any

from celery import Task, shared_task
from kombu.exceptions import OperationalError

from reviews.actions import batches, chunks, refreshing, sweeping

logger = logging.getLogger(__name__)

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
def accept_batch(self: Task, batch_id: int) -> None:
    """Accept the proposals of a confirmed batch until none is left."""
    if not batches.drive(batch_id, seconds=TASK_SECONDS):
        _go_on(self, batch_id)


@shared_task
def sweep() -> None:
    """Nudge whatever a crash left behind, and the reviews whose turn to be refreshed has come."""
    for review_id in sweeping.unfinished():
        drive.delay(review_id)
    for review_id in sweeping.due_for_refresh():
        refresh.delay(review_id)
    for batch_id in batches.running():
        accept_batch.delay(batch_id)


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


def nudge_batch(batch_id: int) -> None:
    """Let a worker accept the proposals of a batch. Without a broker, the next sweep does."""
    try:
        accept_batch.delay(batch_id)
    except OperationalError as fault:
        logger.warning("batch %s waits for the next sweep: %s", batch_id, fault)


def _go_on(task: Task, *ids: Any) -> None:
    """The same task again, on the queue it came by."""
    task.apply_async(args=ids, queue=task.request.delivery_info["routing_key"])
