"""What the register knows of the households and persons that a part of a file speaks of."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from divisions.models import Division, Level
from divisions.scope import contains
from households.importing.filed import End, Filed
from households.importing.template import PERSON_KEYS, SURVEY_FIELDS
from households.models import YearFreeze
from households.models.households import PHONE_FIELD
from households.models.members import PERSON_FIELD
from trail.sealing import blind

VALUE_KEYS = tuple(key for key in PERSON_KEYS if key not in ("person_number", "id_number"))
"""Person columns that are stored as they are, under the same name or without `member_`."""

HOUSEHOLD_VALUES = (
    "village_code",
    "group",
    "attribute",
    "main_cause",
    "other_causes",
    "housing_grade",
)

HOUSEHOLD_SQL = """
    SELECT id, uuid, number, state, exit_year, phone_blind, phone_sealed, search,
        village_code, "group", attribute, main_cause, other_causes, housing_grade
    FROM households_household WHERE number = ANY(%s) AND withdrawn_at IS NULL
"""
MEMBER_COLUMNS = ", ".join(
    [
        *("m.id", "m.uuid::text", "m.household_id", "h.village_code", "m.person_number"),
        *("m.id_blind::text", "m.id_digest::text", "m.id_sealed"),
        *("m." + key.removeprefix("member_") for key in VALUE_KEYS),
    ]
)
MEMBER_SQL = f"""
    SELECT {MEMBER_COLUMNS} FROM households_member m JOIN households_household h
    ON h.id = m.household_id WHERE m.withdrawn_at IS NULL AND m.id IN (
        SELECT id FROM households_member WHERE household_id = ANY(%(ids)s)
        UNION ALL
        SELECT id FROM households_member WHERE person_number = ANY(%(numbers)s)
        UNION ALL
        SELECT id FROM households_member WHERE id_blind = ANY(%(blinds)s::uuid[])
            AND end_reason = '' AND withdrawn_at IS NULL
        UNION ALL
        SELECT id FROM households_member WHERE id_blind = ANY(%(blinds)s::uuid[])
            AND end_reason <> '' AND withdrawn_at IS NULL
    ) ORDER BY m.id
"""  # noqa: S608 - our own column names
SURVEY_SQL = f"""
    SELECT DISTINCT ON (household_id) household_id, id, village_code, member_digest,
        {", ".join(SURVEY_FIELDS.values())}
    FROM households_survey
    WHERE household_id = ANY(%s) AND year = %s AND withdrawn_at IS NULL
    ORDER BY household_id, recorded_at DESC, id DESC
"""  # noqa: S608 - our own column names


@dataclass(slots=True)
class KnownMember:
    """A membership on record, active or ended."""

    id: int
    row: str
    household_id: int
    village: str
    person_number: str
    id_blind: str | None
    id_digest: str | None
    id_sealed: memoryview | None
    values: dict[str, Any]

    @property
    def uuid(self) -> UUID:
        """Of the row; read as text, because few of the many members need it."""
        return UUID(self.row)

    @property
    def active(self) -> bool:
        return not self.values["member_end_reason"]

    @property
    def end(self) -> End:
        """Reason and date of its end; blanks for neither."""
        return self.values["member_end_reason"], self.values["member_end_date"]


@dataclass(slots=True)
class KnownHousehold:
    id: int
    uuid: UUID
    number: str
    state: int
    exit_year: int | None
    phone_blind: UUID | None
    phone_sealed: memoryview | None
    search: list[str]
    values: dict[str, Any]
    members: list[KnownMember] = field(default_factory=list)


@dataclass(slots=True)
class KnownSurvey:
    id: int
    village: str
    member_digest: UUID
    values: tuple[Any, ...]


@dataclass(slots=True)
class Known:
    """The register's side of some households of a file, and the digests of the file's side."""

    year: int
    households: dict[str, KnownHousehold] = field(default_factory=dict)
    surveys: dict[int, KnownSurvey] = field(default_factory=dict)
    by_number: dict[str, list[KnownMember]] = field(default_factory=dict)
    by_blind: dict[str, list[KnownMember]] = field(default_factory=dict)
    blinds: dict[str, str] = field(default_factory=dict)
    phones: dict[str, UUID] = field(default_factory=dict)
    frozen: dict[str, str] = field(default_factory=dict)
    leaving: Mapping[int, dict[str, Any]] = field(default_factory=dict)
    """Memberships that others of the set end, by key, with their values then."""

    def later(self, member: KnownMember) -> KnownMember:
        """A membership as it will be when what ends it elsewhere is written."""
        values = self.leaving.get(member.id)
        return replace(member, values=values) if values else member

    def frozen_for(self, *villages: str) -> str | None:
        """The name of a division with one of `villages` for which an officer froze the year."""
        for code, name in self.frozen.items():
            if any(contains(code, village) for village in villages):
                return name
        return None


def look_up(filed: Sequence[Filed], *, year: int) -> Known:
    """What the register knows of these households and of their persons, wherever they are.

    Five queries, however many households. Withdrawn rows are not known.
    """
    return look_up_years({year: filed})[year]


def look_up_years(filed: Mapping[int, Sequence[Filed]]) -> dict[int, Known]:
    """`look_up` of several years at once: two more queries for each further year."""
    everybody = [one for each in filed.values() for one in each]
    first = Known(min(filed, default=0))
    _digest(first, everybody)
    _households(first, [one.number for one in everybody])
    _members(first, everybody)
    found = {year: replace(first, year=year, surveys={}, frozen={}) for year in filed}
    for year, known in found.items():
        freezes = YearFreeze.objects.filter(year=year).order_by("division_id")
        known.frozen = dict(freezes.values_list("division_id", "division__name"))
        _surveys(known)
    return found


def _digest(known: Known, filed: Iterable[Filed]) -> None:
    for one in filed:
        phone = one.values.get("phone")
        if phone:
            known.phones[phone] = blind(phone, field=PHONE_FIELD)
        for row in one.rows:
            if row.identity:
                person = row.identity.person
                known.blinds[person] = str(blind(person, field=PERSON_FIELD))


def _households(known: Known, numbers: list[str]) -> None:
    for row in _rows(HOUSEHOLD_SQL, [numbers]):
        values = dict(zip(HOUSEHOLD_VALUES, row[8:], strict=True))
        values["other_causes"] = tuple(sorted(values["other_causes"]))
        known.households[row[2]] = KnownHousehold(*(*row[:8], values))


def _members(known: Known, filed: Iterable[Filed]) -> None:
    by_id = {household.id: household for household in known.households.values()}
    numbers = {row.values.get("person_number") for one in filed for row in one.rows}
    asked = {
        "ids": list(by_id),
        "numbers": list(numbers - {None}),
        "blinds": list(known.blinds.values()),
    }
    for row in _rows(MEMBER_SQL, asked):
        member = KnownMember(*(*row[:8], dict(zip(VALUE_KEYS, row[8:], strict=True))))
        known.by_number.setdefault(member.person_number, []).append(member)
        if member.id_blind:
            known.by_blind.setdefault(member.id_blind, []).append(member)
        if member.household_id in by_id:
            by_id[member.household_id].members.append(member)


def _surveys(known: Known) -> None:
    ids = [household.id for household in known.households.values()]
    for household_id, survey_id, village, digest, *values in _rows(SURVEY_SQL, [ids, known.year]):
        money = tuple(None if v is None else int(v * 100) for v in values[:5])
        known.surveys[household_id] = KnownSurvey(survey_id, village, digest, (*money, *values[5:]))


def _rows(sql: str, params: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


@dataclass(frozen=True, slots=True)
class Village:
    in_force: bool
    successor: str | None


class Villages:
    """The villages that a file names, looked up once for each code."""

    def __init__(self, today: date):
        self.today = today
        self.found: dict[str, Village | None] = {}

    def learn(self, codes: Iterable[str]) -> None:
        """Look up the codes that are not known yet, in one query."""
        wanted = set(codes) - self.found.keys()
        if not wanted:
            return
        self.found |= dict.fromkeys(wanted)
        rows = Division.objects.filter(code__in=wanted, level=Level.VILLAGE)
        in_force = set(rows.in_force(self.today).values_list("code", flat=True))
        for code, successor in rows.values_list("code", "successor_id"):
            self.found[code] = Village(code in in_force, successor)

    def get(self, code: str) -> Village | None:
        """The village, or None when the tree has none of this code."""
        return self.found.get(code)

    def successors(self, code: str) -> list[str]:
        """The recorded successors of a village, nearest first."""
        chain: list[str] = []
        village = self.get(code)
        while village and village.successor and village.successor not in chain:
            chain.append(village.successor)
            self.learn([village.successor])
            village = self.get(village.successor)
        return chain
