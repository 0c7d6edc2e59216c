"""Values of households and members that the import has no column for, with their trace."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Q

from households.entry import fields
from households.entry.judged import Judged
from households.importing.copying import array_text, copy_in, hex_text
from households.importing.images import packed
from households.importing.saving import (
    REGISTER,
    TRACE_COLUMNS,
    Author,
    act_row,
    overwrite,
    renew,
)
from households.models import Household, Member
from households.models.households import BANK_FIELD
from households.models.members import ACTIVE
from trail.sealing import blind, seal

HOUSEHOLD_COLUMNS = ("address", "bank_name", "cause_text", "needs")
KEPT_COLUMNS = (*HOUSEHOLD_COLUMNS, "bank_account_sealed", "bank_account_blind")
MEMBER_COLUMNS = ("allowance", "out_of_school_reason")
ADDRESS_FIELD = "households.household.address"
BLANKS: Mapping[str, Any] = {"needs": [], "allowance": None}
Values = dict[str, Any]


def write_extras(entered: Sequence[tuple[int, Judged]], author: Author) -> None:
    """By (locked household, entry): bring households and members up to what was entered.

    A change leaves a trace row; a known household whose import columns stayed as they were gets
    its new version here.
    """
    columns = ("pk", "uuid", *KEPT_COLUMNS)
    rows = Household.everywhere.filter(pk__in=[key for key, _ in entered]).values(*columns)
    kept = {row["pk"]: row for row in rows}
    changed = {
        key: found for key, judged in entered if (found := _household_changes(kept[key], judged))
    }
    people = _member_changes(entered)
    known = {key: judged for key, judged in entered if judged.verdict and judged.verdict.known}
    copy_in(REGISTER.trace, TRACE_COLUMNS, [*_traced(kept, changed, people, known, author)])
    overwrite(
        REGISTER.member,
        ("id", *MEMBER_COLUMNS),
        [(key, *(after[name] for name in MEMBER_COLUMNS)) for _of, key, _b, after in people],
        "version = old.version + 1",
    )
    overwrite(
        REGISTER.household,
        ("id", *KEPT_COLUMNS),
        [(key, *_columns(kept[key], found)) for key, found in changed.items()],
        "updated_at = now()",
    )
    touched = changed.keys() | {key for key, *_rest in people}
    renew([key for key in touched & known.keys() if _is_unchanged(known[key])])


def _is_unchanged(judged: Judged) -> bool:
    return judged.verdict is not None and judged.verdict.kind == "unchanged"


def _household_changes(kept: Values, judged: Judged) -> dict[str, tuple[Any, Any]]:
    """Before and after of each column that the entry changes; the account as its sealed value."""
    given = {**judged.extras.get(fields.HOUSEHOLD, {}), **judged.extras.get(fields.CAUSES, {})}
    found = {}
    for name in HOUSEHOLD_COLUMNS:
        old, new = kept[name], given.get(name, BLANKS.get(name, ""))
        new = list(new) if name == "needs" else new
        if old != new:
            found[name] = (old, new)
    account = given.get("bank_account", "")
    if account and blind(account, field=BANK_FIELD) != kept["bank_account_blind"]:
        found["bank_account"] = (kept["bank_account_sealed"], account)
    return found


def _columns(kept: Values, changed: Mapping[str, tuple[Any, Any]]) -> list[Any]:
    """KEPT_COLUMNS of a household as they will be."""
    new = {name: kept[name] for name in KEPT_COLUMNS} | {n: new for n, (_, new) in changed.items()}
    account = new.pop("bank_account", None)
    if account:
        new["bank_account_sealed"] = seal(account, field=BANK_FIELD, row=kept["uuid"])
        new["bank_account_blind"] = blind(account, field=BANK_FIELD)
    new["needs"] = array_text(new["needs"])
    new["bank_account_sealed"] = hex_text(new["bank_account_sealed"])
    return [*new.values()]


People = list[tuple[int, int, Values, Values]]
"""Of members whose values differ: household, member, the values before and after."""


def _member_changes(entered: Sequence[tuple[int, Judged]]) -> People:
    """Active members, and those whose membership is over by the entry."""
    wanted: dict[tuple[Any, ...], Values] = {}
    past: set[str] = set()
    for household, judged in entered:
        verdict = judged.verdict
        people = verdict.people.members if verdict else ()
        for member, given in zip(people, judged.people, strict=True):
            values = {name: given.get(name, BLANKS.get(name, "")) for name in MEMBER_COLUMNS}
            end = [member.values[key] for key in ("member_end_reason", "member_end_date")]
            wanted[household, member.number, *end] = values
            past |= set() if member.active else {member.number}
    reached = ACTIVE | Q(person_number__in=past, withdrawn_at=None)
    found = []
    rows = Member.objects.filter(reached, household__in={key for key, *_rest in wanted})
    columns_of = ("household_id", "person_number", "end_reason", "end_date", "pk", *MEMBER_COLUMNS)
    for *place, key, allowance, reason in rows.order_by("pk").values_list(*columns_of):
        household = place[0]
        before = dict(zip(MEMBER_COLUMNS, (allowance, reason), strict=True))
        after = wanted.get(tuple(place), before)
        if after != before:
            found.append((household, key, before, after))
    return found


def _traced(
    kept: Mapping[int, Values],
    changed: Mapping[int, Mapping[str, tuple[Any, Any]]],
    people: People,
    known: Mapping[int, Judged],
    author: Author,
) -> Iterable[tuple[Any, ...]]:
    """A row for each changed member and household that was on record."""
    for household, key, before, after in people:
        if household in known:
            differing = [name for name in after if after[name] != before[name]]
            images = [{name: values[name] for name in differing} for values in (before, after)]
            place = known[household].entry.village
            yield act_row(author, Member._meta.label_lower, key, place, *images)
    for household, found in changed.items():
        if household in known:
            row, place = kept[household]["uuid"], known[household].entry.village
            images = [_images(found, row, side) for side in (0, 1)]
            yield act_row(author, Household._meta.label_lower, household, place, *images)


def _images(changed: Mapping[str, tuple[Any, Any]], row: uuid.UUID, side: int) -> Values:
    """The values of one side as the trace keeps them: address and account sealed."""
    found: Values = {}
    for name, values in changed.items():
        value = values[side]
        if name == "address":
            found[name] = {"sealed": packed(seal(value, field=ADDRESS_FIELD, row=row))}
        elif name == "bank_account":
            found[name] = {"sealed": packed(value)} if side == 0 else {"blind": True}
        else:
            found[name] = value
    return found
