"""Writing the sound rows of a roster: set by set, each row with its line in the trace."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from officers.models import Officer
from teams.actions.cadres import columns_of
from teams.actions.terms import after_of
from teams.actions.units import columns_of as unit_columns
from teams.importing.judging import Kind, PersonKey, Verdict
from teams.models import Cadre, Term, Unit, UnitKind
from teams.models.units import ID_FIELD, PHONE_FIELD
from trail.actions import change_of
from trail.models import Change
from trail.sealing import blind, seal

ORIGIN = "roster import"
AT_ONCE = 1000
CHANGED = (
    "division", "phone_sealed", "rank", "party_member_since", "working_since", "unit", "account",
    "version",
)  # fmt: skip


@dataclass
class Saved:
    """What was written."""

    units: int = 0
    cadres: int = 0
    changed: int = 0
    terms: int = 0


def save(verdicts: Sequence[Verdict], *, by: Officer, county: str) -> Saved:
    """Write what these sound rows bring. Within a transaction that holds the locks."""
    changes: list[Change] = []
    made, units = _units(verdicts, by, county, changes)
    people, before = _people(verdicts, county)
    for verdict in verdicts:
        unit = units.get(verdict.row.record)
        if verdict.key is not None and verdict.kind == Kind.NEW and unit:
            _let_belong(people[verdict.key], verdict, unit)
    new = [cadre for key, cadre in people.items() if key[0] == "new"]
    for cadre, number in zip(new, _numbers(len(new)), strict=True):
        cadre.number = number
    Cadre.everywhere.bulk_create(new, batch_size=AT_ONCE)
    changes += [_change(by, "record_cadre", one, county, after=columns_of(one)) for one in new]
    changed = _save_changed(people, before, by, county, changes)
    terms = [
        _term(verdict, people[verdict.key], units.get(verdict.row.record))
        for verdict in verdicts
        if verdict.kind == Kind.NEW and verdict.key is not None
    ]
    Term.everywhere.bulk_create(terms, batch_size=AT_ONCE)
    changes += [
        _change(by, "begin_term", one, one.village_id, after=after_of(one)) for one in terms
    ]
    Change.objects.bulk_create(changes, batch_size=AT_ONCE)
    return Saved(made, len(new), changed, len(terms))


def _units(
    verdicts: Sequence[Verdict], by: Officer, county: str, changes: list[Change]
) -> tuple[int, dict[int, Unit]]:
    """How many units were new, and by row the unit that it names: recorded here when it was not."""
    made: dict[str, Unit] = {}
    found: dict[int, Unit] = {}
    for verdict in verdicts:
        name = verdict.row.values.get("unit")
        if not name:
            continue
        unit = verdict.unit or made.get(name)
        if unit is None:
            level = verdict.row.values["unit_level"]
            unit = made[name] = Unit(
                name=name, level=level, kind=UnitKind.OTHER, division_id=county
            )
        found[verdict.row.record] = unit
    Unit.everywhere.bulk_create(made.values())
    changes += [
        _change(by, "add_unit", one, county, after=unit_columns(one)) for one in made.values()
    ]
    return len(made), found


def _people(
    verdicts: Sequence[Verdict], county: str
) -> tuple[dict[PersonKey, Cadre], dict[PersonKey, dict[str, Any]]]:
    """Everybody whom the rows mean, with what the rows say of him, and what stood there before."""
    people: dict[PersonKey, Cadre] = {}
    before: dict[PersonKey, dict[str, Any]] = {}
    for verdict in verdicts:
        key = verdict.key
        if key is None:
            continue
        if key not in people:
            people[key] = verdict.person.cadre if verdict.person else _new_cadre(verdict, county)
            before[key] = columns_of(people[key])
        _fill(people[key], verdict, county)
    return people, before


def _new_cadre(verdict: Verdict, county: str) -> Cadre:
    identity = verdict.row.identity
    if identity is None:
        raise ValueError("somebody new without an ID number")
    row = uuid.uuid4()
    return Cadre(
        uuid=row,
        division_id=county,
        name=verdict.row.values["name"],
        id_sealed=seal(identity.number, field=ID_FIELD, row=row),
        id_blind=blind(identity.person, field=ID_FIELD),
        sex=identity.sex,
        born=identity.birth_date,
    )


def _fill(cadre: Cadre, verdict: Verdict, county: str) -> None:
    """What the row says of the person; of somebody on record only what differs."""
    if verdict.kind == Kind.NEW:
        cadre.division_id = county
    said = verdict.changes
    if verdict.person is None:
        said = said | {name: verdict.row.values.get(name) for name in
                       ("rank", "party_member_since", "working_since", "phone")}  # fmt: skip
    for name, value in said.items():
        if value is None:
            continue
        if name == "phone":
            cadre.phone_sealed = seal(value, field=PHONE_FIELD, row=cadre.uuid)
        else:
            setattr(cadre, name, value)


def _let_belong(cadre: Cadre, verdict: Verdict, unit: Unit) -> None:
    """The unit of a person is that of his running term, or the first that is known."""
    if cadre.unit is None or verdict.row.values.get("last_day") is None:
        cadre.unit = unit


def _save_changed(
    people: dict[PersonKey, Cadre],
    before: dict[PersonKey, dict[str, Any]],
    by: Officer,
    county: str,
    changes: list[Change],
) -> int:
    changed = []
    for key, cadre in people.items():
        if key[0] == "new":
            continue
        old, new = before[key], columns_of(cadre)
        names = sorted(name for name in new if new[name] != old[name])
        if not names:
            continue
        cadre.version += 1
        changed.append(cadre)
        action = "take_over_cadre" if "division_id" in names else "change_cadre"
        changes.append(
            change_of(
                by=by,
                action=action,
                subject=cadre,
                division=county,
                origin=ORIGIN,
                before={name: old[name] for name in names},
                after={name: new[name] for name in names},
            )
        )
    Cadre.everywhere.bulk_update(changed, CHANGED, batch_size=AT_ONCE)
    return len(changed)


def _term(verdict: Verdict, cadre: Cadre, unit: Unit | None) -> Term:
    values = verdict.row.values
    return Term(
        cadre=cadre,
        village_id=values["village_code"],
        post=values["post"],
        unit=unit or cadre.unit,
        starts_on=values["starts_on"],
        due_on=values["due_on"],
        last_day=values.get("last_day"),
        end_reason=values.get("end_reason", ""),
    )


def _numbers(count: int) -> list[str]:
    """As many new numbers, none of which anybody ever had."""
    found: list[str] = []
    while len(found) < count:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT nextval('teams_cadre_number') FROM generate_series(1, %s)",
                [count - len(found)],
            )
            drawn = [f"C{number:08d}" for (number,) in cursor.fetchall()]
        taken = set(Cadre.everywhere.filter(number__in=drawn).values_list("number", flat=True))
        found += [number for number in drawn if number not in taken]
    return found


def _change(by: Officer, action: str, subject: Any, division: str, *, after: Any) -> Change:
    return change_of(
        by=by, action=action, subject=subject, division=division, after=after, origin=ORIGIN
    )
