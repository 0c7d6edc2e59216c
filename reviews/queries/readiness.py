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
from households.rights import FEWEST_COUNTED, ShownCounts, shown_counts
from households.rules import GUARANTEES
from households.suppression import Key, total
from officers.models import Officer
from reviews.quality import (
    ANY_GAP,
    ANY_ISSUE,
    DUE_COUNT,
    ISSUES,
    MISSING,
    SURVEYED,
    demanded_gaps,
)
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

    `percent` of WHOLE_PERCENT are surveyed; None where one of its counts is hidden. The last two
    are (kind, count) of the gaps demanded and of ISSUES.
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


def row_of(shown: ShownCounts, division: Division, demanded: Sequence[str]) -> Row:
    """The counts of a place as far as they are shown."""
    code = division.pk
    due, surveyed, missing = (_key(code, name) for name in (DUE_COUNT, SURVEYED, MISSING))
    hidden = any(map(shown.is_hidden, (due, surveyed, missing)))
    whole = 0 if hidden else shown.drawn(due)

    def by_kind(kinds: Iterable[str]) -> list[tuple[str, str]]:
        return [(kind, shown.text(_key(code, kind))) for kind in kinds]

    return Row(
        division=division,
        due=shown.text(due),
        surveyed=shown.text(surveyed),
        missing=shown.text(missing),
        percent=WHOLE_PERCENT * shown.drawn(surveyed) // whole if whole else None,
        gaps=shown.text(_key(code, ANY_GAP)),
        issues=shown.text(_key(code, ANY_ISSUE)),
        by_gap=by_kind(demanded),
        by_issue=by_kind(ISSUES),
    )


def _key(code: str, name: str) -> Key:
    return code, name


def shown_readiness(
    officer: Officer, whole: str, parts: Mapping[str, Counts], demanded: Sequence[str]
) -> ShownCounts:
    """The counts of a place and of those right below it as the officer may see them.

    A village has itself as its only part.
    """
    names = (DUE_COUNT, SURVEYED, MISSING, ANY_GAP, ANY_ISSUE, *demanded, *ISSUES)
    places = {**parts, whole: summed(list(parts.values()))}
    counts: dict[Key, int] = {
        _key(code, name): missing_in(found) if name == MISSING else found.get(name, 0)
        for code, found in places.items()
        for name in names
    }
    sums = [
        total(_key(code, DUE_COUNT), [_key(code, SURVEYED), _key(code, MISSING)]) for code in places
    ]
    below = [code for code in parts if code != whole]
    if below:
        sums += [total(_key(whole, name), [_key(code, name) for code in below]) for name in names]
    return shown_counts(officer, counts, sums)


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
    shown = shown_readiness(officer, code, counts, demanded)
    return Readiness(
        division=division,
        year=year,
        demanded=demanded,
        counts=whole,
        total=row_of(shown, division, demanded) if counted else None,
        parts=[row_of(shown, one, demanded) for one in places],
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
    if counts is None:
        return Hint(division, year, None)
    shown = shown_readiness(officer, code, {code: counts}, demanded)
    row = row_of(shown, division, demanded)
    return Hint(division, year, row)
