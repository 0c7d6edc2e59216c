"""No hidden count of any table comes back from what is shown beside it."""

from collections.abc import Iterable, Mapping

from hypothesis import given
from hypothesis import strategies as st

from households.suppression import Hidden, Key, Sum, hidden_counts, total

FEWEST = 5
NUMBERS = st.integers(0, 12) | st.integers(0, 2000)
ROWS = st.lists(NUMBERS, min_size=1, max_size=8)
TABLES = st.integers(1, 6).flatmap(
    lambda width: st.lists(
        st.lists(NUMBERS, min_size=width, max_size=width), min_size=1, max_size=6
    )
)


def table_of(rows: list[list[int]]) -> tuple[dict[Key, int], list[Sum]]:
    """The cells of a table with both margins and its total."""
    high, wide = range(len(rows)), range(len(rows[0]))
    counts: dict[Key, int] = {(y, x): rows[y][x] for y in high for x in wide}
    counts |= {("row", y): sum(rows[y]) for y in high}
    counts |= {("column", x): sum(row[x] for row in rows) for x in wide}
    counts["all"] = sum(map(sum, rows))
    sums = [
        total("all", [("row", y) for y in high]),
        total("all", [("column", x) for x in wide]),
        *(total(("row", y), [(y, x) for x in wide]) for y in high),
        *(total(("column", x), [(y, x) for y in high]) for x in wide),
    ]
    return counts, sums


def solutions(counts: Mapping[Key, int], hidden: Hidden, one: Sum) -> dict[Key, set[int]]:
    """The values that the sum leaves open for each hidden count, as far as they matter.

    The reader knows that few are one to four, and of one withheld that there is at least one.
    """
    keys = [*one.left, *one.right]
    sign = dict.fromkeys(one.left, 1) | dict.fromkeys(one.right, -1)
    unknown = [key for key in keys if key in hidden.few | hidden.withheld]
    rest = sum(sign[key] * counts[key] for key in keys if key not in unknown)
    return {
        key: {
            value
            for value in range(1, FEWEST if key in hidden.few else counts[key] + 6)
            if solvable(rest + sign[key] * value, without(unknown, key), sign, hidden)
        }
        for key in unknown
    }


def without(keys: list[Key], key: Key) -> list[Key]:
    return [one for one in keys if one != key]


def solvable(rest: int, keys: Iterable[Key], sign: Mapping[Key, int], hidden: Hidden) -> bool:
    """Whether values of these keys bring `rest` to nothing."""
    low = high = rest
    for key in keys:
        most = FEWEST - 1 if key in hidden.few else 10**6
        low += 1 if sign[key] > 0 else -most
        high += most if sign[key] > 0 else -1
    return low <= 0 <= high


@given(TABLES)
def test_no_row_and_no_column_gives_a_hidden_count_back(rows):
    counts, sums = table_of(rows)
    hidden = hidden_counts(counts, sums, fewest=FEWEST)
    for one in sums:
        assert all(len(open_) > 1 for open_ in solutions(counts, hidden, one).values())


@given(TABLES)
def test_hidden_parts_of_a_shown_total_are_several_and_not_few_together(rows):
    counts, sums = table_of(rows)
    hidden = hidden_counts(counts, sums, fewest=FEWEST)
    every = hidden.few | hidden.withheld
    for one in sums:
        parts = [counts[key] for key in one.left if key in every]
        if parts and not every & set(one.right):
            assert len(parts) > 1
            assert sum(parts) >= FEWEST


@given(TABLES)
def test_few_are_always_hidden_and_none_never(rows):
    counts, sums = table_of(rows)
    hidden = hidden_counts(counts, sums, fewest=FEWEST)
    every = hidden.few | hidden.withheld
    assert {key for key, number in counts.items() if 0 < number < FEWEST} <= every
    assert all(counts[key] for key in every)
    assert all(counts[key] < FEWEST for key in hidden.few)


@given(TABLES)
def test_a_table_without_few_hides_nothing(rows):
    counts, sums = table_of([[number * FEWEST for number in row] for row in rows])
    assert hidden_counts(counts, sums, fewest=FEWEST) == Hidden()


@given(ROWS, ROWS)
def test_a_balance_of_two_sides_gives_no_hidden_count_back(came, went):
    """As the flow of a register: an opening and what came, what went and the closing."""
    came = [*came, sum(went)]
    counts: dict[Key, int] = {("came", place): number for place, number in enumerate(came)}
    counts |= {("went", place): number for place, number in enumerate(went)}
    counts["closing"] = sum(came) - sum(went)
    sides = [tuple(key for key in counts if key[0] == side) for side in ("came", "went")]
    one = Sum(sides[0], (*sides[1], "closing"), frozenset({"closing"}))
    hidden = hidden_counts(counts, [one], fewest=FEWEST)
    assert all(len(open_) > 1 for open_ in solutions(counts, hidden, one).values())
