"""Range, prefix and database agree on what lies at or below a division."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from divisions.models import DIGITS, Level
from divisions.rules import candidates
from divisions.scope import NATION, code_range, contains

lengths = st.sampled_from([DIGITS[level] for level in Level if level != Level.NATION])
codes = lengths.flatmap(lambda n: st.text("0123456789", min_size=n, max_size=n))
anywhere = codes | st.just(NATION)


def below(code: str) -> st.SearchStrategy[str]:
    """Codes that start with `code`, and `code` itself."""
    longer = [DIGITS[level] for level in Level if DIGITS[level] > len(code)]
    tails = [st.text("0123456789", min_size=n - len(code), max_size=n - len(code)) for n in longer]
    return st.one_of(st.just(""), *tails).map(lambda tail: code + tail)


@given(ancestor=codes, code=codes)
def test_range_and_prefix_agree_on_any_two_codes(ancestor, code):
    low, high = code_range(ancestor)
    assert (low <= code < high) == code.startswith(ancestor) == contains(ancestor, code)


@given(pair=codes.flatmap(lambda code: st.tuples(st.just(code), below(code))))
def test_what_starts_with_a_code_lies_in_its_range(pair):
    ancestor, code = pair
    low, high = code_range(ancestor)
    assert low <= code < high
    assert contains(ancestor, code)


@given(code=anywhere)
def test_the_nation_contains_everything(code):
    low, high = code_range(NATION)
    assert low <= code < high
    assert contains(NATION, code)


@given(code=codes)
def test_no_division_contains_the_nation(code):
    low, high = code_range(code)
    assert not low <= NATION < high
    assert not contains(code, NATION)


@given(code=codes)
def test_a_padded_code_means_the_code_it_was_made_of(code):
    assert code in candidates(code.ljust(12, "0")) or not code.strip("0")


@given(code=codes)
def test_what_a_code_may_mean_is_a_chain_of_ancestors(code):
    meant = candidates(code)
    assert all(contains(one, two) for one, two in pairwise(meant))
