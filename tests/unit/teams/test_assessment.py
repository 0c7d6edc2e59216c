"""The grade that follows from a year, at every bound."""

from dataclasses import replace
from decimal import Decimal

import pytest

from teams.rules.assessment import (
    Bounds,
    Facts,
    Grade,
    best_grade,
    excellent_places,
    grade_by_points,
    limits_of,
    proposed_grade,
    quota_is_kept,
    weighted_points,
)

WEIGHTS = {"village": 30, "township": 30, "county": 30, "unit": 10}
BOUNDS = Bounds(
    excellent=90,
    competent=75,
    basic=60,
    satisfied=80,
    weights=WEIGHTS,
    not_excellent_after=1,
    basic_after=2,
    incompetent_after=3,
)
BEST = Facts(Decimal("95.00"), asked=50, satisfied=50, unexplained=0, days=220, wanted=200)


def grade(**changed: object) -> Grade:
    return proposed_grade(replace(BEST, **changed), BOUNDS)


def test_the_best_facts_give_excellent():
    assert grade() == Grade.EXCELLENT


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        ("90.00", Grade.EXCELLENT),
        ("89.99", Grade.COMPETENT),
        ("75.00", Grade.COMPETENT),
        ("74.99", Grade.BASIC),
        ("60.00", Grade.BASIC),
        ("59.99", Grade.INCOMPETENT),
        ("0.00", Grade.INCOMPETENT),
    ],
)
def test_points_give_their_grade(points, expected):
    assert grade_by_points(Decimal(points), BOUNDS) == expected
    assert grade(points=Decimal(points)) == expected


@pytest.mark.parametrize(
    ("absences", "expected"),
    [
        (0, Grade.EXCELLENT),
        (1, Grade.COMPETENT),
        (2, Grade.BASIC),
        (3, Grade.INCOMPETENT),
        (9, Grade.INCOMPETENT),
    ],
)
def test_absences_without_leave_cap_the_grade(absences, expected):
    assert best_grade(absences, BOUNDS) == expected
    assert grade(unexplained=absences) == expected


@pytest.mark.parametrize(
    ("asked", "satisfied", "expected"),
    [
        (50, 40, Grade.EXCELLENT),
        (50, 39, Grade.COMPETENT),
        (7, 6, Grade.EXCELLENT),
        (7, 5, Grade.COMPETENT),
        (1, 0, Grade.COMPETENT),
        (0, 0, Grade.COMPETENT),
    ],
)
def test_excellent_wants_exactly_so_many_satisfied_villagers(asked, satisfied, expected):
    assert grade(asked=asked, satisfied=satisfied) == expected


def test_the_days_that_are_wanted_are_enough_and_one_less_is_not():
    assert grade(days=200) == Grade.EXCELLENT
    assert grade(days=199) == Grade.COMPETENT


def test_the_worst_limit_decides():
    assert grade(points=Decimal(70), unexplained=1, days=0) == Grade.BASIC


def test_a_cap_never_lifts_a_worse_grade():
    assert grade(points=Decimal(50), days=0, asked=0, satisfied=0) == Grade.INCOMPETENT


def test_each_fact_is_one_line_of_the_account():
    lines = {one.name: one for one in limits_of(replace(BEST, unexplained=2), BOUNDS)}
    assert list(lines) == ["points", "absences", "satisfied", "days"]
    assert lines["absences"].grade == Grade.BASIC
    assert lines["absences"].text % lines["absences"].values == "Days absent without leave: 2."
    assert lines["days"].text % lines["days"].values == (
        "220 days in the village; no fewer than the 200 wanted."
    )


def test_the_mean_is_that_of_the_sides_and_then_weighted():
    points = [("village", 80), ("village", 90), ("township", 70), ("county", 90)]
    assert weighted_points(points, WEIGHTS) == Decimal("81.67")


def test_a_side_without_points_or_weight_does_not_count():
    assert weighted_points([("county", 88)], WEIGHTS) == Decimal("88.00")
    assert weighted_points([("county", 88), ("unit", 0)], WEIGHTS | {"unit": 0}) == 88
    assert weighted_points([], WEIGHTS) == 0
    assert weighted_points([("unit", 90)], {"unit": 0}) == 0


@pytest.mark.parametrize(
    ("people", "percent", "places"), [(0, 20, 0), (4, 20, 0), (5, 20, 1), (9, 20, 1), (10, 15, 1)]
)
def test_the_places_for_excellent_are_rounded_down(people, percent, places):
    assert excellent_places(people, percent) == places
    assert quota_is_kept(places, people, percent)
    assert not quota_is_kept(places + 1, people, percent)
