"""Where a household lacks what it is owed, or has what it is not owed: kinds, rules, judgement.

The rules are data (`assistance/data/gaps.json`). What decides works alike on one household (ints)
and on a province (integer columns): only operators that both know. Source: domain reference §8.4
and §10.2, last paragraph.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any

from assistance.rules.eligibility import FACT, Condition, all_hold, holds
from assistance.rules.facts import (
    HOUSEHOLD,
    HOUSEHOLD_FACTS,
    PERSON_FACTS,
    UNKNOWN,
    FactKind,
)
from assistance.rules.measures import Unit

BITS = 256


class GapKind(StrEnum):
    """What is wrong."""

    MISSING = "missing"
    NOT_ENTITLED = "not_entitled"
    DOUBLE = "double"
    DECEASED = "deceased"


class Resolution(StrEnum):
    """What somebody made of a gap."""

    EXPLAINED = "explained"
    PROMISED = "promised"
    MENDED = "mended"


@dataclass(frozen=True)
class Rule:
    """One rule: its kind, its words in both languages, and where it comes from."""

    id: str
    kind: GapKind
    zh: str
    en: str
    source: str


@dataclass(frozen=True)
class Owed(Rule):
    """What everybody of `whom` gets who meets the conditions, by one of the measures `helped_by`.

    These are categories or codes; none at all stands for any measure. A measure of another year
    counts where `any_year` says so. What several members miss is one gap where it is `gathered`.
    """

    unit: Unit
    whom: tuple[str, ...]
    conditions: tuple[Condition, ...]
    category: str
    helped_by: tuple[str, ...]
    facts: tuple[str, ...]
    code: str = ""
    any_year: bool = False
    gathered: bool = False


@dataclass(frozen=True)
class NotEntitled(Rule):
    """What must hold for a measure that runs: `needs` for those of a group or category.

    Where it has no needs it looks at the measure's own conditions: those on the facts `own`, or
    with none named, all that no rule before it told. Facts that `leave` names by category or code
    are those that the measure itself changes.
    """

    needs: tuple[Condition, ...]
    group: str
    category: str
    own: tuple[str, ...]
    leave: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Clash(Rule):
    """Two measures of a group at a time, or without a group the same measure twice in a year."""

    group: str


@dataclass(frozen=True)
class Ended(Rule):
    """Something for somebody whose membership is over: a measure that runs, or a delivery."""

    by: str


@dataclass(frozen=True)
class GapRules:
    """All rules, in the order in which they are told."""

    owed: tuple[Owed, ...]
    not_entitled: tuple[NotEntitled, ...]
    clashes: tuple[Clash, ...]
    ended: tuple[Ended, ...]

    @property
    def by_id(self) -> dict[str, Rule]:
        """Each rule by its name."""
        return {one.id: one for one in (*self.owed, *self.not_entitled, *self.clashes, *self.ended)}


def gap_rules(data: Mapping[str, Sequence[Mapping[str, Any]]]) -> GapRules:
    """The rules as the data file writes them. KeyError for what a rule must say and does not."""
    return GapRules(
        owed=tuple(
            Owed(
                **_words(one, GapKind.MISSING),
                unit=Unit(one["unit"]),
                whom=tuple(one["whom"]),
                conditions=tuple(one["conditions"]),
                category=one["category"],
                helped_by=tuple(one["helped_by"]),
                facts=tuple(one["facts"]),
                code=next(iter(one.get("codes", ())), ""),
                any_year=one.get("any_year", False),
                gathered=one.get("gathered", False),
            )
            for one in data["missing"]
        ),
        not_entitled=tuple(
            NotEntitled(
                **_words(one, GapKind.NOT_ENTITLED),
                needs=tuple(one.get("needs", ())),
                group=one.get("group", ""),
                category=one.get("category", ""),
                own=tuple(one.get("own", ())),
                leave={name: tuple(facts) for name, facts in one.get("leave", {}).items()},
            )
            for one in data["not_entitled"]
        ),
        clashes=tuple(
            Clash(**_words(one, GapKind(one["kind"])), group=one["group"]) for one in data["clash"]
        ),
        ended=tuple(
            Ended(**_words(one, GapKind.DECEASED), by=one["by"]) for one in data["deceased"]
        ),
    )


def _words(one: Mapping[str, Any], kind: GapKind) -> dict[str, Any]:
    return {"kind": kind} | {name: one[name] for name in ("id", "zh", "en", "source")}


def owes(rule: Owed, facts: Mapping[str, Any]) -> Any:
    """1 where the rule owes something: one of `whom`, and every condition met.

    `facts` are those of a household, or of a person with his household's as "household.<name>".
    """
    prefix = HOUSEHOLD if rule.unit == Unit.PERSON else ""
    nobody: Any = 1
    for one in rule.whom:
        nobody = nobody * (1 - facts[prefix + one])
    return (1 - nobody) * all_hold(rule.conditions, facts)


def helps(rule: Owed, *, category: str, code: str) -> bool:
    """Whether a measure of this category and code gives what the rule owes."""
    return not rule.helped_by or category in rule.helped_by or code in rule.helped_by


def covers(rule: NotEntitled, *, category: str, group: str) -> bool:
    """Whether the needs of the rule are those of a measure."""
    by_group = bool(rule.group) and rule.group == group
    return bool(rule.needs) and (by_group or (bool(rule.category) and rule.category == category))


def failed(condition: Condition, facts: Mapping[str, Any]) -> Any:
    """1 where a condition is known not to be met; a fact that is unknown accuses nobody."""
    known: Any = 1
    for name in names_in(condition):
        known = known * ((facts[name] != unknown_of(name)) * 1)
    return known * (1 - holds(condition, facts))


def own_conditions(
    rule: NotEntitled, conditions: Iterable[Condition], *, category: str, code: str
) -> list[Condition]:
    """Which of a measure's own conditions the rule looks at."""
    if rule.needs:
        return []
    left = {*rule.leave.get(category, ()), *rule.leave.get(code, ())}
    found = []
    for one in conditions:
        names = {plain(name) for name in names_in(one)}
        if rule.own and names <= set(rule.own):
            found.append(one)
        if not rule.own and not names & left and not names <= ON_REGISTER:
            found.append(one)
    return found


ON_REGISTER = frozenset({"supported", "registered"})
"""Conditions on these alone are told by a rule of their own."""


def names_in(condition: Condition) -> Iterator[str]:
    """The facts that a condition looks at, as it names them."""
    if FACT in condition:
        yield condition[FACT]
        return
    for inner in condition.values():
        for one in [inner] if isinstance(inner, Mapping) else inner:
            yield from names_in(one)


def plain(name: str) -> str:
    """A fact without the word that makes it the household's."""
    return name.removeprefix(HOUSEHOLD)


def unknown_of(name: str) -> int | None:
    """How the fact is written while it is unknown; None for one that is always known."""
    own = None if name.startswith(HOUSEHOLD) else PERSON_FACTS.get(name)
    fact = own or HOUSEHOLD_FACTS.get(plain(name))
    if fact is None or fact.kind is FactKind.FLAG:
        return None
    return 0 if fact.kind is FactKind.CODE else UNKNOWN


@dataclass(frozen=True, order=True)
class Given:
    """One measure of a holder, a household or a person: its days as numbers that grow by the day.

    `carried_from` is the measure of the year before that it continues.
    """

    item: int
    code: str
    group: str
    once: bool
    first: int
    last: int
    carried_from: int = 0


def clashing(rules: Iterable[Clash], held: Iterable[Given]) -> list[tuple[Clash, Given, Given]]:
    """Pairs of measures of one holder and year that a rule forbids: (rule, the later, the earlier).

    A measure is told once by a rule, with the first that it meets. Measures of a group clash while
    their days overlap; one that comes once a year, of no group, clashes with another of its code.
    """
    ordered = sorted(held)
    found = []
    for rule in rules:
        for place, later in enumerate(ordered):
            earlier = next((one for one in ordered[:place] if _clash(rule, one, later)), None)
            if earlier is not None:
                found.append((rule, later, earlier))
    return found


def _clash(rule: Clash, earlier: Given, later: Given) -> bool:
    if later.carried_from == earlier.item or later.group != rule.group:
        return False
    if earlier.group != rule.group:
        return False
    if not rule.group:
        return earlier.code == later.code and later.once
    return earlier.first <= later.last and later.first <= earlier.last


def summed(hashes: Iterable[str]) -> str:
    """The sum of sha256 numbers, as one: neither order nor borders of parts leave a mark on it."""
    return f"{sum(int(one, 16) for one in hashes) % (1 << BITS):064x}"


def line_hash(line: str) -> str:
    """The sha256 of a line."""
    return sha256(line.encode()).hexdigest()
