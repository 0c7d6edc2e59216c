"""Which case comes first in the order of risk."""

from pathlib import Path

import pytest

from exits.rules.risk import FARTHEST, KINDS, is_near, risk_of, weight_in

GLOSSARY = Path(__file__).parents[3] / "docs" / "glossary.md"


def test_the_weights_of_flags_add_up_before_any_distance_counts():
    two_small, one_large = ["jump", "elderly", "near"], ["hugging"]
    assert risk_of(two_small, FARTHEST) > risk_of(one_large, 0)
    assert risk_of(["near"], FARTHEST) > risk_of([], 0)


@pytest.mark.parametrize("codes", [[], ["hugging", "transfers"]])
def test_among_equal_weights_the_nearest_to_the_line_comes_first(codes):
    order = [risk_of(codes, distance) for distance in (0, 1, 500, FARTHEST, None)]
    assert order == sorted(order, reverse=True)
    assert len(set(order[:4])) == 4


def test_beyond_the_farthest_distance_all_are_as_far():
    assert risk_of(["near"], FARTHEST) == risk_of(["near"], FARTHEST + 1) == risk_of(["near"], None)


def test_the_weight_can_be_read_from_the_order():
    assert weight_in(risk_of(["hugging", "transfers"], 120)) == 7
    assert weight_in(risk_of([], 0)) == 0


def test_every_flag_at_once_fits_into_the_column():
    assert risk_of(KINDS, 0) < 2**31


def test_the_glossary_tells_every_weight():
    [row] = [line for line in GLOSSARY.read_text().splitlines() if line.startswith("| risk |")]
    told = "; ".join(f"{kind.label} {kind.weight}" for kind in KINDS.values())
    assert f"Weights: {told}." in row


def test_flags_are_told_by_their_weight():
    weights = [kind.weight for kind in KINDS.values()]
    assert weights == sorted(weights, reverse=True)


@pytest.mark.parametrize(
    ("margin", "near"), [(64_36, True), (-64_36, True), (64_37, False), (-64_37, False)]
)
def test_near_is_two_percent_of_the_line_on_either_side(margin, near):
    assert is_near(margin, 3218_00) is near
