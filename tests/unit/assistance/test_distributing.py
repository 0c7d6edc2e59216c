"""How an income is proposed to be shared out."""

from assistance.rules.distributing import (
    Basis,
    Claim,
    Whom,
    difference_fen,
    divided,
    proposed_parts,
    weak_first,
)

STRONG = Claim(1, 30_000, persons=2, workers=2)
WEAK = Claim(2, 10_000, persons=4, workers=1)
ALONE = Claim(3, 0, persons=1, workers=0)
CLAIMS = (STRONG, WEAK, ALONE)


def test_equal_parts_give_the_left_fen_to_little_labour_first():
    assert proposed_parts(100, CLAIMS, Basis.EQUAL) == {2: 34, 3: 33, 1: 33}


def test_shares_are_kept_and_who_has_none_gets_nothing():
    assert proposed_parts(100, CLAIMS, Basis.SHARE) == {1: 75, 2: 25}


def test_persons_count_alike():
    assert proposed_parts(700, CLAIMS, Basis.PERSONS) == {1: 200, 2: 400, 3: 100}


def test_a_sum_can_go_to_little_labour_alone():
    assert proposed_parts(100, CLAIMS, Basis.EQUAL, Whom.WEAK) == {2: 50, 3: 50}


def test_without_little_labour_all_have_a_part():
    assert proposed_parts(100, [STRONG], Basis.EQUAL, Whom.WEAK) == {1: 100}


def test_one_of_four_able_to_work_is_little_labour_and_one_of_three_is_not():
    assert WEAK.is_weak
    assert not Claim(4, 0, persons=3, workers=1).is_weak


def test_little_labour_stands_before_the_others():
    assert weak_first(CLAIMS) == [WEAK, ALONE, STRONG]


def test_the_largest_remainder_gets_the_fen():
    assert divided(10, [(1, 1), (2, 2), (3, 3)]) == {1: 2, 2: 3, 3: 5}


def test_nobody_with_a_weight_has_a_part():
    assert divided(100, [(1, 0)]) == {}
    assert proposed_parts(100, [], Basis.EQUAL) == {}


def test_a_part_of_nothing_is_left_out():
    assert divided(1, [(1, 1), (2, 1)]) == {1: 1}


def test_the_difference_tells_what_is_left_and_what_is_too_much():
    assert difference_fen(100, 20, {1: 70}) == 10
    assert difference_fen(100, 20, {1: 90}) == -10
