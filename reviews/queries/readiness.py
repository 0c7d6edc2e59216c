"""How ready a year is for its review: households by place, counted now or by the summary.

Rows of a county are counted in well under a second; above it the summary by village answers, which
is as true as the moment it was taken.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.db import connection

from divisions.models import DIGITS, Division, Level
from divisions.scope import NATION, code_range
from households.models import Standard
from households.rights import FEWEST_COUNTED, is_hidden_count, shown_count
from households.rules import GUARANTEES
from officers.models import Officer
from reviews.quality import ANY_GAP, ANY_ISSUE, DUE_COUNT, ISSUES, SURVEYED, demanded_gaps
from reviews.queries import measures
from reviews.queries.parts import digits_below

COUNTED_NOW = DIGITS[Level.COUNTY]
"""From this length of a code on, the rows themselves are counted."""
WHOLE_PERCENT = 100
Counts = Mapping[str, int]


def demanded_in(code: str, year: int) -> tuple[str, ...]:
    """The kinds of gap that count there: what the standard that holds demands, else all of them."""
    standard = Standard.objects.holding(code, year).first()
    return demanded_gaps(standard.guarantees if standard else GUARANTEES)


def counted_now(code: str, year: int, *, digits: int, today: date) -> dict[str, Counts]:
    """The counts below `code` by place of `digits` digits, from the rows themselves."""
    demanded = demanded_in(code, year)
    names = measures.counted(demanded)
    values = measures.parameters(code, year, today) | {"digits": digits}
    with connection.cursor() as cursor:
        cursor.execute(measures.counts_statement(demanded), values)
        return {
            place: dict(zip(names, numbers, strict=True)) for place, *numbers in cursor.fetchall()
        }


def counted_before(
    code: str, year: int, *, digits: int
) -> tuple[dict[str, Counts], datetime | None]:
    """The same from the summary, and the moment of its oldest count; None where there is none."""
    names = measures.counted(demanded_in(code, year))
    low, high = code_range(code)
    values: dict[str, Any] = {"digits": digits, "year": year, "low": low, "high": high}
    with connection.cursor() as cursor:
        cursor.execute(_sums(names), values)
        found = cursor.fetchall()
    counts: dict[str, Counts] = {
        place: dict(zip(names, map(int, numbers), strict=True)) for place, _at, *numbers in found
    }
    return counts, min((at for _place, at, *_numbers in found), default=None)


def _sums(names: Sequence[str]) -> str:
    sums = ", ".join(f"coalesce(sum((counts ->> '{name}')::int), 0)" for name in names)
    return f"""
        SELECT left(village_code, %(digits)s), min(counted_at), {sums}
        FROM reviews_villagereadiness
        WHERE year = %(year)s AND village_code >= %(low)s AND village_code < %(high)s
        GROUP BY 1
    """  # noqa: S608 - names of reviews.quality


def is_counted_now(code: str) -> bool:
    """Whether a place is small enough for its rows to be counted when somebody asks."""
    return code != NATION and len(code) >= COUNTED_NOW


def summed(counts: Sequence[Counts]) -> dict[str, int]:
    """The sum of several places, measure by measure."""
    total: dict[str, int] = {}
    for one in counts:
        for name, number in one.items():
            total[name] = total.get(name, 0) + number
    return total


@dataclass(frozen=True)
class Row:
    """One place as the page shows it; counts as text, small ones hidden from some roles.

    `percent` of WHOLE_PERCENT are surveyed; it, `surveyed` or `missing` is empty where it would
    tell a hidden count. The last two are (kind, count) of the gaps demanded and of ISSUES.
    """

    division: Division
    due: str
    surveyed: str
    missing: str
    percent: int | None
    gaps: str
    issues: str
    by_gap: list[tuple[str, str]]
    by_issue: list[tuple[str, str]]


def row_of(officer: Officer, division: Division, counts: Counts, demanded: Sequence[str]) -> Row:
    """The counts of a place in words that the role may read."""
    due, surveyed, missing = counts.get(DUE_COUNT, 0), counts.get(SURVEYED, 0), missing_in(counts)
    few_missing, few_surveyed = (is_hidden_count(officer, one) for one in (missing, surveyed))

    def by_kind(kinds: Iterable[str]) -> list[tuple[str, str]]:
        return [(kind, shown_count(officer, counts.get(kind, 0))) for kind in kinds]

    return Row(
        division=division,
        due=shown_count(officer, due),
        surveyed="" if few_missing else shown_count(officer, surveyed),
        missing="" if few_surveyed and not few_missing else shown_count(officer, missing),
        percent=None if few_missing or few_surveyed or not due else WHOLE_PERCENT * surveyed // due,
        gaps=shown_count(officer, counts.get(ANY_GAP, 0)),
        issues=shown_count(officer, counts.get(ANY_ISSUE, 0)),
        by_gap=by_kind(demanded),
        by_issue=by_kind(ISSUES),
    )


@dataclass(frozen=True)
class Readiness:
    """One place and year: its sum and its parts; `counted_at` is None for rows counted just now.

    `total` is None above the county until the summary has been taken.
    """

    division: Division
    year: int
    demanded: tuple[str, ...]
    counts: Counts
    total: Row | None
    parts: list[Row] = field(default_factory=list)
    counted_at: datetime | None = None


def in_order(found: Readiness, order: str) -> Readiness:
    """The same with the largest of a count of the rows first; hidden counts are all alike.

    `order` is missing, gaps or issues; empty leaves the order of the codes.
    """
    if not order:
        return found
    return replace(found, parts=sorted(found.parts, key=lambda row: -_size(getattr(row, order))))


def _size(shown: str) -> int:
    number = shown.replace(",", "")
    return int(number) if number.isdecimal() else FEWEST_COUNTED - 1


def missing_in(counts: Counts) -> int:
    """Households to be surveyed without a survey."""
    return counts.get(DUE_COUNT, 0) - counts.get(SURVEYED, 0)


def readiness_of(officer: Officer, division: Division, year: int, *, today: date) -> Readiness:
    """The place with the divisions right below it; the officer's posting contains it."""
    code = division.pk
    digits = digits_below(code) or len(code)
    if is_counted_now(code):
        counts, counted_at = counted_now(code, year, digits=digits, today=today), None
    else:
        counts, counted_at = counted_before(code, year, digits=digits)
    whole, demanded = summed(list(counts.values())), demanded_in(code, year)
    counted = bool(counts) or is_counted_now(code)
    places = _places(code, counts, today=today)
    return Readiness(
        division=division,
        year=year,
        demanded=demanded,
        counts=whole,
        total=row_of(officer, division, whole, demanded) if counted else None,
        parts=[row_of(officer, one, counts.get(one.pk, {}), demanded) for one in places],
        counted_at=counted_at,
    )


def _places(code: str, counts: Mapping[str, Counts], *, today: date) -> list[Division]:
    """The divisions right below in code order: those in force, and others that hold households."""
    if not counts or digits_below(code) is None:
        return []
    below = {one.pk: one for one in Division.objects.in_force(today).below(code)}
    below |= Division.objects.in_bulk([place for place in counts if place not in below])
    return [below[place] for place in sorted(below)]


def overall(code: str, year: int, *, today: date) -> tuple[Counts | None, datetime | None]:
    """The counts of a whole place for a reminder: rows below the county, else the summary.

    None while nobody counted. Cheap: a county is not counted here.
    """
    if len(code) > COUNTED_NOW:
        counts = counted_now(code, year, digits=len(code), today=today)
        return counts.get(code, {}), None
    counts, at = counted_before(code, year, digits=DIGITS[Level.COUNTY])
    return (summed(list(counts.values())) if at else None), at


@dataclass(frozen=True)
class Hint:
    """The readiness of an officer's own place in short; `row` is None while nobody counted."""

    division: Division
    year: int
    row: Row | None


def hint_of(officer: Officer, year: int, *, today: date) -> Hint:
    """What to know before a review is proposed: rows are counted up to a county."""
    division = Division.objects.get(pk=officer.acting_division)
    code, demanded = division.pk, demanded_in(division.pk, year)
    if is_counted_now(code):
        counts: Counts | None = counted_now(code, year, digits=len(code), today=today).get(code, {})
    else:
        counts, _at = overall(code, year, today=today)
    row = None if counts is None else row_of(officer, division, counts, demanded)
    return Hint(division, year, row)
