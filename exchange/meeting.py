"""Of whom on record each row of an item speaks: people leave, and some come back.

Somebody who came back stands in an item once for each membership, and so he does on record.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from exchange.meanings import MEMBER, Meanings
from exchange.namesakes import Named, Spoken, latest, meet_by_name, recorded_end
from exchange.records import MemberRecord
from households.identity import Identity
from households.importing.filed import PERSON_LENGTH
from households.models.members import PERSON_FIELD
from trail.sealing import blind

END_NAMES = ("end_reason", "end_date")
KEYS = ("person_number", "id_number")
Rows = Sequence[Mapping[str, str]]
Members = Sequence[MemberRecord]
Ends = Sequence[tuple[Any, ...] | None]


@dataclass(frozen=True)
class Unmet:
    """Why it cannot be said of whom a row speaks, at the field that mends it."""

    column: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Meeting:
    """What a row speaks of; without `known` and `left` of a membership that is not on record.

    `left` ended, and the row says that its person is back; `is_end_said` tells that another row
    says that end, so that who sent it knew. `stints` are all memberships of the person here, none
    of somebody who is not on record. With a fault nothing of it is to be written.
    """

    known: MemberRecord | None = None
    left: MemberRecord | None = None
    is_end_said: bool = False
    stints: Sequence[MemberRecord] = ()
    fault: Unmet | None = None


def meet_all(rows: Rows, members: Members, meanings: Meanings) -> list[Meeting]:
    """What each row speaks of: first those that tell an end on record, then who is here now."""
    ends = [_end(row, meanings) for row in rows]
    found = [Meeting(stints=_by_key(row, members, meanings)) for row in rows]
    _meet_the_others(found, rows, ends, members, meanings)
    _refuse_doubled(found, rows, ends)
    taken: set[int] = set()
    for met, end in zip(found, ends, strict=True):
        if end is not None:
            _take(met, [one for one in met.stints if recorded_end(one) == end], taken)
    for met, row, end in zip(found, rows, ends, strict=True):
        if end is None:
            _meet_current(met, row, taken)
    for met, end in sorted(zip(found, ends, strict=True), key=_by_end, reverse=True):
        if end is not None and met.known is None:
            _take(met, met.stints, taken)
    return found


def _take(met: Meeting, among: Sequence[MemberRecord], taken: set[int]) -> None:
    """Meet the latest of these that no other row has met."""
    met.known = latest([one for one in among if one.key not in taken])
    if met.known:
        taken.add(met.known.key)


def _meet_current(met: Meeting, row: Mapping[str, str], taken: set[int]) -> None:
    """Of a row without an end: null says that there is none, left out it says nothing of it."""
    last = latest(met.stints)
    if last and not last.is_active and "end_reason" in row:
        met.left, met.is_end_said = last, last.key in taken
    elif last:
        met.known = last
        taken.add(last.key)


def _end(row: Mapping[str, str], meanings: Meanings) -> tuple[Any, ...] | None:
    """Reason and date of the end that a row tells."""
    if not any(row.get(name) for name in END_NAMES):
        return None
    return tuple(meanings.of(MEMBER, name, row.get(name, "")) for name in END_NAMES)


def _by_end(each: tuple[Meeting, tuple[Any, ...] | None]) -> date:
    day = each[1][1] if each[1] else None
    return day if isinstance(day, date) else date.min


def _by_key(row: Mapping[str, str], members: Members, meanings: Meanings) -> list[MemberRecord]:
    """The memberships of the person whom the person number names, else the ID number."""
    if not members:
        return []
    if number := row.get("person_number", "").strip():
        met = [one for one in members if one.values["person_number"] == number]
        if met:
            return met
    identity = meanings.of(MEMBER, "id_number", row.get("id_number", ""))
    if not isinstance(identity, Identity):
        return []
    person = blind(identity.person, field=PERSON_FIELD)
    return [one for one in members if one.id_blind == person]


def _meet_the_others(
    found: Sequence[Meeting], rows: Rows, ends: Ends, members: Members, meanings: Meanings
) -> None:
    """Let the rows that no key leads anywhere meet people by name and date of birth."""
    met = [
        (one.stints[-1].values["person_number"], end)
        for one, end in zip(found, ends, strict=True)
        if one.stints
    ]
    spoken = Spoken(
        frozenset(number for number, _end in met),
        frozenset(number for number, end in met if end is None),
    )
    named = {
        place: Named(row, end)
        for place, (one, row, end) in enumerate(zip(found, rows, ends, strict=True))
        if not one.stints
    }
    meet_by_name([*named.values()], members, spoken, meanings)
    for place, one in named.items():
        found[place].stints = one.person
        found[place].fault = Unmet(*one.fault) if one.fault else None


def _refuse_doubled(found: Sequence[Meeting], rows: Rows, ends: Ends) -> None:
    """A fault for each row that says once more of somebody that he is here, or the same end."""
    seen: dict[tuple[Any, ...], int] = {}
    for place, (met, row, end) in enumerate(zip(found, rows, ends, strict=True)):
        for column, who in _who(met, row):
            first = seen.setdefault((*who, end), place)
            if first != place and met.fault is None:
                met.fault = Unmet(column, "same_person", {"other": first + 1})


def _who(met: Meeting, row: Mapping[str, str]) -> Iterator[tuple[str, tuple[str, str]]]:
    """By which fields a row names whom: somebody on record, or the keys of somebody who is not."""
    said = {name: row[name].strip().upper()[:PERSON_LENGTH] for name in KEYS if row.get(name)}
    if met.stints:
        yield next(iter(said), "name"), ("", met.stints[-1].values["person_number"])
        return
    for name, text in said.items():
        yield name, (name, text)
    if not said:
        yield "name", ("name", f"{row.get('name')} {row.get('birth_date')}")
