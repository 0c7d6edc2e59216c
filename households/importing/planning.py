"""Rows of new households, made once while the file is judged and moved into the register later.

Most of a first import is new households that meet nobody known. Their rows wait in temporary
tables; saving moves them set by set, without reading or judging them a second time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, connection, transaction

from households.importing.judging import Verdict
from households.importing.saving import (
    HOUSEHOLD_COLUMNS,
    MEMBER_COLUMNS,
    REGISTER,
    SURVEY_COLUMNS,
    TRACE_COLUMNS,
    Author,
    Tables,
    save,
)

PLANNED = Tables(*(f"import_plan_{kind}" for kind in ("household", "member", "survey", "trace")))
HOUSEHOLDS_AT_ONCE = 20_000
SOUND = """
    SELECT h.id, h.number FROM import_plan_household h WHERE h.id BETWEEN %s AND %s
        AND NOT EXISTS (SELECT FROM import_fault f WHERE f.number = h.number)
"""
LEFT_MEANWHILE = """
    SELECT DISTINCT m.household_id FROM import_plan_member m JOIN households_member ended
        ON ended.person_number = m.person_number
    WHERE m.household_id = ANY(%(ids)s) AND ended.withdrawn_at IS NULL AND ended.end_reason <> ''
    UNION
    SELECT DISTINCT m.household_id FROM import_plan_member m JOIN households_member ended
        ON ended.id_blind = m.id_blind
    WHERE m.household_id = ANY(%(ids)s) AND ended.withdrawn_at IS NULL AND ended.end_reason <> ''
"""
PREPARE = """
    CREATE INDEX ON import_plan_household (id);
    CREATE INDEX ON import_plan_member (household_id);
    CREATE INDEX ON import_plan_survey (household_id);
    CREATE INDEX ON import_plan_trace (subject_id);
    CREATE INDEX ON import_fault (number);
    ANALYZE import_plan_household; ANALYZE import_plan_member; ANALYZE import_plan_survey;
    ANALYZE import_plan_trace; ANALYZE import_fault
"""


@dataclass(frozen=True)
class Moved:
    """What one move brought into the register."""

    numbers: list[str]
    members: int
    surveys: int


@dataclass
class Plan:
    """The planned rows of one run, in groups of household ids."""

    author: Author
    groups: list[tuple[int, int]] = field(default_factory=list)
    size: int = 0

    def create(self) -> None:
        """Make the temporary tables, with the columns of the real ones."""
        columns = (HOUSEHOLD_COLUMNS, MEMBER_COLUMNS, SURVEY_COLUMNS, TRACE_COLUMNS)
        for planned, real, names in zip(PLANNED, REGISTER, columns, strict=True):
            _run(
                f"CREATE TEMPORARY TABLE {planned} AS "  # noqa: S608 - our own names
                f"SELECT {_listed(names)} FROM {real} LIMIT 0"
            )

    def add(self, verdicts: Sequence[Verdict]) -> None:
        """Plan the new households among these that meet nobody known."""
        simple = [
            verdict
            for verdict in verdicts
            if verdict.kind == "new" and not any(row.met for row in verdict.filed.rows)
        ]
        ids = save(simple, self.author, PLANNED)
        if not ids:
            return
        if self.groups and self.size + len(ids) <= HOUSEHOLDS_AT_ONCE:
            self.groups[-1] = (self.groups[-1][0], max(ids))
            self.size += len(ids)
        else:
            self.groups.append((min(ids), max(ids)))
            self.size = len(ids)

    def move(self) -> Iterator[Moved]:
        """Bring the faultless planned households into the register, a group in a transaction.

        A group that a concurrent act touched is not moved: its households are to be judged again.
        """
        if self.groups:
            _run(PREPARE)
        for low, high in self.groups:
            sound = dict(_run(SOUND, [low, high])[1])
            try:
                with transaction.atomic():
                    moved = self._move(sound)
            except IntegrityError:
                continue
            yield moved

    def _move(self, sound: dict[int, str]) -> Moved:
        ids = list(sound)
        for (household_id,) in _run(LEFT_MEANWHILE, {"ids": ids})[1]:
            del sound[household_id]
        ids = list(sound)
        _insert(0, HOUSEHOLD_COLUMNS, "id", ids)
        members = _insert(1, MEMBER_COLUMNS, "household_id", ids, "ORDER BY id_blind")
        surveys = _insert(2, SURVEY_COLUMNS, "household_id", ids)
        _insert(3, TRACE_COLUMNS, "subject_id", list(map(str, ids)))
        return Moved(list(sound.values()), members, surveys)


def _insert(
    table: int, columns: Sequence[str], key: str, ids: Sequence[int | str], order: str = ""
) -> int:
    names = _listed(columns)
    return _run(
        f"INSERT INTO {REGISTER[table]} ({names}) "  # noqa: S608 - our own names
        f"SELECT {names} FROM {PLANNED[table]} WHERE {key} = ANY(%s) {order}",
        [ids],
    )[0]


def _listed(columns: Sequence[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


def _run(sql: str, params: Any = None) -> tuple[int, list[tuple[Any, ...]]]:
    """The number of rows and the rows."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.rowcount, cursor.fetchall() if cursor.description else []
