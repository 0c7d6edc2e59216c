"""Values of household and members that the import has no column for, with their trace."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from households.entry import fields
from households.entry.judging import Judged
from households.importing.images import packed
from households.models import Household, Member
from households.models.households import BANK_FIELD
from officers.models import Officer
from trail.actions import record
from trail.sealing import blind, seal

HOUSEHOLD_COLUMNS = ("address", "bank_name", "cause_text", "needs")
MEMBER_COLUMNS = ("allowance", "out_of_school_reason")
ADDRESS_FIELD = "households.household.address"
BLANKS: Mapping[str, Any] = {"needs": [], "allowance": None}


def write_extras(household: Household, judged: Judged, *, by: Officer, act: str, door: str) -> None:
    """Bring the locked household and its members up to the entry; a change leaves a trace row.

    A known household whose import columns stayed as they were gets its new version here.
    """
    verdict = judged.verdict
    changed = _household_changes(household, judged)
    people = _member_changes(household, judged)
    for member, values in people:
        before = {name: getattr(member, name) for name in values}
        for name, value in values.items():
            setattr(member, name, value)
        member.version += 1
        member.save(update_fields=[*values, "version"])
        if verdict and verdict.known:
            record(
                by=by,
                action=act,
                subject=member,
                division=household.village_id,
                before=before,
                after=values,
                origin=door,
            )
    if not changed and not people:
        return
    _write_household(household, changed)
    if verdict and verdict.known:
        if verdict.kind == "unchanged":
            household.version += 1
            household.save(update_fields=["version"])
        if changed:
            record(
                by=by,
                action=act,
                subject=household,
                division=household.village_id,
                before=_images(changed, household.uuid, 0),
                after=_images(changed, household.uuid, 1),
                origin=door,
            )


def _household_changes(household: Household, judged: Judged) -> dict[str, tuple[Any, Any]]:
    """Before and after of each column that the entry changes; the account as its sealed value."""
    given = {**judged.extras.get(fields.HOUSEHOLD, {}), **judged.extras.get(fields.CAUSES, {})}
    found = {}
    for name in HOUSEHOLD_COLUMNS:
        old, new = getattr(household, name), given.get(name, BLANKS.get(name, ""))
        new = list(new) if name == "needs" else new
        if old != new:
            found[name] = (old, new)
    account = given.get("bank_account", "")
    if account and blind(account, field=BANK_FIELD) != household.bank_account_blind:
        found["bank_account"] = (household.bank_account_sealed, account)
    return found


def _write_household(household: Household, changed: Mapping[str, tuple[Any, Any]]) -> None:
    columns = ["updated_at"]
    household.updated_at = timezone.now()
    for name, (_old, new) in changed.items():
        if name == "bank_account":
            household.bank_account_sealed = seal(new, field=BANK_FIELD, row=household.uuid)
            household.bank_account_blind = blind(new, field=BANK_FIELD)
            columns += ["bank_account_sealed", "bank_account_blind"]
        else:
            setattr(household, name, new)
            columns.append(name)
    household.save(update_fields=columns)


def _member_changes(household: Household, judged: Judged) -> list[tuple[Member, dict[str, Any]]]:
    """The active members of the entry whose values differ, with the new values."""
    verdict = judged.verdict
    if verdict is None:
        return []
    numbers = [member.number for member in verdict.people.members]
    active = household.members.active().filter(person_number__in=numbers)
    rows = {member.person_number: member for member in active}
    found = []
    for number, given in zip(numbers, judged.people, strict=True):
        if number not in rows:
            continue
        wanted = {name: given.get(name, BLANKS.get(name, "")) for name in MEMBER_COLUMNS}
        values = {n: value for n, value in wanted.items() if getattr(rows[number], n) != value}
        if values:
            found.append((rows[number], values))
    return found


def _images(changed: Mapping[str, tuple[Any, Any]], row: uuid.UUID, side: int) -> dict[str, Any]:
    """The values of one side as the trace keeps them: address and account sealed."""
    found: dict[str, Any] = {}
    for name, values in changed.items():
        value = values[side]
        if name == "address":
            found[name] = {"sealed": packed(seal(value, field=ADDRESS_FIELD, row=row))}
        elif name == "bank_account":
            found[name] = {"sealed": packed(value)} if side == 0 else {"blind": True}
        else:
            found[name] = value
    return found
