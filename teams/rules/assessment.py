"""The yearly assessment: points, the villagers' word, caps, the grade that follows, the quota."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import IntEnum, StrEnum
from typing import Any

from workflow.machine import gettext_noop

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


@dataclass(frozen=True)
class Facts:
    """What is known of a year: weighted points, the villagers' word, days of service.

    `unexplained` are absences without leave; `wanted` the days in the village that the year wants.
    """

    points: Decimal
    asked: int
    satisfied: int
    unexplained: int
    days: int
    wanted: int


@dataclass(frozen=True)
class Limit:
    """One line of the account: the best grade that one fact leaves, and how it is said.

    `lost` is the sentence for a fact that shuts out a better grade, `kept` for one that does not.
    """

    name: str
    grade: Grade
    lost: str
    kept: str
    values: Mapping[str, Any]

    @property
    def text(self) -> str:
        """The sentence that fits."""
        return self.kept if self.grade == Grade.EXCELLENT else self.lost


def limits_of(facts: Facts, bounds: Bounds) -> list[Limit]:
    """The best grade that each fact leaves by itself, line by line.

    Too few satisfied villagers, nobody asked, or too few days in the village shut out excellent.
    """
    content = facts.asked > 0 and facts.satisfied * HUNDRED >= bounds.satisfied * facts.asked
    stayed = facts.days >= facts.wanted
    return [
        Limit(
            "points",
            grade_by_points(facts.points, bounds),
            gettext_noop("%(points)s points; “excellent” wants %(bound)s."),
            gettext_noop("%(points)s points are enough; “excellent” wants %(bound)s."),
            {"points": facts.points, "bound": bounds.excellent},
        ),
        Limit(
            "absences",
            best_grade(facts.unexplained, bounds),
            gettext_noop("Days absent without leave: %(days)s."),
            gettext_noop("Days absent without leave: %(days)s; that shuts out no grade."),
            {"days": facts.unexplained},
        ),
        Limit(
            "satisfied",
            Grade.EXCELLENT if content else Grade.COMPETENT,
            gettext_noop(
                "%(satisfied)s of %(asked)s villagers are satisfied; “excellent” wants"
                " %(bound)s %%."
            ),
            gettext_noop(
                "%(satisfied)s of %(asked)s villagers are satisfied: enough for “excellent”,"
                " which wants %(bound)s %%."
            ),
            {"satisfied": facts.satisfied, "asked": facts.asked, "bound": bounds.satisfied},
        ),
        Limit(
            "days",
            Grade.EXCELLENT if stayed else Grade.COMPETENT,
            gettext_noop("%(days)s days in the village; %(wanted)s are wanted."),
            gettext_noop("%(days)s days in the village; no fewer than the %(wanted)s wanted."),
            {"days": facts.days, "wanted": facts.wanted},
        ),
    ]


def proposed_grade(facts: Facts, bounds: Bounds) -> Grade:
    """The grade that follows from all that is known, before the quota: the worst of the limits."""
    return max(limit.grade for limit in limits_of(facts, bounds))


def excellent_places(people: int, percent: int) -> int:
    """How many of so many people may be excellent, rounded down."""
    return people * percent // HUNDRED


def quota_is_kept(excellent: int, people: int, percent: int) -> bool:
    """Whether so many excellent ones have their places among so many people."""
    return excellent <= excellent_places(people, percent)
