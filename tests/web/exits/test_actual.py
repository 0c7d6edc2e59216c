"""The exits of a year are counted as they were decided."""

from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone

from exits.actions.opening import propose_revocation
from exits.queries.actual import Exited, exited_in
from exits.queries.exit_plans import plan_page
from households.changing.relocating import relocate
from households.models import Household
from households.rules import State
from officers.rules import Role
from tests import factories as make
from tests.procedures import IDENTIFIED, carry, open_for, take, wait_for_notice
from tests.web.exits.decided import exited_elsewhere
from tests.web.households.changes.changed import active, done, wanted
from trail.dates import business_date

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calendar", "in_english")]
STEPS = ("plan", "appraise", "verify", "confirm", "post", "check", "approve", "announce")
YEAR = 2019
ONE = {make.VILLAGE: Exited(decided=1, decided_persons=2)}


@pytest.fixture
def household(tree) -> Household:
    household = make.make_household(state=State.POOR, persons=2)
    make.make_survey(household, YEAR, wage_income=Decimal(20_000))
    return household


@pytest.fixture
def case(household, cast):
    """The exit of the household, decided on facts of YEAR."""
    case = open_for(household, "exit", by=cast.county_clerk)
    carry(case, cast, *STEPS)
    household.refresh_from_db()
    return case


def actual(year=YEAR, place=make.COUNTY):
    return exited_in(place, year)


def included_again(household, cast):
    make.make_survey(household, YEAR, water=0, corrects=household.surveys.get())
    household = Household.everywhere.get(pk=household.pk)
    again = open_for(household, "reinclusion", by=cast.county_clerk)
    carry(again, cast, *IDENTIFIED)


def test_an_exit_counts_for_the_year_of_its_facts(case):
    assert actual() == ONE
    assert actual(YEAR + 1) == actual(YEAR - 1) == {}


def test_an_exit_that_is_not_approved_yet_is_none(household, cast):
    carry(open_for(household, "exit", by=cast.county_clerk), cast, *STEPS[:-2])
    assert actual() == {}


def test_who_splits_off_later_makes_no_second_exit(case, household, cast):
    leaving = active(household)[-1]
    split = wanted("split", goes=frozenset({leaving.pk}), relations={leaving.pk: "01"})
    done(household, split, cast)
    assert Household.everywhere.filter(exit_year=YEAR).count() == 2
    assert actual() == ONE


def test_who_comes_back_has_exited_all_the_same(case, household, cast):
    included_again(household, cast)
    assert actual() == ONE


def test_who_exits_twice_exited_in_both_years(case, household, cast):
    included_again(household, cast)
    connection.check_constraints()
    make.make_survey(household, YEAR + 1, wage_income=Decimal(20_000))
    household.refresh_from_db()
    case = open_for(household, "exit", by=cast.county_clerk, year=YEAR + 1)
    carry(case, cast, *STEPS[:-2])
    take(case, "approve_first", by=cast.county_approver, note="已核实")
    take(case, "approve", by=make.make_officer(Role.COUNTY_APPROVER), note="已核实")
    assert actual() == actual(YEAR + 1) == ONE


def test_a_household_cancelled_since_has_exited(case, household, cast):
    last = active(household)
    gone = wanted("death", goes=frozenset({last[1].pk}))
    done(household, gone, cast)
    done(household, wanted("death", goes=frozenset({last[0].pk})), cast)
    assert household.state == State.CANCELLED
    assert actual() == ONE


def test_one_that_moved_counts_where_it_was_decided(case, household, cast):
    relocate(household, make.NEXT_VILLAGE, act="change", case=case, by=cast.county_approver)
    assert actual() == ONE


def test_a_revoked_exit_is_none(case, household, cast):
    revocation = propose_revocation(household, by=cast.county_clerk, reason="收入核实有误")
    by = make.make_officer(Role.TOWNSHIP_REVIEWER, make.TOWNSHIP)
    take(revocation, "check", by=by, cause="income", finding="工资未发")
    assert actual() == ONE
    take(revocation, "revoke_first", by=make.make_officer(Role.COUNTY_APPROVER), note="收入不实")
    take(revocation, "revoke", by=make.make_officer(Role.COUNTY_APPROVER), note="同意")
    assert actual() == {}


def test_a_re_inclusion_that_was_taken_back_is_no_second_exit(case, household, cast):
    make.make_survey(household, YEAR, water=0, corrects=household.surveys.get())
    household = Household.everywhere.get(pk=household.pk)
    again = open_for(household, "reinclusion", by=cast.county_clerk)
    carry(again, cast, *IDENTIFIED[: IDENTIFIED.index("announce") + 1])
    wait_for_notice(again)
    second = make.make_officer(Role.COUNTY_APPROVER)
    take(again, "return", by=second, note="程序有误", remarks={})
    household.refresh_from_db()
    assert household.state == State.EXITED
    assert actual() == ONE


def test_what_another_system_decided_counts_once_it_is_recorded(tree):
    exited_elsewhere(year=YEAR, persons=3)
    assert actual() == {make.VILLAGE: Exited(decided=1, decided_persons=3)}


def test_loaded_history_is_told_apart(case):
    make.make_household(state=State.EXITED, exit_year=YEAR, state_loaded=True, persons=3)
    assert actual() == {make.VILLAGE: Exited(1, 2, loaded=1, loaded_persons=3)}


def test_of_a_withdrawn_import_nothing_counts(tree):
    make.make_household(
        state=State.EXITED, exit_year=YEAR, state_loaded=True, withdrawn_at=timezone.now()
    )
    assert actual() == {}


def test_loaded_history_stays_after_a_decision_about_the_household(tree, cast):
    household = make.make_household(
        state=State.RELAPSED, exit_year=2016, state_loaded=True, persons=2
    )
    loaded = {make.VILLAGE: Exited(loaded=1, loaded_persons=2)}
    assert actual(2016) == loaded
    make.make_survey(household, YEAR, wage_income=Decimal(20_000))
    carry(open_for(household, "exit", by=cast.county_clerk), cast, *STEPS)
    assert (actual(2016), actual()) == (loaded, ONE)


class TestPlans:
    """The page of the plans shows these figures."""

    def lines(self, by, place=make.TOWNSHIP):
        found = make.Division.objects.get(pk=place)
        page = plan_page(by, found, YEAR, "households", today=business_date())
        return {one.division.pk: one for one in (page.whole, *page.parts)}

    def test_loaded_exits_stand_beside_those_that_were_decided(self, cast):
        exited_elsewhere(year=YEAR)
        make.make_household(state=State.EXITED, exit_year=YEAR, state_loaded=True)
        lines = self.lines(cast.county_clerk)
        village, other = lines[make.VILLAGE], lines[make.NEXT_VILLAGE]
        assert (village.actual, village.loaded) == ("2", "1")
        assert (other.actual, other.loaded) == ("0", "")

    def test_few_loaded_ones_are_not_told_to_a_role_without_names(self, cast):
        for _ in range(7):
            exited_elsewhere(year=YEAR)
        make.make_household(state=State.EXITED, exit_year=YEAR, state_loaded=True)
        line = self.lines(cast.city_reviewer)[make.VILLAGE]
        assert line.loaded == "<5"
        assert line.actual == "8"

    def test_the_page_names_what_is_loaded(self, cast, signed_in):
        make.make_household(state=State.EXITED, exit_year=YEAR, state_loaded=True)
        page = signed_in(cast.county_clerk).get(f"/exits/plans/?year={YEAR}").text
        assert "1 of them loaded from earlier records" in page
