"""Nudges. A message carries a key; losing or doubling messages changes nothing."""

import logging
from time import monotonic

from celery import Task, shared_task
from kombu.exceptions import OperationalError

from exits.actions.weighing import weigh_open_cases

logger = logging.getLogger(__name__)

TASK_SECONDS = 45.0  # well below the time limit of a task; then the task sends itself on


@shared_task(bind=True)
def weigh_cases(self: Task, after: int = 0) -> None:
    """Weigh all open cases behind a key anew, so that flags and risk are those of today."""
    ends, place = monotonic() + TASK_SECONDS, weigh_open_cases(after)
    while place is not None and monotonic() < ends:
        place = weigh_open_cases(place)
    if place is not None:
        self.apply_async(args=[place], queue=self.request.delivery_info["routing_key"])


def nudge() -> None:
    """Let a worker weigh all open cases: a limit changed. Without a broker, the night does."""
    try:
        weigh_cases.delay()
    except OperationalError as fault:
        logger.warning("the flags of open cases wait for the night: %s", fault)
