"""The yearly assessment: points, the villagers' word, caps, the grade that follows, the quota."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import IntEnum, StrEnum

HUNDRED = 100


class Grade(IntEnum):
    """Of the civil service: the lower the number, the better."""

    EXCELLENT = 1
    COMPETENT = 2
    BASIC = 3
    INCOMPETENT = 4


class Assessor(StrEnum):
    """Who gives points."""

    VILLAGE = "village"
    TOWNSHIP = "township"
    COUNTY = "county"
    UNIT = "unit"


@dataclass(frozen=True)
class Bounds:
    """The policy of a place and year.

    `excellent`, `competent` and `basic` are the least points of a grade; `weights` are parts of the
    whole by assessor; `satisfied` is the percentage of villagers below which nobody is excellent;
    so many unexplained absences shut out a grade.
    """

    excellent: int
    competent: int
    basic: int
    satisfied: int
    weights: Mapping[str, int]
    not_excellent_after: int
    basic_after: int
    incompetent_after: int


def weighted_points(points: Iterable[tuple[str, int]], weights: Mapping[str, int]) -> Decimal:
    """The mean of the assessors' means, weighted; two places. Zero when nobody gave points.

    An assessor without points, or without a weight, does not count.
    """
    by_assessor: dict[str, list[int]] = {}
    for assessor, given in points:
        by_assessor.setdefault(assessor, []).append(given)
    total = parts = Decimal(0)
    for assessor, each in by_assessor.items():
        weight = weights.get(assessor, 0)
        total += Decimal(sum(each)) / len(each) * weight
        parts += weight
    mean = total / parts if parts else Decimal(0)
    return mean.quantize(Decimal("0.01"), ROUND_HALF_UP)


def best_grade(unexplained: int, bounds: Bounds) -> Grade:
    """The best grade that so many unexplained absences leave. Source: domain, presence."""
    if unexplained >= bounds.incompetent_after:
        return Grade.INCOMPETENT
    if unexplained >= bounds.basic_after:
        return Grade.BASIC
    return Grade.COMPETENT if unexplained >= bounds.not_excellent_after else Grade.EXCELLENT


def grade_by_points(points: Decimal, bounds: Bounds) -> Grade:
    """The grade of the points alone."""
    least = (
        (bounds.excellent, Grade.EXCELLENT),
        (bounds.competent, Grade.COMPETENT),
        (bounds.basic, Grade.BASIC),
    )
    return next((grade for bound, grade in least if points >= bound), Grade.INCOMPETENT)


def proposed_grade(
    points: Decimal,
    *,
    asked: int,
    satisfied: int,
    unexplained: int,
    days: int,
    wanted: int,
    bounds: Bounds,
) -> Grade:
    """The grade that follows from all that is known, before the quota for excellent.

    Too few satisfied villagers, nobody asked, or too few days in the village shut out excellent.
    """
    grade = max(grade_by_points(points, bounds), best_grade(unexplained, bounds))
    content = asked > 0 and satisfied * HUNDRED >= bounds.satisfied * asked
    if not content or days < wanted:
        grade = max(grade, Grade.COMPETENT)
    return grade


def excellent_places(people: int, percent: int) -> int:
    """How many of so many people may be excellent, rounded down."""
    return people * percent // HUNDRED
