"""What the database refuses, whoever asks."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from households.models import (
    Correction,
    Household,
    Standard,
    StateChange,
    Survey,
    YearFreeze,
)
from households.rules import State
from tests import factories as make

pytestmark = pytest.mark.django_db


def refused():
    """The block must raise IntegrityError; the transaction of the test goes on."""

    class Refused:
        def __enter__(self):
            self.raises, self.atomic = pytest.raises(IntegrityError), transaction.atomic()
            self.raises.__enter__()
            self.atomic.__enter__()

        def __exit__(self, *error):
            try:
                self.atomic.__exit__(*error)
            finally:
                caught = self.raises.__exit__(*error)
            return caught

    return Refused()


def check_deferred():
    connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_person_is_active_in_one_household_only(household):
    number = make.make_id_number()
    make.make_member(household, id_number=number)
    other = make.make_household()
    with refused():
        make.make_member(other, id_number=number)


def test_a_certificate_does_not_make_a_second_person(household):
    number = make.make_id_number()
    make.make_member(household, id_number=number)
    with refused():
        make.make_member(make.make_household(), id_number=number + "41")


def test_a_person_whose_membership_ended_may_join_another_household(household):
    number = make.make_id_number()
    make.make_member(household, id_number=number, end_reason="02", end_date=date(2019, 5, 1))
    assert make.make_member(make.make_household(), id_number=number).pk


def test_a_household_has_one_head(household):
    with refused():
        make.make_member(household, relation="01")


def test_an_active_person_number_is_used_once(household):
    make.make_member(household, person_number="P1")
    with refused():
        make.make_member(household, person_number="P1")


@pytest.mark.parametrize("end", [{"end_reason": "01"}, {"end_date": date(2019, 1, 1)}])
def test_a_membership_ends_with_reason_and_date(household, end):
    with refused():
        make.make_member(household, **end)


def test_a_member_without_id_needs_a_reason(household):
    with refused():
        make.make_member(household, id_sealed=None, id_blind=None, id_digest=None)


def test_a_newborn_without_id_is_accepted_with_the_reason(household):
    assert make.make_member(
        household, id_sealed=None, id_blind=None, id_digest=None, no_id_reason="1"
    ).pk


def test_a_household_number_is_unique_in_the_nation(household):
    with refused():
        make.make_household(make.OTHER_CITY_VILLAGE, number=household.number)


@pytest.mark.parametrize("state", [State.EXITED, State.RELAPSED])
def test_an_exited_household_has_an_exit_year(tree, state):
    with refused():
        make.make_household(state=state, exit_year=None)


def test_a_poor_household_has_no_exit_year(tree):
    with refused():
        make.make_household(state=State.POOR, exit_year=2018)


def test_the_main_cause_is_not_among_the_others(tree):
    with refused():
        make.make_household(main_cause="01", other_causes=["01"])


def test_marriage_is_no_main_cause(tree):
    with refused():
        make.make_household(main_cause="12")


def test_raw_sql_cannot_change_a_state_without_a_case(household):
    with refused():
        Household.everywhere.filter(pk=household.pk).update(state=State.EXITED, exit_year=2019)
        check_deferred()


def test_a_recorded_state_change_lets_the_state_change(household):
    case = make.make_case(household)
    Household.everywhere.filter(pk=household.pk).update(state=State.PLANNED_EXIT)
    StateChange.objects.create(
        household=household, from_state=0, to_state=2, on=date(2019, 1, 1), case=case
    )
    check_deferred()
    household.refresh_from_db()
    assert household.state == State.PLANNED_EXIT


def test_a_state_change_is_never_rewritten(household):
    case = make.make_case(household)
    change = StateChange.objects.create(
        household=household, from_state=0, to_state=2, on=date(2019, 1, 1), case=case
    )
    with refused():
        StateChange.objects.filter(pk=change.pk).update(to_state=1)


def test_a_survey_is_never_edited(household):
    with refused():
        Survey.objects.filter(household=household).update(wage_income=Decimal(1))


def test_a_survey_is_never_deleted(household):
    with refused():
        Survey.objects.filter(household=household)._raw_delete("default")


def test_a_year_has_one_first_survey(household):
    with refused():
        make.make_survey(household, 2019)


def test_a_survey_is_corrected_once(household):
    first = household.surveys.get()
    make.make_survey(household, 2019, corrects=first)
    with refused():
        make.make_survey(household, 2019, corrects=first)


def test_the_survey_in_force_is_the_last_correction(household):
    first = household.surveys.get()
    second = make.make_survey(household, 2019, corrects=first)
    assert [s.pk for s in Survey.objects.filter(household=household).in_force()] == [second.pk]


@pytest.mark.parametrize("division", ["0", make.PROVINCE, make.COUNTY, make.VILLAGE])
def test_a_frozen_year_takes_no_survey(household, division):
    YearFreeze.objects.create(division_id=division, year=2018, frozen_by=make.the_operator())
    with refused():
        make.make_survey(household, 2018)


def test_a_year_frozen_elsewhere_takes_surveys(household):
    YearFreeze.objects.create(
        division_id=make.NEXT_VILLAGE, year=2018, frozen_by=make.the_operator()
    )
    assert make.make_survey(household, 2018).pk


def correction_of(household, year=2018, state="approved"):
    """The correction of a year, its case in `state`."""
    case = make.make_case(household, "correction", state=state)
    return Correction.objects.create(case=case, household=household, year=year)


def freeze(division=make.COUNTY, year=2018):
    return YearFreeze.objects.create(division_id=division, year=year, frozen_by=make.the_operator())


def test_an_approved_correction_lets_a_survey_of_a_frozen_year_in(household):
    freeze()
    assert make.make_survey(household, 2018, correction=correction_of(household)).pk


@pytest.mark.parametrize("state", ["proposed", "rejected", "withdrawn"])
def test_a_correction_that_is_not_approved_lets_nothing_in(household, state):
    freeze()
    with refused():
        make.make_survey(household, 2018, correction=correction_of(household, state=state))


def test_a_correction_of_another_household_lets_nothing_in(household):
    freeze()
    with refused():
        make.make_survey(household, 2018, correction=correction_of(make.make_household()))


def test_a_correction_of_another_year_lets_nothing_in(household):
    freeze()
    with refused():
        make.make_survey(household, 2018, correction=correction_of(household, year=2017))


def test_a_correction_makes_one_survey(household):
    freeze()
    correction = correction_of(household)
    first = make.make_survey(household, 2018, correction=correction)
    with refused():
        make.make_survey(household, 2018, correction=correction, corrects=first)


def test_a_survey_of_a_frozen_village_stays_frozen_when_its_household_moves(household):
    first = make.make_survey(household, 2018)
    freeze(make.VILLAGE)
    household.village_id = make.NEXT_VILLAGE
    with refused():
        make.make_survey(household, 2018, corrects=first)


def test_a_freeze_is_never_lifted_nor_rewritten(tree):
    done = freeze()
    with refused():
        YearFreeze.objects.filter(pk=done.pk).update(year=2017)
    with refused():
        YearFreeze.objects.filter(pk=done.pk)._raw_delete("default")


@pytest.mark.parametrize("amount", ["wage_income", "business_expense"])
def test_an_amount_is_never_negative(household, amount):
    with refused():
        make.make_survey(household, 2018, **{amount: Decimal("-0.01")})


def test_a_guarantee_is_met_not_met_or_not_applicable(household):
    with refused():
        make.make_survey(household, 2018, water=2)


def test_a_published_standard_is_never_edited(db):
    with refused():
        Standard.objects.filter(year=2019).update(line=Decimal(1))


def test_a_published_standard_is_never_deleted(db):
    with refused():
        Standard.objects.filter(year=2019).delete()


@pytest.mark.parametrize(
    ("year", "line", "monitoring"),
    [
        (2014, "2800.00", "4200.00"),
        (2015, "2855.00", "4282.50"),
        (2016, "2952.00", "4428.00"),
        (2017, "2952.00", "4428.00"),
        (2018, "2995.00", "4492.50"),
        (2019, "3218.00", "5000.00"),
        (2020, "4000.00", "5000.00"),
        (2021, "4000.00", "6000.00"),
    ],
)
def test_migrations_bring_the_national_standards(db, year, line, monitoring):
    standard = Standard.objects.holding("97", year).get()
    assert (str(standard.line), str(standard.monitoring_line)) == (line, monitoring)


def test_the_province_s_own_standard_comes_first(tree):
    own = make.make_standard(2019, line="3500.00")
    assert Standard.objects.holding(make.COUNTY, 2019).first() == own


def test_another_province_s_standard_does_not_hold(tree):
    make.make_standard(2019, line="3500.00")
    assert Standard.objects.holding("11", 2019).first().division_id == "0"
