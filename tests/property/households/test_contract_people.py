"""Who is who, who joins, stays and ends, and what a survey counts: sentence by sentence."""

import pytest

from divisions.models import Division
from households.models import YearFreeze
from officers.rules import Role
from tests import factories as make
from tests.oracle.world import COUNTY_CLERK, VILLAGE_OFFICIAL, Importer
from tests.property.households.both import Both
from tests.property.households.rows import (
    ended,
    head,
    id_number,
    person,
    survey,
    without_id,
)
from trail.dates import business_date

Rows = list[dict[str, str]]
SOMEBODY = id_number("19750505")


def shared_pairs() -> list[tuple[str, dict[str, str], dict[str, str]]]:
    """How two rows of two households can name one person."""
    one, number = id_number(), {"person_number": "S-1"}
    return [
        ("number", number, number),
        ("id", {"id_number": one}, {"id_number": one.lower()}),
        ("certificate", {"id_number": one + "11"}, {"id_number": one}),
        ("ended", {"id_number": one, **ended()}, {"id_number": one}),
        ("both ended", {"id_number": one, **ended()}, {"id_number": one, **ended()}),
        ("other error", {"id_number": one, "work_months": "13"}, {"id_number": one}),
    ]


@pytest.mark.parametrize(("how", "one", "two"), shared_pairs())
def test_two_households_that_share_a_person_are_both_left_out(
    both: Both, how: str, one: dict[str, str], two: dict[str, str]
) -> None:
    expected, _ = both.take_rows(
        head("A"), person("A", **one), head("B"), person("B", **two), head("C")
    )
    assert both.differences == []
    assert set(expected.left_out) == {"A", "B"}


def test_a_row_without_a_usable_number_shares_nobody(both: Both) -> None:
    one = id_number()
    expected, _ = both.take_rows(head("A", id_number=one), head("A_", id_number=one))
    assert both.differences == []
    assert expected.saved == ["A"]


def test_a_known_person_named_by_number_here_and_by_id_there_is_shared(both: Both) -> None:
    one = id_number()
    both.take_rows(head("A"), person("A", id_number=one, person_number="K-1", name="王五"))
    expected, _ = both.take_rows(
        person("A", person_number="K-1", name="王五", **ended()), head("B", id_number=one)
    )
    assert both.differences == []
    assert set(expected.left_out) == {"A", "B"}


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ({"person_number": "T-1"}, {"person_number": "T-1"}),
        ({"id_number": SOMEBODY}, {"id_number": SOMEBODY + "11"}),
        (without_id(name="李四"), without_id(name="李四")),
        ({"name": "李四", **without_id()}, {"name": "李四", "id_number": id_number("19800101")}),
    ],
)
def test_two_rows_of_one_household_must_not_meet_one_person(
    both: Both, one: dict[str, str], two: dict[str, str]
) -> None:
    expected, _ = both.take_rows(head("A"), person("A", **one), person("A", **two), head("B"))
    assert both.differences == []
    assert set(expected.left_out) == {"A"}


@pytest.mark.parametrize("key", ["person_number", "id_number", "name"])
def test_two_rows_that_meet_one_known_person_by_different_keys_are_refused(
    both: Both, key: str
) -> None:
    keys = {"person_number": "T-1", "id_number": id_number("19700203"), "name": "李四"}
    both.take_rows(head("A", person_number="T-0"), person("A", **keys))
    rows = {
        "person_number": {"person_number": "T-1", "id_number": "", "name": "改名"},
        "id_number": {"id_number": keys["id_number"], "name": "改名"},
        "name": {"id_number": "", "name": "李四", "birth_date": "1970-02-03"},
    }
    others = [one for name, one in rows.items() if name != key]
    expected, _ = both.take_rows(person("A", **rows[key]), person("A", **others[0]))
    assert both.differences == []
    assert set(expected.left_out) == {"A"}


def test_keys_of_two_persons_in_one_row_are_refused(both: Both) -> None:
    one, two = id_number(), id_number()
    both.take_rows(
        head("A", id_number=one, person_number="T-1"),
        person("A", id_number=two, person_number="T-2"),
    )
    expected, _ = both.take_rows(head("A", id_number=two, person_number="T-1"))
    assert both.differences == []
    assert set(expected.left_out) == {"A"}


@pytest.mark.parametrize("key", ["person_number", "id_number"])
def test_a_person_active_in_another_household_is_refused(both: Both, key: str) -> None:
    keys = {"person_number": "T-1", "id_number": id_number()}
    both.take_rows(head("A", **keys))
    cells = {key: keys[key]} if key == "id_number" else {"id_number": "", "person_number": "T-1"}
    expected, got = both.take_rows(head("B", **cells), head("C"))
    assert both.differences == []
    assert set(expected.left_out) == {"B"}
    assert '"A"' not in got.rows[0][-1]


@pytest.mark.parametrize(
    "cells",
    [{"person_number": "T-1", "id_number": ""}, {"id_number": SOMEBODY}],
)
def test_a_person_who_left_one_household_joins_another_with_what_is_known(
    both: Both, cells: dict[str, str]
) -> None:
    keys = {"person_number": "T-1", "id_number": SOMEBODY, "name": "赵六"}
    both.take_rows(head("A"), person("A", **keys, health="03", pension_insurance="1"))
    both.take_rows(person("A", **keys, **ended("08")))
    expected, _ = both.take_rows(head("B"), person("B", name="赵六", **cells))
    assert both.differences == []
    assert expected.saved == ["B"]


def test_the_old_file_of_a_household_after_a_member_joined_another(both: Both) -> None:
    keys = {"person_number": "T-1", "id_number": id_number(), "name": "赵六"}
    first = head("A", person_number="T-0", name="钱七")
    both.take_rows(first, person("A", **keys))
    both.take_rows(person("A", **keys, **ended("08")))
    both.take_rows(head("B"), person("B", **keys))
    again, _ = both.take_rows(first, person("A", **keys, **ended("08")))
    assert again.changed == []
    refused, _ = both.take_rows(first, person("A", **keys))
    assert set(refused.left_out) == {"A"}
    assert both.differences == []


def test_a_newborn_gets_an_id_number_by_name_and_birth_date(both: Both) -> None:
    child = without_id(name="孙宝", birth_date="2018-06-01", sex="2")
    both.take_rows(head("A"), person("A", "04", **child))
    number = id_number("20180601", sex="2")
    both.take_rows(person("A", "04", name="孙宝", id_number=number))
    both.take_rows(person("A", "04", name="孙宝", id_number=number + "12"))
    home = both.register.households["A"]
    assert [member.id_number for member in home.members][1] == number + "12"
    assert both.differences == []


@pytest.mark.parametrize("column", ["name", "relation", "village_code"])
def test_a_required_cell_is_required_on_rows_of_known_people_too(both: Both, column: str) -> None:
    row = head("A", person_number="T-1")
    both.take_rows(row)
    expected, _ = both.take_rows(row | {column: ""})
    assert both.differences == []
    assert set(expected.left_out) == {"A"}


def test_blank_cells_change_nothing_and_01_in_school_clears(both: Both) -> None:
    full = {"phone": "13900000001", "group": "一组", "housing_grade": "B", "main_cause": "01"}
    person_cells = {"health": "02", "work_months": "3", "in_school": "07", "ethnicity": "02"}
    row = head("A", person_number="T-1")
    both.take_rows(row | full | person_cells)
    same, _ = both.take_rows(row | dict.fromkeys(full | person_cells, ""))
    assert same.changed == []
    both.take_rows(row | {"in_school": "非在校生"})
    assert both.differences == []


def test_members_on_record_who_are_not_in_the_file_stay_and_count(both: Both) -> None:
    both.take_rows(head("A", person_number="T-1"), person("A"), person("A"))
    both.take_rows(head("A", person_number="T-1", **survey()))
    assert both.differences == []
    assert both.register.households["A"].surveys[2019][0].persons == 3


def test_ends_apply_before_head_and_persons_are_judged(both: Both) -> None:
    first = [head("A", person_number="T-1", **survey()), person("A", person_number="T-2")]
    both.take_rows(*first)
    new_head = first[1] | {"relation": "01"}
    expected, _ = both.take_rows(first[0] | ended("01"), new_head | survey())
    assert expected.saved == ["A"]
    assert [one.persons for one in both.register.households["A"].surveys[2019]] == [2, 1]
    nobody, _ = both.take_rows(new_head | ended("01"))
    assert set(nobody.left_out) == {"A"}
    assert both.differences == []


def test_an_unknown_person_who_has_ended_is_kept_and_not_counted(both: Both) -> None:
    both.take_rows(head("A", **survey()), person("A", "01", **ended("01")))
    home = both.register.households["A"]
    assert (home.surveys[2019][0].persons, len(home.members)) == (1, 2)
    assert both.differences == []


def test_surveys_are_corrected_repeated_or_absent(both: Both) -> None:
    row = head("A", person_number="T-1")
    files: list[Rows] = [
        [row | survey()],
        [row | survey(wage_income="3218.00")],
        [row],
        [row | {"food": "0"}],
        [row | survey()],
        [row | survey(), person("A", person_number="T-2")],
        [row | {"per_capita_net_income": "5"}],
    ]
    for rows in files:
        both.take_rows(*rows)
    counted = [one.persons for one in both.register.households["A"].surveys[2019]]
    assert counted == [1, 1, 1, 2]
    assert both.differences == []


def test_a_frozen_year_refuses_a_correction_and_takes_the_same_again(both: Both) -> None:
    row = head("A", person_number="T-1")
    both.take_rows(row | survey())
    YearFreeze.objects.create(division_id=make.COUNTY, year=2019, frozen_by=make.the_operator())
    both.register.frozen.add((make.COUNTY, 2019))
    same, _ = both.take_rows(row | survey() | {"phone": "13900000001"})
    assert same.saved == ["A"]
    refused, _ = both.take_rows(row | survey(food="0"))
    assert set(refused.left_out) == {"A"}
    both.take_rows(row | survey(food="0"), year=2018)
    assert both.differences == []


def test_a_known_state_never_moves(both: Both) -> None:
    row = head("A", person_number="T-1")
    both.take_rows(row | {"status": "1", "exit_year": "2018"})
    for cells in ({"status": "0"}, {"status": "2"}, {"status": "1"}, {"status": ""}):
        expected, _ = both.take_rows(row | cells)
        assert expected.saved == ["A"]
    assert both.register.households["A"].state == 1
    assert both.differences == []


def test_a_known_household_moves_to_the_successor_of_its_village_only(both: Both) -> None:
    row = head("A", person_number="T-1")
    both.take_rows(row)
    moved = row | {"village_code": make.NEXT_VILLAGE}
    refused, _ = both.take_rows(moved)
    assert set(refused.left_out) == {"A"}
    today = business_date()
    Division.objects.filter(pk=make.VILLAGE).update(valid_to=today, successor=make.NEXT_VILLAGE)
    village = both.register.villages[make.VILLAGE]
    village.in_force, village.successor = False, make.NEXT_VILLAGE
    gone, _ = both.take_rows(row)
    assert set(gone.left_out) == {"A"}
    taken, _ = both.take_rows(moved)
    assert taken.saved == ["A"]
    assert both.differences == []


def test_a_clerk_imports_below_the_county_and_learns_nothing_of_others(both: Both) -> None:
    both.take_rows(head("A", village_code=make.OTHER_COUNTY_VILLAGE))
    clerk = make.make_officer(Role.COUNTY_CLERK, make.COUNTY)
    expected, got = both.take_rows(
        head("A"),
        head("B", village_code=make.OTHER_COUNTY_VILLAGE),
        head("C", status="1", exit_year="2018"),
        by=clerk,
        importer=Importer(COUNTY_CLERK, make.COUNTY),
    )
    assert both.differences == []
    assert expected.saved == ["C"]
    assert make.OTHER_COUNTY_VILLAGE not in got.rows[0][-1]


def test_a_village_official_does_not_set_states(both: Both) -> None:
    official = make.make_officer(Role.VILLAGE_OFFICIAL, make.VILLAGE)
    expected, _ = both.take_rows(
        head("A", status="1", exit_year="2018"),
        head("B", status="1"),
        head("C", status="0", village_code=make.NEXT_VILLAGE),
        by=official,
        importer=Importer(VILLAGE_OFFICIAL, make.VILLAGE),
    )
    assert both.differences == []
    assert expected.saved == ["A", "B"]
    assert both.register.households["A"].state == 4


@pytest.mark.parametrize("role", [Role.TOWNSHIP_REVIEWER, Role.COUNTY_APPROVER, Role.READER])
def test_other_roles_do_not_import(both: Both, role: Role) -> None:
    place = make.TOWNSHIP if role is Role.TOWNSHIP_REVIEWER else make.COUNTY
    officer = make.make_officer(role, place)
    expected, _ = both.take_rows(head("A"), by=officer, importer=Importer(role, place))
    assert both.differences == []
    assert expected.exit_status == 2
