"""Villages and counties against the vectors of the domain reference, §19.3."""

from decimal import Decimal
from fractions import Fraction

import pytest

from exits.rules.counties import (
    Limits,
    Metric,
    Sample,
    Standing,
    composite,
    eligibility_faults,
    evaluation_faults,
    missed_persons,
    rates_of,
    shown,
    wrong_persons,
)
from exits.rules.shares import is_below, percent, percent_beside
from exits.rules.villages import (
    Count,
    Result,
    exit_faults,
    incidence_faults,
    indicator_met,
)

CENTRE, WEST = 200, 300
LIMITS = Limits(incidence_bp=200, wrong_bp=200, missed_bp=200, acceptance_bp=9000)
SAMPLE = Sample(
    exited_sampled=1000,
    wrongly_exited=3,
    unregistered_sampled=1000,
    missed=5,
    households_asked=2000,
    households_approving=1800,
    remaining_poor=400,
    exited_total=9000,
    unregistered_total=52000,
    rural_population=65000,
)


def sample(**changed: int) -> Sample:
    return Sample(**(vars(SAMPLE) | changed))


def rate(metric: Metric, **changed: int):
    return next(one for one in rates_of(sample(**changed), LIMITS) if one.metric == metric)


def count(poor: int, population: int | None, limit: int = CENTRE) -> Count:
    return Count(poor, population, limit, 2019)


@pytest.mark.parametrize(
    ("poor", "limit", "passes"),
    [(19, CENTRE, True), (20, CENTRE, False), (20, WEST, True), (30, WEST, False)],
    ids=["1.90 % centre", "2.00 % centre", "2.00 % west", "3.00 % west"],
)
def test_the_incidence_must_be_strictly_below_the_limit(poor, limit, passes):
    assert is_below(poor, 1000, limit_bp=limit) is passes
    assert bool(incidence_faults(count(poor, 1000, limit))) is not passes


@pytest.mark.parametrize(("poor", "text"), [(19, "1.90 %"), (20, "2.00 %"), (30, "3.00 %")])
def test_the_incidence_is_written_with_two_places(poor, text):
    assert percent(Fraction(poor, 1000)) == text


def test_the_incidence_is_never_inverted():
    assert percent(Fraction(19, 1000)) == "1.90 %"
    assert not is_below(1000, 19, limit_bp=CENTRE)
    fault = incidence_faults(count(1000, 19))[0]
    assert "more poor persons" in fault.text


def test_an_incidence_just_below_the_limit_is_not_written_as_the_limit():
    assert percent_beside(Fraction(1_999_999, 100_000_000), limit_bp=CENTRE) == "1.999999 %"
    assert percent_beside(Fraction(20, 1000), limit_bp=CENTRE) == "2.00 %"


@pytest.mark.parametrize("population", [None, 0])
def test_a_population_of_nobody_or_unknown_allows_no_exit(population):
    assert len(incidence_faults(count(0, population))) == 1


def test_the_fault_says_the_formula_with_its_numbers():
    fault = incidence_faults(count(20, 1000))[0]
    assert fault.text % fault.values == (
        "The incidence is 20 ÷ 1,000 = 2.00 %; it must be below 2.00 %."
    )


@pytest.mark.parametrize(
    ("figure", "least", "most", "met"),
    [
        (True, None, None, True),
        (False, None, None, False),
        (5, Decimal(5), None, True),
        (4, Decimal(5), None, False),
        (0, None, Decimal(0), True),
        (1, None, Decimal(0), False),
        (Decimal("4.99"), Decimal(5), None, False),
        (0, None, None, False),
        (1, None, None, True),
        (None, Decimal(1), None, None),
    ],
)
def test_an_indicator_is_met_within_its_bounds(figure, least, most, met):
    assert indicator_met(figure, least=least, most=most) is met


@pytest.mark.parametrize(
    ("vetoes", "met", "stops"),
    [(True, False, True), (True, None, True), (True, True, False), (False, False, False)],
    ids=["unmet veto", "unknown veto", "met veto", "reported"],
)
def test_only_a_veto_that_is_not_met_stops_an_exit(vetoes, met, stops):
    result = Result("ROAD", "road", "road_paved", None, vetoes, met)
    assert bool(exit_faults(count(19, 1000), [result])) is stops


def test_composite_incidence_of_the_vector():
    assert (missed_persons(SAMPLE), wrong_persons(SAMPLE)) == (260, 27)
    assert composite(SAMPLE) == Fraction(687, 65000)
    assert shown(rate(Metric.COMPOSITE)) == "1.06 %"


def test_acceptance_of_1_800_in_2_000_passes():
    found = rate(Metric.ACCEPTANCE)
    assert (shown(found), found.passes) == ("90.00 %", True)


def test_acceptance_of_1_799_in_2_000_fails():
    found = rate(Metric.ACCEPTANCE, households_approving=1799)
    assert (shown(found), found.passes) == ("89.95 %", False)


@pytest.mark.parametrize(
    ("changed", "fails"),
    [
        ({}, []),
        ({"remaining_poor": 1013}, [Metric.COMPOSITE]),
        ({"wrongly_exited": 20, "exited_total": 0}, [Metric.WRONG]),
        ({"missed": 20, "unregistered_total": 0}, [Metric.MISSED]),
        ({"households_approving": 1799}, [Metric.ACCEPTANCE]),
    ],
    ids=["none", "composite", "wrong", "missed", "acceptance"],
)
def test_any_one_failing_figure_stops_the_county(changed, fails):
    rates = rates_of(sample(**changed), LIMITS)
    assert [one.metric for one in rates if not one.passes] == fails
    assert len(evaluation_faults(rates)) == len(fails)


def test_a_rate_on_its_limit_fails():
    assert not rate(Metric.WRONG, wrongly_exited=20).passes
    assert rate(Metric.WRONG, wrongly_exited=19).passes


def test_an_empty_sample_is_unknown_and_fails():
    empty = sample(exited_sampled=0, wrongly_exited=0)
    failed = [one for one in rates_of(empty, LIMITS) if not one.passes]
    assert [(one.metric, one.value) for one in failed] == [
        (Metric.COMPOSITE, None),
        (Metric.WRONG, None),
    ]


@pytest.mark.parametrize(
    ("standing", "number"),
    [
        (Standing(3, 3, 0, count(19, 1000)), 0),
        (Standing(3, 2, 0, count(19, 1000)), 1),
        (Standing(3, 3, 2, count(19, 1000)), 1),
        (Standing(3, 3, 0, count(20, 1000)), 1),
        (Standing(3, 2, 0, count(20, 1000)), 2),
    ],
    ids=["eligible", "a village left", "unrecorded", "incidence", "both"],
)
def test_a_county_is_proposed_when_all_its_villages_exited_and_its_incidence_is_low(
    standing, number
):
    assert len(eligibility_faults(standing)) == number
