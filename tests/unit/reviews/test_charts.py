"""The histogram: round scales, dark below the line and light above it, small."""

import pytest
from django.utils import translation

from reviews.charts import ABOVE, BELOW, Bin, distance_histogram, round_top
from reviews.queries.histogram import middle_words
from reviews.rules import HIGHEST_BAND, LOWEST_BAND


@pytest.mark.parametrize(
    ("highest", "top"),
    [(0, 4), (1, 4), (4, 4), (5, 8), (9, 12), (10, 12), (37, 40), (90, 100), (99, 100), (401, 800)],
)
def test_the_scale_ends_at_four_whole_round_steps(highest, top):
    assert round_top(highest) == top


@pytest.mark.parametrize("highest", [*range(200), 12_345, 999_999, 1_000_001])
def test_no_bar_is_higher_than_the_scale_and_every_step_is_whole(highest):
    top = round_top(highest)
    assert highest <= top <= max(4, 2 * highest)
    assert top % 4 == 0


def chart_of(numbers: dict[int, int]) -> str:
    places = range(LOWEST_BAND, HIGHEST_BAND + 1)
    bins = [Bin(place, numbers.get(place, 0), str(numbers.get(place, 0))) for place in places]
    return str(distance_histogram("t", bins, "x"))


def test_bars_below_the_line_are_dark_and_those_above_light():
    chart = chart_of({-1: 5, 0: 7})
    assert chart.count("<rect ") == 2
    dark, light = chart.split("<rect ")[1:]
    assert (BELOW in dark, ABOVE in light) == (True, True)


def test_those_far_from_the_line_are_numbers_at_either_side():
    chart = chart_of({LOWEST_BAND: 123, HIGHEST_BAND: 4567})
    assert "<rect " not in chart
    assert "123" in chart
    assert "4567" in chart


def test_a_full_chart_is_small():
    assert len(chart_of(dict.fromkeys(range(-20, 20), 1_000_000)).encode()) < 15_000


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (None, ""),
        (LOWEST_BAND, "more than 50 % below"),
        (-2, "2.5 to 5 % below"),
        (-1, "0 to 2.5 % below"),
        (0, "0 to 2.5 % above"),
        (HIGHEST_BAND, "50 % or more above"),
    ],
)
def test_where_the_median_household_lies_is_a_sentence_of_its_own(place, words):
    with translation.override("en"):
        assert words in middle_words(place)
        assert bool(middle_words(place)) == bool(words)
