"""How far a review is."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Min, Q, Sum
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from reviews.models import ChunkState, Review, ReviewChunk

LATELY = timedelta(seconds=30)
MANY_ATTEMPTS = 10


@dataclass(frozen=True)
class Progress:
    """Chunks and households, decided and in all; households per second lately, 0 when unknown.

    `stuck` is a chunk that failed even household by household and waits before the next try, or
    one that was begun MANY_ATTEMPTS times: what ends it each time may leave no error, such as a
    kill.
    """

    chunks_done: int
    chunks_all: int
    households_done: int
    households_all: int
    rate: int
    stuck: ReviewChunk | None

    @property
    def seconds_left(self) -> int | None:
        """At the rate of late; None while it is unknown."""
        if not self.rate:
            return None
        return -(-(self.households_all - self.households_done) // self.rate)

    def __str__(self) -> str:
        text = _("%(done)s of %(all)s households, %(rate)s per second")
        values = {"done": self.households_done, "all": self.households_all, "rate": self.rate}
        return text % values


def progress_of(review: Review) -> Progress:
    """How far the review is now."""
    now = timezone.now()
    done = Q(state=ChunkState.DONE)
    lately = done & Q(finished_at__gte=now - LATELY)
    counted = review.chunks.aggregate(
        chunks_done=Count("pk", filter=done),
        chunks_all=Count("pk"),
        households_done=Sum("households", filter=done, default=0),
        households_all=Sum("households", default=0),
        latest=Sum("households", filter=lately, default=0),
        began=Min("started_at", filter=lately),
    )
    latest, began = counted.pop("latest"), counted.pop("began")
    seconds = (now - began).total_seconds() if began else 0
    waiting = ~Q(error="") & Q(state=ChunkState.WAITING, lease_until__gt=Now())
    stuck = review.chunks.filter(waiting | ~done & Q(attempts__gt=MANY_ATTEMPTS)).order_by("seq")
    return Progress(
        **counted, rate=round(latest / seconds) if seconds > 0 else 0, stuck=stuck.first()
    )
