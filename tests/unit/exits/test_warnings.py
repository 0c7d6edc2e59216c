"""Each warning of an exit at its bound, with the figure that it shows."""

from dataclasses import replace
from datetime import date

import pytest

from exits.rules.tracking import is_overdue, tracked_until
from exits.rules.warnings import Figures, Limits, age_at, warnings_of, yuan

LIMITS = Limits(hugging=2, transfers=50, jump=50)
SOUND = Figures(
    persons=2,
    line=3218_00,
    net=20_000_00,
    gross=21_000_00,
    transfers=1_000_00,
    earlier=9_000_00,
    youngest=35,
)


def found(**other):
    return {one.code: one for one in warnings_of(replace(SOUND, **other), LIMITS)}


def test_a_sound_exit_has_no_warning():
    assert found() == {}


@pytest.mark.parametrize(
    ("net", "warns"), [(6436_00, False), (6436_01, True), (6564_72, True), (6564_73, False)]
)
def test_an_income_up_to_two_percent_above_the_line_hugs_it(net, warns):
    assert ("hugging" in found(net=net)) is warns


def test_hugging_says_how_far_above_the_line_the_income_is():
    assert found(net=6500_36)["hugging"].values == {"percent": "1.0", "limit": 2}


@pytest.mark.parametrize(("transfers", "warns"), [(10_499_99, False), (10_500_00, True)])
def test_half_the_income_from_transfers_is_looked_at(transfers, warns):
    assert ("transfers" in found(transfers=transfers)) is warns


def test_mostly_transfers_says_the_share():
    assert found(transfers=14_000_00)["transfers"].values["percent"] == "66.7"


@pytest.mark.parametrize(
    ("allowance", "warns"), [(13_563_99, False), (13_564_00, True), (20_000_00, True)]
)
def test_an_allowance_without_which_the_line_is_not_passed_lifts_alone(allowance, warns):
    assert ("allowance" in found(allowance=allowance)) is warns


def test_the_allowance_is_shown_with_what_is_left_without_it():
    values = found(allowance=14_000_00)["allowance"].values
    assert values == {"allowance": "14,000.00", "rest": "6,000.00", "needed": "6,436.00"}


@pytest.mark.parametrize(
    ("transfers", "warns"), [(13_563_99, False), (13_564_00, True), (20_000_00, True)]
)
def test_transfers_that_nobody_itemised_lift_alone_where_a_member_has_the_allowance(
    transfers, warns
):
    assert ("lumped" in found(transfers=transfers, lumped=True)) is warns
    assert "lumped" not in found(transfers=transfers)


def test_the_transfers_are_shown_with_what_is_left_without_them():
    values = found(transfers=14_000_00, lumped=True)["lumped"].values
    assert values == {"transfers": "14,000.00", "rest": "6,000.00", "needed": "6,436.00"}


@pytest.mark.parametrize("unknown", [{"net": None}, {"transfers": None}, {"net": 6000_00}])
def test_transfers_do_not_lift_what_is_unknown_or_below_the_line(unknown):
    assert "lumped" not in found(**{"transfers": 14_000_00, "lumped": True} | unknown)


def test_a_household_below_the_line_is_not_lifted_by_its_allowance():
    assert "allowance" not in found(net=6000_00, allowance=3000_00)


@pytest.mark.parametrize(("youngest", "warns"), [(59, False), (60, True), (None, False)])
def test_a_household_of_sixty_and_older_is_looked_at(youngest, warns):
    assert ("elderly" in found(youngest=youngest)) is warns


@pytest.mark.parametrize(("earlier", "warns"), [(6_666_67, False), (6_666_66, True), (None, False)])
def test_a_rise_by_half_within_a_year_is_looked_at(earlier, warns):
    assert ("jump" in found(earlier=earlier)) is warns


def test_a_refusal_is_shown_with_its_day():
    assert found(refused_on=date(2019, 11, 3))["refused"].values["day"] == date(2019, 11, 3)


def test_what_is_unknown_warns_of_nothing():
    assert found(net=None, gross=None, transfers=None, allowance=1, earlier=None) == {}


def test_a_loss_is_shown_with_its_sign():
    assert yuan(-123_456) == "−1,234.56"


@pytest.mark.parametrize(("on", "age"), [(date(2019, 3, 18), 59), (date(2019, 3, 19), 60)])
def test_somebody_is_a_year_older_on_his_birthday(on, age):
    assert age_at(date(1959, 3, 19), on) == age


def test_an_exit_of_2020_is_tracked_to_the_end_of_2025():
    assert tracked_until(2020, date(2020, 12, 20), 5) == date(2025, 12, 31)


def test_the_support_begins_with_the_approval_when_that_came_later():
    assert tracked_until(2019, date(2021, 1, 5), 5) == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("last", "overdue"),
    [(date(2020, 6, 2), False), (date(2020, 6, 1), True), (None, True)],
)
def test_a_visit_is_overdue_after_its_days(last, overdue):
    assert is_overdue(last, date(2020, 1, 1), date(2020, 8, 31), days=90) is overdue
