"""Whether a change is possible: judged from values before it is sent, and again when approved."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from households.changing.kinds import KINDS, LEAVE, MISSING_YEARS, Kind, gettext_noop

HEAD = "01"
TEXT_LENGTH = 200


@dataclass(frozen=True)
class Person:
    """A member as a change sees him: key, relation, and the earliest day a change can have."""

    key: int
    relation: str
    earliest: date


@dataclass(frozen=True)
class Wanted:
    """What is entered of a change.

    `goes` are the keys of those who leave, `relations` the relation of each member where he is
    after the change. `person` are the texts of somebody who joins, by entry field.
    """

    kind: str
    happened_on: date
    reason: str
    proof: str
    visitors: str = ""
    goes: frozenset[int] = frozenset()
    relations: Mapping[int, str] = field(default_factory=dict)
    person: Mapping[str, str] = field(default_factory=dict)
    other: str = ""
    to_village: str = ""

    @property
    def known(self) -> Kind:
        """The kind as data."""
        return KINDS[self.kind]

    def leaving(self, people: Iterable[Person]) -> list[Person]:
        """Who leaves the household."""
        everybody = list(people)
        if self.known.all_go:
            return everybody
        if not self.known.moves:
            return []
        return [one for one in everybody if one.key in self.goes]

    def staying(self, people: Iterable[Person]) -> list[Person]:
        """Who stays in it."""
        everybody = list(people)
        gone = {one.key for one in self.leaving(everybody)}
        return [one for one in everybody if one.key not in gone]

    def relation_of(self, person: Person) -> str:
        """The relation after the change; as before where none is given."""
        return self.relations.get(person.key, person.relation)


@dataclass(frozen=True)
class Fault:
    """What stands against a change: the field, "" for the whole, and a msgid."""

    field: str
    text: str


def judge(wanted: Wanted, people: Sequence[Person], *, today: date) -> list[Fault]:
    """All faults of a change, the new person's own apart."""
    return [
        *_texts(wanted),
        *_days(wanted, people, today),
        *_who_goes(wanted, people),
        *_heads(wanted, people),
        *_places(wanted),
    ]


def _texts(wanted: Wanted) -> Iterable[Fault]:
    for name, text in (("reason", wanted.reason), ("proof", wanted.proof)):
        if not text.strip():
            yield Fault(name, gettext_noop("Write this."))
        elif len(text) > TEXT_LENGTH:
            yield Fault(name, gettext_noop("Write at most 200 characters."))


def _days(wanted: Wanted, people: Sequence[Person], today: date) -> Iterable[Fault]:
    day = wanted.happened_on
    if day > today:
        yield Fault("happened_on", gettext_noop("The day lies in the future."))
    elif any(day < one.earliest for one in wanted.leaving(people)):
        yield Fault(
            "happened_on",
            gettext_noop("Somebody who leaves was not born or not a member yet on that day."),
        )
    elif wanted.kind == "missing" and day > _years_before(today, MISSING_YEARS):
        yield Fault(
            "happened_on",
            gettext_noop("Missing counts after two years: write the day since when he is missing."),
        )


def _years_before(day: date, years: int) -> date:
    if (day.month, day.day) == (2, 29):
        return date(day.year - years, 2, 28)
    return day.replace(year=day.year - years)


def _who_goes(wanted: Wanted, people: Sequence[Person]) -> Iterable[Fault]:
    kind, leaving = wanted.known, wanted.leaving(people)
    if kind.moves and not leaving:
        yield Fault("goes", gettext_noop("Tick who leaves."))
    if kind.name == "split" and not wanted.staying(people):
        yield Fault("goes", gettext_noop("Somebody must stay. A whole household relocates."))
    if kind.name == "transfer" and not wanted.staying(people):
        yield Fault("goes", gettext_noop("Everybody leaves: that is a merger. Choose that kind."))
    if kind.name == "cancellation" and people:
        yield Fault("", gettext_noop("The household still has members. Report who leaves first."))


def _heads(wanted: Wanted, people: Sequence[Person]) -> Iterable[Fault]:
    """One head where people stay, one in a new household, none who comes to an existing one."""
    if not wanted.known.relates:
        return
    staying = [wanted.relation_of(one) for one in wanted.staying(people)]
    if staying and staying.count(HEAD) != 1:
        yield Fault(
            "relations",
            gettext_noop("Exactly one of those who stay must be the head. Choose the relations."),
        )
    going = [wanted.relation_of(one) for one in wanted.leaving(people)]
    if wanted.kind == "split" and going and going.count(HEAD) != 1:
        yield Fault(
            "relations",
            gettext_noop("Exactly one of those who leave must head the new household."),
        )
    if wanted.known.names_household and HEAD in going:
        yield Fault(
            "relations",
            gettext_noop("The other household has a head: choose the relation to him."),
        )
    if wanted.kind == "head" and all(wanted.relation_of(one) == one.relation for one in people):
        yield Fault("relations", gettext_noop("The relations are as before. Choose another head."))


def _places(wanted: Wanted) -> Iterable[Fault]:
    kind = wanted.known
    if kind.names_household and not wanted.other:
        yield Fault("other", gettext_noop("Write the number of the other household."))
    if kind.names_village and not wanted.to_village:
        yield Fault("to_village", gettext_noop("Write the 12 digits of the village code."))


def empties(wanted: Wanted, people: Sequence[Person]) -> bool:
    """Whether nobody is left in the household after the change."""
    if wanted.kind == "cancellation":
        return True
    return wanted.known.group == LEAVE and not wanted.staying(people)
