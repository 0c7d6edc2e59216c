"""What a search for policy gaps says of what it found, and what it leaves alone."""

from datetime import date

import pytest

from assistance.models import Gap, ItemStatus
from households.models import Member
from households.rules import NOT_MET, State
from tests import factories as make
from tests.web.assistance.gapped import AT_EASE, YEAR, found, head, item, poor, village_item

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def tree(db: None) -> None:
    make.plant_tree()


def test_a_gap_says_the_fact_and_no_name():
    household = poor(housing_grade="C", persons=2)
    head(household, name="王秘密")
    gaps = found(household)[household.pk]
    assert gaps["house"] == {"housing_grade": 3}
    assert gaps["health"] == {"members_without": 2}
    assert "王秘密" not in str(gaps)


def test_a_measure_of_another_household_is_seen_twice_for_the_person_who_moved():
    here, there = poor(), poor(village=make.OTHER_CITY_VILLAGE)
    number = make.make_id_number(born=AT_EASE)
    before = make.make_member(here, id_number=number)
    item(here, "EDU-MEAL", before)
    Member.objects.filter(pk=before.pk).update(end_reason="08", end_date=date(2019, 6, 1))
    later = item(there, "EDU-MEAL", make.make_member(there, id_number=number))
    gaps = found(here, there)
    assert "same_twice" not in gaps[here.pk]
    assert gaps[there.pk]["same_twice"]["elsewhere"] == 1
    assert Gap.everywhere.get(rule="same_twice").item == later


def test_a_later_measure_under_an_ended_membership_is_the_double():
    here, there = poor(), poor(village=make.OTHER_CITY_VILLAGE)
    number = make.make_id_number(born=AT_EASE)
    before = make.make_member(here, id_number=number)
    Member.objects.filter(pk=before.pk).update(end_reason="08", end_date=date(2019, 6, 1))
    item(there, "EDU-MEAL", make.make_member(there, id_number=number))
    later = item(here, "EDU-MEAL", before)
    found(here, there)
    assert Gap.everywhere.get(rule="same_twice").item == later


def test_a_measure_that_was_carried_on_from_the_year_before_is_no_double():
    household = poor()
    person = head(household, labour="01", birth_date=AT_EASE)
    before = item(household, "PUB-POST", person)
    item(household, "PUB-POST", person, carried_from=before)
    assert "double_post" not in found(household)[household.pk]


def test_an_unknown_fact_accuses_nobody():
    household = poor()
    item(household, "EDU-YULU", head(household, in_school=""))
    assert "conditions" not in found(household)[household.pk]


def test_help_to_a_household_that_was_cancelled_is_not_due():
    household = poor(state=State.CANCELLED)
    item(household, "IND-INS")
    assert found(household)[household.pk] == {"not_on_register": {"cancelled": 1}}


def test_a_measure_that_ended_before_the_year_helps_no_more():
    household = poor()
    head(household, labour="01")
    make.make_item(make.make_plan(household, 2018), "IND-OWN", due_on=date(2018, 12, 31))
    assert "development" in found(household)[household.pk]


def test_a_measure_of_the_year_before_that_runs_on_helps_still():
    household = poor()
    head(household, labour="01")
    make.make_item(make.make_plan(household, 2018), "IND-OWN", due_on=date(2019, 2, 1))
    assert "development" not in found(household)[household.pk]


def test_water_works_without_named_households_help_the_whole_village():
    one, other = poor(), poor(village=make.NEXT_VILLAGE)
    for household in (one, other):
        make.make_survey(household, YEAR, water=NOT_MET)
    village_item("INF-WATER", status=ItemStatus.DONE, ended_on=date(2019, 5, 1))
    gaps = found(one, other)
    assert ("risk_water" in gaps[one.pk], "risk_water" in gaps[other.pk]) == (False, True)
