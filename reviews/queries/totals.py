"""What a review adds up to, below any division.

Counts of households come from the rows of the villages, reasons from the proposals themselves.
"""

from collections import Counter
from typing import Any

from django.db import connection
from django.db.models import Count

from divisions.scope import code_range
from households.rules import GAPS, LACKS, Kind, named
from reviews.models import Proposal, Review

TOTALS = """
    WITH here AS NOT MATERIALIZED (
        SELECT households, persons, by_kind, by_state, bands FROM reviews_reviewvillage
        WHERE review_id = %(review)s AND village_code >= %(low)s AND village_code < %(high)s
    )
    SELECT 'households', '', sum(households) FROM here
    UNION ALL SELECT 'persons', '', sum(persons) FROM here
    UNION ALL SELECT 'kinds', key, sum(value::int) FROM here, jsonb_each_text(by_kind) GROUP BY key
    UNION ALL
    SELECT 'states', key, sum(value::int) FROM here, jsonb_each_text(by_state) GROUP BY key
    UNION ALL SELECT 'bands', key, sum(value::int) FROM here, jsonb_each_text(bands) GROUP BY key
"""


def totals_within(review: Review, code: str) -> dict[str, Any]:
    """Households, persons, and households by kind ("kinds") of the review below a division.

    Also by "state.kind" ("states") and by "state.band" ("bands"); see ReviewVillage.
    """
    low, high = code_range(code)
    kinds = {str(kind.value): 0 for kind in Kind if kind}
    totals: dict[str, Any] = {"households": 0, "persons": 0, "kinds": kinds}
    totals |= {"states": {}, "bands": {}}
    with connection.cursor() as cursor:
        cursor.execute(TOTALS, {"review": review.pk, "low": low, "high": high})
        for part, key, number in cursor.fetchall():
            if key:
                totals[part][key] = int(number)
            else:
                totals[part] = int(number or 0)
    return totals


def reasons_within(review: Review, code: str) -> dict[str, dict[str, int]]:
    """Households of the review below a division by what they lack and by what is not known."""
    standing = Proposal.everywhere.in_force().within(code).filter(review=review)
    standing = standing.exclude(lacks=0, gaps=0)
    lacks: Counter[str] = Counter()
    gaps: Counter[str] = Counter()
    counted = standing.values_list("lacks", "gaps").annotate(number=Count("pk")).order_by()
    for lacking, unknown, number in counted:
        for name in named(lacking, LACKS):
            lacks[name] += number
        for name in named(unknown, GAPS):
            gaps[name] += number
    return {"lacks": dict(lacks), "gaps": dict(gaps)}


def whole_totals(review: Review) -> dict[str, Any]:
    """What a review keeps of itself: its totals and its reasons."""
    return totals_within(review, review.root_id) | reasons_within(review, review.root_id)
