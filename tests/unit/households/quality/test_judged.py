"""What a finding rests on: the facts of its place, and no others."""

from dataclasses import replace
from datetime import date

import pytest

from households.quality.facts import HouseholdFacts, PersonFacts
from households.quality.judged import judged_by
from households.quality.rules import RULES
from households.quality.ruling import Hit
from households.rules import State
from trail.rules import canonical

HEAD = PersonFacts(key=1, relation="01", born=date(1970, 1, 1), age=49)
CHILD = PersonFacts(key=2, relation="03", born=date(2000, 1, 1), age=19)
FACTS = HouseholdFacts(persons=(HEAD, CHILD), state=State.POOR, money={"wage_income": 5})


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_rests_on_something_that_has_a_digest(rule):
    person = 1 if RULES[rule].step == "members" else None
    assert canonical(judged_by(Hit(rule, person), FACTS)) != "{}"


def rests_on(rule: str, person: int | None, **changed) -> bool:
    hit = Hit(rule, person)
    return judged_by(hit, FACTS) != judged_by(hit, replace(FACTS, **changed))


def test_a_finding_of_one_member_rests_on_him_alone():
    other = (HEAD, replace(CHILD, health="01"))
    assert rests_on("2_12_001", 2, persons=other)
    assert not rests_on("2_12_001", 1, persons=other)


def test_a_birthday_changes_no_fact_but_another_birth_date_does():
    assert not rests_on("own_age", 1, persons=(replace(HEAD, age=50), CHILD))
    assert rests_on("own_age", 1, persons=(replace(HEAD, born=date(1900, 1, 1)), CHILD))


@pytest.mark.parametrize(
    ("rule", "changed"),
    [
        ("own_large", {"persons": (HEAD,)}),
        ("5_15_023", {"money": {"wage_income": 6}}),
        ("own_far", {"conditions": {"road_km": 60}}),
        ("own_medical", {"persons": (HEAD,)}),
        ("own_cause_illness", {"main_cause": "01"}),
        ("own_hardship_labour", {"persons": (HEAD,)}),
        ("4_01_001", {"has_phone": False}),
    ],
)
def test_a_finding_of_the_household_rests_on_the_facts_of_its_place(rule, changed):
    assert rests_on(rule, None, **changed)


@pytest.mark.parametrize("rule", ["own_far", "4_01_001", "own_cause_illness", "own_large"])
def test_an_income_changes_no_finding_of_another_place(rule):
    assert not rests_on(rule, None, money={"wage_income": 6})
