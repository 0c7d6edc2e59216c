"""Documents of households as other systems get them: an item of `sync/batches/` with all years.

PostgreSQL writes the JSON, in one statement for a page, so that a household is told as of one
moment and a thousand of them take a fraction of a second. Sealed values are opened here. Without
the right to them they are absent, not masked: given back in a push, the document changes nothing.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection, models

from divisions.scope import code_range
from households.api.shapes import (
    FIGURES,
    HOUSEHOLD_FIELDS,
    LINE_FIELDS,
    LIVING_FIELDS,
    PERSON_FIELDS,
    SEALED,
)
from households.entry.fields import GUARANTEES
from households.models import Household, IncomeLine, LivingConditions, Member, Survey
from households.models.households import BANK_FIELD, PHONE_FIELD
from households.models.members import ID_FIELD
from trail.sealing import unseal

PRIVATE = SEALED | {"birth_date"}
"""Told with the scope `identity` alone; the date of birth stands in the ID number."""

HOUSEHOLD_NAMES = tuple(one.name for one in HOUSEHOLD_FIELDS if one.name not in PRIVATE)
PERSON_NAMES = tuple(one.name for one in PERSON_FIELDS if one.name not in PRIVATE)
LINE_NAMES = tuple(one.name for one in LINE_FIELDS)
LIVING_NAMES = tuple(one.name for one in LIVING_FIELDS if one.name not in GUARANTEES)
HEAD, PERSON = 0, 1
compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""A value as JSON without blanks."""


@dataclass(frozen=True)
class Document:
    """What stands of a thing now, as the text of a JSON object, and its version if it has one."""

    text: str
    version: int | None = None


@dataclass
class _Parts:
    """The texts of one household on their way to a document."""

    number: str = ""
    version: int = 0
    head: str = ""
    years: str = ""
    people: dict[int, str] = field(default_factory=dict)

    def document(self) -> Document:
        people = ",".join(self.people[key] for key in sorted(self.people))
        text = f'{self.head[:-1]},"members":[{people}],"surveys":[{self.years}]}}'
        return Document(text, self.version)


def household_documents(
    numbers: Collection[str], *, within: str, masked: bool
) -> dict[str, Document]:
    """The standing households of these numbers at or below a division, by number."""
    found: dict[int, _Parts] = defaultdict(_Parts)
    with connection.cursor() as cursor:
        cursor.execute(_statement(masked=masked), [list(numbers), *code_range(within)])
        for household, part, key, text, first, second, row, *sealed in cursor:
            parts = found[household]
            if part == HEAD:
                parts.number, parts.version, parts.years = first, key, second or ""
                parts.head = _and(text, _secrets_of_household(row, *sealed) if row else {})
            else:
                secrets = _secrets_of_person(row, first, sealed[0]) if row else {}
                parts.people[key] = _and(text, secrets)
    return {parts.number: parts.document() for parts in found.values()}


def _and(text: str, secrets: dict[str, str | None]) -> str:
    """The text of an object with these behind its own values."""
    return f"{text[:-1]},{compact(secrets)[1:]}" if secrets else text


def _secrets_of_household(row: UUID, phone: Any, account: Any) -> dict[str, str | None]:
    return {
        "phone": unseal(phone, field=PHONE_FIELD, row=row) if phone else None,
        "bank_account": unseal(account, field=BANK_FIELD, row=row) if account else None,
    }


def _secrets_of_person(row: UUID, born: str, number: Any) -> dict[str, str | None]:
    opened = unseal(number, field=ID_FIELD, row=row) if number else None
    return {"id_number": opened, "birth_date": born}


@cache
def _statement(*, masked: bool) -> str:
    """Parts of the households of some numbers: household, part, key, text, two more texts, and,
    where they are to be opened, the uuid of the row and its sealed values.
    """
    nothing = "NULL::uuid, NULL::bytea, NULL::bytea"
    of_household = "uuid, phone_sealed, bank_account_sealed"
    of_person = "member.uuid, member.id_sealed, NULL::bytea"
    return f"""
        WITH wanted AS MATERIALIZED (
            SELECT * FROM households_household
            WHERE number = ANY(%s) AND withdrawn_at IS NULL
                AND village_code >= %s AND village_code < %s
        )
        SELECT id, {HEAD}, version, {_object(_of_household())}, number, ({_years()}),
            {nothing if masked else of_household}
        FROM wanted household
        UNION ALL
        SELECT household_id, {PERSON}, member.id, {_object(_of_person())},
            member.birth_date::text, NULL, {nothing if masked else of_person}
        FROM households_member member
        WHERE household_id IN (SELECT id FROM wanted) AND member.withdrawn_at IS NULL
    """  # noqa: S608 - columns of the models


def _years() -> str:
    """The texts of the surveys in force of a household, by year, with a comma between them."""
    figures = ", ".join(f"'{name}'" for name in FIGURES)
    return f"""
        SELECT string_agg(left({_object(_of_survey())}, -1)
            || ',"lines":[' || coalesce((
                SELECT string_agg({_object(_values(IncomeLine, "line", LINE_NAMES))}, ','
                    ORDER BY line.position)
                FROM households_incomeline line WHERE line.survey_id = survey.id
            ), '') || '],"reasons":' || coalesce((
                SELECT json_object_agg(note.name, note.text)::text FROM households_surveynote note
                WHERE note.survey_id = survey.id AND note.name IN ({figures})
            ), '{{}}') || '}}', ',' ORDER BY survey.year)
        FROM (
            SELECT DISTINCT ON (year) * FROM households_survey one
            WHERE one.household_id = household.id AND one.withdrawn_at IS NULL
            ORDER BY year, recorded_at DESC, id DESC
        ) survey LEFT JOIN households_livingconditions living ON living.survey_id = survey.id
    """  # noqa: S608 - columns of the models


def _of_household() -> list[str]:
    own = [
        "household.number",
        "household.village_code AS village",
        "household.state::text AS status",
        "household.exit_year",
        "household.version",
    ]
    return own + _values(Household, "household", HOUSEHOLD_NAMES)


def _of_person() -> list[str]:
    return _values(Member, "member", (*PERSON_NAMES, "end_reason", "end_date"))


def _of_survey() -> list[str]:
    return [
        "survey.year",
        *_values(Survey, "survey", FIGURES),
        *(f"survey.{name}::text AS {name}" for name in GUARANTEES),
        *_values(LivingConditions, "living", LIVING_NAMES),
    ]


def _values(model: type[models.Model], row: str, names: Iterable[str]) -> list[str]:
    """Columns as JSON has them: amounts as texts with two decimals, blanks as null."""
    found = []
    for name in names:
        kind, column = model._meta.get_field(name), f'{row}."{name}"'
        if isinstance(kind, models.DecimalField):
            column = f"{column}::text"
        elif isinstance(kind, models.CharField):
            column = f"nullif({column}, '')"
        found.append(f'{column} AS "{name}"')
    return found


def _object(values: list[str]) -> str:
    """The text of a JSON object with these values."""
    return f"(SELECT row_to_json(told)::text FROM (SELECT {', '.join(values)}) told)"  # noqa: S608
