"""An entered household becomes rows: the household, its people, survey, lines and conditions."""

from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone

from households.entry.saving import EntryRefused, enter_household, next_household_number
from households.models import Household, Survey, YearFreeze
from tests import factories as make
from tests.web.households.entry.entered import entry, person
from trail.errors import NotAllowed, Stale
from trail.models import Change

pytestmark = pytest.mark.django_db


def faults(entered, by) -> list[tuple[str, str]]:
    with pytest.raises(EntryRefused) as refused:
        enter_household(entered, by=by, seen=None)
    return [(one.path, one.code) for one in refused.value.faults]


def test_a_new_household_gets_a_number_of_its_county(cast):
    saved = enter_household(entry(), by=cast.village_official, seen=None)
    assert saved.household.number.startswith(make.COUNTY)
    assert saved.household.village_id == make.VILLAGE


def test_a_number_that_a_withdrawn_household_had_is_not_given_again(cast):
    first = next_household_number(make.VILLAGE)
    next_number = f"{first[:-8]}{int(first[-8:]) + 1:08d}"
    make.make_household(number=next_number, withdrawn_at=timezone.now())
    assert next_household_number(make.VILLAGE) == f"{first[:-8]}{int(first[-8:]) + 2:08d}"


def test_a_number_is_found_by_index_among_all_that_ever_were(cast):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = Household.everywhere.ever_numbered("1").explain()
    assert "household_withdrawn_by_number" in plan
    assert "Seq Scan" not in plan


def test_its_people_and_figures_are_saved(cast):
    saved = enter_household(entry(), by=cast.village_official, seen=None)
    assert saved.household.members.active().count() == 2
    assert saved.survey.wage_income == Decimal("20800.00")
    assert saved.survey.property_income == 0
    assert saved.survey.transfer_income == Decimal("480.00")
    assert saved.survey.persons == 2


def test_its_lines_conditions_and_wishes_are_saved(cast):
    saved = enter_household(entry(), by=cast.village_official, seen=None)
    line = saved.survey.lines.get()
    assert (line.item, line.quantity, line.amount) == ("wage_away", 8, Decimal("20800.00"))
    assert saved.survey.conditions.arable_mu == Decimal("3.50")
    assert saved.survey.conditions.toilet is True
    assert saved.household.address == "村东 12 号"
    assert saved.household.needs == ["HEA"]
    assert saved.household.other_causes == ["02", "08"]


def test_an_untouched_kind_of_income_stays_unknown(cast):
    entered = entry(incomes={"values": {"transfer_income": "1"}})
    saved = enter_household(entered, by=cast.village_official, seen=None)
    assert saved.survey.property_income is None


def test_lines_that_do_not_add_up_to_the_stated_sum_are_refused(cast):
    entered = entry(incomes={"values": {"wage_income": "20000"}})
    assert faults(entered, cast.village_official) == [("incomes.wage_income", "sum_differs")]


def test_a_quantity_without_a_price_is_refused_at_the_line(cast):
    rows = [{"kind": "wage_income", "item": "wage_away", "quantity": "8"}]
    entered = entry(incomes={"rows": rows})
    assert faults(entered, cast.village_official) == [
        ("incomes.0.unit_price", "quantity_and_price")
    ]


def test_a_household_without_people_is_refused(cast):
    assert faults(entry(members={"rows": []}), cast.village_official) == [("members", "no_members")]


def test_a_wrong_check_digit_is_told_at_its_row(cast):
    number = make.make_id_number()
    wrong = number[:17] + ("1" if number[17] != "1" else "2")
    rows = [person(relation="01"), person(id_number=wrong)]
    assert faults(entry(members={"rows": rows}), cast.village_official) == [
        ("members.1.id_number", "id_number")
    ]


def test_a_person_of_another_household_is_refused_without_saying_where(cast):
    number = make.make_id_number()
    other = make.make_household(make.OTHER_COUNTY_VILLAGE)
    make.make_member(other, id_number=number)
    rows = [person(relation="01"), person(id_number=number)]
    with pytest.raises(EntryRefused) as refused:
        enter_household(entry(members={"rows": rows}), by=cast.village_official, seen=None)
    (fault,) = refused.value.faults
    assert (fault.path, fault.code) == ("members.1.id_number", "active_elsewhere")
    assert other.number not in fault.sentence


def test_an_officer_is_told_that_a_row_names_two_persons_wherever_the_other_one_is(cast):
    number = make.make_id_number()
    make.make_member(make.make_household(make.OTHER_COUNTY_VILLAGE), id_number=number)
    own = make.make_household()
    head = own.members.get().person_number
    row = person(relation="01", person_number=head, id_number=number)
    entered = entry(number=own.number, members={"rows": [row]})
    with pytest.raises(EntryRefused) as refused:
        enter_household(entered, by=cast.village_official, seen=own.version)
    assert [(one.path, one.code) for one in refused.value.faults] == [
        ("members.0.person_number", "keys_differ")
    ]


def test_a_village_official_cannot_enter_for_another_village(cast):
    with pytest.raises(NotAllowed):
        enter_household(entry(village=make.NEXT_VILLAGE), by=cast.village_official, seen=None)


def test_a_reader_enters_nothing(cast):
    with pytest.raises(NotAllowed):
        enter_household(entry(), by=cast.reader, seen=None)


def known(cast) -> Household:
    return enter_household(entry(), by=cast.village_official, seen=None).household


def again(known_one: Household, /, **steps) -> dict[str, object]:
    """The same people by their numbers, with what `steps` say."""
    rows = [
        {"person_number": one.person_number, "name": one.name, "relation": one.relation}
        for one in known_one.members.active().order_by("relation")
    ]
    return {"members": {"rows": rows}} | steps


def test_the_same_facts_again_make_no_second_survey(cast):
    household = known(cast)
    number = household.number
    saved = enter_household(
        entry(number, **again(household)), by=cast.village_official, seen=household.version
    )
    assert saved.survey is None
    assert Survey.objects.filter(household=household).count() == 1


def test_other_living_conditions_make_a_survey_that_corrects_the_first(cast):
    household = known(cast)
    entered = entry(household.number, **again(household))
    entered.step("living").values["arable_mu"] = "9"
    saved = enter_household(entered, by=cast.village_official, seen=household.version)
    assert saved.survey.corrects is not None
    assert saved.survey.conditions.arable_mu == 9


def test_a_blank_clears_a_value_but_keeps_phone_and_id(cast):
    household = known(cast)
    entered = entry(household.number, **again(household, household={"values": {}}))
    saved = enter_household(entered, by=cast.village_official, seen=household.version)
    assert (saved.household.group, saved.household.address) == ("", "")
    assert saved.household.phone_blind == household.phone_blind
    assert saved.household.members.active().filter(id_blind=None).count() == 0


def test_a_change_of_what_the_import_does_not_know_makes_a_new_version(cast):
    household = known(cast)
    entered = entry(
        household.number,
        **again(household, causes={"values": {"main_cause": "01", "needs": ["EDU"]}}),
    )
    entered.step("causes").values["other_causes"] = ["08", "02"]
    saved = enter_household(entered, by=cast.village_official, seen=household.version)
    assert saved.household.needs == ["EDU"]
    assert saved.household.version == household.version + 1


def test_who_saves_over_a_newer_version_is_told(cast):
    household = known(cast)
    entered = entry(household.number, **again(household))
    with pytest.raises(Stale) as stale:
        enter_household(entered, by=cast.village_official, seen=household.version - 1)
    assert stale.value.code == "household_changed"


def test_a_figure_that_jumps_asks_for_a_reason(cast):
    household = known(cast)
    make.make_survey(household, 2018, wage_income=Decimal(9000))
    entered = entry(household.number, **again(household))
    with pytest.raises(EntryRefused) as refused:
        enter_household(entered, by=cast.village_official, seen=household.version)
    (fault,) = refused.value.faults
    assert (fault.path, fault.code) == ("incomes.reason_wage_income", "reason_missing")


def test_the_reason_of_a_jump_is_kept_with_the_survey(cast):
    household = known(cast)
    make.make_survey(household, 2018, wage_income=Decimal(9000))
    entered = entry(household.number, **again(household))
    entered.step("incomes").values["reason_wage_income"] = "长子外出务工"
    saved = enter_household(entered, by=cast.village_official, seen=household.version)
    assert dict(saved.survey.notes.values_list("name", "text")) == {"wage_income": "长子外出务工"}


def test_a_frozen_year_is_refused_at_its_figures(cast):
    YearFreeze.objects.create(division_id=make.COUNTY, year=2019, frozen_by=cast.county_approver)
    codes = {code for _path, code in faults(entry(), cast.village_official)}
    assert codes == {"year_frozen"}


def test_the_trace_says_who_entered_what_and_holds_no_number(cast):
    entered = entry()
    household = enter_household(entered, by=cast.village_official, seen=None, door="test").household
    change = Change.objects.get(subject_kind="households.household", subject_id=household.pk)
    assert (change.action, change.actor_id, change.origin) == (
        "enter",
        cast.village_official.pk,
        "test",
    )
    assert entered.step("members").rows[0]["id_number"] not in str(change.after)
