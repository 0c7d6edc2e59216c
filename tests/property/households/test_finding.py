import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from households.rules import (
    GAP_BIT,
    GUARANTEES,
    INCOMES,
    LACK_BIT,
    MET,
    MONEY,
    NOT_APPLICABLE,
    Finding,
    Kind,
    State,
    find,
    propose,
)

LINE, MONITORING = 321_800, 500_000
FIELDS = ("net_fen", "incomes_known", "lacks", "gaps", "exit_ready", "at_risk")
RICHEST = 9_999_999_999

money = st.one_of(
    st.none(),
    st.integers(0, RICHEST),
    st.builds(lambda base, off: max(base + off, 0), st.sampled_from((LINE, MONITORING)),
              st.integers(-2, 2)),
)  # fmt: skip
guarantee = st.sampled_from((None, 0, 1, NOT_APPLICABLE))
values = st.fixed_dictionaries(dict.fromkeys(MONEY, money) | dict.fromkeys(GUARANTEES, guarantee))
demands = st.sets(st.sampled_from(GUARANTEES))
households = st.tuples(st.sampled_from(State), st.integers(1, 12), values)


def facts_of(persons, values):
    known = {name: value or 0 for name, value in values.items()}
    return (
        known | {f"no_{name}": int(v is None) for name, v in values.items()} | {"persons": persons}
    )


def judged(facts, guarantees=GUARANTEES) -> Finding:
    return find(facts, line_fen=LINE, monitoring_fen=MONITORING, guarantees=guarantees)


@given(st.lists(households, min_size=1, max_size=30), demands)
def test_a_frame_gives_each_household_what_it_gets_alone(cases, demanded):
    rows = [facts_of(persons, values) for _, persons, values in cases]
    frame = pd.DataFrame(rows)
    together = judged(frame, demanded)
    proposals = propose(pd.Series([state.value for state, *_ in cases]), together, surveyed=1)
    for place, (state, persons, values) in enumerate(cases):
        alone = judged(facts_of(persons, values), demanded)
        for name in FIELDS:
            assert int(getattr(together, name)[place]) == getattr(alone, name)
        assert int(proposals[place]) == propose(state, alone, surveyed=1)


@given(households, st.sampled_from(INCOMES), st.integers(0, RICHEST))
def test_more_income_never_adds_a_lack(case, name, more):
    _, persons, values = case
    richer = values | {name: None if values[name] is None else values[name] + more}
    before, after = judged(facts_of(persons, values)), judged(facts_of(persons, richer))
    assert after.lacks & ~before.lacks == 0
    assert (after.at_risk, -after.exit_ready) <= (before.at_risk, -before.exit_ready)


@given(households, demands)
def test_what_is_not_demanded_might_as_well_be_met(case, demanded):
    _, persons, values = case
    met = values | {name: MET for name in GUARANTEES if name not in demanded}
    assert judged(facts_of(persons, values), demanded) == judged(facts_of(persons, met))


@given(households, demands)
def test_demanding_less_takes_away_the_lacks_and_gaps_of_the_rest_alone(case, demanded):
    _, persons, values = case
    all_six, some = judged(facts_of(persons, values)), judged(facts_of(persons, values), demanded)
    rest = [name for name in GUARANTEES if name not in demanded]
    assert some.lacks == all_six.lacks & ~sum(LACK_BIT[name] for name in rest)
    assert some.gaps == all_six.gaps & ~sum(GAP_BIT[name] for name in rest)


@given(households, st.sampled_from(MONEY))
def test_an_unknown_figure_never_decides(case, name):
    state, persons, values = case
    finding = judged(facts_of(persons, values | {name: None}))
    assert (finding.incomes_known, finding.exit_ready, finding.at_risk) == (0, 0, 0)
    assert propose(state, finding, surveyed=1) in (Kind.COMPLETE, Kind.NONE)


@given(households)
@settings(max_examples=300)
def test_every_household_gets_the_first_proposal_of_the_table_that_applies(case):
    state, persons, values = case
    finding = judged(facts_of(persons, values))
    assert propose(state, finding, surveyed=1) == expected(state, finding)


def expected(state, finding):
    """The table of the register template, written out row by row."""
    if state in (State.CLEARED, State.CANCELLED):
        return Kind.NONE
    if finding.gaps:
        return Kind.COMPLETE
    if state in (State.POOR, State.PLANNED_EXIT, State.RELAPSED):
        return Kind.EXIT if finding.exit_ready else Kind.KEEP
    if finding.lacks:
        return Kind.IDENTIFY if state == State.ORDINARY else Kind.REINCLUDE
    return Kind.WATCH if finding.at_risk else Kind.KEEP
