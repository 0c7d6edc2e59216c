from decimal import Decimal

import pytest

from households import rules
from households.rules import GAP_BIT, GUARANTEES, LACK_BIT, LACKS, MET, MONEY, Kind, State

LINE, MONITORING = 321_800, 500_000


def facts(persons=1, **changes):
    """Facts of a household on which everything is known and met; None makes a value unknown."""
    values = dict.fromkeys(MONEY, 0) | dict.fromkeys(GUARANTEES, MET) | changes
    known = {name: value or 0 for name, value in values.items()}
    unknown = {f"no_{name}": int(value is None) for name, value in values.items()}
    return known | unknown | {"persons": persons}


def find(guarantees=GUARANTEES, **changes):
    return rules.find(
        facts(**changes), line_fen=LINE, monitoring_fen=MONITORING, guarantees=guarantees
    )


def kind(state, surveyed=1, **changes):
    return Kind(rules.propose(state, find(**changes), surveyed=surveyed))


def test_the_worked_example_of_four_people():
    finding = find(
        persons=4,
        wage_income=2_080_000,
        business_income=960_000,
        property_income=180_000,
        transfer_income=629_600,
        business_expense=390_000,
    )
    assert (finding.net_fen, rules.per_capita_fen(finding.net_fen, 4)) == (3_459_600, 864_900)
    assert finding.exit_ready == 1


def test_a_fen_below_the_line_is_a_lack():
    assert find(wage_income=LINE - 1).lacks == LACK_BIT["income"]


def test_exactly_on_the_line_is_no_lack_and_no_exit():
    finding = find(wage_income=LINE)
    assert (finding.lacks, finding.exit_ready) == (0, 0)


def test_a_fen_above_the_line_may_exit():
    assert find(wage_income=LINE + 1).exit_ready == 1


def test_exactly_on_the_monitoring_line_is_no_risk():
    assert (find(wage_income=MONITORING - 1).at_risk, find(wage_income=MONITORING).at_risk) == (
        1,
        0,
    )


def test_the_line_is_held_against_all_persons_not_the_rounded_mean():
    assert find(persons=3, wage_income=3 * LINE - 1).lacks == LACK_BIT["income"]


def test_an_unknown_income_is_a_gap_and_never_a_lack():
    finding = find(wage_income=None)
    assert (finding.gaps, finding.lacks, finding.at_risk) == (GAP_BIT["wage_income"], 0, 0)


@pytest.mark.parametrize("name", GUARANTEES)
def test_a_guarantee_not_met_is_a_lack(name):
    assert find(wage_income=MONITORING, **{name: 0}).lacks == LACK_BIT[name]


@pytest.mark.parametrize("name", GUARANTEES)
def test_an_unknown_guarantee_is_a_gap_and_no_lack(name):
    finding = find(wage_income=MONITORING, **{name: None})
    assert (finding.gaps, finding.lacks, finding.exit_ready) == (GAP_BIT[name], 0, 0)


@pytest.mark.parametrize("name", GUARANTEES)
def test_a_guarantee_that_does_not_apply_is_neither(name):
    finding = find(wage_income=MONITORING, **{name: 9})
    assert (finding.gaps, finding.lacks, finding.exit_ready) == (0, 0, 1)


@pytest.mark.parametrize("name", GUARANTEES)
@pytest.mark.parametrize("value", [0, None])
def test_a_guarantee_that_the_standard_does_not_demand_is_no_lack_and_no_gap(name, value):
    demanded = [one for one in GUARANTEES if one != name]
    finding = find(demanded, wage_income=MONITORING, **{name: value})
    assert (finding.lacks, finding.gaps, finding.exit_ready) == (0, 0, 1)


def test_a_standard_without_guarantees_still_judges_the_income():
    assert find([], wage_income=LINE - 1).lacks == LACK_BIT["income"]
    assert find([], wage_income=None).gaps == GAP_BIT["wage_income"]


def test_nobody_surveyed_is_a_gap_under_every_standard():
    unknown = rules.find(
        rules.unknown_facts(1), line_fen=LINE, monitoring_fen=MONITORING, guarantees=[]
    )
    assert unknown.gaps == rules.MONEY_GAPS


def test_net_income_may_be_negative():
    assert find(business_expense=1).net_fen == -1


@pytest.mark.parametrize(
    ("net", "persons", "shown"),
    [(5, 2, 3), (-5, 2, -3), (4, 3, 1), (-4, 3, -1), (0, 7, 0), (1, 2, 1)],
)
def test_per_capita_is_rounded_half_away_from_zero(net, persons, shown):
    assert rules.per_capita_fen(net, persons) == shown


@pytest.mark.parametrize("state", [State.POOR, State.PLANNED_EXIT, State.RELAPSED])
def test_households_on_the_register_exit_or_stay(state):
    assert kind(state, wage_income=LINE + 1) == Kind.EXIT
    assert kind(state, wage_income=LINE) == Kind.KEEP
    assert kind(state, wage_income=LINE - 1) == Kind.KEEP


def test_an_exited_household_is_reincluded_watched_or_kept():
    assert kind(State.EXITED, wage_income=LINE - 1) == Kind.REINCLUDE
    assert kind(State.EXITED, wage_income=LINE) == Kind.WATCH
    assert kind(State.EXITED, wage_income=MONITORING) == Kind.KEEP
    assert kind(State.EXITED, wage_income=MONITORING, water=0) == Kind.REINCLUDE


def test_an_ordinary_household_is_identified_watched_or_kept():
    assert kind(State.ORDINARY, wage_income=LINE - 1) == Kind.IDENTIFY
    assert kind(State.ORDINARY, wage_income=MONITORING - 1) == Kind.WATCH
    assert kind(State.ORDINARY, wage_income=MONITORING) == Kind.KEEP


@pytest.mark.parametrize("state", [s for s in State if s < State.CLEARED])
def test_gaps_come_before_everything(state):
    assert kind(state, wage_income=None, housing=0) == Kind.COMPLETE


@pytest.mark.parametrize("state", [State.CLEARED, State.CANCELLED])
def test_cleared_and_cancelled_households_get_no_proposal(state):
    assert kind(state, wage_income=None) == Kind.NONE
    assert kind(state, wage_income=LINE - 1) == Kind.NONE


def test_without_a_survey_only_an_ordinary_household_gets_no_proposal():
    unknown = rules.find(rules.unknown_facts(3), line_fen=LINE, monitoring_fen=MONITORING)
    assert unknown.gaps == rules.ALL_GAPS
    proposed = {state: rules.propose(state, unknown, surveyed=0) for state in State}
    assert proposed[State.ORDINARY] == Kind.NONE
    assert {proposed[s] for s in (State.POOR, State.EXITED, State.RELAPSED)} == {Kind.COMPLETE}


def test_bitmaps_are_named_in_alphabetical_order():
    bits = LACK_BIT["water"] | LACK_BIT["clothing"] | LACK_BIT["income"]
    assert rules.named(bits, LACKS) == ["clothing", "income", "water"]


def digest_of_standard(**changes):
    values = {
        "number": 1,
        "division_id": "0",
        "year": 2019,
        "line": Decimal("3218.00"),
        "monitoring_line": Decimal(5000),
        "source": "x",
    }
    return rules.standard_digest(**values | changes)


def test_a_standard_that_differs_in_a_fen_has_another_digest():
    assert digest_of_standard() != digest_of_standard(line=Decimal("3218.01"))


def test_a_standard_that_demands_every_guarantee_keeps_the_digest_it_had_without_the_list():
    before = "16eb017574a732e3f5efffafffb866f45c1f4ae7dd1e78dcb0202da028f7587a"
    assert digest_of_standard(guarantees=GUARANTEES[::-1]) == before


def test_a_standard_that_leaves_a_guarantee_out_has_another_digest_in_any_order():
    some = digest_of_standard(guarantees=["water", "food"])
    assert some == digest_of_standard(guarantees=["food", "water"])
    assert len({some, digest_of_standard(), digest_of_standard(guarantees=["food"])}) == 3
