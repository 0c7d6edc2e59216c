"""Work of the exchange in the background."""

from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from exchange.actions import checking, feed, purging, uploading
from exchange.actions.digesting import follow_log_alone
from households.tasks import nudge
from trail.once import purge

SECONDS = 840
PARTS = 500
"""Of 2,000 households: all of a province, once; then what changed since."""


@shared_task
def prune_feed() -> None:
    """Forget changes that every other system has read by now, or will have to read anew."""
    feed.prune_feed(before=timezone.now() - timedelta(days=settings.FEED_KEEP_DAYS))


@shared_task
def purge_answers() -> None:
    """Forget answers after whose time nobody sends a request again."""
    purge(before=timezone.now() - timedelta(days=settings.API_ANSWER_DAYS))


@shared_task(soft_time_limit=SECONDS, time_limit=SECONDS + 30)
def check_push(push_id: int) -> None:
    """Hold the soft rules against what a push wrote."""
    checking.check_push(push_id)


@shared_task
def sweep_pushes() -> None:
    """Nudge the pushes that a crash left unchecked."""
    for push_id in checking.unchecked():
        nudge(check_push, push_id)


@shared_task(soft_time_limit=SECONDS, time_limit=SECONDS + 30)
def count_changes() -> None:
    """Let the totals that other systems ask for follow what changed."""
    follow_log_alone(parts=PARTS)


@shared_task(soft_time_limit=SECONDS, time_limit=SECONDS + 30)
def take_in_upload(upload_id: int) -> None:
    """Take in the households of an upload, then hold the soft rules against what it wrote."""
    for push_id in uploading.take_in(upload_id):
        nudge(check_push, push_id)


@shared_task
def sweep_uploads() -> None:
    """Nudge the uploads that a crash left behind."""
    for upload_id in uploading.unfinished():
        nudge(take_in_upload, upload_id)


@shared_task
def purge_uploaded() -> None:
    """Forget parts and reports after their time, and end what stayed open."""
    purging.purge_uploaded()
