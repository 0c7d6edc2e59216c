"""Where what another system sends of a known household differs from what is on record."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from exchange.items import Item, SurveyItem
from exchange.meanings import (
    END,
    FAULTY,
    HOUSEHOLD,
    JOIN,
    LINES,
    MEMBER,
    REASON,
    RETURN,
    SURVEY,
    VILLAGE,
    Meanings,
)
from exchange.meeting import Meeting, Unmet, meet_all
from exchange.records import MemberRecord, Record, SurveyRecord, plain
from exchange.rules import Group, Sort
from households.api.shapes import FIGURES, HOUSEHOLD_FIELDS, SEALED
from households.entry import fields
from households.entry.content import Value
from households.entry.judged import as_text
from households.identity import Identity
from households.models.households import BANK_FIELD, PHONE_FIELD
from households.models.members import ID_FIELD
from trail.masking import mask_id, mask_phone
from trail.sealing import blind

SEALED_FIELDS = {"phone": PHONE_FIELD, "bank_account": BANK_FIELD}
MASKS = {"phone": mask_phone, "bank_account": mask_id, "id_number": mask_id}
GROUPS: Mapping[tuple[str, str], Group] = {
    **{(HOUSEHOLD, one.name): Group.HOUSEHOLD for one in HOUSEHOLD_FIELDS},
    **{(HOUSEHOLD, name): Group.CAUSES for name in fields.BY_STEP[fields.CAUSES]},
    **{(HOUSEHOLD, name): Group.IDENTITY for name in ("phone", "bank_account")},
    (HOUSEHOLD, "housing_grade"): Group.LIVING,
    **{(MEMBER, name): Group.IDENTITY for name in ("id_number", "no_id_reason")},
    **{(SURVEY, name): Group.INCOMES for name in FIGURES},
}
OTHERWISE = {HOUSEHOLD: Group.HOUSEHOLD, MEMBER: Group.MEMBERS, SURVEY: Group.LIVING}
WORKED_OUT = ("coefficient_percent", "amount")


def group_of(kind: str, name: str) -> Group:
    """The group that a field belongs to."""
    if kind == SURVEY and (name == LINES or name.startswith(REASON)):
        return Group.INCOMES
    return GROUPS.get((kind, name), OTHERWISE[kind])


@dataclass(frozen=True)
class Difference:
    """A value that differs: where it stands in the item, and both sides as an entry holds them.

    `member` is the membership on record, `place` the row of the item; `year` that of a survey.
    """

    kind: str
    name: str
    pointer: str
    recorded: Any
    pushed: Any
    sort: Sort = Sort.CHANGE
    member: int | None = None
    place: int | None = None
    year: int | None = None

    @property
    def group(self) -> Group:
        return group_of(self.kind, self.name)

    def is_refused(self, meanings: Meanings) -> bool:
        """Whether the rules refuse the pushed side as it stands."""
        if self.sort == Sort.MOVE:
            return False
        if self.name == LINES:
            cells = [(LINES, name, text) for line in self.pushed for name, text in line.items()]
        elif self.name in (JOIN, RETURN, END):
            cells = [(MEMBER, name, text) for name, text in self.pushed.items()]
        elif self.name.startswith(REASON):
            cells = [(REASON, "", self.pushed)]
        else:
            cells = [(self.kind, self.name, self.pushed)]
        return any(meanings.of(*cell) is FAULTY for cell in cells)


@dataclass
class Compared:
    """The differences of an item, and who of the record its rows speak of.

    `members` by row; `spoken_of` are all memberships of the people of all rows. Of `strangers`
    nobody is on record, whatever their names; `unmet` are rows of which nobody can say so.
    """

    differences: list[Difference] = field(default_factory=list)
    members: dict[int, MemberRecord] = field(default_factory=dict)
    spoken_of: set[int] = field(default_factory=set)
    strangers: set[int] = field(default_factory=set)
    unmet: dict[int, Unmet] = field(default_factory=dict)


def compare(item: Item, record: Record, meanings: Meanings) -> Compared:
    """The differences of an item from its household on record."""
    found = Compared()
    for name, value in item.values.items():
        found.differences += _household_value(name, value, record, meanings)
    met = meet_all(item.members, record.members, meanings)
    for place, (row, meeting) in enumerate(zip(item.members, met, strict=True)):
        _note(found, place, meeting)
        found.differences += _member(found, place, row, meeting, meanings)
    for survey in item.surveys:
        found.differences += _survey(survey, record.surveys.get(survey.year), meanings)
    return found


def compare_new(item: Item, meanings: Meanings) -> Compared:
    """What can be said of the people of an item whose household is not on record."""
    found = Compared()
    for place, meeting in enumerate(meet_all(item.members, (), meanings)):
        _note(found, place, meeting)
    return found


def _note(found: Compared, place: int, met: Meeting) -> None:
    found.spoken_of |= {one.key for one in met.stints}
    found.strangers |= set() if met.stints else {place}
    if met.fault is not None:
        found.unmet[place] = met.fault


def moved(item: Item, record: Record) -> Difference:
    """The village that an item has a household in."""
    return Difference(HOUSEHOLD, VILLAGE, f"/{VILLAGE}", record.village, item.village, Sort.MOVE)


def _household_value(
    name: str, value: Value, record: Record, meanings: Meanings
) -> Iterator[Difference]:
    if name in SEALED:
        kept = record.sealed(name)
        if not value or _is_sealed_alike(name, as_text(value), record.blind(name), kept):
            return
        recorded: Any = kept or ""
    else:
        recorded = record.values[name]
        if meanings.of(HOUSEHOLD, name, value) == recorded:
            return
        recorded = text_of(name, recorded)
    yield Difference(HOUSEHOLD, name, f"/{name}", recorded, value)


def _is_sealed_alike(name: str, text: str, kept_blind: Any, kept: str | None) -> bool:
    text = text.strip()
    if kept_blind and blind(text, field=SEALED_FIELDS[name]) == kept_blind:
        return True
    return kept is not None and "*" in text and text == MASKS[name](kept)


def _member(
    found: Compared, place: int, row: dict[str, str], met: Meeting, meanings: Meanings
) -> Iterator[Difference]:
    at = f"/members/{place}"
    if met.left is not None:
        sort = Sort.ADDITION if met.is_end_said else Sort.RETURN
        ended = end_texts(met.left)
        yield Difference(MEMBER, RETURN, at, ended, row, sort, member=met.left.key, place=place)
    elif met.known is None:
        yield Difference(MEMBER, JOIN, at, "", row, Sort.ADDITION, place=place)
    else:
        found.members[place] = met.known
        yield from _member_values(place, row, met.known, meanings)


def end_texts(member: MemberRecord) -> dict[str, str]:
    """The end of a membership on record as a row tells it."""
    ended = {"end_reason": member.end_reason, "end_date": text_of("end_date", member.end_date)}
    return {name: text for name, text in ended.items() if text}


def _member_values(
    place: int, row: Mapping[str, str], known: MemberRecord, meanings: Meanings
) -> Iterator[Difference]:
    for name, value in row.items():
        if name == "person_number" or name in ("end_reason", "end_date"):
            continue
        if name == "id_number":
            if not value or _is_id_alike(value.strip(), known, meanings):
                continue
            recorded: Any = known.id_number or ""
        else:
            recorded = known.values[name]
            if meanings.of(MEMBER, name, value) == recorded or _is_masked_birth(name, value, known):
                continue
            recorded = text_of(name, recorded)
        at = f"/members/{place}/{name}"
        yield Difference(MEMBER, name, at, recorded, value, member=known.key, place=place)
    yield from _end(place, row, known, meanings)


def _is_id_alike(text: str, known: MemberRecord, meanings: Meanings) -> bool:
    if known.id_sealed is None:
        return False
    if "*" in text:
        return text == mask_id(known.id_number or "")
    identity = meanings.of(MEMBER, "id_number", text)
    if not isinstance(identity, Identity):
        return False
    return blind(identity.number, field=ID_FIELD) == known.id_digest


def _is_masked_birth(name: str, text: str, known: MemberRecord) -> bool:
    return name == "birth_date" and text == f"{known.values['birth_date'].year:04d}-**-**"


def _end(
    place: int, row: Mapping[str, str], known: MemberRecord, meanings: Meanings
) -> Iterator[Difference]:
    given = {name: row[name] for name in ("end_reason", "end_date") if row.get(name)}
    said = [meanings.of(MEMBER, name, given.get(name, "")) for name in ("end_reason", "end_date")]
    if not given or said == [plain(known.end_reason), known.end_date]:
        return
    at, recorded = f"/members/{place}/end_reason", end_texts(known)
    yield Difference(MEMBER, END, at, recorded, given, member=known.key, place=place)


def _survey(
    said: SurveyItem, known: SurveyRecord | None, meanings: Meanings
) -> Iterator[Difference]:
    at, year = f"/surveys/{said.place}", said.year
    sort = Sort.CHANGE if known else Sort.ADDITION
    for name, value in said.values.items():
        recorded = known.values[name] if known else None
        if meanings.of(SURVEY, name, value) != recorded:
            old = text_of(name, recorded)
            yield Difference(SURVEY, name, f"{at}/{name}", old, value, sort, year=year)
    kept = known.lines if known else []
    if said.lines is not None and not _are_lines_alike(said.lines, kept, meanings):
        old = [line_texts(line) for line in kept]
        yield Difference(SURVEY, LINES, f"{at}/lines", old, said.lines, sort, year=year)
    for figure, text in (said.reasons or {}).items():
        old = known.reasons.get(figure, "") if known else ""
        if text.strip() != old:
            name, pointer = f"{REASON}{figure}", f"{at}/reasons/{figure}"
            yield Difference(SURVEY, name, pointer, old, text, sort, year=year)


def _are_lines_alike(
    said: Sequence[Mapping[str, str]], kept: Sequence[Mapping[str, Any]], meanings: Meanings
) -> bool:
    return len(said) == len(kept) and all(
        _is_line_alike(one, line, meanings) for one, line in zip(said, kept, strict=True)
    )


def _is_line_alike(said: Mapping[str, str], kept: Mapping[str, Any], meanings: Meanings) -> bool:
    """What is worked out of quantity and price need not be said."""
    is_worked_out = bool(said.get("quantity") and said.get("unit_price"))
    for name, recorded in kept.items():
        value = meanings.of(LINES, name, said.get(name, ""))
        if value is None and is_worked_out and name in WORKED_OUT:
            continue
        if value != recorded:
            return False
    return True


def line_texts(line: Mapping[str, Any]) -> dict[str, str]:
    """A recorded line as it would be sent."""
    amounts = ("unit_price", "amount")
    texts = {
        name: yuan(value) if name in amounts and value is not None else text_of(name, value)
        for name, value in line.items()
    }
    return {name: text for name, text in texts.items() if text}


def text_of(name: str, value: Any) -> Any:
    """A recorded value as an entry holds it; "" for a blank."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, tuple):
        return [*value]
    if name in FIGURES:
        return yuan(value)
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return value.isoformat() if isinstance(value, date) else str(value)


def yuan(fen: int) -> str:
    """Fen as yuan with two decimals."""
    return f"{fen // 100}.{fen % 100:02d}"
