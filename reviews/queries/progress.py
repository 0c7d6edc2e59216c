"""How far a review is: as a whole, and part by part."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Count, Max, Min, Q, QuerySet, Sum
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from divisions.models import DIGITS, Division, Level
from divisions.scope import code_range
from households.rights import shown_count
from officers.models import Officer
from reviews.faults import Words, in_words
from reviews.models import DONE, ChunkState, Review, ReviewChunk
from reviews.rights import own_part

LATELY = timedelta(seconds=30)
IDLE = timedelta(minutes=2)
MANY_ATTEMPTS = 10
SHOWN_PARTS = 10
PAGE_PARTS = 50
TOWNSHIP_DIGITS = DIGITS[Level.TOWNSHIP]
PLACES = f"""
    SELECT part.key, min(d.code), max(d.code)
    FROM unnest(%(keys)s::bigint[], %(lows)s::text[], %(highs)s::text[], %(cuts)s::bigint[])
        AS part (key, low, high, cut)
    JOIN divisions_division d ON d.level = {Level.VILLAGE.value} AND d.code >= part.low
        AND (d.code < part.high OR d.code = part.high AND part.cut > 0)
    GROUP BY part.key
"""  # noqa: S608 - constants of this module


@dataclass(frozen=True)
class Progress:
    """Chunks and households, decided and in all; households per second lately, 0 when unknown.

    `stuck` is a chunk that failed even household by household and waits before the next try, or
    one that was begun MANY_ATTEMPTS times: what ends it each time may leave no error, such as a
    kill. `running` and `failed` count chunks. `idle_since` is the moment after which nobody took a
    chunk, where that was long ago and the review is not paused.
    """

    chunks_done: int
    chunks_all: int
    households_done: int
    households_all: int
    rate: int
    stuck: ReviewChunk | None
    running: int = 0
    failed: int = 0
    idle_since: datetime | None = None

    @property
    def seconds_left(self) -> int | None:
        """At the rate of late; None while it is unknown."""
        if not self.rate:
            return None
        return -(-(self.households_all - self.households_done) // self.rate)

    @property
    def minutes_left(self) -> int | None:
        """The same in whole minutes where a minute or more is left."""
        return -(-left // 60) if (left := self.seconds_left) and left > 60 else None

    @property
    def stuck_words(self) -> Words | None:
        """What happens to the stuck chunk, in plain words."""
        return in_words(self.stuck.error) if self.stuck else None

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
        running=Count("pk", filter=Q(state=ChunkState.RUNNING)),
        failed=Count("pk", filter=~done & ~Q(error="")),
        latest=Sum("households", filter=lately, default=0),
        began=Min("started_at", filter=lately),
        taken=Max("started_at"),
        ended=Max("finished_at"),
    )
    latest, began = counted.pop("latest"), counted.pop("began")
    moved = [one for one in (counted.pop("taken"), counted.pop("ended")) if one]
    quiet = max([review.created_at, *moved])
    seconds = (now - began).total_seconds() if began else 0
    waiting = ~Q(error="") & Q(state=ChunkState.WAITING, lease_until__gt=Now())
    stuck = review.chunks.filter(waiting | ~done & Q(attempts__gt=MANY_ATTEMPTS)).order_by("seq")
    return Progress(
        **counted,
        rate=round(latest / seconds) if seconds > 0 else 0,
        stuck=stuck.first(),
        idle_since=quiet if review.paused_at is None and now - quiet > IDLE else None,
    )


@dataclass(frozen=True)
class WorkPart:
    """One chunk as a page shows it: where it lies, how long it took, what went wrong.

    `places` are its first and its last village, one where these are the same.
    """

    chunk: ReviewChunk
    places: list[str]
    seconds: float | None
    fault: Words | None

    @property
    def is_piece(self) -> bool:
        """Whether it begins or ends inside a village."""
        return bool(self.chunk.low_household or self.chunk.high_household)


def work_parts(review: Review, part: str) -> QuerySet[ReviewChunk]:
    """The chunks that hold villages of division `part`, in their order."""
    low, high = code_range(part)
    return review.chunks.filter(low__lt=high, high__gt=low).order_by("seq")


def without_proposal(officer: Officer, review: Review) -> str:
    """How many households of the parts got no proposal, as text, so that parts and result add up.

    Empty where there are none, before the review is done, and for who sees a part of it alone.
    """
    if review.state not in DONE or own_part(officer, review) != review.root_id:
        return ""
    households = review.chunks.aggregate(all=Sum("households", default=0))["all"]
    number = households - review.totals.get("households", 0)
    return shown_count(officer, number) if number > 0 else ""


def unfinished_parts(review: Review, part: str) -> list[WorkPart]:
    """The first SHOWN_PARTS of those in work, or failed before: nothing waits there unseen."""
    in_work = Q(state=ChunkState.RUNNING) | ~Q(error="")
    found = work_parts(review, part).exclude(state=ChunkState.DONE).filter(in_work)
    return described(found[:SHOWN_PARTS])


def failed_parts(review: Review, part: str) -> list[WorkPart]:
    """The first PAGE_PARTS that failed and are not done."""
    found = work_parts(review, part).exclude(state=ChunkState.DONE).exclude(error="")
    return described(found[:PAGE_PARTS])


def described(chunks: QuerySet[ReviewChunk]) -> list[WorkPart]:
    """The chunks with the names of their places, in two queries more."""
    found = list(chunks)
    ends = _ends(found)
    codes = {code for pair in ends.values() for code in pair}
    named = Division.objects.filter(pk__in=codes | {code[:TOWNSHIP_DIGITS] for code in codes})
    names = dict(named.values_list("pk", "name"))
    now = timezone.now()
    return [
        WorkPart(
            chunk=chunk,
            places=_places(names, *ends.get(chunk.pk, ())),
            seconds=_seconds(chunk, now),
            fault=in_words(chunk.error) if chunk.error else None,
        )
        for chunk in found
    ]


def _places(names: Mapping[str, str], *ends: str) -> list[str]:
    """The ends as "township village"; the township once where it is that of both."""
    townships = [code[:TOWNSHIP_DIGITS] for code in ends]
    places = [
        f"{names[township]} {names[code]}" for township, code in zip(townships, ends, strict=True)
    ]
    if len(set(townships)) == 1:
        places[1:] = [names[code] for code in ends[1:]]
    return places if len(set(ends)) > 1 else places[:1]


def _ends(chunks: list[ReviewChunk]) -> dict[int, tuple[str, str]]:
    """The codes of the first and the last village of each chunk, by its key."""
    with connection.cursor() as cursor:
        cursor.execute(
            PLACES,
            {
                "keys": [chunk.pk for chunk in chunks],
                "lows": [chunk.low for chunk in chunks],
                "highs": [chunk.high for chunk in chunks],
                "cuts": [chunk.high_household for chunk in chunks],
            },
        )
        return {key: (first, last) for key, first, last in cursor.fetchall()}


def _seconds(chunk: ReviewChunk, now: datetime) -> float | None:
    """How long the last attempt took, or has been going on; None where none is under way."""
    if chunk.started_at is None or chunk.state == ChunkState.WAITING:
        return None
    return round(((chunk.finished_at or now) - chunk.started_at).total_seconds(), 1)
