"""Which counts are withheld so that few do not come back by subtraction."""

import pytest

from households.suppression import Hidden, Sum, hidden_counts, total


def hidden(numbers: dict[str, int]) -> Hidden:
    """What is hidden of parts that add up to their total."""
    counts = numbers | {"all": sum(numbers.values())}
    return hidden_counts(counts, [total("all", numbers)], fewest=5)


@pytest.mark.parametrize(
    ("numbers", "few", "withheld"),
    [
        ({"keep": 8, "exit": 2}, {"exit"}, {"keep"}),
        ({"keep": 90, "watch": 8, "exit": 2}, {"exit"}, {"watch"}),
        ({"keep": 90, "watch": 1, "exit": 2}, {"exit", "watch"}, {"keep"}),
        ({"keep": 90, "watch": 4, "exit": 2}, {"exit", "watch"}, set()),
        ({"keep": 90, "watch": 7}, set(), set()),
        ({"keep": 0, "watch": 3}, {"watch", "all"}, set()),
    ],
)
def test_one_count_or_few_together_take_the_next_smallest_with_them(numbers, few, withheld):
    assert hidden(numbers) == Hidden(frozenset(few), frozenset(withheld))


def test_a_total_is_withheld_when_nothing_else_is_left():
    found = hidden({"a": 1, "b": 1, "c": 1, "d": 1, "e": 1})
    assert "all" in found.withheld


def test_all_of_four_are_not_told_by_their_total():
    found = hidden({"a": 4, "b": 4})
    assert found == Hidden(frozenset({"b"}), frozenset({"a"}))


def test_a_sum_that_does_not_hold_tells_nothing():
    counts = {"a": 2, "b": 9, "all": 30}
    assert hidden_counts(counts, [total("all", ["a", "b"])], fewest=5) == Hidden(frozenset({"a"}))


def test_both_sides_of_a_balance_are_looked_at():
    counts = {"opening": 20, "new": 2, "exited": 0, "closing": 22}
    balance = Sum(("opening", "new"), ("exited", "closing"), frozenset({"opening", "closing"}))
    found = hidden_counts(counts, [balance], fewest=5)
    assert found == Hidden(frozenset({"new"}), frozenset({"opening"}))
