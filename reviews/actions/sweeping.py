"""What a crash, a lost broker or the passing of time leaves to be done."""

from datetime import timedelta

from django.db.models.functions import Coalesce
from django.utils import timezone

from reviews.actions import batches
from reviews.actions.chunks import drive
from reviews.actions.refreshing import refresh
from reviews.models import DONE, Review

REFRESH_EVERY = timedelta(hours=1)


def unfinished() -> list[int]:
    """Reviews with households still to be decided; those that an officer paused are left alone."""
    found = Review.everywhere.unfinished().filter(paused_at=None)
    return list(found.order_by("pk").values_list("pk", flat=True))


def due_for_refresh(*, every: timedelta = REFRESH_EVERY) -> list[int]:
    """Binding reviews that nobody has looked through for `every`, however old.

    An acceptance is refused on changed facts at any age, so each review must go on being renewed;
    to look through one costs a comparison of its county's facts, which reads and writes nothing
    else where nothing changed.
    """
    now = timezone.now()
    return list(
        Review.everywhere.filter(dry_run=False, state__in=DONE)
        .annotate(looked_at=Coalesce("refreshed_at", "finished_at"))
        .filter(looked_at__lte=now - every)
        .order_by("pk")
        .values_list("pk", flat=True)
    )


def sweep() -> tuple[list[int], list[int]]:
    """Drive every unfinished review to its end here and refresh the others; returns their ids.

    Batches that officers confirmed are accepted to their end as well.
    """
    driven = unfinished()
    for review_id in driven:
        drive(review_id)
    renewed = due_for_refresh(every=timedelta())
    for review_id in renewed:
        refresh(review_id)
    for batch_id in batches.running():
        batches.drive(batch_id)
    return driven, renewed
