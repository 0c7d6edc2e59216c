"""The divisions right below a place, with what a review proposes there."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from django.db import connection

from divisions.models import DIGITS, Division
from divisions.scope import NATION, code_range
from households.rights import ShownCounts
from households.rules import Kind
from reviews.models import Review
from reviews.queries.keys import HOUSEHOLDS, PERSONS, kind_key, part_key

BAR_UNITS = 100
SHOWN_KINDS = (Kind.IDENTIFY, Kind.REINCLUDE, Kind.WATCH, Kind.EXIT, Kind.COMPLETE, Kind.ATTENTION)
CHANGES = (Kind.IDENTIFY, Kind.REINCLUDE, Kind.WATCH, Kind.EXIT)
KIND_SUMS = ", ".join(
    f"coalesce(sum((by_kind ->> '{kind.value}')::int), 0)" for kind in SHOWN_KINDS
)
PARTS = f"""
    SELECT left(village_code, %(digits)s), sum(households), sum(persons), {KIND_SUMS}
    FROM reviews_reviewvillage
    WHERE review_id = %(review)s AND village_code >= %(low)s AND village_code < %(high)s
    GROUP BY 1 ORDER BY 1
"""  # noqa: S608 - constants of this module


@dataclass(frozen=True)
class Part:
    """One division; counts as text by kind of SHOWN_KINDS, bars of BAR_UNITS for CHANGES.

    A bar is the sum of what is shown of CHANGES, where hidden ones are all alike.
    """

    division: Division
    households: str
    persons: str
    kinds: list[tuple[int, str]]
    changes: float


def digits_below(code: str) -> int | None:
    """How many digits the codes right below `code` have; None below a village."""
    lengths = list(DIGITS.values())
    if code == NATION:
        return lengths[1]
    return dict(pairwise(lengths)).get(len(code))


def counted_parts(review: Review, code: str) -> dict[str, tuple[int, ...]]:
    """Households, persons and SHOWN_KINDS of the divisions right below `code`, in code order."""
    digits = digits_below(code)
    if digits is None:
        return {}
    low, high = code_range(code)
    with connection.cursor() as cursor:
        cursor.execute(PARTS, {"review": review.pk, "digits": digits, "low": low, "high": high})
        return {part: tuple(map(int, numbers)) for part, *numbers in cursor.fetchall()}


def parts_of(shown: ShownCounts, counted: Iterable[str]) -> list[Part]:
    """The divisions that were counted, as far as their counts are shown."""
    codes = list(counted)
    divisions = Division.objects.in_bulk(codes)
    changes = {
        code: sum(shown.drawn(part_key(code, kind_key(kind))) for kind in CHANGES) for code in codes
    }
    largest = max(changes.values(), default=0) or 1
    return [
        Part(
            division=divisions[code],
            households=shown.text(part_key(code, HOUSEHOLDS)),
            persons=shown.text(part_key(code, PERSONS)),
            kinds=[(int(kind), shown.text(part_key(code, kind_key(kind)))) for kind in SHOWN_KINDS],
            changes=round(BAR_UNITS * changes[code] / largest, 1),
        )
        for code in codes
        if code in divisions
    ]
