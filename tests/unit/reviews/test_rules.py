import numpy as np
import pytest

from reviews.rules import band, combined, cut, distance_hundredths, percent


def test_townships_are_put_together_up_to_the_limit():
    ranges = cut([("a1", 4), ("a2", 5), ("a3", 2)], low="a", high="b", most=9)
    assert [(one.low, one.high, one.households) for one in ranges] == [
        ("a", "a3", 9),
        ("a3", "b", 2),
    ]


def test_a_place_above_the_limit_has_a_range_of_its_own():
    ranges = cut([("a1", 1), ("a2", 99), ("a3", 1)], low="a", high="b", most=10)
    assert [one.households for one in ranges] == [1, 99, 1]


def test_ranges_leave_no_gap_between_the_borders_of_the_scope():
    ranges = cut([("a3", 6), ("a5", 6), ("a9", 6)], low="a", high="b", most=10)
    assert [one.low for one in ranges] == ["a", "a5", "a9"]
    assert [one.high for one in ranges] == ["a5", "a9", "b"]


def test_no_households_make_no_range():
    assert cut([], low="a", high="b", most=10) == []


def test_the_proof_does_not_depend_on_the_order_of_the_villages():
    one, two = ("970123100200", "aa"), ("970123100201", "bb")
    assert combined([one, two]) == combined([two, one])


def test_the_proof_tells_which_village_has_which_hash():
    assert combined([("1", "aa"), ("2", "bb")]) != combined([("1", "bb"), ("2", "aa")])


@pytest.mark.parametrize(
    ("net", "expected"),
    [
        (400_000, 0),
        (399_999, -1),
        (410_000, 1),
        (409_999, 0),
        (390_000, -1),
        (389_999, -2),
        (200_000, -20),
        (199_999, -21),
        (-5_000_000, -21),
        (599_999, 19),
        (600_000, 20),
        (90_000_000, 20),
    ],
)
def test_a_band_begins_at_its_own_edge(net, expected):
    assert band(net, 400_000) == expected


def test_a_column_has_the_bands_of_its_numbers():
    nets, needed = [-7, 0, 99, 100, 101, 149, 150, 151], [100] * 8
    bands = band(np.array(nets), np.array(needed)).tolist()
    assert bands == [band(net, line) for net, line in zip(nets, needed, strict=True)]


@pytest.mark.parametrize(
    ("number", "whole", "text"),
    [
        (1, 3, "33.33"), (2, 3, "66.67"), (1800, 2000, "90.00"), (1799, 2000, "89.95"),
        (1, 20_000, "0.01"), (1, 20_001, "0.00"), (7, 7, "100.00"), (0, 5, "0.00"), (0, 0, ""),
    ],
)  # fmt: skip
def test_a_percentage_has_two_places_halves_up_and_needs_a_whole(number, whole, text):
    assert percent(number, whole) == text


@pytest.mark.parametrize(
    ("distance", "expected"), [(-1, -1), (1, 1), (0, 0), (-100, -1), (-1000, -10), (149, 1)]
)
def test_a_distance_that_is_not_nothing_never_reads_nothing(distance, expected):
    assert distance_hundredths(distance, 1_000_000) == expected
