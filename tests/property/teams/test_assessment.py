"""A worse fact never gives a better grade."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from teams.rules.assessment import (
    Assessor,
    Bounds,
    Facts,
    Grade,
    excellent_places,
    limits_of,
    proposed_grade,
    weighted_points,
)

SIDES = [one.value for one in Assessor]
percents = st.integers(0, 100)
weights = st.fixed_dictionaries(dict.fromkeys(SIDES, percents))
many = st.lists(st.tuples(st.sampled_from(SIDES), percents), max_size=8)


@st.composite
def bounds(draw) -> Bounds:
    basic, competent, excellent = sorted(draw(st.tuples(percents, percents, percents)))
    caps = sorted(draw(st.tuples(*[st.integers(1, 30)] * 3)))
    return Bounds(excellent, competent, basic, draw(percents), draw(weights), *caps)


@st.composite
def facts(draw) -> Facts:
    asked = draw(st.integers(0, 300))
    return Facts(
        points=Decimal(draw(st.integers(0, 10_000))) / 100,
        asked=asked,
        satisfied=draw(st.integers(0, asked)),
        unexplained=draw(st.integers(0, 40)),
        days=draw(st.integers(0, 366)),
        wanted=draw(st.integers(0, 366)),
    )


@given(facts(), bounds(), st.data())
def test_a_worse_fact_never_gives_a_better_grade(good, policy, data):
    worse = data.draw(
        st.sampled_from(
            [
                replace(good, points=max(Decimal(0), good.points - Decimal("0.01"))),
                replace(good, points=good.points / 2),
                replace(good, satisfied=max(0, good.satisfied - 1)),
                replace(good, asked=good.asked + 1),
                replace(good, unexplained=good.unexplained + 1),
                replace(good, days=max(0, good.days - 1)),
                replace(good, wanted=good.wanted + 1),
            ]
        )
    )
    if good.asked or worse.asked == good.asked:
        assert proposed_grade(worse, policy) >= proposed_grade(good, policy)


@given(facts(), bounds())
def test_the_grade_is_the_worst_of_its_lines(known, policy):
    grades = [one.grade for one in limits_of(known, policy)]
    assert proposed_grade(known, policy) == max(grades)
    assert set(grades) <= set(Grade)


@given(many, weights)
def test_the_mean_lies_between_the_lowest_and_the_highest_points(points, parts):
    mean = weighted_points(points, parts)
    counted = [given for side, given in points if parts[side]]
    assert not counted or min(counted) <= mean <= max(counted)
    assert weighted_points(sorted(points), parts) == mean


@given(st.integers(0, 5000), percents)
def test_so_many_places_are_never_more_than_the_share(people, percent):
    places = excellent_places(people, percent)
    assert places * 100 <= people * percent < (places + 1) * 100
