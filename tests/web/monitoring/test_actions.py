from decimal import Decimal

import pytest

from households.rules import State
from tests import factories as make
from tests.procedures import carry, move_date, open_for, take, wait_for_notice
from trail.errors import Refused, Stale

UNDER_WATCH = ("verify", "appraise", "post", "review", "approve")


@pytest.fixture
def at_risk(tree):
    household = make.make_household(state=State.EXITED, exit_year=2017)
    make.make_survey(household, 2019, wage_income=Decimal(4_000))
    return household


@pytest.fixture
def case(at_risk, cast, calendar):
    return open_for(at_risk, "watch", by=cast.county_clerk)


def test_a_household_under_watch_keeps_its_state(case, cast, at_risk):
    carry(case, cast, *UNDER_WATCH)
    at_risk.refresh_from_db()
    assert (case.state, at_risk.state, at_risk.exit_year) == ("monitored", State.EXITED, 2017)
    assert case.closed_at is None


def test_five_days_of_notice(case, cast):
    carry(case, cast, "verify", "appraise", "post")
    move_date(5)
    with pytest.raises(Refused):
        take(case, "review", by=cast.township_reviewer)
    move_date(1)
    take(case, "review", by=cast.township_reviewer)


def test_the_risk_is_eliminated_after_six_months_at_the_earliest(case, cast):
    carry(case, cast, *UNDER_WATCH)
    take(case, "clear", by=cast.village_official, note="收入稳定")
    carry(case, cast, "post_clear", "review_clear")
    with pytest.raises(Refused):
        take(case, "eliminate", by=cast.county_approver)
    move_date(184)
    take(case, "eliminate", by=cast.county_approver)
    assert (case.state, case.closed_at is None) == ("eliminated", False)


def test_a_watch_that_goes_on_counts_from_its_beginning(case, cast):
    carry(case, cast, *UNDER_WATCH)
    take(case, "clear", by=cast.village_official, note="收入稳定")
    carry(case, cast, "post_clear", "review_clear")
    take(case, "keep", by=cast.county_approver, note="再看半年")
    assert case.state == "monitored"
    move_date(184)
    take(case, "clear", by=cast.village_official, note="收入稳定")
    carry(case, cast, "post_clear", "review_clear", "eliminate")
    assert case.state == "eliminated"


def test_changed_facts_refuse_the_watch(case, cast, at_risk):
    carry(case, cast, "verify", "appraise", "post", "review")
    make.make_survey(at_risk, 2019, wage_income=Decimal(9_000), corrects=at_risk.surveys.get())
    with pytest.raises(Stale):
        take(case, "approve", by=cast.county_approver)


def test_the_choice_of_the_risk_is_one_of_the_list(case, cast):
    with pytest.raises(Refused) as refusal:
        take(case, "verify", by=cast.first_secretary, risk="bad luck")
    assert list(refusal.value.details["fields"]) == ["risk"]


def test_a_household_without_risk_is_not_put_under_watch(cast, calendar):
    household = make.make_household(state=State.EXITED)
    make.make_survey(household, 2019, wage_income=Decimal(9_000))
    case = open_for(household, "watch", by=cast.county_clerk)
    carry(case, cast, "verify", "appraise", "post", "review")
    wait_for_notice(case)
    with pytest.raises(Refused) as refusal:
        take(case, "approve", by=cast.county_approver)
    assert refusal.value.code == "not_now"
