"""Who is who: which known person each row meets, and what his membership becomes."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from divisions.scope import Posted, reaches
from households.identity import Identity
from households.importing.filed import Fault, Filed, Row, Warned
from households.importing.known import VALUE_KEYS, Known, KnownMember
from households.models.members import ID_FIELD
from trail.sealing import blind, unseal

HEAD = "01"
MET = "met"
Seen = dict[tuple[Any, ...], tuple[Row, str]]
"""By a key of a person: the row that had it, and his person number."""

UNKNOWN = ("work_months", "birth_date", "member_end_date")
WHO = ("name", "sex", "birth_date", "no_id_reason")
BLANK = {key: None if key in UNKNOWN or key.endswith("_insurance") else "" for key in VALUE_KEYS}


@dataclass
class Membership:
    """A person's membership as the file wants it. `number` is empty until one is assigned."""

    number: str
    values: dict[str, Any]
    identity: Identity | None = None
    blind: str | None = None
    known: KnownMember | None = None
    is_written: bool = False
    """Whether its change is written already, before the rest of its household."""

    @property
    def active(self) -> bool:
        return not self.values["member_end_reason"]

    @cached_property
    def digest(self) -> str | None:
        """Of the ID number that the file gives; a keyed hash, so it is taken once."""
        return str(blind(self.identity.number, field=ID_FIELD)) if self.identity else None

    @property
    def new_id(self) -> bool:
        """Whether the file brings an ID number other than the one on record."""
        return bool(self.identity and self.known and self.digest != self.known.id_digest)

    @property
    def ends(self) -> bool:
        """Whether a membership on record ends by it."""
        return self.known is not None and self.known.active and not self.active

    @property
    def changed(self) -> list[str]:
        """The columns whose value differs from the record; none for a new membership."""
        if self.known is None:
            return []
        old = self.known.values
        changed = [key for key in VALUE_KEYS if self.values[key] != old[key]]
        return [*changed, "id_number"] if self.new_id else changed


@dataclass(slots=True)
class People:
    """The members that the rows of one household describe, and those that they leave out."""

    members: list[Membership] = field(default_factory=list)
    kept: list[KnownMember] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Warned] = field(default_factory=list)
    outside: dict[int, dict[str, str]] = field(default_factory=dict)
    """By record, the person numbers of whom its row names without the importer seeing him, by the
    column that names him: whatever is said of such a row tells that he is on the register.
    """

    def active_values(self) -> list[dict[str, Any]]:
        """The values of every active member once the file's joins, changes and ends apply."""
        filed = [member.values for member in self.members if member.active]
        return filed + [member.values for member in self.kept]

    def active_numbers(self) -> list[str]:
        """The person numbers of the active members; "" for one that is not assigned yet."""
        filed = [member.number for member in self.members if member.active]
        return filed + [member.person_number for member in self.kept]


def people_of(filed: Filed, known: Known, importer: Posted) -> People:
    """Every row's membership after the file's joins, changes and ends, with its faults."""
    household = known.households.get(filed.number)
    here = household.members if household else []
    people = People()
    seen: Seen = {}
    for row in filed.rows:
        met, fault = _meet(row, here, known)
        if unseen := _unseen(row, here, known, importer):
            people.outside[row.record] = unseen
        if fault:
            people.faults.append(row.fault("person_number", fault))
            continue
        people.faults += _twice(row, met, seen)
        row.met = met
        people.faults += _end_faults(row)
        if row.is_past:
            people.faults += _add_past(people, row, known, importer)
        else:
            people.faults += _join(people, row, here, known, importer)
    touched = {member.known.id for member in people.members if member.known}
    people.kept = [one for one in here if one.active and one.id not in touched]
    return people


def _meet(row: Row, here: list[KnownMember], known: Known) -> tuple[str, str]:
    """The person number of the known person that the row meets, "" for nobody; or a fault.

    The name counts only where number and ID meet nobody.
    """
    by_number = known.by_number.get(row.values.get("person_number", ""), [])
    by_id = _of_id(row, known)
    if by_number and by_id:
        number = by_number[0].person_number
        is_one = any(one.person_number == number for one in by_id)
        return (number, "") if is_one else ("", "keys_differ")
    members = by_number or by_id or _of_name(row, here)
    if not members:
        return "", ""
    if len({one.person_number for one in members if one.active}) > 1:
        return "", "person_unclear"
    return max(members, key=lambda one: (one.active, one in here, one.id)).person_number, ""


def _unseen(row: Row, here: list[KnownMember], known: Known, importer: Posted) -> dict[str, str]:
    """The persons whom the row's keys name, where no membership of theirs may be seen."""
    keys = {
        "person_number": known.by_number.get(row.values.get("person_number", ""), []),
        "id_number": _of_id(row, known),
    }
    return {
        column: met[0].person_number
        for column, met in keys.items()
        if met and not any(reaches(importer, one.village) or one in here for one in met)
    }


def _of_name(row: Row, here: list[KnownMember]) -> list[KnownMember]:
    if row.is_stranger:
        return []
    wanted = row.values.get("name"), row.birth_date
    return [m for m in here if (m.values["name"], m.values["birth_date"]) == wanted]


def _of_id(row: Row, known: Known) -> list[KnownMember]:
    blind = known.blinds.get(row.person)
    return known.by_blind.get(blind, []) if blind else []


def _twice(row: Row, met: str, seen: Seen) -> Iterator[Fault]:
    """A fault when an earlier row of the household stands for the same person, by any key.

    A membership that is over may stand beside others of the same person number.
    """
    number = met or row.values.get("person_number", "")
    name, birth = row.values.get("name"), row.birth_date
    keys = [
        ("person_number", row.values.get("person_number")),
        ("id_number", row.person),
        ("name", not met and not row.is_stranger and name and birth and (name, birth)),
        (MET, met),
        ("member_end_date", row.is_history and (number, *row.end)),
    ]
    filled = [key for key in keys if key[1]]
    for key in filled:
        if key in seen and not _is_beside(row, number, *seen[key]):
            column = key_column(row, met) if key[0] == MET else key[0]
            yield row.fault(column, "same_person", other=seen[key][0].record)
            break
    for key in filled:
        if key not in seen or seen[key][0].is_history:
            seen[key] = row, number


def _is_beside(row: Row, number: str, other: Row, its_number: str) -> bool:
    is_history = row.is_history or other.is_history
    return is_history and bool(number) and number == its_number and row.end != other.end


def _join(
    people: People,
    row: Row,
    here: list[KnownMember],
    known: Known,
    importer: Posted,
) -> Iterator[Fault]:
    met, moved = row.met, _active_elsewhere(row, here, known)
    if moved:
        column = key_column(row, met)
        yield row.fault(column, "active_elsewhere")
        if not all(reaches(importer, one.village) for one in moved):
            people.outside.setdefault(row.record, {column: met})
    own = [one for one in here if met and one.person_number == met and row.over in (None, one.end)]
    membership = max(own, key=lambda one: (one.active, one.id), default=None)
    number = met or row.values.get("person_number", "")
    if row.values.get("person_number", number) != number:
        people.warnings.append(Warned(row.record, "number_stays"))
    earlier = membership or _ended_elsewhere(row, known, importer)
    if earlier is None:
        member = Membership(number, _values(row, BLANK), row.identity)
        yield from () if moved else _missing(row)
    else:
        member = Membership(number, _values(row, earlier.values), row.identity)
        if earlier.id_blind:
            member.values["no_id_reason"] = ""
        yield from _against_record(row, earlier)
        if membership is None:
            _come_back(member, row, earlier)
    member.known, member.blind = membership, known.blinds.get(row.person) or member.blind
    people.members.append(member)
    people.warnings += _member_warnings(row, member)


def _add_past(people: People, row: Row, known: Known, importer: Posted) -> Iterator[Fault]:
    """A membership that is over begins ended, wherever its person is now.

    What the row leaves out of who the person is comes from the record, where it may be seen.
    """
    met = [*known.by_number.get(row.met, []), *_of_id(row, known)]
    seen = [one for one in met if reaches(importer, one.village)]
    recorded = max(seen, key=lambda one: one.id, default=None)
    before = BLANK
    if recorded is None:
        yield from _missing(row)
    else:
        before = BLANK | {key: recorded.values[key] for key in WHO}
        yield from _against_record(row, recorded)
    number = row.met or row.values.get("person_number", "")
    member = Membership(number, _values(row, before), row.identity)
    if recorded is not None:
        _come_back(member, row, recorded)
    member.blind = known.blinds.get(row.person) or member.blind
    people.members.append(member)
    people.warnings += _member_warnings(row, member)


def _values(row: Row, before: dict[str, Any]) -> dict[str, Any]:
    """The values once the row's cells apply; a reason for no ID gives way to an ID."""
    values = before | {key: row.values[key] for key in VALUE_KEYS if key in row.values}
    if row.identity or before is BLANK:
        values |= {"sex": row.sex, "birth_date": row.birth_date}
    if row.identity:
        values["no_id_reason"] = ""
    return values


def _ended_elsewhere(row: Row, known: Known, importer: Posted) -> KnownMember | None:
    """The person's latest membership of another household, where the importer may see it."""
    met = map(known.later, [*known.by_number.get(row.met, []), *_of_id(row, known)])
    seen = [one for one in met if not one.active and reaches(importer, one.village)]
    return max(seen, key=lambda one: one.id, default=None)


def come_back(member: Membership, row: Row) -> None:
    """Let a membership begin anew that ended in this very household; what ended stays as it is."""
    if (earlier := member.known) is not None:
        member.known = None
        _come_back(member, row, earlier)


def _come_back(member: Membership, row: Row, earlier: KnownMember) -> None:
    """A person who joins from an ended membership keeps what is known of him, not his end."""
    for key in ("member_end_reason", "member_end_date"):
        member.values[key] = row.values.get(key, BLANK[key])
    if row.identity is None and earlier.id_sealed is not None:
        number = unseal(earlier.id_sealed, field=ID_FIELD, row=earlier.uuid)
        member.identity = Identity(number, earlier.values["birth_date"], earlier.values["sex"])
        member.blind = earlier.id_blind


def _missing(row: Row) -> Iterator[Fault]:
    """What a person without an ID number must have who is not known yet."""
    absent = row.values.keys() | row.faulty
    if "id_number" in absent:
        return
    for key in ("no_id_reason", "sex", "birth_date"):
        if key not in absent:
            yield row.fault(key, "needed_without_id")


def _against_record(row: Row, membership: KnownMember) -> Iterator[Fault]:
    """Sex and birth stay those of the ID on record, unless the row brings another ID."""
    if membership.id_blind is None or "id_number" in row.values.keys() | row.faulty:
        return
    for key, code in (("sex", "sex_on_record"), ("birth_date", "birth_on_record")):
        if row.values.get(key, membership.values[key]) != membership.values[key]:
            yield row.fault(key, code)


def _end_faults(row: Row) -> Iterator[Fault]:
    """Reason and date of an end stand together in the row."""
    reason, day = "member_end_reason", "member_end_date"
    if row.faulty & {reason, day}:
        return
    if reason in row.values and day not in row.values:
        yield row.fault(day, "end_date_missing")
    if day in row.values and reason not in row.values:
        yield row.fault(reason, "end_reason_missing")


def _member_warnings(row: Row, member: Membership) -> Iterator[Warned]:
    known = member.known
    has_id = member.identity or (known and known.id_blind)
    if has_id and "no_id_reason" in row.values:
        yield Warned(row.record, "reason_beside_id")
    if known and not known.active and "member_end_reason" not in row.values:
        yield Warned(row.record, "still_ended")


def _active_elsewhere(row: Row, here: list[KnownMember], known: Known) -> list[KnownMember]:
    """The memberships by which the row's person is active in another household.

    A row that repeats the end of an earlier membership of this household may stand.
    """
    met_anywhere = known.by_number.get(row.met, []) + _of_id(row, known)
    active = [one for one in met_anywhere if known.later(one).active and one not in here]
    was_here = any(one.person_number == row.met for one in here)
    return [] if was_here and "member_end_reason" in row.values else active


def key_column(row: Row, met: str) -> str:
    """The column by which the row met the person `met`."""
    if row.values.get("person_number") == met:
        return "person_number"
    return "id_number" if row.identity else "name"
