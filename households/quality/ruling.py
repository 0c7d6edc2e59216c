"""What a soft rule is, and what it finds. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from households.quality.facts import HouseholdFacts, PersonFacts

Params = Mapping[str, Any]


def gettext_noop(text: str) -> str:
    """Mark a sentence for the translation catalogue."""
    return text


@dataclass(frozen=True)
class Hit:
    """A rule found something: of a person by his key, or of all. `params` fill the words."""

    rule: str
    person: int | None = None
    params: Params = field(default_factory=dict)


Find = Callable[[HouseholdFacts], Iterable[tuple[int | None, Params]]]


@dataclass(frozen=True)
class Rule:
    """One soft rule.

    `severity` is 1 (must be mended) to 5 (to be explained). `step` and `field` say where the fact
    is entered. `sentence` and `advice` are msgids.
    """

    id: str
    severity: int
    step: str
    field: str
    sentence: str
    advice: str
    find: Find

    def hits(self, facts: HouseholdFacts) -> Iterator[Hit]:
        """What the rule finds."""
        for person, params in self.find(facts):
            yield Hit(self.id, person, params)


PersonTest = Callable[[PersonFacts, HouseholdFacts], bool]
HouseholdTest = Callable[[HouseholdFacts], bool]


def of_person(
    rule: str, severity: int, field: str, sentence: str, advice: str, test: PersonTest
) -> Rule:
    """A rule that looks at each member."""

    def find(facts: HouseholdFacts) -> Iterator[tuple[int | None, Params]]:
        return ((one.key, {}) for one in facts.persons if test(one, facts))

    return Rule(rule, severity, "members", field, sentence, advice, find)


def of_household(
    rule: str,
    severity: int,
    at: str,
    sentence: str,
    advice: str,
    test: HouseholdTest,
) -> Rule:
    """A rule that looks at the whole; `at` is "step.field"."""
    step, _dot, name = at.partition(".")

    def find(facts: HouseholdFacts) -> Iterator[tuple[int | None, Params]]:
        return iter([(None, {})] if test(facts) else [])

    return Rule(rule, severity, step, name, sentence, advice, find)
