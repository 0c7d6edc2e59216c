"""Writing what the verdicts say: set by set, whatever the number of households.

The caller holds the transaction and the locks (`lock_households`).
"""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from households.importing.copying import array_text, copy_in, hex_text, json_text
from households.importing.images import household_images, member_images
from households.importing.judging import Verdict
from households.importing.known import VALUE_KEYS
from households.importing.people import HEAD, Membership
from households.importing.template import MONEY_KEYS, SURVEY_FIELDS
from households.membership import member_digest
from households.models.households import PHONE_FIELD
from households.models.members import ID_FIELD
from households.names import tokens_of
from households.numbering import next_person_numbers
from trail.sealing import seal

HOUSEHOLD_COLUMNS = (
    "id", "uuid", "number", "village_code", "group", "attribute", "main_cause", "other_causes",
    "housing_grade", "phone_sealed", "phone_blind", "state", "state_loaded", "exit_year", "search",
    "version", "batch_id",
)  # fmt: skip
CHANGED_HOUSEHOLD_COLUMNS = (
    "id", "village_code", "group", "attribute", "main_cause", "other_causes", "housing_grade",
    "phone_sealed", "phone_blind", "search",
)  # fmt: skip
MEMBER_VALUES = tuple(key.removeprefix("member_") for key in VALUE_KEYS)
CHANGED_MEMBER_COLUMNS = ("id", "id_sealed", "id_blind", "id_digest", *MEMBER_VALUES)
MEMBER_COLUMNS = (
    "uuid", "household_id", "person_number", "id_sealed", "id_blind", "id_digest",
    *MEMBER_VALUES, "version", "batch_id",
)  # fmt: skip
SURVEY_COLUMNS = (
    "household_id", "village_code", "year", "recorded_by_id", "corrects_id", "reason", "persons",
    "member_digest", *SURVEY_FIELDS.values(), "batch_id",
)  # fmt: skip
TRACE_COLUMNS = (
    "business_date", "actor_id", "actor_name", "role", "posted_to", "action", "subject_kind",
    "subject_id", "division_code", "reason", "origin", "before", "after",
)  # fmt: skip


class Tables(NamedTuple):
    """Where rows go: the register, or the temporary tables of a plan."""

    household: str
    member: str
    survey: str
    trace: str


REGISTER = Tables("households_household", "households_member", "households_survey", "trail_change")
DRAW_IDS = """
    SELECT nextval(pg_get_serial_sequence('households_household', 'id'))
    FROM generate_series(1, %s)
"""
LOCK = """
    SELECT id FROM households_household WHERE number = ANY(%s) AND withdrawn_at IS NULL
    ORDER BY id FOR UPDATE
"""

NEW_VERSION = """
    UPDATE households_household SET version = version + 1, updated_at = now() WHERE id = ANY(%s)
"""


@dataclass(frozen=True)
class Author:
    """Who imports which batch on which day: what every written row names."""

    officer_id: int
    officer_name: str
    role: str
    posted_to: str
    batch_id: int | None
    year: int
    today: date
    act: str = "import"
    door: str = ""

    @property
    def origin(self) -> str:
        """How the trace names the batch, or another door by which the rows came in."""
        return self.door or f"import:{self.batch_id}"


def lock_households(numbers: list[str]) -> None:
    """Lock the known ones among these households, in key order, until the transaction ends."""
    _execute(LOCK, [numbers])


def save(verdicts: Sequence[Verdict], author: Author, tables: Tables = REGISTER) -> list[int]:
    """Write new and changed households, their members, surveys and trace; returns new ids.

    Raises IntegrityError when a concurrent act took a number or a person meanwhile.
    """
    new = [verdict for verdict in verdicts if verdict.kind == "new"]
    changed = [verdict for verdict in verdicts if verdict.kind == "changed"]
    _assign_numbers([*new, *changed])
    drawn = _draw_ids(len(new))
    ids = dict(zip((one.filed.number for one in new), drawn, strict=True))
    ids |= {one.filed.number: one.known.id for one in changed if one.known}
    copy_in(
        tables.household,
        HOUSEHOLD_COLUMNS,
        (_household_row(one, ids[one.filed.number], author) for one in new),
    )
    _change_households(changed)
    members = [member for one in changed for member in one.people.members]
    _change_members([one for one in members if one.changed and not one.is_written])
    joined = [
        (ids[one.filed.number], member)
        for one in (*new, *changed)
        for member in one.people.members
        if member.known is None
    ]
    copy_in(tables.member, MEMBER_COLUMNS, _member_rows(joined, author))
    surveyed = [one for one in (*new, *changed) if one.survey is not None]
    copy_in(
        tables.survey,
        SURVEY_COLUMNS,
        (_survey_row(one, ids[one.filed.number], author) for one in surveyed),
    )
    copy_in(tables.trace, TRACE_COLUMNS, _trace([*new, *changed], ids, author))
    return drawn


def save_ends(verdicts: Iterable[Verdict]) -> None:
    """Write the memberships that end: whoever goes on elsewhere is free when he begins there.

    The rest of their households is written by `save`, with their trace.
    """
    ending = [one for verdict in verdicts for one in verdict.people.members if one.ends]
    _change_members(ending)
    for one in ending:
        one.is_written = True


def _execute(sql: str, params: Any = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall() if cursor.description else []


def _draw_ids(count: int) -> list[int]:
    return [number for (number,) in _execute(DRAW_IDS, [count])]


def _assign_numbers(verdicts: Iterable[Verdict]) -> None:
    lacking = [m for one in verdicts for m in one.people.members if not m.number]
    for member, number in zip(lacking, next_person_numbers(len(lacking)), strict=True):
        member.number = number


def _search(verdict: Verdict) -> str:
    return array_text(tokens_of(values["name"] for values in verdict.people.active_values()))


def _phone(verdict: Verdict, row: uuid.UUID) -> tuple[str | None, uuid.UUID | None]:
    if not verdict.phone:
        return None, None
    return hex_text(seal(verdict.phone, field=PHONE_FIELD, row=row)), verdict.phone_blind


def _own_values(verdict: Verdict) -> list[Any]:
    """HOUSEHOLD_VALUES, in their order."""
    causes = array_text(verdict.values["other_causes"])
    return list((verdict.values | {"other_causes": causes}).values())


def _household_row(verdict: Verdict, household_id: int, author: Author) -> tuple[Any, ...]:
    row = uuid.uuid4()
    return (
        household_id,
        row,
        verdict.filed.number,
        *_own_values(verdict),
        *_phone(verdict, row),
        int(verdict.state),
        "status" in verdict.filed.values,
        verdict.exit_year,
        _search(verdict),
        1,
        author.batch_id,
    )


def _change_households(changed: Sequence[Verdict]) -> None:
    """Rewrite changed households; one whose survey alone changed gets a new version."""
    rows, surveyed = [], []
    for verdict in changed:
        known = verdict.known
        if known is None:
            continue
        if not (verdict.changed or verdict.members_changed):
            surveyed.append(known.id)
            continue
        old_phone = hex_text(known.phone_sealed), known.phone_blind
        phone = _phone(verdict, known.uuid) if verdict.phone else old_phone
        rows.append((known.id, *_own_values(verdict), *phone, _search(verdict)))
    overwrite(
        "households_household",
        CHANGED_HOUSEHOLD_COLUMNS,
        rows,
        "version = old.version + 1, updated_at = now()",
    )
    renew(surveyed)


def renew(households: Sequence[int]) -> None:
    """Give households a new version whose own columns stay."""
    _execute(NEW_VERSION, [list(households)])


def _change_members(changed: Sequence[Membership]) -> None:
    """Rewrite changed memberships: those first that give up a place another may take."""
    leaving = [one for one in changed if _was_head(one)]
    others = [one for one in changed if not _was_head(one)]
    for part in (leaving, others):
        rows = (_changed_member_row(one) for one in part)
        overwrite("households_member", CHANGED_MEMBER_COLUMNS, rows, "version = old.version + 1")


def _was_head(member: Membership) -> bool:
    return member.known is not None and member.known.values["relation"] == HEAD


def _changed_member_row(member: Membership) -> tuple[Any, ...]:
    known = member.known
    if known is None:
        raise ValueError("a new membership is inserted, not changed")
    ids = hex_text(known.id_sealed), known.id_blind, known.id_digest
    if member.new_id:
        ids = _sealed_id(member, known.uuid)
    return (known.id, *ids, *(member.values[key] for key in VALUE_KEYS))


def _sealed_id(member: Membership, row: uuid.UUID) -> tuple[Any, Any, Any]:
    if member.identity is None:
        return None, None, None
    sealed = seal(member.identity.number, field=ID_FIELD, row=row)
    return hex_text(sealed), member.blind, member.digest


def overwrite(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], also: str) -> None:
    """Overwrite `columns` of the rows of `table` by id, through a temporary table."""
    rows = list(rows)
    if not rows:
        return
    names = ", ".join(f'"{column}"' for column in columns)
    values = ", ".join(f'new."{column}"' for column in columns)
    staged = f"import_new_{table}_{columns[1]}"
    _execute(
        f"CREATE TEMPORARY TABLE IF NOT EXISTS {staged} AS "  # noqa: S608 - our own names
        f"SELECT {names} FROM {table} LIMIT 0; TRUNCATE {staged}"
    )
    copy_in(staged, columns, rows)
    _execute(
        f"UPDATE {table} old SET ({names}) = ROW({values}), {also} "  # noqa: S608 - our own names
        f"FROM {staged} new WHERE old.id = new.id"
    )


def _member_rows(
    joined: Sequence[tuple[int, Membership]], author: Author
) -> Iterator[tuple[Any, ...]]:
    """New memberships, in the order of their blind index: half the time of any other order."""
    rows = []
    for household_id, member in joined:
        row = uuid.uuid4()
        sealed_id = _sealed_id(member, row)
        values = (member.values[key] for key in VALUE_KEYS)
        rows.append((row, household_id, member.number, *sealed_id, *values, 1, author.batch_id))
    return iter(sorted(rows, key=lambda values: values[4] or str(values[0])))


def _survey_row(verdict: Verdict, household_id: int, author: Author) -> tuple[Any, ...]:
    survey = verdict.survey or ()
    money, guarantees = survey[: len(MONEY_KEYS)], survey[len(MONEY_KEYS) :]
    numbers = verdict.people.active_numbers()
    return (
        household_id,
        verdict.values["village_code"],
        author.year,
        author.officer_id,
        verdict.corrects.id if verdict.corrects else None,
        "",
        len(numbers),
        member_digest(numbers),
        *(None if fen is None else Decimal(fen).scaleb(-2) for fen in money),
        *guarantees,
        author.batch_id,
    )


def _trace(
    verdicts: Sequence[Verdict], ids: dict[str, int], author: Author
) -> Iterator[tuple[Any, ...]]:
    """One row for each new or changed household, one for each changed membership."""
    for verdict in verdicts:
        village = verdict.values["village_code"]
        before, after = household_images(verdict) if verdict.known else (None, {})
        after |= {
            "joined": sum(member.known is None for member in verdict.people.members),
            "survey": author.year if verdict.survey is not None else None,
        }
        kind, subject = "households.household", ids[verdict.filed.number]
        yield act_row(author, kind, subject, village, before, after)
        for member in verdict.people.members:
            if member.known and member.changed:
                images = member_images(member)
                yield act_row(author, "households.member", member.known.id, village, *images)


def act_row(
    author: Author,
    kind: str,
    subject: int,
    village: str,
    before: dict[str, Any] | None,
    after: dict[str, Any],
) -> tuple[Any, ...]:
    """One act on one row, in the order of TRACE_COLUMNS."""
    return (
        author.today,
        author.officer_id,
        author.officer_name,
        author.role,
        author.posted_to,
        author.act,
        kind,
        str(subject),
        village,
        "",
        author.origin,
        before and json_text(before),
        json_text(after),
    )
