"""Which facts a finding rests on: when they change, its explanation no longer holds. Pure."""

from dataclasses import asdict
from typing import Any

from households.quality.facts import HouseholdFacts, PersonFacts
from households.quality.rules import RULES
from households.quality.ruling import Hit

CAUSES, PERSONS = ("main_cause", "other_causes"), "persons"
LIVING = ("guarantees", "conditions", "housing_grade")
JUDGED: dict[str, tuple[str, ...]] = {
    "members": (PERSONS,),
    "incomes": ("money", "before", "lines"),
    "living": LIVING,
    "living.medical": (*LIVING, PERSONS),
    "living.education": (*LIVING, PERSONS),
    "causes": (*CAUSES, PERSONS),
    "household": ("attribute", "has_phone", "phone_elsewhere"),
    "household.phone": ("has_phone", "phone_elsewhere"),
    "household.attribute": ("attribute", PERSONS),
}
"""What a rule on the household looks at, by its step and, where that differs, its field."""

UNJUDGED = ("key", "age")
"""Of a person: his key is no fact, and his age passes by itself; his birth date is judged."""


def judged_by(hit: Hit, facts: HouseholdFacts) -> dict[str, Any]:
    """The values that the finding rests on: one member's own, or those of the rule's place."""
    if hit.person is not None:
        person = next(one for one in facts.persons if one.key == hit.person)
        return _person(person)
    rule = RULES[hit.rule]
    names = JUDGED.get(f"{rule.step}.{rule.field}") or JUDGED[rule.step]
    return {name: _value(facts, name) for name in names}


def _value(facts: HouseholdFacts, name: str) -> Any:
    if name == PERSONS:
        return [_person(one) for one in facts.persons]
    value = getattr(facts, name)
    return sorted(value) if name == "lines" else value


def _person(person: PersonFacts) -> dict[str, Any]:
    return {name: value for name, value in asdict(person).items() if name not in UNJUDGED}
