"""A part of a search as frames: what is missing, what is not due, what is given twice or too late.

Nothing is read or written here. pandas and numpy are imported where they work.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from assistance.queries.facts import Frames
from assistance.queries.gap_facts import Ground
from assistance.rules.gaps import (
    GapRules,
    Given,
    NotEntitled,
    Owed,
    clashing,
    covers,
    failed,
    helps,
    names_in,
    owes,
    own_conditions,
    plain,
)
from assistance.rules.measures import Repeats, Terms, Unit

if TYPE_CHECKING:
    from numpy import ndarray
    from pandas import DataFrame

NOBODY = 0
EVERY_ROW = slice(None)


@dataclass(frozen=True, order=True, slots=True)
class Found:
    """One gap: keys of household, member and measure (0 for none), the rule, its facts by name."""

    household: int
    rule: str
    member: int
    item: int
    kind: str = field(compare=False)
    category: str = field(compare=False)
    code: str = field(compare=False)
    facts: dict[str, int] = field(compare=False)


class At(Mapping[str, "ndarray"]):
    """The columns of a frame at some of its rows, each cut out when it is asked for."""

    def __init__(self, frame: "DataFrame", places: "ndarray | slice"):
        self.frame, self.places = frame, places

    def __getitem__(self, name: str) -> "ndarray":
        return self.frame[name].to_numpy()[self.places]

    def __iter__(self) -> Iterator[str]:
        return iter(self.frame)

    def __len__(self) -> int:
        return len(self.frame.columns)


def judge(ground: Ground, rules: GapRules, *, year: int) -> list[Found]:
    """What the rules find in a part, in the order of households, rules, members and measures."""
    households = _with_watches(ground)
    part = Part(ground, households, rules, year)
    return sorted([*part.missing(), *part.not_entitled(), *part.twice(), *part.too_late()])


def _with_watches(ground: Ground) -> "DataFrame":
    watched = ground.watched.set_index("household")
    households = ground.frames.households
    since = watched.reindex(households["household"], fill_value=0)
    return households.assign(**{name: since[name].to_numpy() for name in since})


@dataclass
class Part:
    """The frames of a part, and where the rows of one stand in another."""

    ground: Ground
    households: "DataFrame"
    rules: GapRules
    year: int

    @property
    def frames(self) -> Frames:
        """The facts of the part."""
        return self.ground.frames

    def missing(self) -> Iterator[Found]:
        """Households and persons that a rule owes something that none of their measures gives."""
        for rule in self.rules.owed:
            if rule.unit == Unit.HOUSEHOLD:
                owed = owes(rule, At(self.households, EVERY_ROW))
                lacking = owed * (1 - self._helped_households(rule))
                yield from self._households_lacking(rule, lacking)
            else:
                persons = self.frames.persons
                helped = persons["person"].isin(self._givers(rule, "member")).to_numpy() * 1
                yield from self._persons_lacking(
                    rule, owes(rule, At(persons, EVERY_ROW)) * (1 - helped)
                )

    def _measures(self, rule: Owed) -> list[int]:
        return [
            key
            for key, one in self.ground.measures.items()
            if helps(rule, category=one.category, code=one.code)
        ]

    def _counted(self, frame: "DataFrame", rule: Owed) -> "DataFrame":
        """The measures of a frame that give what the rule owes, in the year that it counts."""
        found = frame[frame["measure"].isin(self._measures(rule))]
        if rule.any_year:
            return found
        begun, over = found["first"] < (self.year + 1) * 10_000, found["last"] < self.year * 10_000
        return found[(found["year"] == self.year) | (begun & ~over)]

    def _givers(self, rule: Owed, column: str) -> "ndarray":
        return self._counted(self.ground.given, rule)[column].to_numpy()

    def _helped_households(self, rule: Owed) -> "ndarray":
        """1 for each household that a measure of its own or of its village helps."""
        own = self.households["household"].isin(self._givers(rule, "household"))
        if not rule.helped_by:
            return own.to_numpy() * 1
        shared = self._counted(self.ground.shared, rule)
        named = self.households["household"].isin(shared["household"])
        whole = shared[shared["household"] == NOBODY]["village"]
        return (own | named | self.households["village"].isin(whole)).to_numpy() * 1

    def _households_lacking(self, rule: Owed, lacking: "ndarray") -> Iterator[Found]:
        places = lacking.nonzero()[0]
        at = At(self.households, places)
        columns = {name: at[name].tolist() for name in rule.facts}
        for row, household in enumerate(at["household"].tolist()):
            yield _lack(rule, household, NOBODY, _values(columns, row))

    def _persons_lacking(self, rule: Owed, lacking: "ndarray") -> Iterator[Found]:
        at = At(self.frames.persons, lacking.nonzero()[0])
        households = at["household"].tolist()
        if rule.gathered:
            counts: dict[int, int] = {}
            for household in households:
                counts[household] = counts.get(household, 0) + 1
            for household, number in counts.items():
                yield _lack(rule, household, NOBODY, {"members_without": number})
            return
        columns = {name: at[name].tolist() for name in rule.facts}
        for row, person in enumerate(at["person"].tolist()):
            yield _lack(rule, households[row], person, _values(columns, row))

    def not_entitled(self) -> Iterator[Found]:
        """Measures that run and whose conditions fail on the facts of the day."""
        given = self.ground.given
        running = given[(given["live"] == 1) & (given["end_reason"] == 0)]
        cancelled = running["cancelled"] == 1
        yield from self._of_cancelled(running[cancelled])
        standing = running[~cancelled]
        for key, rows in standing.groupby("measure"):
            terms = self.ground.measures[int(key)]
            frame, column = self.households, "household"
            if terms.unit == Unit.PERSON:
                frame, column = self.frames.persons, "person"
            wanted = rows["member" if terms.unit == Unit.PERSON else "household"]
            places = _places(frame[column], wanted)
            rows, places = rows[places >= 0], places[places >= 0]
            yield from self._failing(terms, rows, At(frame, places))

    def _of_cancelled(self, rows: "DataFrame") -> Iterator[Found]:
        rule = next(one for one in self.rules.not_entitled if one.own)
        for one in rows.itertuples():
            yield _wrong(rule, self.ground.measures[one.measure], one, {"cancelled": 1})

    def _failing(self, terms: Terms, rows: "DataFrame", at: At) -> Iterator[Found]:
        """By rule; a fact that one rule accuses a measure by is not told again by the next."""
        told: dict[str, Any] = {}
        for rule in self.rules.not_entitled:
            found: dict[int, dict[str, int]] = {}
            accused: dict[str, Any] = {}
            for condition in _looked_at(rule, terms):
                names = list(dict.fromkeys(names_in(condition)))
                wrong = failed(condition, at)
                for name in names:
                    wrong = wrong * (1 - told.get(plain(name), 0))
                    accused[plain(name)] = 1 - (1 - accused.get(plain(name), 0)) * (1 - wrong)
                for row in wrong.nonzero()[0].tolist():
                    facts = {plain(name): int(at[name][row]) for name in names}
                    found[row] = found.get(row, {}) | facts
            for name, mask in accused.items():
                told[name] = 1 - (1 - told.get(name, 0)) * (1 - mask)
            if found:
                listed = list(rows.itertuples())
                for row, facts in found.items():
                    yield _wrong(rule, terms, listed[row], facts)

    def twice(self) -> Iterator[Found]:
        """Measures of one household or person that shut each other out, also between households."""
        given = self.ground.given[self.ground.given["year"] == self.year]
        elsewhere = self.ground.elsewhere
        terms = self.ground.measures
        key = given["measure"].map(lambda one: terms[one].group or terms[one].code)
        again = given.assign(key=key).duplicated(["household", "member", "key"], keep=False)
        moved = given["member"].isin(elsewhere["person"]) & (given["member"] != NOBODY)
        others: dict[int, list[Given]] = {}
        for one in elsewhere.itertuples():
            others.setdefault(one.person, []).append(_given(one, terms[one.measure]))
        held: dict[tuple[int, int], list[Any]] = {}
        for one in given[again | moved].itertuples():
            held.setdefault((one.household, one.member), []).append(one)
        for (household, member), rows in held.items():
            own = {one.item: one for one in rows}
            all_of_them = [_given(one, terms[one.measure]) for one in rows]
            all_of_them += others.get(member, []) if member else []
            for rule, later, earlier in clashing(self.rules.clashes, all_of_them):
                if later.item in own:
                    facts = {"other_item": earlier.item, "elsewhere": int(earlier.item not in own)}
                    measure = terms[own[later.item].measure]
                    yield Found(
                        household, rule.id, member, later.item, rule.kind, measure.category,
                        measure.code, facts,
                    )  # fmt: skip

    def too_late(self) -> Iterator[Found]:
        """Measures and payments for somebody who died or left before."""
        given = self.ground.given
        rows = {
            "item": given[(given["live"] == 1) & (given["end_reason"] > 0)],
            "delivery": self.ground.paid,
        }
        for rule in self.rules.ended:
            for one in rows[rule.by].itertuples():
                facts = {"end_reason": one.end_reason, "ended_on": one.ended_on}
                if rule.by == "delivery":
                    facts["paid_on"] = one.paid_on
                yield _wrong(rule, self.ground.measures[one.measure], one, facts)


def _looked_at(rule: NotEntitled, terms: Terms) -> list[Mapping[str, Any]]:
    """The conditions that the rule holds a measure to."""
    category, code = terms.category.value, terms.code
    if covers(rule, category=category, group=terms.group):
        return list(rule.needs)
    return own_conditions(rule, terms.conditions, category=category, code=code)


def _places(keys: Any, wanted: Any) -> "ndarray":
    """Where each wanted key stands among the keys; -1 for one that does not."""
    import pandas as pd  # noqa: PLC0415

    return pd.Index(keys).get_indexer(wanted)


def _values(columns: Mapping[str, list[int]], row: int) -> dict[str, int]:
    return {plain(name): values[row] for name, values in columns.items()}


def _lack(rule: Owed, household: int, member: int, facts: dict[str, int]) -> Found:
    return Found(
        household, rule.id, member, NOBODY, rule.kind, rule.category, rule.code, facts
    )  # fmt: skip


def _wrong(rule: Any, terms: Terms, row: Any, facts: dict[str, int]) -> Found:
    return Found(
        row.household, rule.id, row.member, row.item, rule.kind, terms.category.value, terms.code,
        facts,
    )  # fmt: skip


def _given(row: Any, terms: Terms) -> Given:
    return Given(
        item=row.item,
        code=terms.code,
        group=terms.group,
        once=terms.repeats != Repeats.FREE,
        first=row.first,
        last=row.last,
        carried_from=row.carried_from,
    )
