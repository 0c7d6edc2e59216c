"""A county clerk decides what a system's values are to be: theirs or ours, one by one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from exchange.comparing import Compared
from exchange.comparing import Difference as Differing
from exchange.items import Item
from exchange.meanings import END, JOIN, MEMBER, RETURN, VILLAGE
from exchange.meeting import KEYS
from exchange.merging import Applied, known_household
from exchange.models import Difference, DifferenceState
from exchange.models.pushes import RECORDED
from exchange.queries.differences import Side, sides_of
from exchange.records import Record, records_of
from exchange.rights import DECIDERS
from exchange.sides import packed
from households.actions.quality import recheck
from households.entry.judged import EntryFault
from households.entry.many import enter_many
from households.entry.saving import locked, refuse_cancelled, refuse_moved
from households.models import Household
from officers.models import Officer
from officers.rights import require
from trail.actions import change_of, record, record_many
from trail.dates import business_date
from trail.errors import Refused, Stale
from trail.sealing import seal
from trail.transactions import retried

ACT = "decide_difference"


class Choice(StrEnum):
    """Whose value is to hold."""

    THEIRS = "theirs"
    OURS = "ours"


STATE_OF = {Choice.THEIRS: DifferenceState.TAKEN, Choice.OURS: DifferenceState.KEPT}


class DifferencesRefused(Refused):
    """What was chosen cannot be written; `faults` say why, by difference (None: by none)."""

    code = "difference_refused"

    def __init__(self, faults: Iterable[tuple[int | None, str]]):
        super().__init__(_("Nothing was written. Look at what is marked, then choose again."))
        self.faults = list(faults)


@dataclass
class _Writing:
    """The values that are to be written, at their places of an item."""

    item: Item = field(default_factory=lambda: Item(0))
    compared: Compared = field(default_factory=Compared)
    applied: Applied = field(default_factory=Applied)
    rows: dict[tuple[Any, ...], int] = field(default_factory=dict)
    """Kind, name, place and year → the difference whose value stands there."""


@retried
@transaction.atomic
def decide_differences(
    household: Household, choices: Mapping[int, Choice], *, version: int, by: Officer
) -> int:
    """Decide these differences of a household; returns how many values were written.

    `version` is the one that the clerk saw. Theirs of a value that waits is written; so is ours of
    one that was overwritten. A difference that is none any more is outdated. Raises NotAllowed;
    Stale when the household or a difference changed meanwhile; DifferencesRefused.
    """
    require(by, *DECIDERS, code=household.village_id)
    kept = locked(household.number)
    refuse_cancelled(kept)
    refuse_moved(kept, version)
    rows = _waiting(kept, choices)
    years = {row.year for row in rows if row.year is not None}
    known = records_of([kept.number], years)[kept.number]
    sides = sides_of(known, rows)
    writing = _writing(sides, choices)
    if writing.rows:
        _write(writing, known, by)
    _conclude(sides, choices, by)
    return len(writing.rows)


@transaction.atomic
def reveal_numbers(household: Household, *, by: Officer, reason: str) -> None:
    """Record that the numbers of a household's differences are shown in full. Raises NotAllowed."""
    require(by, *DECIDERS, code=household.village_id)
    record(
        by=by,
        action="reveal_differences",
        subject=household,
        division=household.village_id,
        reason=reason,
    )


def _waiting(household: Household, choices: Mapping[int, Choice]) -> list[Difference]:
    found = Difference.objects.waiting().filter(household=household, pk__in=choices)
    rows = list(found.select_for_update(of=("self",)).order_by("pk"))
    if len(rows) < len(choices):
        raise Stale(
            _("Some of this was decided or pushed anew meanwhile. Look again, then choose."),
            code="decided_meanwhile",
        )
    return rows


def _value(side: Side, choice: Choice) -> Any:
    """What is to be written; None where the record has it."""
    was_overwritten = side.row.state == DifferenceState.OVERWRITTEN
    if side.is_alike or (choice == Choice.THEIRS) == was_overwritten:
        return None
    return side.theirs if choice == Choice.THEIRS else side.ours


def _writing(sides: Iterable[Side], choices: Mapping[int, Choice]) -> _Writing:
    writing = _Writing()
    places: dict[int, int] = {}
    faults: list[tuple[int | None, str]] = []
    for side in sides:
        row = side.row
        value = _value(side, choices[row.pk])
        if value is None:
            continue
        if row.field == VILLAGE:
            faults.append((row.pk, _("A household moves by a change. Report its relocation.")))
        place = None
        if row.kind == MEMBER:
            own = None if row.field == RETURN else row.member_id
            place = places.setdefault(own or -row.pk, len(places))
            if side.member:
                writing.compared.members[place] = side.member
        one = Differing(
            row.kind, row.field, "", "", value, member=row.member_id, place=place, year=row.year
        )
        at = (row.kind, row.field, place, row.year)
        if at in writing.rows:
            faults.append((row.pk, _("Two systems differ here. Take the value of one of them.")))
        if row.field == JOIN and place is not None and any(map(value.get, KEYS)):
            writing.compared.strangers.add(place)
        if row.member_id and side.member is None:
            faults.append((row.pk, _("This person is not on record here any more. Keep ours.")))
        writing.rows[at] = row.pk
        writing.applied.add(one)
    if faults:
        raise DifferencesRefused(faults)
    return writing


def _write(writing: _Writing, known: Record, by: Officer) -> None:
    """Write the chosen values by the kernel of all entries."""
    made = known_household(
        writing.item,
        known,
        writing.compared,
        writing.applied,
        village=known.village,
        year=business_date().year,
    )
    numbers = ",".join(str(key) for key in sorted(writing.rows.values()))
    (outcome,) = enter_many([made.bundle], by=by, act=ACT, door=f"difference:{numbers}")
    if outcome.faults:
        years = [entry.year for entry in made.bundle.entries]
        raise DifferencesRefused(
            (_row_of(writing, fault, made.rows, years[place]), fault.sentence)
            for place, fault in outcome.faults
        )
    for entry in made.bundle.entries:
        recheck([known.key], year=entry.year)


def _row_of(writing: _Writing, fault: EntryFault, rows: Mapping[int, int], year: int) -> int | None:
    """The difference at whose value a fault stands."""
    name = fault.name.removeprefix("reason_")
    place = rows.get(fault.row) if fault.step == "members" and fault.row is not None else None
    for (kind, field_name, at, of), key in writing.rows.items():
        is_there = at == place if kind == MEMBER else of in (None, year)
        named = field_name in (name, fault.name, f"reasons.{name}")
        if is_there and (named or (kind == MEMBER and field_name in (JOIN, RETURN, END))):
            return key
    return None


def _conclude(sides: Iterable[Side], choices: Mapping[int, Choice], by: Officer) -> None:
    """Mark what was decided, on the sides as they are now, with a trace row each."""
    changes, now = [], timezone.now()
    for side in sides:
        row, choice = side.row, choices[side.row.pk]
        if side.is_alike:
            row.state = DifferenceState.OUTDATED
        else:
            row.state, row.decided_by, row.decided_at = STATE_OF[choice], by, now
            row.recorded_sealed = seal(packed(side.ours), field=RECORDED, row=row.uuid)
        changes.append(
            change_of(
                by=by,
                action=ACT,
                subject=row,
                division=row.household.village_id,
                after={"field": row.field, "state": str(row.state)},
                origin=f"push:{row.push_id}",
            )
        )
    Difference.objects.bulk_update(
        [side.row for side in sides], ["state", "decided_by", "decided_at", "recorded_sealed"]
    )
    record_many(changes)
