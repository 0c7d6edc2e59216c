"""The annual review with Celery workers, against COPY of the same rows out and in."""

import tempfile
from collections.abc import Sequence

from django.db import connection
from django.db.models import DurationField, F, Min, Sum

from benchmarks import classifying, profiling
from benchmarks.measuring import Line, copied_again, copy_out, manage
from divisions.models import Division
from divisions.scope import code_range
from officers.models import Officer
from reviews.actions.chunks import drive
from reviews.actions.proposing import propose_dry_run
from reviews.models import Review, ReviewChunk
from reviews.queries.facts import WITHIN, facts_statement

YEAR = 2020
PROVINCE = "97"
WORKERS = 2
SMALL = 10_000
MILLION = 1_000_000
ABSOLUTE = "≤ 30 s, ≤ 200 MiB a worker, "
NEAREST = """
    SELECT left(village_code, digits) AS place
    FROM households_household, (VALUES (4), (6), (9)) AS level (digits)
    WHERE village_code >= %s GROUP BY place ORDER BY abs(ln(count(*) / %s::numeric)) LIMIT 4
"""


def measure() -> list[Line]:
    """Review the whole province with workers; then few and all households in this process."""
    run = manage("run_review", "--year", YEAR, "--division", PROVINCE, "--workers", WORKERS)
    whole = Review.everywhere.get(root_id=PROVINCE, year=YEAR, dry_run=False)
    households, floor, driven = _households([whole]), _floor(whole), _driven(whole)
    return [
        Line(
            f"review of {households:,} households, {WORKERS} workers",
            f"{driven:.1f} s, {households / driven:,.0f} a second, {driven / floor:.2f} × the floor"
            f"; {run.seconds:.1f} s with start-up; {run.descendants_peak_mib:.0f} MiB a worker",
            (ABSOLUTE if households >= 0.9 * MILLION else "") + "≤ 2.5 × the floor",
        ),
        Line("floor: COPY of the same facts out and the same proposals in", f"{floor:.1f} s"),
        classifying.measure(whole, driven),
        _growth(),
        profiling.measure(_proposed(PROVINCE), households),
    ]


def _growth() -> Line:
    """What one household costs among all, against among few; without workers and start-up.

    The few are read for the first time, as all are: a place that was just read costs less.
    """
    first, *others = _small_places()
    _dry_run(first)  # loads what the first frame needs
    small, large = [_dry_run(place) for place in others], [_dry_run(PROVINCE)]
    sizes = f"{_households(large):,} against {len(small)} places of {_households(small):,} in all"
    return Line(
        f"review cost of a household, {sizes}",
        f"{_cost(large) / _cost(small):.2f} ×; all in one process {_worker_seconds(*large):.1f} s",
        "≤ 1.2 ×",
    )


def _cost(reviews: Sequence[Review]) -> float:
    """Seconds that the chunks took, by household."""
    return _worker_seconds(*reviews) / _households(reviews)


def _dry_run(division: str) -> Review:
    """A dry run driven in this process."""
    review = _proposed(division)
    drive(review.pk)
    review.refresh_from_db()
    return review


def _proposed(division: str) -> Review:
    """A dry run that waits for whoever drives it."""
    operator = Officer.objects.get(username="operator")
    return propose_dry_run(root=Division.objects.get(pk=division), year=YEAR, by=operator)


def _small_places() -> list[str]:
    """Divisions of the province whose numbers of households are nearest to SMALL."""
    with connection.cursor() as cursor:
        cursor.execute(NEAREST, [PROVINCE, SMALL])
        return [place for (place,) in cursor.fetchall()]


def _households(reviews: Sequence[Review]) -> int:
    chunks = ReviewChunk.objects.filter(review__in=reviews)
    return chunks.aggregate(total=Sum("households"))["total"]


def _driven(review: Review) -> float:
    """Seconds from the first claim of a chunk to the review's end: workers were up."""
    first = review.chunks.aggregate(first=Min("started_at"))["first"]
    seconds: float = (review.finished_at - first).total_seconds()
    return seconds


def _worker_seconds(*reviews: Review) -> float:
    """Seconds that the chunks took, added up."""
    took = Sum(F("finished_at") - F("started_at"), output_field=DurationField())
    chunks = ReviewChunk.objects.filter(review__in=reviews)
    seconds: float = chunks.aggregate(took=took)["took"].total_seconds()
    return seconds


def _floor(review: Review) -> float:
    low, high = code_range(PROVINCE)
    known = {"year": YEAR, "facts_at": review.facts_at, "low": low, "high": high}
    with connection.cursor() as cursor:
        query = cursor.mogrify(facts_statement(WITHIN), known).decode()
    with tempfile.TemporaryFile() as file:
        out = copy_out(query, file)
    return out + copied_again("reviews_proposal", f"review_id = {review.pk}")
