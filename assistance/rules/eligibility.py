"""Conditions as data: one definition for one household, one person and a column of each.

A condition is one of

    {"fact": name, "is": n}                     the fact equals n
    {"fact": name, "least": n, "most": n}       one bound or both; an unknown number meets neither
    {"fact": name, "one_of": [n, ...]}          or "none_of"
    {"any": [...]}  {"all": [...]}  {"not": {...}}

and a list of conditions holds where each of them does. Everything here works alike on ints and on
integer columns: only `+ - *` and comparisons, an answer is 0 or 1. Facts: `rules.facts`.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from assistance.rules.facts import (
    HOUSEHOLD,
    HOUSEHOLD_FACTS,
    PERSON_FACTS,
    UNKNOWN,
    Fact,
    FactKind,
)
from assistance.rules.measures import Unit
from workflow.machine import Fault, gettext_noop

Condition = Mapping[str, Any]
ANY, ALL, NOT, FACT = "any", "all", "not", "fact"
IS, LEAST, MOST, ONE_OF, NONE_OF = "is", "least", "most", "one_of", "none_of"
SINGLE, LISTS = (IS, LEAST, MOST), (ONE_OF, NONE_OF)
TESTS = frozenset({*SINGLE, *LISTS})
DEEPEST, LONGEST, HIGHEST = 4, 30, 10**12
"""How deep conditions nest, how many stand in one list (62 at most, they are bits), how high."""


def holds(condition: Condition, facts: Mapping[str, Any]) -> Any:
    """1 where the condition is met, else 0. KeyError for a fact that `facts` does not hold."""
    if ANY in condition:
        missed = 1
        for one in condition[ANY]:
            missed = missed * (1 - holds(one, facts))
        return 1 - missed
    if ALL in condition:
        return all_hold(condition[ALL], facts)
    if NOT in condition:
        return 1 - holds(condition[NOT], facts)
    return _met(condition, facts[condition[FACT]])


def all_hold(conditions: Iterable[Condition], facts: Mapping[str, Any]) -> Any:
    """1 where every condition is met; plain 1 for none at all, also among columns."""
    met: Any = 1
    for one in conditions:
        met = met * holds(one, facts)
    return met


def fails(conditions: Sequence[Condition], facts: Mapping[str, Any]) -> Any:
    """Which conditions are not met, as bits by their places; 0 where all are."""
    found: Any = 0
    for place, one in enumerate(conditions):
        found = found + (1 - holds(one, facts)) * (1 << place)
    return found


def _met(test: Condition, value: Any) -> Any:
    met: Any = 1
    if IS in test:
        met = met * _flag(value == test[IS])
    if LEAST in test:
        met = met * _flag(value >= test[LEAST]) * _flag(value != UNKNOWN)
    if MOST in test:
        met = met * _flag(value <= test[MOST]) * _flag(value != UNKNOWN)
    if ONE_OF in test:
        met = met * _among(value, test[ONE_OF])
    if NONE_OF in test:
        met = met * (1 - _among(value, test[NONE_OF]))
    return met


def _among(value: Any, wanted: Iterable[int]) -> Any:
    return sum((_flag(value == one) for one in dict.fromkeys(wanted)), start=0)


def _flag(comparison: Any) -> Any:
    """A comparison as 0/1, for one value and for a column."""
    return comparison * 1


def of_household(condition: Condition) -> dict[str, Any]:
    """A condition on a household as a condition on each of its persons."""
    if FACT in condition:
        return {**condition, FACT: HOUSEHOLD + condition[FACT]}
    if NOT in condition:
        return {NOT: of_household(condition[NOT])}
    return {word: [of_household(one) for one in parts] for word, parts in condition.items()}


def fact_of(name: str, unit: str) -> Fact | None:
    """The fact of that name as conditions of a measure for `unit` write it; None for no such.

    A person's conditions see his household's facts as "household.<name>"; a village has no facts.
    """
    if unit == Unit.HOUSEHOLD:
        return HOUSEHOLD_FACTS.get(name)
    if unit == Unit.PERSON:
        own = PERSON_FACTS.get(name)
        return own or HOUSEHOLD_FACTS.get(name.removeprefix(HOUSEHOLD) if HOUSEHOLD in name else "")
    return None


def malformed(conditions: Any, unit: str) -> list[Fault]:
    """What is wrong with conditions of a measure for `unit`, before anybody judges by them."""
    if not isinstance(conditions, list):
        return [Fault(gettext_noop("Conditions are a list."))]
    return _faults_in(conditions, unit, 1)


def _faults_in(conditions: Any, unit: str, depth: int) -> list[Fault]:
    if depth > DEEPEST:
        return [Fault(gettext_noop("The conditions are nested too deeply."))]
    if not isinstance(conditions, list) or len(conditions) > LONGEST:
        return [Fault(gettext_noop("Give at most %(most)s conditions."), {"most": LONGEST})]
    return [fault for one in conditions for fault in _faults(one, unit, depth)]


def _faults(condition: Any, unit: str, depth: int) -> list[Fault]:
    if not isinstance(condition, dict):
        return [Fault(gettext_noop("A condition names a fact and what it must be."))]
    words = set(condition)
    if words == {NOT}:
        return _faults_in([condition[NOT]], unit, depth + 1)
    if words in ({ANY}, {ALL}):
        return _faults_in(condition[words.pop()], unit, depth + 1)
    name = condition.get(FACT)
    fact = fact_of(name, unit) if isinstance(name, str) else None
    if fact is None:
        return [Fault(gettext_noop("There is no fact “%(name)s” here."), {"name": str(name)[:40]})]
    tests = words - {FACT}
    if not tests or not tests <= TESTS:
        text = gettext_noop("Say what the fact must be: is, least, most, one of or none of.")
        return [Fault(text)]
    return _test_faults(condition, fact)


def _test_faults(test: Condition, fact: Fact) -> list[Fault]:
    values = [test[one] for one in SINGLE if one in test]
    for word in LISTS:
        if word in test:
            if not isinstance(test[word], list) or not 1 <= len(test[word]) <= LONGEST:
                return [Fault(gettext_noop("Name one code at least."))]
            values += test[word]
    if not all(type(one) is int and -1 <= one <= HIGHEST for one in values):
        return [Fault(gettext_noop("A condition compares with whole numbers."))]
    if fact.kind is FactKind.FLAG and not (set(test) == {FACT, IS} and test[IS] in (0, 1)):
        return [Fault(gettext_noop("This fact is yes or no."))]
    if fact.kind is FactKind.CODE and (LEAST in test or MOST in test):
        return [Fault(gettext_noop("Codes have no least and most: name those that count."))]
    if LEAST in test and MOST in test and test[LEAST] > test[MOST]:
        return [Fault(gettext_noop("The least is above the most."))]
    return []
