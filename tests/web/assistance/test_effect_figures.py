"""What help comes to: whom it reaches over which base, what it costs, what changed since."""

from datetime import date
from decimal import Decimal

import pytest

from assistance.models import Beneficiary, ItemStatus
from assistance.queries.catalogue import catalogue_of
from assistance.queries.effect import Asked, Base, figures, satisfaction_in
from assistance.queries.effect_incomes import income_figures
from assistance.queries.eligible import eligible_for
from households.rules import State
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]
TODAY = date(2020, 12, 31)
ASKED = Asked(make.COUNTY, 9, 2020)


def helped(household, code="IND-OWN", member=None, **fields):
    """A measure under way of a household's plan of 2020."""
    plan = household.plans.filter(year=2020).first() or make.make_plan(household, 2020)
    return make.make_item(plan, code, member, **{"status": ItemStatus.ONGOING} | fields)


def test_whoever_has_a_measure_under_way_or_done_is_reached():
    for status in (ItemStatus.ONGOING, ItemStatus.DONE):
        end = {"ended_on": date(2020, 6, 1)} if status == ItemStatus.DONE else {}
        helped(make.make_household(state=State.POOR), status=status, **end)
    helped(make.make_household(state=State.POOR), status=ItemStatus.AGREED)
    found = figures(ASKED, today=TODAY)
    assert (found.whole.households, found.base, found.base_persons) == (2, {make.TOWNSHIP: 3}, 3)


def test_two_measures_of_a_household_are_one_household_and_both_amounts():
    household = make.make_household(state=State.POOR)
    helped(household, delivered=400)
    helped(household, "HEA-DOCTOR", household.members.get(), delivered=Decimal("0.05"))
    found = figures(ASKED, today=TODAY)
    assert (found.whole.households, found.persons) == (1, {"HEA": 1})
    assert found.whole.delivered == Decimal("400.05")
    assert {key: one.households for key, one in found.keys.items()} == {"IND": 1, "HEA": 1}


def test_a_category_is_told_by_its_measures():
    household = make.make_household(state=State.POOR)
    helped(household)
    helped(household, "HEA-DOCTOR", household.members.get())
    found = figures(Asked(make.COUNTY, 9, 2020, category="IND"), today=TODAY)
    assert list(found.keys) == ["IND-OWN"]


def test_exited_households_belong_to_the_base_as_long_as_they_are_supported():
    helped(make.make_household(state=State.EXITED, exit_year=2018))
    helped(make.make_household(state=State.EXITED, exit_year=2014))
    assert figures(ASKED, today=TODAY).whole.households == 1
    registered = Asked(make.COUNTY, 9, 2020, base=Base.REGISTERED)
    assert figures(registered, today=TODAY).whole.households == 0


def test_a_year_counts_only_its_own_plans_and_no_year_counts_all():
    household = make.make_household(state=State.POOR)
    make.make_item(make.make_plan(household, 2019), "IND-OWN", status=ItemStatus.ONGOING)
    assert figures(ASKED, today=TODAY).whole.households == 0
    assert figures(Asked(make.COUNTY, 9, None), today=TODAY).whole.households == 1


def test_a_measure_of_the_village_reaches_its_beneficiaries_while_they_are_served():
    plan = make.make_plan(village_id=make.VILLAGE, year=2020)
    road = make.make_item(plan, "INF-ROAD", status=ItemStatus.ONGOING, delivered=900)
    for ended in (None, date(2020, 5, 1), date(2019, 12, 31)):
        Beneficiary.objects.create(
            item=road,
            household=make.make_household(state=State.POOR),
            added_by=make.the_operator(),
            added_on=date(2019, 1, 1),
            ended_on=ended,
        )
    found = figures(ASKED, today=TODAY)
    assert found.keys["INF"].households == 2
    assert (found.keys["INF"].delivered, found.keys["INF"].village_delivered) == (0, 900)


def test_lifted_households_cost_what_was_delivered_to_them_until_their_year():
    for amount in (500, 301):
        exited = make.make_household(state=State.EXITED, exit_year=2020)
        earlier = make.make_plan(exited, 2019)
        make.make_item(earlier, "IND-OWN", status=ItemStatus.ONGOING, delivered=amount)
    helped(make.make_household(state=State.POOR), delivered=700)
    lifted = figures(ASKED, today=TODAY).lifted[make.TOWNSHIP]
    assert (lifted.households, lifted.delivered) == (2, Decimal(801))


def test_incomes_are_compared_from_the_year_before_to_the_latest_survey():
    household = make.make_household(state=State.POOR, persons=2)
    helped(household)
    make.make_survey(household, 2019, wage_income=1000, water=0)
    make.make_survey(household, 2020, wage_income=3000, water=0)
    make.make_survey(household, 2021, wage_income=8000, transfer_income=2000)
    found = income_figures(ASKED, today=TODAY)
    assert (found.helped, found.compared) == (1, 1)
    assert found.incomes["wage_income"] == (500, 4000)
    assert found.incomes["net"] == (500, 5000)
    assert (found.before.index(1), found.after.index(1)) == (1, 9)
    assert found.mended["water"] == (1, 1)


def test_a_survey_with_an_unknown_amount_is_not_compared():
    household = make.make_household(state=State.POOR)
    helped(household)
    make.make_survey(household, 2019, wage_income=None)
    make.make_survey(household, 2020)
    found = income_figures(ASKED, today=TODAY)
    assert (found.helped, found.compared, found.incomes) == (1, 0, {})


def test_satisfaction_is_counted_by_grade():
    for grade in (5, 5, 2):
        household = make.make_household(state=State.POOR)
        make.make_plan(household, 2020, satisfaction=grade)
    assert satisfaction_in(ASKED, today=TODAY) == {1: 0, 2: 1, 3: 0, 4: 0, 5: 2}


def test_of_those_who_may_have_a_measure_those_who_have_it_are_told():
    worker = make.make_household(state=State.POOR)
    worker.members.update(labour="01")
    helped(worker)
    other = make.make_household(state=State.POOR)
    other.members.update(labour="02")
    helped(make.make_household(state=State.POOR))
    measures = catalogue_of(make.COUNTY, 2020)
    found = eligible_for(ASKED, [measures["IND-OWN"], measures["EMP-JOB"]], today=TODAY)
    assert (found["IND-OWN"].households, found["IND-OWN"].helped) == (2, 1)
    assert (found["EMP-JOB"].households, found["EMP-JOB"].helped) == (2, 0)


def test_a_measure_that_asks_for_a_certificate_tells_no_eligible_households():
    measures = catalogue_of(make.COUNTY, 2020)
    assert eligible_for(ASKED, [measures["SOC-DISCARE"]], today=TODAY) == {}
