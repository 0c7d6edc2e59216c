"""Pairings on any day against a count by hand: who has a helper, free places, who left."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from households.models import Household
from households.rules import State
from teams.models import Cadre, Pairing, Rank, Term
from teams.queries.coverage import helpers_by_place
from teams.queries.helper_list import coverage_by_rank, left_pairings, unhelped
from teams.queries.pairings import free_places, helpers_of
from teams.rules.helping import needs_helper
from teams.rules.terms import EndReason, Post, Span
from tests import factories as make
from tests.cast import Cast
from trail.dates import business_date

pytestmark = pytest.mark.django_db

SPAN = 60
RANKS = (Rank.COUNTY_LEADER, Rank.OFFICIAL)
STATES = (
    (State.POOR, None), (State.EXITED, 1), (State.EXITED, 9), (State.ORDINARY, None),
    (State.CANCELLED, None),
)  # fmt: skip
OFFSETS = st.integers(-SPAN, SPAN)
SPANS = st.tuples(OFFSETS, st.integers(0, SPAN) | st.none())
PAIRED = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 1), SPANS), max_size=12)
TERMS = st.lists(st.tuples(st.integers(0, 1), SPANS), max_size=4)
COUNTLESS = settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def today(cast) -> date:
    return business_date()


@pytest.fixture
def households(cast, today) -> list[Household]:
    """One of each state that matters, in two villages."""
    return [
        make.make_household(
            make.NEXT_VILLAGE if number % 2 else make.VILLAGE,
            state=state,
            **({"exit_year": today.year - years} if years else {}),
        )
        for number, (state, years) in enumerate(STATES)
    ]


@pytest.fixture
def helpers(cast) -> list[Cadre]:
    return [make.make_cadre(rank=rank) for rank in RANKS]


def spanned(today: date, drawn) -> Span:
    first, days = today + timedelta(days=drawn[0]), drawn[1]
    return Span(first, None if days is None else first + timedelta(days=days))


def apart(rows):
    """The drawn rows (owner, …, span) in their order, without those that meet an earlier one."""
    kept: list = []
    for row in rows:
        if not any(row[0] == other[0] and row[-1].meets(other[-1]) for other in kept):
            kept.append(row)
    return kept


def write(today, households, helpers, paired, terms):
    """The drawn pairings and terms as rows; returns both as they stand."""
    Pairing.everywhere.all().delete()
    Term.everywhere.all().delete()
    pairings = apart([(h, c, spanned(today, drawn)) for h, c, drawn in paired])
    served = apart([(c, spanned(today, drawn)) for c, drawn in terms])
    Pairing.everywhere.bulk_create(
        Pairing(
            household=households[h], cadre=helpers[c], village_id=households[h].village_id,
            starts_on=span.first, last_day=span.last, paired_by=make.the_operator(),
            end_reason="other" if span.last else "",
        )
        for h, c, span in pairings
    )  # fmt: skip
    Term.everywhere.bulk_create(
        Term(
            cadre=helpers[c], village_id=make.VILLAGE, post=Post.MEMBER, starts_on=span.first,
            due_on=span.first + timedelta(days=730), last_day=span.last,
            end_reason=EndReason.TERM if span.last else "",
        )
        for c, span in served
    )  # fmt: skip
    return pairings, served


@COUNTLESS
@given(paired=PAIRED, after=OFFSETS)
def test_coverage_on_any_day_equals_a_count_by_hand(
    cast: Cast, today, households, helpers, paired, after
):
    on = today + timedelta(days=after)
    pairings, _served = write(today, households, helpers, paired, [])
    due = {
        number
        for number, one in enumerate(households)
        if needs_helper(one.state, one.exit_year, year=on.year, support_years=5)
    }
    running = {h: c for h, c, span in pairings if span.holds(on)}
    helped = {h: c for h, c in running.items() if h in due}
    assert {one.pk for one in unhelped(cast.county_clerk, make.COUNTY, on)} == {
        households[h].pk for h in due - helped.keys()
    }
    keys = [one.pk for one in households]
    assert {key: one.cadre for key, one in helpers_of(keys, on).items()} == {
        households[h].pk: helpers[c] for h, c in running.items()
    }
    found = coverage_by_rank(cast.county_clerk, make.COUNTY, on)
    by_rank = {row.label: (row.helpers, row.households) for row in found.rows if row.helpers}
    assert by_rank == {
        str(rank.label): (1, str(number))
        for c, rank in enumerate(RANKS)
        if (number := [*helped.values()].count(c))
    }
    assert (found.due, found.none) == (str(len(due)), str(len(due) - len(helped)))
    _places, whole = helpers_by_place(make.COUNTY, today, digits=9, today=today)
    now = {h: c for h, c, span in pairings if span.holds(today) and h in due}
    assert (whole.helped, whole.helpers) == (len(now), len({*now.values()}))


@COUNTLESS
@given(paired=PAIRED, after=OFFSETS)
def test_free_places_are_those_of_the_busiest_day_ahead(
    cast: Cast, today, households, helpers, paired, after
):
    on = today + timedelta(days=after)
    pairings, _served = write(today, households, helpers, paired, [])
    days = [on + timedelta(days=number) for number in range(4 * SPAN)]
    gone = len(STATES) - 1
    for number, helper in enumerate(helpers):
        own = [span for h, c, span in pairings if c == number and h != gone]
        busiest = max(sum(span.holds(day) for span in own) for day in days)
        assert free_places([helper], on) == {helper.pk: 5 - busiest}


def has_gone(terms: list[Span], paired: Span, today: date) -> bool:
    """By the words of the rule: he served on a day of the pairing, and serves no more."""
    served = [one for one in terms if one.last is None or one.last >= paired.first]
    return bool(served) and not any(one.last is None or one.last >= today for one in terms)


@COUNTLESS
@given(paired=PAIRED, terms=TERMS, after=OFFSETS)
def test_whoever_left_is_found_as_the_rule_says(
    cast: Cast, today, households, helpers, paired, terms, after
):
    on = today + timedelta(days=after)
    pairings, served = write(today, households, helpers, paired, terms)
    gone = len(STATES) - 1
    expected = {
        (households[h].pk, span.first)
        for h, c, span in pairings
        if h != gone
        and span.holds(on)
        and has_gone([term for owner, term in served if owner == c], span, on)
    }
    assert {*left_pairings(on).values_list("household_id", "starts_on")} == expected
