"""The account that people check by hand. Source: domain reference, worked example of §3.5."""

import pytest
from django.utils import translation

from households.explain import (
    BAD,
    GOOD,
    NEITHER,
    OPEN,
    contradictions,
    explain,
    in_order,
    plain_amount,
)
from households.rules import GAPS, GUARANTEES, LACKS, MET, MONEY, NOT_APPLICABLE, NOT_MET

LINE, MONITORING = 321_800, 500_000
WORKED_EXAMPLE = {
    "wage_income": 2_080_000,
    "business_income": 960_000,
    "property_income": 180_000,
    "transfer_income": 629_600,
    "business_expense": 390_000,
}


def facts(*, persons: int = 4, unknown: tuple[str, ...] = (), **values: int) -> dict[str, int]:
    known = WORKED_EXAMPLE | dict.fromkeys(GUARANTEES, MET) | values
    marks = {f"no_{name}": int(name in unknown) for name in GAPS}
    return known | dict.fromkeys(unknown, 0) | marks | {"persons": persons}


def account(**given):
    with translation.override("en"):
        return explain(facts(**given), line_fen=LINE, monitoring_fen=MONITORING)


def point(explanation, name):
    return next(one for one in explanation.points if one.name == name)


def test_the_worked_example_sums_up_as_on_paper():
    found = account()
    assert plain_amount(found.gross_fen) == "38,496.00"
    assert plain_amount(found.net_fen) == "34,596.00"
    assert plain_amount(found.per_capita_fen) == "8,649.00"
    assert plain_amount(found.needed_fen) == "12,872.00"


def test_an_income_above_the_line_is_said_with_the_distance():
    found = point(account(), "income")
    assert found.mark == GOOD
    assert found.sentence == (
        "net income 34,596.00 yuan is 21,724.00 yuan above"
        " the 12,872.00 yuan that the line asks for."
    )


def test_an_income_below_the_line_is_a_lack_said_with_the_distance():
    found = account(wage_income=0, business_income=0)
    assert point(found, "income").mark == BAD
    assert "8,676.00 yuan short of the 12,872.00 yuan" in point(found, "income").sentence
    assert found.verdict == "The household lacks: Income."


def test_an_income_exactly_on_the_line_is_neither_poor_nor_ready_to_exit():
    found = account(persons=1, wage_income=LINE - (960_000 + 180_000 + 629_600 - 390_000))
    assert found.net_fen == LINE
    assert point(found, "income").mark == NEITHER
    assert found.verdict == "Nothing is lacking, but the income is not above the line."


def test_an_unknown_figure_leaves_the_sums_open_and_is_never_zero():
    found = account(unknown=("property_income",))
    assert (found.gross_fen, found.net_fen, found.per_capita_fen) == (None, None, None)
    assert point(found, "income").mark == OPEN
    assert "Property income" in point(found, "income").sentence


def test_an_unknown_expense_leaves_the_gross_income_known():
    found = account(unknown=("business_expense",))
    assert found.gross_fen == 3_849_600
    assert found.net_fen is None


@pytest.mark.parametrize(
    ("stated", "mark"), [(MET, GOOD), (NOT_MET, BAD), (NOT_APPLICABLE, NEITHER)]
)
def test_each_statement_on_a_guarantee_has_its_own_mark(stated, mark):
    assert point(account(education=stated), "education").mark == mark


def test_an_unknown_guarantee_is_open_and_named_in_the_verdict():
    found = account(unknown=("water",))
    assert point(found, "water").mark == OPEN
    assert found.verdict == "Not complete. Still unknown: Safe drinking water."


def test_a_guarantee_that_the_standard_does_not_demand_is_neither_and_says_so():
    with translation.override("en"):
        found = explain(
            facts(water=NOT_MET), line_fen=LINE, monitoring_fen=MONITORING, guarantees=["food"]
        )
    assert point(found, "water").mark == NEITHER
    assert point(found, "water").sentence == "not demanded by the standard of the year."
    assert found.verdict.startswith("Nothing is lacking")


def test_known_lacks_are_named_beside_what_is_unknown():
    found = account(unknown=("water",), housing=NOT_MET)
    assert found.verdict == (
        "Not complete. The household lacks: Safe housing. Still unknown: Safe drinking water."
    )


def test_a_household_below_the_monitoring_line_is_called_at_risk():
    assert account(persons=10, wage_income=3_000_000).remarks
    assert account().remarks == []


def test_a_loss_is_written_with_its_sign():
    assert plain_amount(-123_456_789) == "−1,234,567.89"


def test_a_met_housing_in_a_dangerous_house_is_questioned_but_stands():
    with translation.override("en"):
        found = contradictions(facts(), housing_grade="D", without_medical_insurance=0)
    assert found == ["Safe housing is stated as met, but the house is graded D. Check on site."]


def test_nothing_is_questioned_where_the_guarantee_is_stated_as_not_met():
    stated = facts(housing=NOT_MET, medical=NOT_MET)
    assert contradictions(stated, housing_grade="D", without_medical_insurance=2) == []


def test_lacks_and_unknowns_are_named_in_the_order_of_the_form():
    assert in_order(LACKS) == ["income", *GUARANTEES]
    assert in_order(GAPS) == [*MONEY, *GUARANTEES]
    found = account(food=NOT_MET, water=NOT_MET, unknown=("transfer_income", "education"))
    assert found.verdict == (
        "Not complete. The household lacks: Food, Safe drinking water."
        " Still unknown: Transfer income, Compulsory education."
    )
