"""Conditions as data: what holds, what fails, and what is no condition at all."""

import numpy as np
import pytest

from assistance.rules.eligibility import all_hold, fails, holds, malformed, of_household
from assistance.rules.measures import Unit

AGED = {"fact": "age", "least": 16, "most": 65}
ILL = {"fact": "health", "one_of": [2, 3]}
NEVER_COVERED = {"fact": "household.attribute", "none_of": [6]}


@pytest.mark.parametrize(("age", "met"), [(15, 0), (16, 1), (65, 1), (66, 0)])
def test_both_bounds_belong_to_it(age, met):
    assert holds(AGED, {"age": age}) == met


@pytest.mark.parametrize("test", [{"least": 0}, {"most": 12}, {"least": 0, "most": 12}])
def test_an_unknown_number_meets_no_bound(test):
    assert holds({"fact": "work_months"} | test, {"work_months": -1}) == 0


@pytest.mark.parametrize(("health", "met"), [(1, 0), (2, 1), (3, 1), (0, 0)])
def test_one_of_the_codes_is_enough(health, met):
    assert holds(ILL, {"health": health}) == met


def test_none_of_the_codes_holds_for_an_unknown_one():
    assert holds(NEVER_COVERED, {"household.attribute": 0}) == 1
    assert holds(NEVER_COVERED, {"household.attribute": 6}) == 0


def test_a_code_named_twice_counts_once():
    assert holds({"fact": "health", "one_of": [2, 2]}, {"health": 2}) == 1


def test_any_all_and_not_nest():
    both = {"all": [AGED, {"not": ILL}]}
    either = {"any": [both, {"fact": "weak", "is": 1}]}
    assert holds(either, {"age": 30, "health": 1, "weak": 0}) == 1
    assert holds(either, {"age": 30, "health": 2, "weak": 0}) == 0
    assert holds(either, {"age": 70, "health": 2, "weak": 1}) == 1


def test_any_of_nothing_fails_and_all_of_nothing_holds():
    assert (holds({"any": []}, {}), holds({"all": []}, {}), all_hold([], {})) == (0, 1, 1)


def test_the_failing_conditions_are_bits_by_their_places():
    assert (
        fails([AGED, ILL, NEVER_COVERED], {"age": 70, "health": 2, "household.attribute": 6}) == 5
    )


def test_columns_are_judged_as_ints_are():
    rows = [(15, 2, 6), (16, 3, 0), (66, 1, 6), (40, 2, 1)]
    names = ("age", "health", "household.attribute")
    columns = dict(zip(names, np.array(rows).T, strict=True))
    apart = [fails([AGED, ILL, NEVER_COVERED], dict(zip(names, row, strict=True))) for row in rows]
    assert fails([AGED, ILL, NEVER_COVERED], columns).tolist() == apart


def test_a_household_s_condition_is_asked_of_each_person():
    asked = of_household(
        {"any": [{"fact": "ill", "least": 1}, {"not": {"fact": "watched", "is": 1}}]}
    )
    assert holds(asked, {"household.ill": 0, "household.watched": 1}) == 0
    assert holds(asked, {"household.ill": 1, "household.watched": 1}) == 1


@pytest.mark.parametrize(
    ("condition", "unit"),
    [
        ({"fact": "age", "least": 16}, Unit.HOUSEHOLD),
        ({"fact": "workers", "least": 1}, Unit.PERSON),
        ({"fact": "supported", "is": 1}, Unit.VILLAGE),
        ({"fact": "nonsense", "is": 1}, Unit.PERSON),
        ({"fact": "age"}, Unit.PERSON),
        ({"fact": "age", "above": 3}, Unit.PERSON),
        ({"fact": "age", "least": "16"}, Unit.PERSON),
        ({"fact": "age", "least": True}, Unit.PERSON),
        ({"fact": "age", "least": 20, "most": 10}, Unit.PERSON),
        ({"fact": "health", "least": 2}, Unit.PERSON),
        ({"fact": "health", "one_of": []}, Unit.PERSON),
        ({"fact": "student", "is": 2}, Unit.PERSON),
        ({"fact": "student", "one_of": [1]}, Unit.PERSON),
        ({"any": [{"fact": "nonsense", "is": 1}]}, Unit.PERSON),
        ({"not": {"not": {"not": {"not": {"fact": "age", "is": 1}}}}}, Unit.PERSON),
        ({"any": [], "fact": "age"}, Unit.PERSON),
        ("age", Unit.PERSON),
    ],
)
def test_what_is_no_condition_is_refused_before_it_judges_anybody(condition, unit):
    assert malformed([condition], unit)


def test_conditions_that_are_no_list_are_refused():
    assert malformed({"fact": "age", "is": 1}, Unit.PERSON)
