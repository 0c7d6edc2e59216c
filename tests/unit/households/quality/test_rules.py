"""Each soft rule finds what it is for, and nothing in a sound household."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from households import codes
from households.entry import fields
from households.quality.facts import HouseholdFacts, PersonFacts
from households.quality.rules import RULES, check
from households.rules import GUARANTEES, MET, MONEY, NOT_APPLICABLE, NOT_MET, State

HEAD = PersonFacts(
    key=1,
    relation="01",
    sex="1",
    age=45,
    ethnicity="01",
    education="03",
    health="01",
    labour="01",
    work_place="01",
    work_months=8,
    medical_insurance=True,
    critical_illness_insurance=True,
    pension_insurance=True,
    allowance=False,
)
SPOUSE = replace(HEAD, key=2, relation="02", sex="2", age=43, health="02")
CHILD = replace(
    HEAD,
    key=3,
    relation="03",
    age=12,
    education="",
    in_school="03",
    labour="04",
    work_place="",
    work_months=0,
    pension_insurance=None,
)
SOUND = HouseholdFacts(
    persons=(HEAD, SPOUSE, CHILD),
    state=State.POOR,
    attribute="01",
    main_cause="01",
    housing_grade="B",
    money={
        "wage_income": 1_234_500,
        "business_income": 456_700,
        "property_income": 0,
        "transfer_income": 89_000,
        "business_expense": 123_400,
    },
    before={
        "wage_income": 1_134_500,
        "business_income": 446_700,
        "property_income": 0,
        "transfer_income": 88_000,
        "business_expense": 113_400,
    },
    persons_before=3,
    guarantees=dict.fromkeys(GUARANTEES, MET),
    conditions={
        "water_source": "01",
        "toilet": True,
        "arable_mu": Decimal(5),
        "forest_mu": Decimal(0),
        "grassland_mu": Decimal(0),
        "housing_m2": Decimal(90),
        "road_km": Decimal(1),
    },
    lines=(("wage_income", "wage_near", 1_234_500),),
    line_fen=321_800,
)


def head(**more: Any) -> HouseholdFacts:
    return replace(SOUND, persons=(replace(HEAD, **more), SPOUSE, CHILD))


def child(**more: Any) -> HouseholdFacts:
    return replace(SOUND, persons=(HEAD, SPOUSE, replace(CHILD, **more)))


def whole(**more: Any) -> HouseholdFacts:
    return replace(SOUND, **more)


def money(**more: int | None) -> HouseholdFacts:
    return replace(SOUND, money={**SOUND.money, **more})


def lives(**more: Any) -> HouseholdFacts:
    return replace(SOUND, conditions={**SOUND.conditions, **more})


def stated(**more: int) -> HouseholdFacts:
    return replace(SOUND, guarantees={**SOUND.guarantees, **more})


def everybody(**more: Any) -> tuple[PersonFacts, ...]:
    return tuple(replace(one, **more) for one in SOUND.persons)


EXITED = {"state": State.EXITED}
HITS: dict[str, HouseholdFacts] = {
    "1_02_003": replace(head(health="03", critical_illness_insurance=False), **EXITED),
    "1_02_004": replace(child(in_school="", out_of_school_reason="07"), **EXITED),
    "2_01_001": head(ethnicity=""),
    "2_01_002": head(health=""),
    "2_01_004": child(sex="2"),
    "2_01_006": head(critical_illness_insurance=None),
    "2_01_007": head(pension_insurance=None),
    "2_01_008": head(medical_insurance=None),
    "2_01_010": head(labour="04"),
    "2_01_011": child(labour="01"),
    "2_01_012": child(in_school="", out_of_school_reason="03"),
    "2_01_015": head(labour="05"),
    "2_12_001": head(labour=""),
    "2_12_005": head(age=61),
    "3_01_002": head(education=""),
    "3_12_004": child(education="02"),
    "4_01_002": head(health="04"),
    "4_01_003": head(has_id=False),
    "4_01_006": child(work_months=2),
    "4_01_008": head(cert_type="4", cert_grade="2", health="04"),
    "4_12_001": head(work_place=""),
    "5_01_005": head(work_months=0),
    "5_12_003": whole(attribute="06"),
    "5_12_013": child(in_school="02"),
    "5_12_016": child(in_school="08"),
    "5_15_017": child(in_school=""),
    "5_15_019": whole(attribute="06"),
    "own_age": head(age=106),
    "1_02_001": whole(**EXITED, housing_grade="D"),
    "1_02_002": replace(stated(water=NOT_MET), **EXITED),
    "2_11_003": head(sex="2"),
    "3_02_012": head(relation="21"),
    "4_01_001": whole(has_phone=False),
    "4_11_006": stated(water=NOT_MET),
    "5_15_021": whole(phone_elsewhere=True),
    "own_parent_age": head(age=25),
    "own_young_head": head(age=17),
    "own_large": whole(persons=SOUND.persons + (CHILD,) * 10),
    "own_hardship_labour": whole(attribute="06"),
    "own_allowance_nobody": whole(attribute="04"),
    "own_general_allowance": head(allowance=True),
    "own_cause_illness": whole(persons=everybody(health="01")),
    "2_11_001": whole(main_cause="02"),
    "own_cause_schooling": whole(main_cause="03"),
    "own_cause_skill": whole(main_cause="07", persons=everybody(labour="04")),
    "2_11_004": whole(main_cause="08"),
    "own_cause_capital": whole(main_cause="09", persons=everybody(labour="04")),
    "own_cause_drive": whole(main_cause="11", persons=everybody(labour="04")),
    "own_cause_missing": whole(main_cause=""),
    "own_medical": head(medical_insurance=False),
    "own_education": child(in_school="", out_of_school_reason="07"),
    "own_housing": whole(housing_grade="C"),
    "3_02_002": lives(water_source=""),
    "3_02_003": lives(toilet=None),
    "3_02_004": lives(arable_mu=None),
    "3_02_005": lives(forest_mu=None),
    "3_02_006": lives(grassland_mu=None),
    "3_02_007": lives(housing_m2=None),
    "3_02_013": lives(road_km=None),
    "3_02_008": whole(housing_grade=""),
    "5_14_002": lives(forest_mu=Decimal("200.01")),
    "5_14_008": lives(arable_mu=Decimal("100.01")),
    "own_far": lives(road_km=Decimal("50.01")),
    "own_large_house": lives(housing_m2=Decimal("300.01")),
    "own_wage_nobody": whole(persons=everybody(work_months=0, work_place="")),
    "own_worked_no_wage": money(wage_income=0),
    "5_15_023": money(wage_income=9_999),
    "own_expense": money(business_expense=456_701),
    "5_16_005": whole(lines=(("transfer_income", "allowance", 89_000),)),
    "own_allowance_money": head(allowance=True),
    "own_hardship_money": whole(lines=(("transfer_income", "hardship", 89_000),)),
    "own_pension_age": whole(lines=(("transfer_income", "pension", 89_000),)),
    "own_income_jump": money(wage_income=3_000_000),
    "own_income_copied": whole(money=SOUND.before),
    "own_line": money(wage_income=3 * 321_800 - 456_700 - 89_000 + 123_400 + 1),
    "own_transfers": money(transfer_income=9_000_000),
    "own_round": money(
        wage_income=1_200_000,
        business_income=400_000,
        transfer_income=0,
        business_expense=100_000,
    ),
    "own_rich": money(wage_income=4_500_000),
    "own_negative": money(business_expense=9_000_000),
}
"""For each rule the facts that it is for; SOUND differs from them in little and is not found."""


def test_every_rule_is_tried():
    assert set(HITS) == set(RULES)
    assert len(RULES) >= 45


def test_a_sound_household_is_left_alone():
    assert check(SOUND) == []


@pytest.mark.parametrize("rule", sorted(RULES))
def test_the_rule_finds_what_it_is_for(rule):
    assert rule in {hit.rule for hit in check(HITS[rule])}


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        (lives(forest_mu=Decimal(200)), "5_14_002"),
        (lives(arable_mu=Decimal(100)), "5_14_008"),
        (money(wage_income=10_000), "5_15_023"),
        (money(business_expense=456_700), "own_expense"),
        (money(wage_income=3 * 321_800 - 456_700 - 89_000 + 123_400), "own_line"),
        (head(age=60, labour="04"), "2_12_005"),
        (child(age=5, in_school="", education="06"), "5_15_017"),
        (child(in_school="", out_of_school_reason="01"), "5_15_017"),
        (whole(**EXITED, housing_grade="D", watched=True), "1_02_001"),
        (replace(head(age=26), persons=(replace(HEAD, age=26), CHILD)), "own_parent_age"),
        (whole(surveyed=False, conditions={}), "3_02_002"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_at_its_border_the_rule_is_silent(facts, rule):
    assert rule not in {hit.rule for hit in check(facts)}


def test_a_rule_on_people_names_each_of_them():
    hits = [hit.person for hit in check(whole(persons=everybody(ethnicity="")))]
    assert hits == [1, 2, 3]


@pytest.mark.parametrize("rule", sorted(RULES))
def test_the_rule_leads_to_a_field_that_is_entered(rule):
    one = RULES[rule]
    names = set(fields.BY_STEP[one.step]) | {"reason_per_capita"}
    assert one.field in names
    assert 1 <= one.severity <= 5


def some(field: str) -> st.SearchStrategy[str]:
    return st.sampled_from(["", *codes.tables()[field]])


maybe = st.none() | st.booleans()
people = st.builds(
    PersonFacts,
    key=st.integers(0, 9),
    relation=some("relation"),
    sex=some("sex"),
    age=st.none() | st.integers(0, 120),
    has_id=st.booleans(),
    cert_type=st.sampled_from(["", *"1234567"]),
    cert_grade=st.sampled_from(["", *"1234"]),
    ethnicity=some("ethnicity"),
    education=some("education"),
    in_school=some("in_school"),
    out_of_school_reason=some("out_of_school_reason"),
    health=some("health"),
    labour=some("labour"),
    work_place=some("work_place"),
    work_months=st.none() | st.integers(0, 12),
    medical_insurance=maybe,
    critical_illness_insurance=maybe,
    pension_insurance=maybe,
    allowance=maybe,
)
amounts = st.none() | st.integers(0, 10**10)
households = st.builds(
    HouseholdFacts,
    persons=st.lists(people, max_size=5).map(tuple),
    state=st.sampled_from(list(State)).map(int),
    attribute=some("attribute"),
    main_cause=some("cause"),
    other_causes=st.lists(some("cause"), max_size=2).map(tuple),
    housing_grade=some("housing_grade"),
    has_phone=st.booleans(),
    phone_elsewhere=st.booleans(),
    watched=st.booleans(),
    surveyed=st.booleans(),
    money=st.fixed_dictionaries(dict.fromkeys(MONEY, amounts)) | st.just({}),
    before=st.fixed_dictionaries(dict.fromkeys(MONEY, amounts)) | st.just({}),
    persons_before=st.integers(0, 9),
    guarantees=st.fixed_dictionaries(
        {n: st.sampled_from([None, MET, NOT_MET, NOT_APPLICABLE]) for n in GUARANTEES}
    ),
    conditions=st.just({}) | st.just(SOUND.conditions),
    lines=st.just(()) | st.just(SOUND.lines),
    line_fen=st.none() | st.integers(1, 10**6),
)


@settings(deadline=None)
@given(households)
def test_any_facts_are_judged_and_always_alike(facts):
    assert check(facts) == check(facts)
