"""What waits for a county of the values that a system pushed: kept up to date by each push."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models.functions import Now

from exchange.comparing import Compared
from exchange.comparing import Difference as Differing
from exchange.items import Item
from exchange.meanings import END, JOIN, LINES, MEMBER, REASON, RETURN, VILLAGE
from exchange.models import Difference, DifferenceState, Push
from exchange.models.pushes import PUSHED, RECORDED
from exchange.records import Record
from exchange.rules import Fate
from exchange.sides import (
    Key,
    joining,
    key_of,
    key_of_row,
    names_of,
    packed,
    person_of,
    pushed_blind,
    recorded_text,
)
from trail.sealing import seal

STATES = {
    Fate.QUEUED: DifferenceState.OPEN,
    Fate.REFUSED: DifferenceState.REFUSED,
    Fate.OVERWRITES: DifferenceState.OVERWRITTEN,
}
AT_ONCE = 500


@dataclass
class Told:
    """What a push says of one household on record: each value that differs, with its fate."""

    item: Item
    record: Record
    compared: Compared
    fates: Sequence[tuple[Differing, Fate]]

    def spoken(self) -> set[Key]:
        """All places that the item speaks of, alike or not."""
        found: set[Key] = {("household", name, None, None, None) for name in self.item.values}
        found |= {("household", VILLAGE, None, None, None)} if self.item.village else set()
        for place, row in enumerate(self.item.members):
            if member := self.compared.members.get(place):
                found |= {(MEMBER, name, member.key, None, None) for name in (*row, END)}
            found.add((MEMBER, JOIN, None, person_of(row), None))
        found |= {(MEMBER, RETURN, key, None, None) for key in self.compared.spoken_of}
        for survey in self.item.surveys:
            names = [*survey.values, LINES, *(f"{REASON}{one}" for one in survey.reasons or {})]
            found |= {("survey", name, None, None, survey.year) for name in names}
        return found


def keep(push: Push, told: Collection[Told]) -> None:
    """Let wait what a push left undecided, and close what it made outdated.

    The households are locked. A value that waits already stays as it is; one over which another was
    pushed since, or that does not differ any more, is outdated.
    """
    standing: dict[int, dict[Key, Difference]] = {}
    rows = Difference.objects.waiting().filter(
        client_id=push.client_id, household_id__in=[one.record.key for one in told]
    )
    for row in rows.select_for_update(of=("self",)):
        standing.setdefault(row.household_id, {})[key_of_row(row)] = row
    _lapse(push, told)
    gone: list[int] = []
    fresh: list[Difference] = []
    for one in told:
        waiting = standing.get(one.record.key, {})
        spoken = one.spoken() if waiting else set()
        people = {name for row in one.item.members for name in names_of(row)} if waiting else set()
        rest = {
            key: row
            for key, row in waiting.items()
            if key in spoken or (row.field == JOIN and people & names_of(joining(row)))
        }
        for differing, fate in one.fates:
            key = key_of(differing)
            known = rest.get(key)
            state = _state(fate, known)
            if known and state == known.state and known.pushed_blind == pushed_blind(differing):
                del rest[key]
            elif state is not None:
                gone += [rest.pop(key).pk] if known else []
                fresh.append(_row(push, one.record, differing, state, known))
        gone += [row.pk for row in rest.values() if not _stands(row)]
    Difference.objects.filter(pk__in=gone).update(state=DifferenceState.OUTDATED)
    Difference.objects.bulk_create(fresh, batch_size=AT_ONCE)


def _lapse(push: Push, told: Collection[Told]) -> None:
    """Let decisions go for values of which the system says by now what is on record."""
    by_household = {one.record.key: one for one in told}
    kept = Difference.objects.filter(
        client_id=push.client_id,
        household_id__in=by_household,
        state=DifferenceState.KEPT,
        lapsed_at=None,
    )
    agreed: dict[int, set[Key]] = {}
    gone = []
    for row in kept:
        if row.household_id not in agreed:
            one = by_household[row.household_id]
            agreed[row.household_id] = one.spoken() - {key_of(each) for each, _fate in one.fates}
        if key_of_row(row) in agreed[row.household_id]:
            gone.append(row.pk)
    Difference.objects.filter(pk__in=gone).update(lapsed_at=Now())


def _stands(row: Difference) -> bool:
    """Whether it waits although record and push are alike: that is how it came to be."""
    return row.state == DifferenceState.OVERWRITTEN


def _state(fate: Fate, known: Difference | None) -> str | None:
    """How a value is to wait; None where it does not.

    What was overwritten stays to be taken back, whatever the system pushes after it.
    """
    if fate == Fate.KEPT:
        return None
    if known and known.state == DifferenceState.OVERWRITTEN:
        return DifferenceState.OVERWRITTEN
    return STATES.get(fate)


def _row(
    push: Push, record: Record, one: Differing, state: str, known: Difference | None
) -> Difference:
    row = uuid.uuid4()
    is_further = known is not None and known.state == DifferenceState.OVERWRITTEN
    recorded = recorded_text(known) if known and is_further else packed(one.recorded)
    return Difference(
        uuid=row,
        push=push,
        client_id=push.client_id,
        household_id=record.key,
        member_id=one.member,
        person=person_of(one.pushed) if one.name == JOIN else None,
        year=one.year,
        kind=one.kind,
        field=one.name,
        group=one.group,
        state=state,
        recorded_sealed=seal(recorded, field=RECORDED, row=row),
        pushed_sealed=seal(packed(one.pushed), field=PUSHED, row=row),
        pushed_blind=pushed_blind(one),
    )
