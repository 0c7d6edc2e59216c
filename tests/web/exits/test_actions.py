from datetime import date, timedelta
from decimal import Decimal

import pytest

from households.actions import take_over_facts
from households.models import StateChange
from households.rules import State
from tests import factories as make
from tests.procedures import carry, move_date, open_for, take
from trail.errors import NotAllowed, Refused, Stale
from workflow.models import Case

VILLAGE_PART = ("appraise", "verify", "confirm", "post")
TO_THE_COUNTY = ("plan", *VILLAGE_PART, "check")


@pytest.fixture
def household(tree):
    """Poor, two persons, 10,000 yuan in 2019: above the line."""
    household = make.make_household(state=State.POOR, persons=2)
    make.make_survey(household, 2019, wage_income=Decimal(10_000))
    return household


@pytest.fixture
def case(household, cast, calendar):
    return open_for(household, "exit", by=cast.county_clerk)


def reload(row):
    row.refresh_from_db()
    return row


def test_an_approved_exit_makes_the_household_exited_in_the_surveys_year(case, cast, household):
    carry(case, cast, *TO_THE_COUNTY, "approve")
    reload(household)
    assert (household.state, household.exit_year) == (State.EXITED, 2019)
    carry(case, cast, "announce")
    assert case.state == "announced"
    assert case.closed_at is not None


def test_planning_makes_the_household_a_planned_exit(case, cast, household):
    carry(case, cast, "plan")
    assert reload(household).state == State.PLANNED_EXIT


def test_a_household_already_planned_starts_beyond_the_plan(cast, calendar):
    household = make.make_household(state=State.PLANNED_EXIT)
    make.make_survey(household, 2019, wage_income=Decimal(10_000))
    case = open_for(household, "exit", by=cast.county_clerk)
    assert case.state == "planned"
    take(case, "withdraw", by=cast.county_clerk, note="户主外出")
    assert reload(household).state == State.PLANNED_EXIT


@pytest.mark.parametrize(("state", "exit_year"), [(State.POOR, None), (State.RELAPSED, 2016)])
def test_a_failed_exit_gives_back_state_and_exit_year(cast, calendar, state, exit_year):
    household = make.make_household(state=state, exit_year=exit_year)
    make.make_survey(household, 2019, wage_income=Decimal(10_000))
    case = open_for(household, "exit", by=cast.county_clerk)
    carry(case, cast, *TO_THE_COUNTY)
    take(case, "reject", by=cast.county_approver, note="收入不稳定")
    reload(household)
    assert (household.state, household.exit_year) == (state, exit_year)
    assert case.closed_at is not None


def test_a_rejection_before_the_plan_leaves_the_household_alone(case, cast, household):
    take(case, "reject", by=cast.county_approver, note="今年不安排")
    assert reload(household).state == State.POOR
    assert not StateChange.objects.exists()


def test_an_exit_on_facts_corrected_since_is_refused_with_the_difference(case, cast, household):
    carry(case, cast, *TO_THE_COUNTY)
    first = household.surveys.get()
    make.make_survey(household, 2019, wage_income=Decimal(9_000), corrects=first)
    with pytest.raises(Stale) as refusal:
        take(case, "approve", by=cast.county_approver)
    changed = {one["before"]: one["after"] for one in refusal.value.details["differences"]}
    assert changed["10,000.00"] == "9,000.00"
    assert reload(household).state == State.PLANNED_EXIT
    assert reload(case).state == "checked"


def test_an_exit_with_a_new_member_since_is_refused(case, cast, household):
    carry(case, cast, *TO_THE_COUNTY)
    make.make_member(household)
    with pytest.raises(Stale):
        take(case, "approve", by=cast.county_approver)


def test_an_exit_exactly_on_the_line_is_refused(cast, calendar):
    household = make.make_household(state=State.POOR)
    make.make_survey(household, 2019, wage_income=Decimal("3218.00"))
    case = open_for(household, "exit", by=cast.county_clerk)
    carry(case, cast, *TO_THE_COUNTY)
    with pytest.raises(Refused):
        take(case, "approve", by=cast.county_approver)
    assert reload(case).state == "checked"


@pytest.mark.parametrize("facts", [{"water": 0}, {"water": None}, {"wage_income": None}])
def test_an_exit_with_a_lack_or_a_gap_is_refused(cast, calendar, facts):
    household = make.make_household(state=State.POOR)
    make.make_survey(household, 2019, **{"wage_income": Decimal(10_000)} | facts)
    case = open_for(household, "exit", by=cast.county_clerk)
    carry(case, cast, *TO_THE_COUNTY)
    with pytest.raises(Refused):
        take(case, "approve", by=cast.county_approver)


def test_the_decision_keeps_facts_standard_finding_and_hash(case, cast):
    event = carry(case, cast, *TO_THE_COUNTY, "approve")
    assert event.decides
    assert event.facts["standard"]["line"] == "3218.00"
    assert event.facts["finding"]["exit_ready"]
    assert event.facts_hash == case.facts_hash


def test_the_state_change_names_the_case_and_the_standard(case, cast, household):
    carry(case, cast, *TO_THE_COUNTY, "approve")
    last = household.state_changes.last()
    assert (last.case, last.to_state) == (case, State.EXITED)
    assert last.standard.number == case.facts["standard"]["number"]


def test_the_approver_who_planned_the_exit_may_approve_it(case, cast):
    assert carry(case, cast, *TO_THE_COUNTY, "approve").actor_id == cast.county_approver.pk


def test_the_notice_holds_the_check_through_its_last_day(case, cast):
    carry(case, cast, "plan", *VILLAGE_PART)
    move_date(7)
    with pytest.raises(Refused):
        take(case, "check", by=cast.township_reviewer)
    move_date(1)
    assert take(case, "check", by=cast.township_reviewer).to_state == "checked"


def test_the_recorder_of_the_appraisal_cannot_verify(case, cast):
    carry(case, cast, "plan")
    take(case, "appraise", by=cast.first_secretary)
    with pytest.raises(NotAllowed):
        take(case, "verify", by=cast.first_secretary)


def test_new_facts_are_taken_over_and_their_officer_cannot_decide(case, cast, household):
    carry(case, cast, *TO_THE_COUNTY)
    make.make_survey(household, 2019, wage_income=Decimal(9_000), corrects=household.surveys.get())
    take(case, "return", by=cast.county_approver, note="更正工资")
    take_over_facts(case.pk, by=cast.county_clerk, version=case.version, note="更正工资")
    assert reload(case).facts["facts"]["wage_income"] == "9000.00"
    assert case.facts["state"] == State.POOR
    carry(case, cast, *VILLAGE_PART, "check")
    assert take(case, "approve", by=cast.county_approver).to_state == "approved"


@pytest.mark.parametrize("last", ["post", "check", "approve"])
def test_facts_that_were_noticed_or_decided_on_cannot_be_replaced(case, cast, household, last):
    way = (*TO_THE_COUNTY, "approve")
    carry(case, cast, *way[: way.index(last) + 1])
    before = case.facts
    make.make_survey(household, 2019, wage_income=Decimal(9_000), corrects=household.surveys.get())
    with pytest.raises(Refused) as refusal:
        take_over_facts(case.pk, by=cast.county_clerk, version=case.version, note="更正工资")
    assert refusal.value.code == "facts_settled"
    assert reload(case).facts == before


def test_facts_that_stand_cannot_be_taken_over_again(case, cast):
    with pytest.raises(Refused):
        take_over_facts(case.pk, by=cast.county_clerk, version=case.version, note="更正")


def test_a_stranger_cannot_take_a_step(case):
    stranger = make.make_officer(make.Role.COUNTY_APPROVER, make.OTHER_COUNTY)
    with pytest.raises(NotAllowed):
        take(case, "plan", by=stranger)


def test_the_exit_is_dated_with_the_business_date(case, cast, household):
    carry(case, cast, "plan")
    move_date(3)
    take(case, "withdraw", by=cast.county_clerk, note="撤回")
    first, last = household.state_changes.all()
    assert last.on - first.on == timedelta(days=3)
    assert isinstance(last.on, date)
    assert Case.everywhere.get().state == "withdrawn"
