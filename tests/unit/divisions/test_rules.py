"""What a code says by itself."""

import pytest

from divisions.rules import (
    GB_2260_PROVINCES,
    candidates,
    township_is_out_of_class,
    village_is_out_of_class,
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("97", ["97"]),
        ("970123", ["970123"]),
        ("440983102201", ["440983102201"]),
        ("440983102000", ["440983102", "440983102000"]),
        ("440983000000", ["440983", "440983000", "440983000000"]),
        ("440900000000", ["4409", "440900", "440900000", "440900000000"]),
        ("440000000000", ["44", "4400", "440000", "440000000", "440000000000"]),
        ("000000000000", ["0"]),
        ("0", ["0"]),
        ("44098310220", ["44098310220"]),
    ],
)
def test_a_padded_code_means_the_highest_level_first(typed, meant):
    assert candidates(typed) == meant


def test_the_provinces_are_the_34_of_the_national_standard():
    assert len(GB_2260_PROVINCES) == 34
    assert {"11", "15", "46", "65", "71", "81", "82"} <= GB_2260_PROVINCES
    assert not {"16", "47", "97", "99"} & GB_2260_PROVINCES


@pytest.mark.parametrize("last", ["001", "099", "100", "201", "399", "400", "599"])
def test_given_out_classes_are_not_odd(last):
    assert not township_is_out_of_class(f"970123{last}")
    assert not village_is_out_of_class(f"970123100{last}")


@pytest.mark.parametrize("last", ["000", "600", "999"])
def test_other_classes_are_odd(last):
    assert township_is_out_of_class(f"970123{last}")
    assert village_is_out_of_class(f"970123100{last}")
