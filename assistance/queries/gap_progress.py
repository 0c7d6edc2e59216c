"""How far a search for policy gaps is."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Max, Min, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from assistance.models import GapChunkState, GapRun

LATELY = timedelta(seconds=30)
IDLE = timedelta(minutes=2)


@dataclass(frozen=True)
class Progress:
    """Parts and households, done and in all; households per second lately, 0 when unknown.

    `error` is what the part that failed most often said; `is_idle` tells that nobody took a part
    for long.
    """

    chunks_done: int
    chunks_all: int
    households_done: int
    households_all: int
    rate: int
    failed: int
    error: str
    is_idle: bool

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


def progress_of(run: GapRun) -> Progress:
    """How far the search is now; two queries."""
    now = timezone.now()
    done = Q(state=GapChunkState.DONE)
    lately = done & Q(finished_at__gte=now - LATELY)
    counted = run.chunks.aggregate(
        chunks_done=Count("pk", filter=done),
        chunks_all=Count("pk"),
        households_done=Sum("households", filter=done, default=0),
        households_all=Sum("households", default=0),
        failed=Count("pk", filter=~done & ~Q(error="")),
        latest=Sum("households", filter=lately, default=0),
        began=Min("started_at", filter=lately),
        taken=Max("started_at"),
    )
    latest, began = counted.pop("latest"), counted.pop("began")
    taken = counted.pop("taken") or run.asked_at
    seconds = (now - began).total_seconds() if began else 0
    bad = run.chunks.exclude(done).exclude(error="").order_by("-attempts", "low").first()
    return Progress(
        **counted,
        rate=round(latest / seconds) if seconds > 0 else 0,
        error=bad.error if bad else "",
        is_idle=run.finished_at is None and now - taken > IDLE,
    )
