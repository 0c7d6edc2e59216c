"""Keeping the sponsoring units: add, change, end and resume. Each at the place that records it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from psycopg2.errors import UniqueViolation

from divisions.models import Division
from divisions.scope import require_within
from officers.models import Officer
from officers.rights import require
from teams.models import Term, Unit
from teams.refusals import EntryRefused, refuse_invalid
from teams.rights import UNIT_KEEPERS
from trail.actions import record
from trail.dates import business_date
from trail.errors import NotAllowed, Refused, Stale
from trail.transactions import retried


@dataclass(frozen=True)
class UnitEntry:
    """What is entered about a unit; `counterpart` is None where it supports no fixed place."""

    name: str
    level: str
    kind: str
    counterpart: Division | None = None


@retried
@transaction.atomic
def add_unit(entry: UnitEntry, *, by: Officer) -> Unit:
    """Record a unit at the officer's own place. Raises NotAllowed; EntryRefused by field."""
    posting = require(by, *UNIT_KEEPERS)
    unit = Unit(division_id=posting.division_id)
    _fill(unit, entry, by)
    _saved(unit)
    record(
        by=by, action="add_unit", subject=unit, division=unit.division_id, after=columns_of(unit)
    )
    return unit


@retried
@transaction.atomic
def change_unit(unit: int, entry: UnitEntry, *, by: Officer, version: int) -> Unit:
    """Change the record of a unit. Raises NotAllowed; Stale with what differs; EntryRefused."""
    row = _locked(unit, by)
    before = columns_of(row)
    if row.version != version:
        raise _stale(row, entry)
    _fill(row, entry, by)
    _save_and_record(row, before, "change_unit", by)
    return row


@retried
@transaction.atomic
def end_unit(unit: int, on: date, *, by: Officer) -> Unit:
    """Record since when the unit sends nobody any more.

    Raises NotAllowed; Refused while people of the unit serve, or when it has ended already;
    EntryRefused for a day to come.
    """
    row = _locked(unit, by)
    before = columns_of(row)
    if row.ended_on:
        raise Refused(_("This unit sends nobody any more already."), code="ended")
    if on > business_date():
        raise EntryRefused([("ended_on", _("this day lies in the future."))])
    serving = Term.everywhere.in_force(business_date()).filter(unit=row).count()
    if serving:
        text = _("People of this unit serve in villages: %(count)s. End their terms first.")
        raise Refused(text % {"count": serving}, code="unit_serves")
    row.ended_on = on
    _save_and_record(row, before, "end_unit", by)
    return row


@retried
@transaction.atomic
def resume_unit(unit: int, *, by: Officer) -> Unit:
    """Let an ended unit send people again. Raises NotAllowed; Refused for one that never ended."""
    row = _locked(unit, by)
    before = columns_of(row)
    if row.ended_on is None:
        raise Refused(_("This unit sends people as it is."), code="not_ended")
    row.ended_on = None
    _save_and_record(row, before, "resume_unit", by)
    return row


def columns_of(unit: Unit) -> dict[str, Any]:
    """The columns of a unit as the trace keeps them."""
    return {
        "name": unit.name,
        "level": unit.level,
        "kind": unit.kind,
        "counterpart": unit.counterpart_id,
        "ended_on": unit.ended_on.isoformat() if unit.ended_on else None,
    }


def _locked(unit: int, by: Officer) -> Unit:
    """The unit, locked, for whoever keeps its record. Raises NotAllowed."""
    posting = require(by, *UNIT_KEEPERS)
    row = Unit.everywhere.select_for_update().get(pk=unit)
    if row.division_id != posting.division_id:
        raise NotAllowed(_("Another office keeps the record of this unit."), code="outside_posting")
    return row


def _fill(unit: Unit, entry: UnitEntry, by: Officer) -> None:
    if entry.counterpart is not None:
        require_within(by, entry.counterpart.pk)
    unit.name, unit.level, unit.kind = entry.name.strip(), entry.level, entry.kind
    unit.counterpart = entry.counterpart
    refuse_invalid(unit)


def _save_and_record(unit: Unit, before: dict[str, Any], action: str, by: Officer) -> None:
    after = columns_of(unit)
    changed = {name for name in after if after[name] != before[name]}
    if not changed:
        return
    unit.version += 1
    _saved(unit)
    record(
        by=by,
        action=action,
        subject=unit,
        division=unit.division_id,
        before={name: before[name] for name in sorted(changed)},
        after={name: after[name] for name in sorted(changed)},
    )


def _saved(unit: Unit) -> None:
    """Save the unit; EntryRefused when another of its name was recorded in this moment."""
    try:
        with transaction.atomic():
            unit.save()
    except IntegrityError as error:
        if not isinstance(error.__cause__, UniqueViolation):
            raise
        raise EntryRefused([("name", _("this unit is recorded already."))]) from error


def _stale(unit: Unit, entry: UnitEntry) -> Stale:
    """What the record says by now where the entry says something else."""
    typed = Unit(name=entry.name, level=entry.level, kind=entry.kind, counterpart=entry.counterpart)
    rows = [
        (_("name"), typed.name, unit.name),
        (_("level"), typed.get_level_display(), unit.get_level_display()),
        (_("kind"), typed.get_kind_display(), unit.get_kind_display()),
        (_("place that it supports"), str(typed.counterpart or ""), str(unit.counterpart or "")),
    ]
    return Stale(
        _("Somebody changed this record meanwhile. Compare, then send it again."),
        details={
            "differences": [
                {"label": label, "before": before, "after": after}
                for label, before, after in rows
                if before != after
            ]
        },
    )
