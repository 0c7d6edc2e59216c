"""What the register adds up to by place, so that two systems find what differs without a dump."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from divisions.scope import code_range
from exchange.digests import sum_of
from households.rules import EXPENSE, INCOMES, State

FIGURES = (*INCOMES, EXPENSE)
TOWNSHIP_DIGITS, VILLAGE_DIGITS = 9, 12
SUMS = ", ".join(f"coalesce(sum(survey.{name}), 0)" for name in FIGURES)
STATES = ", ".join(f"count(*) FILTER (WHERE state = {int(state)})" for state in State)
ROWS = f"""
    SELECT {{key}}, count(*), sum(kept.persons), sum(kept.digest), count(survey.household_id),
        {SUMS}, {STATES}
    FROM exchange_householddigest kept LEFT JOIN LATERAL (
        SELECT household_id, {", ".join(FIGURES)} FROM households_survey
        WHERE household_id = kept.household_id AND year = %(year)s AND withdrawn_at IS NULL
        ORDER BY recorded_at DESC, id DESC LIMIT 1
    ) survey ON true
    WHERE village_code >= %(low)s AND village_code < %(high)s
    GROUP BY 1 ORDER BY 1
"""  # noqa: S608 - our own column names


@dataclass(frozen=True)
class Total:
    """One row: a township, village or household, by code or number.

    `digest` is the sum of its households' digests, `surveyed` counts those with facts of the year,
    `sums` are the yuan of these by figure, `states` counts households by state.
    """

    code: str
    households: int
    persons: int
    digest: str
    surveyed: int
    sums: dict[str, Decimal]
    states: dict[int, int]


def totals_of(division: str, *, year: int) -> list[Total]:
    """The rows below a division as the digests stand; only those with households.

    Of a village they are its households, of a township its villages, else the townships.
    """
    low, high = code_range(division)
    with connection.cursor() as cursor:
        cursor.execute(ROWS.format(key=_key_of(division)), {"year": year, "low": low, "high": high})
        return [_total(row) for row in cursor.fetchall()]


def _key_of(division: str) -> str:
    if len(division) >= VILLAGE_DIGITS:
        return "number"
    digits = VILLAGE_DIGITS if len(division) >= TOWNSHIP_DIGITS else TOWNSHIP_DIGITS
    return f"left(village_code, {digits})"


def _total(row: tuple[Any, ...]) -> Total:
    code, households, persons, digest, surveyed = row[:5]
    sums, states = row[5 : 5 + len(FIGURES)], row[5 + len(FIGURES) :]
    return Total(
        code,
        households,
        persons,
        sum_of([int(digest)]),
        surveyed,
        dict(zip(FIGURES, sums, strict=True)),
        {int(state): count for state, count in zip(State, states, strict=True) if count},
    )
