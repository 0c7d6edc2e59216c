"""Of whom on record each row of an item speaks: people leave, and some come back.

Somebody who came back stands in an item once for each membership, and so he does on record.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from exchange.meanings import MEMBER, Meanings
from exchange.records import MemberRecord, Record, plain
from households.identity import Identity
from households.models.members import PERSON_FIELD
from trail.sealing import blind

END_NAMES = ("end_reason", "end_date")


@dataclass
class Meeting:
    """What a row speaks of; without `known` and `left` of a membership that is not on record.

    `left` ended, and the row says that its person is back; `is_end_said` tells that another row
    says that end, so that who sent it knew. `stints` are all memberships of the person here.
    """

    known: MemberRecord | None = None
    left: MemberRecord | None = None
    is_end_said: bool = False
    stints: Sequence[MemberRecord] = ()


def meet_all(
    rows: Sequence[Mapping[str, str]], record: Record, meanings: Meanings
) -> list[Meeting]:
    """What each row speaks of: first those that tell an end on record, then who is here now."""
    found = [Meeting(stints=_stints(row, record, meanings)) for row in rows]
    ends = [_end(row, meanings) for row in rows]
    taken: set[int] = set()
    for met, end in zip(found, ends, strict=True):
        if end is not None:
            _take(met, [one for one in met.stints if _recorded(one) == end], taken)
    for met, row, end in zip(found, rows, ends, strict=True):
        if end is None:
            _meet_current(met, row, taken)
    for met, end in sorted(zip(found, ends, strict=True), key=_by_end, reverse=True):
        if end is not None and met.known is None:
            _take(met, met.stints, taken)
    return found


def _take(met: Meeting, among: Sequence[MemberRecord], taken: set[int]) -> None:
    """Meet the latest of these that no other row has met."""
    met.known = _latest([one for one in among if one.key not in taken])
    if met.known:
        taken.add(met.known.key)


def _meet_current(met: Meeting, row: Mapping[str, str], taken: set[int]) -> None:
    """Of a row without an end: null says that there is none, left out it says nothing of it."""
    latest = _latest(met.stints)
    if latest and not latest.is_active and "end_reason" in row:
        met.left, met.is_end_said = latest, latest.key in taken
    elif latest:
        met.known = latest
        taken.add(latest.key)


def _latest(met: Sequence[MemberRecord]) -> MemberRecord | None:
    return max(
        met, key=lambda one: (one.is_active, one.end_date or date.min, one.key), default=None
    )


def _recorded(member: MemberRecord) -> list[Any]:
    return [plain(member.end_reason), member.end_date]


def _end(row: Mapping[str, str], meanings: Meanings) -> list[Any] | None:
    """Reason and date of the end that a row tells."""
    if not any(row.get(name) for name in END_NAMES):
        return None
    return [meanings.of(MEMBER, name, row.get(name, "")) for name in END_NAMES]


def _by_end(each: tuple[Meeting, list[Any] | None]) -> date:
    day = each[1][1] if each[1] else None
    return day if isinstance(day, date) else date.min


def _stints(row: Mapping[str, str], record: Record, meanings: Meanings) -> list[MemberRecord]:
    """The memberships of the person: by person number, else by ID, else by name and birth."""
    if number := row.get("person_number", "").strip():
        met = [one for one in record.members if one.values["person_number"] == number]
        if met:
            return met
    identity = meanings.of(MEMBER, "id_number", row.get("id_number", ""))
    born = meanings.of(MEMBER, "birth_date", row.get("birth_date", ""))
    if isinstance(identity, Identity):
        person = blind(identity.person, field=PERSON_FIELD)
        if met := [one for one in record.members if one.id_blind == person]:
            return met
        born = born or identity.birth_date
    name = row.get("name")
    named = [one for one in record.members if one.values["name"] == name]
    return [one for one in named if one.values["birth_date"] == born]
