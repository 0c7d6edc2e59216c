"""All soft rules, by id."""

from households.quality.facts import HouseholdFacts
from households.quality.rules import families, figures, people
from households.quality.ruling import Hit, Rule

RULES: dict[str, Rule] = {one.id: one for one in (*people.RULES, *families.RULES, *figures.RULES)}


def check(facts: HouseholdFacts) -> list[Hit]:
    """What the rules find, in the order of the rules and of the members."""
    return [hit for rule in RULES.values() for hit in rule.hits(facts)]
