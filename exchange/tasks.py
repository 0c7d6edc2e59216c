"""Work of the exchange in the background."""

from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from trail.once import purge


@shared_task
def purge_answers() -> None:
    """Forget answers after whose time nobody sends a request again."""
    purge(before=timezone.now() - timedelta(days=settings.API_ANSWER_DAYS))
