"""Which of the people who share a name and date of birth each row speaks of.

Rows come here that neither a person number nor an ID number leads to somebody on record. Each
speaks of somebody else: by what it says more of sex and relation, then by what else it says, then
by its place.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from exchange.meanings import FAULTY, MEMBER, Meanings
from exchange.records import MemberRecord, plain
from households.identity import Identity

Row = Mapping[str, str]
Person = list[MemberRecord]
"""All memberships of somebody, the one that counts last."""

UNCLEAR = ("person_number", "person_unclear")
NAMELESS = ("name", "same_name")
TELLING = ("sex", "relation")


@dataclass
class Named:
    """A row that is met by its name, and the end that it tells.

    `person` is whom it speaks of, nobody where it is empty; `fault` says at which field, and by
    which code, why that cannot be said.
    """

    row: Row
    end: tuple[Any, ...] | None
    person: Person = field(default_factory=list)
    fault: tuple[str, str] | None = None

    @property
    def has_key(self) -> bool:
        """Whether it names somebody who is not on record."""
        return bool(self.row.get("person_number") or self.row.get("id_number"))


@dataclass(frozen=True)
class Spoken:
    """The person numbers that other rows of the item lead to; `now` without an end."""

    ever: frozenset[str]
    now: frozenset[str]


def latest(members: Iterable[MemberRecord]) -> MemberRecord | None:
    """The membership that counts of somebody: the one that runs, else the one that ended last."""
    return max(members, key=_order, default=None)


def _order(member: MemberRecord) -> tuple[bool, date, int]:
    return member.is_active, member.end_date or date.min, member.key


def meet_by_name(
    rows: Sequence[Named], members: Sequence[MemberRecord], spoken: Spoken, meanings: Meanings
) -> None:
    """Let each row of these meet somebody of its name and date of birth, nobody, or a fault."""
    groups: dict[tuple[Any, Any], list[Named]] = {}
    names = Counter([one.row.get("name") for one in rows])
    names.update(one.values["name"] for one in members)
    for one in rows:
        if names[one.row.get("name")] > 1 and (name := _called(one.row, meanings)):
            groups.setdefault(name, []).append(one)
    for name, group in groups.items():
        people: dict[str, Person] = {}
        for member in sorted(members, key=_order):
            if (member.values["name"], member.values["birth_date"]) == name:
                people.setdefault(member.values["person_number"], []).append(member)
        _share_out(group, people, spoken, meanings)


def _called(row: Row, meanings: Meanings) -> tuple[str, date] | None:
    """The name of a row, and the date of birth that it says or that its ID number does."""
    born = meanings.of(MEMBER, "birth_date", row.get("birth_date", ""))
    identity = meanings.of(MEMBER, "id_number", row.get("id_number", ""))
    if isinstance(identity, Identity):
        born = born or identity.birth_date
    name = row.get("name")
    return (name, born) if name and isinstance(born, date) else None


def _share_out(
    group: Sequence[Named], people: Mapping[str, Person], spoken: Spoken, meanings: Meanings
) -> None:
    """First those who tell an end on record, then who is here now, then who ends by a row."""
    _recognise(group, people)
    rest = [one for one in group if not one.person]
    pairs = [*_pairs(rest, people, spoken, meanings)]
    given: dict[int, _Pair] = {}
    for pair in sorted(pairs, key=_Pair.nearest_first):
        if pair.row not in given and pair.person not in {one.person for one in given.values()}:
            given[pair.row] = pair
    left = {one.person for one in pairs} - {one.person for one in given.values()}
    for place, pair in given.items():
        same = [one for one in pairs if (one.row, one.near) == (place, pair.near)]
        if left.intersection(one.person for one in same):
            rest[place].fault = UNCLEAR
        else:
            rest[place].person = people[pair.person]
    for place, one in enumerate(rest):
        if place not in given:
            _leave(one, _meant(one, people, spoken), group)


def _meant(one: Named, people: Mapping[str, Person], spoken: Spoken) -> Mapping[str, Person]:
    """Those whom a row may mean: with a number of its own, nobody whom another row names."""
    if not one.row.get("person_number"):
        return people
    return {number: person for number, person in people.items() if number not in spoken.ever}


def _recognise(group: Sequence[Named], people: Mapping[str, Person]) -> None:
    ended = [(person, recorded_end(each)) for person in people.values() for each in person]
    for one in group:
        found = [each for each in ended if each[1] == one.end]
        if found:
            one.person = found[0][0]
            ended.remove(found[0])


def _leave(one: Named, people: Mapping[str, Person], group: Sequence[Named]) -> None:
    """A row for which nobody is left: of somebody new, or of a further membership."""
    if one.end is not None and people:
        (first, *others) = people.values()
        one.person, one.fault = ([], UNCLEAR) if others else (first, None)
    elif not one.has_key and (people or len(group) > 1):
        one.fault = NAMELESS


@dataclass(frozen=True)
class _Pair:
    """A row that may speak of somebody: how near they are by what counts, and how much is alike."""

    row: int
    person: str
    near: tuple[bool, ...]
    alike: int
    order: int

    def nearest_first(self) -> tuple[Any, ...]:
        return *(not one for one in self.near), -self.alike, self.row, self.order


def _pairs(
    rows: Sequence[Named], people: Mapping[str, Person], spoken: Spoken, meanings: Meanings
) -> Iterator[_Pair]:
    for place, one in enumerate(rows):
        for order, (number, person) in enumerate(_meant(one, people, spoken).items()):
            if number not in spoken.now:
                alike = sum(_says(one.row, name, person[-1], meanings) for name in one.row)
                yield _Pair(place, number, _near(one, person[-1], meanings), alike, order)


def _near(one: Named, known: MemberRecord, meanings: Meanings) -> tuple[bool, ...]:
    """What counts before all else: no end, no key that says another, being here, sex, relation."""
    return (
        one.end is None,
        not one.row.get("person_number"),
        not (one.row.get("id_number") and known.id_sealed is not None),
        known.is_active,
        *(_says(one.row, name, known, meanings) for name in TELLING),
    )


def _says(row: Row, name: str, known: MemberRecord, meanings: Meanings) -> bool:
    """Whether a row says of a field what is on record."""
    value = meanings.of(MEMBER, name, row.get(name, ""))
    return value is not None and value is not FAULTY and value == known.values.get(name)


def recorded_end(member: MemberRecord) -> tuple[Any, ...]:
    """Reason and date of the end of a membership; None for a blank."""
    return plain(member.end_reason), member.end_date
