"""The two sides of a difference as texts, packed and sealed, and the place where it stands."""

import json
import uuid
from collections.abc import Mapping
from typing import Any

from exchange.comparing import Difference as Differing
from exchange.meanings import JOIN
from exchange.models import Difference
from exchange.models.pushes import PUSHED, RECORDED
from trail.rules import canonical
from trail.sealing import blind, unseal

PERSON = "exchange.difference.person"
Key = tuple[str, str, int | None, uuid.UUID | None, int | None]
"""Kind, field, member, person who would join, year: where a value of a household stands."""


def packed(value: Any) -> str:
    """One side of a difference as the text that is sealed."""
    return canonical({"value": value})


def recorded_text(row: Difference) -> str:
    """What was on record when it was pushed, then when it was decided, as it was packed."""
    return unseal(row.recorded_sealed, field=RECORDED, row=row.uuid)


def pushed_text(row: Difference) -> str:
    """What was pushed, as it was packed."""
    return unseal(row.pushed_sealed, field=PUSHED, row=row.uuid)


def pushed_blind(one: Differing) -> uuid.UUID:
    """By what the pushed side of a difference is known again."""
    return blind(packed(one.pushed), field=PUSHED)


def person_of(row: Mapping[str, str]) -> uuid.UUID:
    """Who would join, by what names him best; with the end of a membership that is over."""
    known = row.get("id_number") or row.get("person_number")
    known = known or f"{row.get('name')} {row.get('birth_date')}"
    ended = " ".join(row[name] for name in ("end_reason", "end_date") if row.get(name))
    return blind(f"{known} {ended}".strip(), field=PERSON)


def names_of(row: Mapping[str, str]) -> set[tuple[str, str]]:
    """By what a row names its person, whatever membership it tells of."""
    found = {(name, row[name]) for name in ("person_number", "id_number") if row.get(name)}
    return found or {("name", f"{row.get('name')} {row.get('birth_date')}")}


def joining(row: Difference) -> Mapping[str, str]:
    """The row of an item by which somebody would join."""
    found: Mapping[str, str] = json.loads(pushed_text(row))["value"]
    return found


def key_of(one: Differing) -> Key:
    """Where a differing value stands."""
    person = person_of(one.pushed) if one.name == JOIN else None
    return one.kind, one.name, one.member, person, one.year


def key_of_row(row: Difference) -> Key:
    """Where a value stands that was kept."""
    return row.kind, row.field, row.member_id, row.person, row.year
