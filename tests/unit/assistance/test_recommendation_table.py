"""The table of recommendations row by row, and everything that speaks against a measure.

Domain reference §10.2: each test names the row, or the conflict, that it proves.
"""

from copy import deepcopy
from typing import Any

import pytest

from assistance.rules.measures import Unit
from assistance.rules.recommending import (
    Against,
    BadTable,
    Choice,
    Held,
    cap_reached,
    recommend,
    table_from,
)
from tests.oracle.recommendation import (
    CATALOGUE,
    ROWS,
    TABLE,
    TERMS,
    household_facts,
    person_facts,
)

PRE, PRIMARY, SENIOR, VOCATIONAL, HIGHER, COLLEGE = 2, 3, 7, 10, 13, 16
CHRONIC, SERIOUS, DISABLED = 2, 3, 4
WEAK = {"labour": 5, "able": 0, "weak": 1}
UNABLE = {"labour": 3, "able": 0}
NOTHING = Held()


def choices(
    *people: dict[str, int],
    held: dict[int | None, Held] | None = None,
    village: Held = NOTHING,
    **household: int,
) -> list[Choice]:
    """What the table gives such a household; its members are counted from 0."""
    own = household_facts(**household)
    persons = {key: person_facts(own, **said) for key, said in enumerate(people)}
    return recommend(
        CATALOGUE, TABLE, household=own, persons=persons, held=held or {}, village=village
    )


def recommended(*people: dict[str, int], **said: Any) -> dict[tuple[str, int | None], int]:
    """Priority by code and person of what is recommended."""
    found = choices(*people, **said)
    return {(one.code, one.person): one.priority for one in found if not one.against}


def against(code: str, *people: dict[str, int], person: int | None = None, **said: Any):
    """What stands against one measure."""
    found = choices(*people, **said)
    return next(one for one in found if (one.code, one.person) == (code, person)).against


def pupil(in_school: int, age: int) -> dict[str, int]:
    return {"in_school": in_school, "age": age, "student": 1, "able": 0, "relation": 3}


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


def test_conflict_a_house_and_a_move_never_go_together():
    said = {"housing_grade": 4, "wants_REL": 1}
    assert recommended({}, **said) == {("REL-MOVE", None): 1}
    (obstacle,) = against("HOU-D", {}, **said)
    assert (obstacle.kind, obstacle.rival) == (Against.CONFLICT, "REL-MOVE")


def test_conflict_the_one_with_more_reasons_goes_before():
    found = recommended({}, housing_grade=4, wants_REL=1, cause_04=1)
    assert ("HOU-D", None) in found
    assert ("REL-MOVE", None) not in found


def test_conflict_the_more_urgent_one_goes_before():
    table = deepcopy(ROWS)
    house = next(row for row in table["rows"] if row["id"] == "house")
    house["gives"][2]["priority"] = 2
    urgent = table_from(table, {one.code: one.unit for one in CATALOGUE})
    own = household_facts(housing_grade=4, wants_REL=1)
    found = recommend(CATALOGUE, urgent, household=own, persons={}, held={}, village=NOTHING)
    assert [one.code for one in found if not one.against] == ["HOU-D"]


def test_conflict_allowance_and_extreme_hardship_support_are_one_only_for_a_person():
    said = {"attribute": 6, "cause_08": 1, "workers": 0}
    found = recommended({**UNABLE}, {**UNABLE}, **said)
    for person in (0, 1):
        covers = {code for code, whose in found if whose == person} & {"SOC-DIBAO", "SOC-TEKUN"}
        assert len(covers) == 1


def test_conflict_who_gets_the_allowance_by_the_register_gets_no_hardship_support_beside_it():
    (obstacle,) = against("SOC-TEKUN", {"allowance": 1, **UNABLE}, person=0, attribute=6)
    assert (obstacle.kind, obstacle.rival) == (Against.CONFLICT, "SOC-DIBAO")


def test_disability_subsidies_add_to_the_allowance():
    found = recommended(
        {"health": DISABLED, "cert_grade": 1, **UNABLE}, cause_02=1, cause_08=1, severely_disabled=1
    )
    assert {("SOC-DIBAO", 0), ("SOC-DISLIVE", 0), ("SOC-DISCARE", 0)} <= found.keys()


@pytest.mark.parametrize(("age", "has"), [(15, False), (16, True), (69, True), (70, False)])
def test_conflict_a_post_is_for_nobody_below_16_or_from_70_on(age, has):
    found = recommended({"age": age}, cause_11=1)
    assert (("PUB-POST", 0) in found) is has


def test_conflict_nobody_gets_a_second_post():
    held = {0: Held(shuts={"post": {"ECO-RANGER": 1}})}
    obstacles = against("PUB-POST", {}, person=0, held=held, cause_11=1)
    assert [one.rival for one in obstacles] == ["ECO-RANGER"]


def test_conflict_a_post_of_one_member_leaves_the_others_theirs():
    held = {0: Held(shuts={"post": {"ECO-RANGER": 1}})}
    assert ("PUB-POST", 1) in recommended({}, {}, held=held, cause_11=1)


def test_conflict_the_vocational_grant_goes_not_with_a_college_grant():
    found = recommended({}, pupil(HIGHER, 19), cause_03=1)
    assert [code for code, whose in found if whose == 1] == ["EDU-YULU"]
    (obstacle,) = against("EDU-COLLEGE", {}, pupil(HIGHER, 19), person=1, cause_03=1)
    assert (obstacle.kind, obstacle.rival) == (Against.CONFLICT, "EDU-YULU")


def test_a_condition_that_fails_is_named():
    (obstacle,) = against("PUB-POST", {"age": 71}, person=0, cause_11=1)
    assert obstacle.kind is Against.CONDITION
    assert obstacle.condition == {"fact": "age", "least": 16, "most": 69}


def test_lack_of_labour_is_named_where_it_speaks_against_a_measure():
    obstacles = against("IND-RESTART", {**UNABLE}, workers=0, cause_04=1)
    assert [one.condition["fact"] for one in obstacles] == ["workers"]


def test_what_is_enjoyed_already_is_not_recommended_again():
    held = {None: Held(enjoyed={"LOAN-MICRO": 1})}
    assert [one.kind for one in against("LOAN-MICRO", {}, held=held, cause_09=1)] == [
        Against.ENJOYED
    ]


def test_an_allowance_that_the_register_knows_is_enjoyed():
    obstacles = against("SOC-DIBAO", {"allowance": 1, **UNABLE}, person=0, cause_08=1)
    assert [one.kind for one in obstacles] == [Against.ENJOYED]


def test_what_the_village_has_is_not_recommended_again():
    village = Held(enjoyed={"INF-WATER": 1})
    assert recommended({}, water_not_met=1, village=village) == {}


def test_a_cap_that_is_reached_speaks_against_the_measure():
    held = {None: Held(capped={"SOC-RELIEF": 1})}
    assert [one.kind for one in against("SOC-RELIEF", {}, held=held, cause_04=1)] == [Against.CAP]


@pytest.mark.parametrize(
    ("code", "in_year", "in_all", "owed", "reached"),
    [
        ("SOC-RELIEF", 2_000_000, 2_000_000, 0, 1),
        ("SOC-RELIEF", 1_999_999, 9_000_000, 0, 0),
        ("HOU-D", 0, 3_500_000, 0, 1),
        ("LOAN-MICRO", 0, 0, 5_000_000, 1),
        ("LOAN-MICRO", 9_999_999, 9_999_999, 4_999_999, 0),
        ("HEA-PREMIUM", 10**9, 10**9, 10**9, 0),
    ],
)
def test_a_cap_is_counted_over_the_year_all_years_or_what_is_owed(
    code, in_year, in_all, owed, reached
):
    assert cap_reached(TERMS[code], in_year, in_all, owed) == reached


def test_the_most_urgent_comes_first_and_what_is_refused_last():
    found = choices({"health": CHRONIC, **UNABLE}, {"age": 75}, cause_01=1, ill=1)
    order = [(bool(one.against), one.priority) for one in found]
    assert order == sorted(order)
    assert order[-1] == (True, 3)


def test_several_reasons_count_before_the_place_in_the_catalogue():
    found = choices({"work_months": 0}, cause_07=1, idle_workers=1)
    assert found[0].code == "EMP-TRAIN"
    assert found[0].reasons == ("skill", "idle")


def test_a_household_without_need_gets_nothing():
    assert choices({}) == []


def test_a_household_that_is_neither_supported_nor_watched_gets_nothing():
    said = {"registered": 0, "supported": 0, "housing_grade": 4}
    assert choices({}, **said) == []
    assert {one.code for one in choices({}, watched=1, **said)} == {"HOU-D", "REL-MOVE"}


def test_every_row_has_its_reason_in_both_languages():
    assert len({row.zh for row in TABLE.rows} | {row.en for row in TABLE.rows}) == 32


@pytest.mark.parametrize(
    "change",
    [
        {"when": {"fact": "nonsense", "is": 1}},
        {"gives": [{"codes": ["NO-SUCH"], "priority": 1, "to": "household", "who": []}]},
        {"gives": [{"codes": ["PUB-POST"], "priority": 1, "to": "household", "who": []}]},
        {"gives": [{"codes": ["PUB-POST"], "priority": 4, "to": "person", "who": []}]},
        {"gives": [{"codes": ["AST-SHARE"], "priority": 1, "to": "household",
                    "who": [{"fact": "age", "is": 1}]}]},
        {"withholds": ["NONSENSE"]},
        {"id": "disability"},
    ],
)  # fmt: skip
def test_a_table_that_does_not_fit_is_refused_when_it_is_loaded(change):
    table = deepcopy(ROWS)
    table["rows"][0] |= change
    with pytest.raises(BadTable):
        table_from(table, {one.code: one.unit for one in CATALOGUE})


def test_every_measure_of_the_table_is_for_whom_the_catalogue_says():
    gifts = [gift for row in TABLE.rows for gift in row.gives]
    assert {gift.to for gift in gifts} == set(Unit)
