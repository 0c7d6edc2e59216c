"""What a review adds up to, below any division."""

from typing import Any

from django.db import connection

from divisions.scope import code_range
from households.rules import Kind
from reviews.models import Review

TOTALS = """
    SELECT kind, sum(number) FROM (
        SELECT 'households' AS kind, households AS number, village_code FROM reviews_reviewvillage
        WHERE review_id = %(review)s
        UNION ALL
        SELECT 'persons', persons, village_code FROM reviews_reviewvillage
        WHERE review_id = %(review)s
        UNION ALL
        SELECT key, value::int, village_code
        FROM reviews_reviewvillage, jsonb_each_text(by_kind) WHERE review_id = %(review)s
    ) AS counted
    WHERE village_code >= %(low)s AND village_code < %(high)s
    GROUP BY kind
"""


def totals_within(review: Review, code: str) -> dict[str, Any]:
    """Households, persons, and households by kind ("kinds") of the review below a division."""
    low, high = code_range(code)
    with connection.cursor() as cursor:
        cursor.execute(TOTALS, {"review": review.pk, "low": low, "high": high})
        counted = {name: int(number) for name, number in cursor.fetchall()}
    kinds = {str(kind.value): counted.get(str(kind.value), 0) for kind in Kind if kind}
    return {
        "households": counted.get("households", 0),
        "persons": counted.get("persons", 0),
        "kinds": kinds,
    }
