"""Work of the register in the background.

A message carries the id of a batch, or the code of a division and a year, nothing else.
"""

import logging

from celery import Task, shared_task
from django.db import transaction
from kombu.exceptions import OperationalError

from households.actions.quality import recheck_village, villages_in
from households.counting import provinces, recount
from households.entry.evidence import purge_evidence
from households.importing import batches, store
from households.importing.checking import check_batch
from households.models.batches import BatchState

logger = logging.getLogger("registry.imports")
SECONDS = 840


@shared_task(soft_time_limit=SECONDS, time_limit=SECONDS + 30)
def judge_import(batch_id: int) -> None:
    batches.judge_batch(batch_id)


@shared_task(soft_time_limit=SECONDS, time_limit=SECONDS + 30)
def save_import(batch_id: int) -> None:
    batches.save_batch(batch_id)
    nudge(check_import, batch_id)


@shared_task(soft_time_limit=SECONDS, time_limit=SECONDS + 30)
def check_import(batch_id: int) -> None:
    """Hold the soft rules against what an import saved."""
    check_batch(batch_id)


@shared_task
def check_division(code: str, year: int) -> None:
    """Let the soft rules be held against a whole division, a message a village."""
    for village in villages_in(code):
        check_village.delay(village, year)


@shared_task(soft_time_limit=SECONDS, time_limit=SECONDS + 30)
def check_village(code: str, year: int) -> None:
    recheck_village(code, year=year)


@shared_task
def sweep_imports() -> None:
    """Nudge the batches that a crash left behind."""
    for batch in batches.unfinished():
        nudge(judge_import if batch.state == BatchState.UPLOADED else save_import, batch.pk)


@shared_task
def purge_uploads() -> None:
    store.purge()
    purge_evidence()


@shared_task
def count_provinces() -> None:
    """Let each province be counted anew, a message each."""
    for code in provinces():
        count_villages.delay(code)


@shared_task
def count_villages(code: str) -> None:
    recount(code)


def nudge_later(task: Task, batch_id: int) -> None:
    """Nudge once the transaction under way is committed."""
    transaction.on_commit(lambda: nudge(task, batch_id))


def nudge(task: Task, batch_id: int) -> None:
    """Let a worker start now; without a broker the sweep will."""
    try:
        task.delay(batch_id)
    except OperationalError:
        logger.warning("no broker; batch %s waits for the sweep", batch_id)
