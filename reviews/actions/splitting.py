"""Splitting a part whose worker dies every time, until the household that kills is alone in one."""

from django.db import connection
from django.db.models import Max

from reviews.actions.isolating import PIECES
from reviews.models import Review, ReviewChunk
from reviews.queries.facts import PART
from reviews.rules import borders

MOST_DEATHS = 3
STANDING = f"""
    SELECT h.village_code, h.id FROM households_household h
    WHERE h.withdrawn_at IS NULL AND {PART} ORDER BY h.village_code, h.id
"""  # noqa: S608 - constants of this package


def split(chunk: ReviewChunk) -> bool:
    """Cut the chunk, whose row the caller has locked, into pieces of their own; False for one.

    The chunk itself becomes the first piece. A piece of several households is under suspicion: it
    is split at the first death more. A piece of one household starts with a clean slate.
    """
    pieces = borders(standing_in(chunk), most=PIECES)
    if len(pieces) < 2:
        return False
    Review.everywhere.select_for_update(no_key=True).get(pk=chunk.review_id)
    last = chunk.review.chunks.aggregate(last=Max("seq"))["last"]
    starts = [(chunk.low, chunk.low_household), *(first for first, _held in pieces[1:])]
    ends = [*starts[1:], (chunk.high, chunk.high_household)]
    made = [
        ReviewChunk(
            review_id=chunk.review_id,
            seq=last + place if place else chunk.seq,
            low=start[0],
            low_household=start[1],
            high=end[0],
            high_household=end[1],
            households=held,
            attempts=_tried(held),
            deaths=_tried(held),
            error=chunk.error,
        )
        for place, (start, end, (_first, held)) in enumerate(zip(starts, ends, pieces, strict=True))
    ]
    first, *others = made
    ReviewChunk.objects.filter(pk=chunk.pk).update(
        **range_of(first),
        households=first.households,
        attempts=first.attempts,
        deaths=first.deaths,
    )
    ReviewChunk.objects.bulk_create(others)
    return True


def _tried(households: int) -> int:
    return 0 if households == 1 else MOST_DEATHS - 1


def standing_in(chunk: ReviewChunk) -> list[tuple[str, int]]:
    """The standing households of the chunk in its order: village and id."""
    with connection.cursor() as cursor:
        cursor.execute(STANDING, range_of(chunk))
        return cursor.fetchall()


def range_of(chunk: ReviewChunk) -> dict[str, str | int]:
    """The parameters of PART for this chunk."""
    names = ("low", "low_household", "high", "high_household")
    return {name: getattr(chunk, name) for name in names}


def villages_cut_by(chunk: ReviewChunk) -> set[str]:
    """The villages of which the chunk holds a part alone."""
    first = {chunk.low} if chunk.low_household else set()
    return first | ({chunk.high} if chunk.high_household else set())
