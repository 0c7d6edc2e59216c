"""The annual review with Celery workers, against COPY of the same rows out and in."""

import tempfile

from django.db import connection
from django.db.models import DurationField, F, Min, Sum

from benchmarks.measuring import Line, copied_again, copy_out, manage
from divisions.scope import code_range
from reviews.models import Review
from reviews.queries.facts import WITHIN, facts_statement

YEAR = 2020
PROVINCE = "97"
WORKERS = 2
SMALL = 10_000
MILLION = 1_000_000
NEAREST = """
    SELECT left(village_code, digits) AS place
    FROM households_household, (VALUES (4), (6), (9)) AS level (digits)
    WHERE village_code >= %s GROUP BY place ORDER BY abs(count(*) - %s) LIMIT 1
"""


def measure() -> list[Line]:
    """Review the whole province, after a dry run of few households for what each of them costs."""
    small = _run(_small_place(), "--dry-run")
    run = manage("run_review", "--year", YEAR, "--division", PROVINCE, "--workers", WORKERS)
    whole = Review.everywhere.get(root_id=PROVINCE, year=YEAR, dry_run=False)
    households = _households(whole)
    floor = _floor(whole)
    grows = _worker_seconds(whole) / households / (_worker_seconds(small) / _households(small))
    driven = _driven(whole)
    budget = (
        "≤ 30 s, ≤ 200 MiB a worker, ≤ 2.5 × the floor"
        if households >= 0.9 * MILLION
        else "≤ 2.5 × the floor"
    )
    return [
        Line(
            f"review of {households:,} households, {WORKERS} workers",
            f"{driven:.1f} s, {households / driven:,.0f} a second, {driven / floor:.2f} × the floor"
            f"; {run.seconds:.1f} s with start-up; {run.descendants_peak_mib:.0f} MiB a worker",
            budget,
        ),
        Line("floor: COPY of the same facts out and the same proposals in", f"{floor:.1f} s"),
        Line(
            f"review cost of a household, {households:,} against {_households(small):,}",
            f"{grows:.2f} ×",
            "≤ 1.2 ×",
        ),
    ]


def _run(division: str, *options: str) -> Review:
    manage("run_review", "--year", YEAR, "--division", division, "--workers", WORKERS, *options)
    return Review.everywhere.filter(root_id=division, year=YEAR).latest("pk")


def _small_place() -> str:
    """The division of the province whose number of households is nearest to SMALL."""
    found: list[tuple[int, str]] = []
    for digits in (4, 6, 9):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT abs(count(*) - %s), left(village_code, %s) AS place"
                " FROM households_household"
                " WHERE village_code >= '97' GROUP BY place ORDER BY 1 LIMIT 1",
                [SMALL, digits],
            )
            found += cursor.fetchall()
    return min(found)[1]


def _households(review: Review) -> int:
    return review.chunks.aggregate(total=Sum("households"))["total"]


def _driven(review: Review) -> float:
    """Seconds from the first claim of a chunk to the review's end: workers were up."""
    first = review.chunks.aggregate(first=Min("started_at"))["first"]
    seconds: float = (review.finished_at - first).total_seconds()
    return seconds


def _worker_seconds(review: Review) -> float:
    """Seconds that the chunks took, added up."""
    took = Sum(F("finished_at") - F("started_at"), output_field=DurationField())
    seconds: float = review.chunks.aggregate(took=took)["took"].total_seconds()
    return seconds


def _floor(review: Review) -> float:
    low, high = code_range(PROVINCE)
    known = {"year": YEAR, "facts_at": review.facts_at, "low": low, "high": high}
    with connection.cursor() as cursor:
        query = cursor.mogrify(facts_statement(WITHIN), known).decode()
    with tempfile.TemporaryFile() as file:
        out = copy_out(query, file)
    return out + copied_again("reviews_proposal", f"review_id = {review.pk}")
