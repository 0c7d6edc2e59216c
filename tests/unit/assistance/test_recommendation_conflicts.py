"""Everything that speaks against a measure, and the order of what is recommended.

Domain reference §10.2: each test names the conflict that it proves.
"""

from copy import deepcopy

import pytest

from assistance.rules.measures import Unit
from assistance.rules.recommending import (
    Against,
    BadTable,
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
)
from tests.unit.assistance.recommended import (
    CHRONIC,
    DISABLED,
    HIGHER,
    NOTHING,
    UNABLE,
    against,
    choices,
    pupil,
    recommended,
)


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
