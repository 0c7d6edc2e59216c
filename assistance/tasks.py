"""Nudges. A message carries the id of a search; losing or doubling messages changes nothing."""

import logging

from celery import Task, shared_task
from kombu.exceptions import OperationalError

from assistance.actions.gap_runs import drive, unfinished

logger = logging.getLogger(__name__)

SWEEP_SECONDS = 30  # between two sweeps
TASK_SECONDS = 45.0  # well below the time limit of a task; then the task sends itself on


@shared_task(bind=True)
def find_gaps(self: Task, run_id: int) -> None:
    """Judge parts of a search for policy gaps until none is left."""
    if not drive(run_id, seconds=TASK_SECONDS):
        self.apply_async(args=[run_id], queue=self.request.delivery_info["routing_key"])


@shared_task
def sweep_gaps() -> None:
    """Nudge the searches that a crash left behind."""
    for run_id in unfinished():
        find_gaps.apply_async(args=[run_id], expires=SWEEP_SECONDS)


def nudge(run_id: int) -> None:
    """Let a worker start on a search. Without a broker, the next sweep does."""
    try:
        find_gaps.delay(run_id)
    except OperationalError as fault:
        logger.warning("gap search %s waits for the next sweep: %s", run_id, fault)
