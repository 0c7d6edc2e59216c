"""The divisions right below a place, with what a review proposes there."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from django.db import connection

from divisions.models import DIGITS, Division
from divisions.scope import NATION, code_range
from households.rights import FEWEST_COUNTED, is_hidden_count, shown_count
from households.rules import Kind
from officers.models import Officer
from reviews.models import Review

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
    """One division; counts as text by kind of SHOWN_KINDS, bars of BAR_UNITS for CHANGES."""

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


def parts_of(officer: Officer, review: Review, code: str) -> list[Part]:
    """The divisions right below `code` that the review counts, in code order."""
    digits = digits_below(code)
    if digits is None:
        return []
    low, high = code_range(code)
    with connection.cursor() as cursor:
        cursor.execute(PARTS, {"review": review.pk, "digits": digits, "low": low, "high": high})
        counted = {part: tuple(map(int, numbers)) for part, *numbers in cursor.fetchall()}
    divisions = Division.objects.in_bulk(counted)
    changes = {part: _changes(officer, numbers[2:]) for part, numbers in counted.items()}
    largest = max(changes.values(), default=0) or 1
    return [
        Part(
            division=divisions[part],
            households=shown_count(officer, households),
            persons=shown_count(officer, persons),
            kinds=[
                (int(kind), shown_count(officer, number))
                for kind, number in zip(SHOWN_KINDS, kinds, strict=True)
            ],
            changes=round(BAR_UNITS * changes[part] / largest, 1),
        )
        for part, (households, persons, *kinds) in counted.items()
        if part in divisions
    ]


def _changes(officer: Officer, numbers: tuple[int, ...]) -> int:
    """Households for which something would change, no finer than the role may see."""
    by_kind: Mapping[Kind, int] = dict(zip(SHOWN_KINDS, numbers, strict=True))
    number = sum(by_kind[kind] for kind in CHANGES)
    return FEWEST_COUNTED if is_hidden_count(officer, number) else number
