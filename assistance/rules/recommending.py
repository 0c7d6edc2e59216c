"""What is recommended to whom, why, and why something else is not: the table as data.

A row of the table says on which condition of a household it speaks, what it gives (measures with a
priority of 1 to 3, to those persons, that household or its village who meet `who`) and what it
withholds (measures or whole categories). A measure that a row gives is recommended unless a
condition of its own fails, a row withholds it, it is enjoyed already, its cap is reached, or a
better one of its group goes before. Works alike on ints and on integer columns.

Source: domain reference §10.2; the table is data/recommendations.json.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from assistance.rules.eligibility import (
    Condition,
    all_hold,
    fails,
    holds,
    malformed,
    of_household,
)
from assistance.rules.measures import CapBasis, Category, Terms, Unit

PRIORITIES = (1, 2, 3)
MOST_ROWS = 60
MOST_MEASURES = 999
UNLISTED = MOST_MEASURES
"""The place of a measure that shuts others out and is not in the catalogue any more."""

NEVER = 10**9


class BadTable(ValueError):
    """The table of recommendations does not fit its form or the catalogue."""


@dataclass(frozen=True)
class Gift:
    """Measures that a row gives: how urgent, and to which persons or households, by facts."""

    codes: tuple[str, ...]
    priority: int
    to: Unit
    who: tuple[Condition, ...]


@dataclass(frozen=True)
class Row:
    """One row of the table. `zh` and `en` are its reason in words."""

    id: str
    when: Condition
    gives: tuple[Gift, ...]
    withholds: frozenset[str]
    zh: str
    en: str

    def withholds_measure(self, terms: Terms) -> bool:
        """Whether it speaks against a measure, by its code or its category."""
        return not self.withholds.isdisjoint((terms.code, terms.category))


@dataclass(frozen=True)
class Table:
    """Whom it speaks for, its rows in their order, and as what the register knows to be enjoyed."""

    whom: Condition
    rows: tuple[Row, ...]
    enjoyed: Mapping[str, tuple[Condition, ...]]

    @property
    def given(self) -> frozenset[str]:
        """The codes that some row gives."""
        return frozenset(c for row in self.rows for gift in row.gives for c in gift.codes)


def table_from(data: Mapping[str, Any], units: Mapping[str, str]) -> Table:
    """The table that `data` writes; `units` says for whom each measure of the catalogue is.

    Raises BadTable for an unknown measure, fact, priority or row that stands twice.
    """
    rows = tuple(_row(one, units) for one in data["rows"])
    if len({row.id for row in rows}) != len(rows) or len(rows) > MOST_ROWS:
        raise BadTable("the rows of the table have ids of their own, 60 at most")
    enjoyed = {}
    for one in data["enjoyed"]:
        _check(list(one["when"]), units.get(one["code"], ""), one["code"])
        enjoyed[one["code"]] = tuple(one["when"])
    _check([data["for"]], Unit.HOUSEHOLD, "for")
    return Table(data["for"], rows, enjoyed)


def _row(data: Mapping[str, Any], units: Mapping[str, str]) -> Row:
    name = data["id"]
    _check([data["when"]], Unit.HOUSEHOLD, name)
    gifts = []
    for one in data["gives"]:
        gift = Gift(tuple(one["codes"]), one["priority"], Unit(one["to"]), tuple(one["who"]))
        if gift.priority not in PRIORITIES or any(units.get(c) != gift.to for c in gift.codes):
            raise BadTable(f"{name}: {one['codes']} with priority {gift.priority} to {gift.to}")
        _check(one["who"], Unit.PERSON if gift.to is Unit.PERSON else Unit.HOUSEHOLD, name)
        gifts.append(gift)
    withheld = frozenset(data["withholds"])
    if not withheld <= units.keys() | set(Category):
        raise BadTable(f"{name} withholds what the catalogue does not know")
    return Row(name, data["when"], tuple(gifts), withheld, data["zh"], data["en"])


def _check(conditions: Any, unit: str, name: str) -> None:
    if faults := malformed(conditions, unit):
        raise BadTable(f"{name}: {faults[0].text % faults[0].values}")


@dataclass(frozen=True)
class Held:
    """What somebody has already, as ints or columns; what is not named, he has not.

    `enjoyed`: 1 by code where it cannot come again now. `shuts`: by group, 1 by code where it
    shuts others of the group out. `capped`: 1 by code where its cap is reached.
    """

    enjoyed: Mapping[str, Any] = field(default_factory=dict)
    shuts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    capped: Mapping[str, Any] = field(default_factory=dict)


def cap_reached(terms: Terms, in_year: Any, in_all: Any, owed: Any) -> Any:
    """1 where nothing is left under the cap of a measure; amounts in fen.

    They are those of the year, of all years, and what is owed. A cap for each time is never
    reached.
    """
    if terms.cap is None or terms.cap_basis is CapBasis.ITEM:
        return 0
    by_basis = {CapBasis.YEAR: in_year, CapBasis.TOTAL: in_all, CapBasis.OWED: owed}
    return _flag(by_basis[terms.cap_basis] >= int(terms.cap * 100))


@dataclass(frozen=True)
class Judged:
    """One measure for one subject, or for a column of them.

    `reasons` and `withheld` are bits of rows, `fails` bits of the measure's conditions, `rival` is
    1 + the place in the catalogue of the measure that goes before it in its group; 0 for none.
    `priority` is 0 and nothing else means anything where no row gives the measure.
    """

    priority: Any
    reasons: Any
    rank: Any
    fails: Any
    withheld: Any
    enjoyed: Any
    capped: Any
    rival: Any
    recommended: Any


def judge(
    catalogue: Sequence[Terms], table: Table, facts: Mapping[str, Any], held: Held, unit: Unit
) -> dict[str, Judged]:
    """Every measure for `unit` that the table can give, judged by code, in catalogue order.

    `facts` are those of a person for persons, else those of the household (a village's measures
    are recommended by its households). `rank` orders: priority, then the number of reasons, then
    the place in the catalogue.
    """
    asked = of_household if unit is Unit.PERSON else dict
    is_for = holds(asked(table.whom), facts)
    spoken = [is_for * holds(asked(row.when), facts) for row in table.rows]
    held = _with_register(catalogue, table, facts, held, unit)
    known = [
        (place, terms)
        for place, terms in enumerate(catalogue)
        if terms.unit is unit and terms.code in table.given
    ]
    found = {
        terms.code: _judged(place, terms, table, spoken, facts, held) for place, terms in known
    }
    places = {terms.code: place for place, terms in enumerate(catalogue)}
    for group in dict.fromkeys(terms.group for _place, terms in known if terms.group):
        own = [terms.code for _place, terms in known if terms.group == group]
        _settle(own, found, places, held.shuts.get(group, {}))
    return found


def _with_register(
    catalogue: Sequence[Terms], table: Table, facts: Mapping[str, Any], held: Held, unit: Unit
) -> Held:
    """What is held, with what the register itself says to be enjoyed."""
    enjoyed, shuts = dict(held.enjoyed), dict(held.shuts)
    for terms in catalogue:
        if terms.code not in table.enjoyed or terms.unit is not unit:
            continue
        told = all_hold(table.enjoyed[terms.code], facts)
        enjoyed[terms.code] = either(enjoyed.get(terms.code, 0), told)
        if terms.group:
            of_group = dict(shuts.get(terms.group, {}))
            of_group[terms.code] = either(of_group.get(terms.code, 0), told)
            shuts[terms.group] = of_group
    return Held(enjoyed, shuts, held.capped)


def _judged(
    place: int,
    terms: Terms,
    table: Table,
    spoken: Sequence[Any],
    facts: Mapping[str, Any],
    held: Held,
) -> Judged:
    reasons: Any = 0
    count: Any = 0
    best: Any = NEVER
    withheld: Any = 0
    for bit, (row, speaks) in enumerate(zip(table.rows, spoken, strict=True)):
        gifts = [gift for gift in row.gives if terms.code in gift.codes]
        missed: Any = 1
        for gift in gifts:
            given = speaks * all_hold(gift.who, facts)
            missed = missed * (1 - given)
            best = _least(best, given * gift.priority + (1 - given) * NEVER)
        reasons = reasons + (1 - missed) * (1 << bit)
        count = count + (1 - missed)
        if row.withholds_measure(terms):
            withheld = withheld + speaks * (1 << bit)
    given = _flag(reasons != 0)
    enjoyed = held.enjoyed.get(terms.code, 0)
    failing = fails(terms.conditions, facts)
    capped = held.capped.get(terms.code, 0)
    is_open = given * _flag(withheld == 0) * _flag(failing == 0) * (1 - enjoyed) * (1 - capped)
    priority = given * best
    rank = (priority * 100 + (99 - count)) * (MOST_MEASURES + 1) + place
    return Judged(priority, reasons, rank, failing, withheld, enjoyed, capped, 0, is_open)


def _settle(
    group: Sequence[str],
    found: dict[str, Judged],
    places: Mapping[str, int],
    shuts: Mapping[str, Any],
) -> None:
    """Let one of a group stand: none where another is held already, else the best of the open."""
    first: Any = NEVER
    for code in group:
        one = found[code]
        first = _least(first, one.rank * one.recommended + NEVER * (1 - one.recommended))
    best = _flag(first != NEVER) * (first % (MOST_MEASURES + 1) + 1)
    for code in group:
        one = found[code]
        holder: Any = NEVER
        for other, shut in shuts.items():
            if other != code:
                at = places.get(other, UNLISTED) + 1
                holder = _least(holder, shut * at + (1 - shut) * NEVER)
        is_held = _flag(holder != NEVER)
        beaten = one.recommended * _flag(best != places[code] + 1)
        rival = is_held * _least(holder, NEVER) + (1 - is_held) * beaten * best
        found[code] = Judged(
            **{**vars(one), "rival": rival, "recommended": one.recommended * _flag(rival == 0)}
        )


def _least(one: Any, other: Any) -> Any:
    """The smaller of two, for one value and for columns."""
    first = _flag(one <= other)
    return one * first + other * (1 - first)


def either(one: Any, other: Any) -> Any:
    """1 where one of two flags is 1."""
    return 1 - (1 - one) * (1 - other)


def _flag(comparison: Any) -> Any:
    """A comparison as 0/1, for one value and for a column."""
    return comparison * 1


class Against(StrEnum):
    """Why a measure that a row gives is not recommended."""

    CONDITION = "condition"
    WITHHELD = "withheld"
    CONFLICT = "conflict"
    ENJOYED = "enjoyed"
    CAP = "cap"


@dataclass(frozen=True)
class Obstacle:
    """One reason against: a condition of the measure that fails, the id of the row that withholds

    it, or the code of the measure that goes before it ("" for one that is not offered any more).
    """

    kind: Against
    condition: Condition | None = None
    row: str = ""
    rival: str = ""


@dataclass(frozen=True)
class Choice:
    """A measure for a household or village (no person) or for a person: recommended where nothing

    stands against it. `reasons` are ids of rows.
    """

    code: str
    unit: Unit
    person: int | None
    priority: int
    reasons: tuple[str, ...]
    against: tuple[Obstacle, ...]


def recommend(
    catalogue: Sequence[Terms],
    table: Table,
    *,
    household: Mapping[str, int],
    persons: Mapping[int, Mapping[str, int]],
    held: Mapping[int | None, Held],
    village: Held,
) -> list[Choice]:
    """What the table gives a household, its members by key and its village.

    First what is recommended, the best first; then what is not, with what stands against it.
    `held` is by member, None for the household itself. The catalogue is in its order.
    """
    nothing = Held()
    asked: list[tuple[int | None, Unit, Mapping[str, int], Held]] = [
        (None, Unit.HOUSEHOLD, household, held.get(None, nothing)),
        (None, Unit.VILLAGE, household, village),
    ]
    asked += [(key, Unit.PERSON, facts, held.get(key, nothing)) for key, facts in persons.items()]
    ranked = []
    for place, (person, unit, facts, has) in enumerate(asked):
        for code, one in judge(catalogue, table, facts, has, unit).items():
            if one.priority:
                choice = _choice(catalogue, table, code, unit, person, one)
                ranked.append(((bool(choice.against), one.rank, place), choice))
    return [choice for _rank, choice in sorted(ranked, key=lambda pair: pair[0])]


def _choice(
    catalogue: Sequence[Terms],
    table: Table,
    code: str,
    unit: Unit,
    person: int | None,
    judged: Judged,
) -> Choice:
    terms = next(one for one in catalogue if one.code == code)
    against = [
        *(Obstacle(Against.CONDITION, one) for one in among(terms.conditions, judged.fails)),
        *(Obstacle(Against.WITHHELD, row=row.id) for row in among(table.rows, judged.withheld)),
    ]
    if judged.enjoyed:
        against.append(Obstacle(Against.ENJOYED))
    if judged.capped:
        against.append(Obstacle(Against.CAP))
    if judged.rival:
        place = judged.rival - 1
        rival = catalogue[place].code if place < len(catalogue) else ""
        against.append(Obstacle(Against.CONFLICT, rival=rival))
    reasons = tuple(row.id for row in among(table.rows, judged.reasons))
    return Choice(code, unit, person, judged.priority, reasons, tuple(against))


def among(things: Collection[Any], bits: int) -> list[Any]:
    """Those things whose bits are set, in their order."""
    return [one for place, one in enumerate(things) if bits >> place & 1]
