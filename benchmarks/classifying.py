"""The same decisions as one plain SQL statement: what the rules alone cost, and whether they agree.

No reasons in words, no chunks, no hashes, no restart; written without a look at households.rules
but for the numbers of bits and kinds.
"""

from typing import Any

from django.db import connection

from benchmarks.measuring import Line, timed
from divisions.scope import code_range
from households.rules import (
    EXPENSE,
    GAP_BIT,
    GUARANTEES,
    INCOMES,
    LACK_BIT,
    MONEY_GAPS,
    Kind,
    State,
    fen,
)
from reviews.models import Review
from reviews.queries.facts import COLUMNS, WITHIN, facts_statement

NET = " + ".join(INCOMES) + f" - {EXPENSE}"
GAPS = " + ".join(f"no_{name} * {bit}" for name, bit in GAP_BIT.items())
LACKED = " + ".join(
    f"(no_{name} = 0 AND {name} = 0)::int * {LACK_BIT[name]}" for name in GUARANTEES
)
CLASSIFY = f"""
    CREATE TEMPORARY TABLE classified AS
    SELECT household, kind, lacks, gaps, CASE WHEN gaps & {MONEY_GAPS} = 0 THEN net END AS net
    FROM (
        SELECT *, CASE
            WHEN state IN ({State.CLEARED:d}, {State.CANCELLED:d})
                OR state = {State.ORDINARY:d} AND surveyed = 0 THEN {Kind.NONE:d}
            WHEN gaps <> 0 THEN {Kind.COMPLETE:d}
            WHEN state = {State.ORDINARY:d} AND lacks <> 0 THEN {Kind.IDENTIFY:d}
            WHEN state = {State.EXITED:d} AND lacks <> 0 THEN {Kind.REINCLUDE:d}
            WHEN state IN ({State.ORDINARY:d}, {State.EXITED:d})
                AND net < %(monitoring)s * persons THEN {Kind.WATCH:d}
            WHEN state NOT IN ({State.ORDINARY:d}, {State.EXITED:d})
                AND lacks = 0 AND net > %(line)s * persons THEN {Kind.EXIT:d}
            ELSE {Kind.KEEP:d} END AS kind
        FROM (
            SELECT household, state, surveyed, persons, {NET} AS net, {GAPS} AS gaps, {LACKED}
                + (({GAPS}) & {MONEY_GAPS} = 0 AND {NET} < %(line)s * persons)::int
                * {LACK_BIT["income"]} AS lacks
            FROM ({{facts}}) AS fact ({", ".join(COLUMNS)})
        ) AS weighed
    ) AS judged
    WHERE kind <> {Kind.NONE:d}
"""
DIFFERENT = """
    SELECT count(*) FROM classified FULL JOIN (
        SELECT household_id, kind, lacks, gaps, net_fen FROM reviews_proposal
        WHERE review_id = %(review)s AND added_at IS NULL
    ) AS proposed ON proposed.household_id = classified.household
    WHERE (classified.kind, classified.lacks, classified.gaps, classified.net)
        IS DISTINCT FROM (proposed.kind, proposed.lacks, proposed.gaps, proposed.net_fen)
"""


class Disagrees(Exception):
    """The review and the plain statement say different things of some households."""


def measure(review: Review, driven_seconds: float) -> Line:
    """Classify what a finished review decided, and compare household by household.

    Raises Disagrees.
    """
    low, high = code_range(review.root_id)
    parameters: dict[str, Any] = {
        "year": review.year,
        "facts_at": review.facts_at,
        "low": low,
        "high": high,
        "line": fen(review.standard.line),
        "monitoring": fen(review.standard.monitoring_line),
    }
    statement = CLASSIFY.format(facts=facts_statement(WITHIN))
    with connection.cursor() as cursor:
        seconds = timed(lambda: cursor.execute(statement, parameters))
        cursor.execute(DIFFERENT, {"review": review.pk})
        (differences,) = cursor.fetchone()
        cursor.execute("DROP TABLE classified")
    if differences:
        raise Disagrees(f"{differences} households")
    return Line(
        "floor: the same classified by one plain SQL statement, no reasons, snapshot or hashes",
        f"{seconds:.1f} s, 0 households differ; the review took {driven_seconds / seconds:.2f} ×",
    )
