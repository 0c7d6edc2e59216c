"""The table of recommendations row by row.

Domain reference §10.2: each test names the row that it proves.
"""

from typing import Any

import pytest

from assistance.rules.recommending import (
    Against,
)
from tests.oracle.recommendation import (
    TABLE,
)
from tests.unit.assistance.recommended import (
    CHRONIC,
    COLLEGE,
    DISABLED,
    HIGHER,
    PRE,
    PRIMARY,
    SENIOR,
    SERIOUS,
    UNABLE,
    VOCATIONAL,
    WEAK,
    against,
    choices,
    pupil,
    recommended,
)


def test_illness_as_a_cause_gives_health_allowances_and_a_post_for_another_member():
    found = recommended({"health": CHRONIC, **UNABLE}, {}, cause_01=1, ill=1)
    assert found[("HEA-CHRONIC", 0)] == found[("HEA-DOCTOR", 0)] == found[("HEA-ONESTOP", 0)] == 1
    assert found[("SOC-DIBAO", 0)] == found[("SOC-RELIEF", None)] == 2
    assert found[("PUB-POST", 1)] == 3
    assert ("PUB-POST", 0) not in found


def test_illness_of_a_member_gives_the_same_without_the_cause():
    found = recommended({"health": SERIOUS, **UNABLE}, ill=1)
    assert found[("HEA-SERIOUS", 0)] == 1
    assert found[("SOC-DIBAO", 0)] == 2


def test_disability_as_a_cause_gives_subsidies_rehabilitation_asset_income_and_a_light_post():
    found = recommended({"health": DISABLED, **WEAK}, cause_02=1, disabled=1)
    assert found[("SOC-DISLIVE", 0)] == found[("HEA-REHAB", 0)] == 1
    assert found[("AST-SHARE", None)] == 2
    assert found[("PUB-POST", 0)] == 3


@pytest.mark.parametrize(("grade", "cared_for"), [(1, True), (2, True), (3, False), (4, False)])
def test_disability_by_a_certificate_of_grade_1_or_2_gives_the_care_allowance(grade, cared_for):
    person = {"health": DISABLED, "cert_grade": grade, **UNABLE}
    severe = int(grade <= 2)
    found = recommended(person, disabled=1, severely_disabled=severe)
    assert (found.get(("SOC-DISCARE", 0)) == 1) is cared_for


@pytest.mark.parametrize(
    ("in_school", "age", "code"),
    [
        (PRE, 5, "EDU-PRE"),
        (PRIMARY, 9, "EDU-BOARD"),
        (PRIMARY, 9, "EDU-MEAL"),
        (SENIOR, 16, "EDU-HIGH"),
        (VOCATIONAL, 16, "EDU-YULU"),
        (HIGHER, 19, "EDU-YULU"),
        (COLLEGE, 20, "EDU-COLLEGE"),
    ],
)
def test_schooling_gives_education_by_the_school(in_school, age, code):
    found = recommended({}, pupil(in_school, age), cause_03=1)
    assert found[(code, 1)] == 1


def test_schooling_by_a_member_at_vocational_school_gives_work_for_the_parents():
    found = recommended({}, pupil(VOCATIONAL, 16), advanced_students=1)
    assert found[("EMP-JOB", 0)] == found[("EMP-TRAIN", 0)] == 2
    assert ("EMP-TRAIN", 1) not in found


def test_schooling_withholds_the_loan():
    (obstacle,) = against("LOAN-MICRO", {}, cause_03=1, cause_09=1)
    assert (obstacle.kind, obstacle.row) == (Against.WITHHELD, "schooling")


def test_disaster_gives_relief_a_restart_and_insurance():
    found = recommended({}, cause_04=1)
    assert found[("SOC-RELIEF", None)] == 1
    assert found[("IND-RESTART", None)] == found[("IND-INS", None)] == 2
    assert not {code for code, _person in found} & {"HOU-C", "HOU-D"}


@pytest.mark.parametrize(("grade", "code"), [(3, "HOU-C"), (4, "HOU-D")])
def test_disaster_gives_a_house_where_it_is_damaged(grade, code):
    found = choices({}, cause_04=1, housing_grade=grade)
    assert next(one for one in found if one.code == code).reasons == ("disaster", "house")


@pytest.mark.parametrize("said", [{"cause_05": 1}, {"cause_06": 1}, {"road_metres": 5000}])
def test_lack_of_land_or_water_or_a_remote_place_gives_a_move_work_and_water(said):
    found = recommended({}, wants_REL=1, **said)
    assert found[("REL-MOVE", None)] == found[("EMP-JOB", 0)] == found[("INF-WATER", None)] == 1


def test_a_place_near_the_road_gives_none_of_it():
    assert recommended({}, wants_REL=1, road_metres=4999) == {}


def test_lack_of_skill_gives_training_and_technical_guidance():
    found = recommended({}, cause_07=1)
    assert found[("EMP-TRAIN", 0)] == found[("IND-TECH", 0)] == 1


@pytest.mark.parametrize("said", [{"cause_08": 1}, {"few_workers": 1}])
def test_lack_of_labour_gives_allowances_asset_income_and_the_transfer_of_land(said):
    found = recommended({**UNABLE}, arable_mu=3, workers=0, **said)
    assert found[("SOC-DIBAO", 0)] == found[("AST-SHARE", None)] == 1
    assert found[("AST-LAND", None)] == 2


def test_lack_of_labour_withholds_loan_and_employment():
    said = {"cause_08": 1, "cause_09": 1, "cause_07": 1}
    for code, person in (("LOAN-MICRO", None), ("EMP-TRAIN", 0)):
        (obstacle,) = against(code, {}, person=person, **said)
        assert (obstacle.kind, obstacle.row) == (Against.WITHHELD, "labour")


def test_lack_of_capital_with_labour_gives_a_loan_and_industry():
    found = recommended({}, cause_09=1)
    assert found[("LOAN-MICRO", None)] == found[("IND-OWN", None)] == 1


@pytest.mark.parametrize("said", [{"credit_adults": 0}, {"overdue_loans": 1}])
def test_lack_of_capital_gives_no_loan_without_labour_of_18_to_65_or_with_a_loan_overdue(said):
    assert recommended({}, cause_09=1, **said) == {}


def test_poor_transport_gives_a_road_and_second_a_move():
    found = recommended({}, cause_10=1, wants_REL=1)
    assert (found[("INF-ROAD", None)], found[("REL-MOVE", None)]) == (1, 2)


def test_lack_of_drive_gives_encouragement_work_for_relief_a_post_and_work():
    found = recommended({}, cause_11=1)
    assert found[("OTH-WILL", None)] == found[("OTH-WORK", None)] == 1
    assert found[("PUB-POST", 0)] == found[("EMP-JOB", 0)] == 2


@pytest.mark.parametrize(("grade", "code"), [(3, "HOU-C"), (4, "HOU-D")])
def test_a_dangerous_house_gives_its_repair_where_nobody_wants_to_move(grade, code):
    found = recommended({}, housing_grade=grade)
    assert found == {(code, None): 1}


def test_water_that_is_not_met_gives_the_village_water():
    assert recommended({}, water_not_met=1) == {("INF-WATER", None): 1}


def test_a_child_out_of_school_is_brought_back():
    child = {"age": 9, "able": 0, "labour": 0, "education": 2}
    assert recommended({}, child, dropouts=1) == {("EDU-RETURN", 1): 1}


def test_an_uninsured_member_gets_the_premium():
    found = recommended({"uninsured": 1, "insured": 0}, {}, uninsured_members=1)
    assert found == {("HEA-PREMIUM", 0): 1}


def test_full_labour_without_work_gets_employment():
    found = recommended({"work_months": 0}, {}, idle_workers=1)
    assert found == {("EMP-JOB", 0): 1, ("EMP-TRAIN", 0): 1, ("EMP-SHOP", 0): 1}


def test_weak_labour_without_work_gets_a_post_second():
    found = recommended({"work_months": 0, **WEAK}, weak_workers=1)
    assert found == {("PUB-POST", 0): 2}


def test_extreme_hardship_gives_its_support():
    found = recommended({"age": 70, **UNABLE}, attribute=6, workers=0)
    assert found[("SOC-TEKUN", 0)] == 1


@pytest.mark.parametrize(
    ("code", "person"), [("IND-OWN", None), ("LOAN-MICRO", None), ("EMP-TRAIN", 0)]
)
def test_extreme_hardship_withholds_industry_loan_and_employment(code, person):
    obstacles = against(code, {}, person=person, attribute=6, cause_09=1, cause_07=1)
    assert [one.row for one in obstacles if one.kind is Against.WITHHELD] == ["hardship"]


EVERY_OTHER_ROW: dict[str, dict[str, Any]] = {
    "illness": {"cause_01": 1, "ill": 1},
    "disability": {"cause_02": 1, "severely_disabled": 1},
    "schooling": {"cause_03": 1},
    "disaster": {"cause_04": 1},
    "place": {"cause_05": 1},
    "skill": {"cause_07": 1},
    "labour": {"cause_08": 1, "few_workers": 1},
    "capital": {"cause_09": 1},
    "transport": {"cause_10": 1},
    "drive": {"cause_11": 1},
    "house": {"housing_grade": 4},
    "water": {"water_not_met": 1},
    "dropout": {"dropouts": 1},
    "uninsured": {"uninsured_members": 1},
    "idle": {"idle_workers": 1, "weak_workers": 1},
}


@pytest.mark.parametrize("row", EVERY_OTHER_ROW)
def test_extreme_hardship_gives_its_own_support_beside_every_other_row(row):
    """Domain reference §10.2: tekun first, no allowance beside it, no industry, loan or work."""
    said = {"attribute": 6} | EVERY_OTHER_ROW[row]
    old = {"age": 70, "health": SERIOUS, "cert_grade": 1, "uninsured": 1, **UNABLE}
    found = recommended(old, {"work_months": 0}, **said)
    assert found[("SOC-TEKUN", 0)] == 1
    codes = {code for code, _person in found}
    assert not {"SOC-DIBAO"} & codes
    assert not {code for code in codes if code.startswith(("IND-", "LOAN-", "EMP-"))}


def test_every_other_row_stands_beside_extreme_hardship():
    assert {*EVERY_OTHER_ROW, "hardship"} == {row.id for row in TABLE.rows}
