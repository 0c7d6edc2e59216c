"""Dividing a measure into instalments, each with its day."""

from collections.abc import Sequence

from django.db import transaction

from assistance.actions.items import locked_live, refuse_stale, save, trace
from assistance.models import Instalment
from assistance.queries.items import agreed_of, parts_of
from assistance.refusals import said
from assistance.rules.delivering import Part, instalment_faults
from officers.models import Officer
from teams.refusals import EntryRefused
from trail.transactions import retried


@retried
@transaction.atomic
def set_instalments(
    item_id: int, parts: Sequence[Part], *, by: Officer, version: int
) -> list[Instalment]:
    """Put these instalments in the place of those before; none: all is due on the measure's day.

    Deliveries fill them in their order, whenever they were set. Raises NotAllowed, Stale; Refused
    for a measure that is not live; EntryRefused with the faults at "due_on1", "amount1" and so on,
    "" for all together.
    """
    item = locked_live(item_id, by=by)
    refuse_stale(version, item.version)
    found = instalment_faults(agreed_of(item), parts, item.starts_on)
    if found:
        raise EntryRefused(
            [(f"{one.field}{number}" if number else "", said(one)) for number, one in found]
        )
    before = _told(parts_of(item))
    Instalment.objects.filter(item=item).delete()
    rows = Instalment.objects.bulk_create(
        Instalment(item=item, number=number, due_on=part.due_on, amount=part.amount)
        for number, part in enumerate(parts, start=1)
    )
    save(item)
    trace(
        item,
        "set_instalments",
        by=by,
        before={"instalments": before},
        after={"instalments": _told(parts)},
    )
    return rows


def _told(parts: Sequence[Part]) -> list[list[str]]:
    return [[part.due_on.isoformat(), str(part.amount)] for part in parts]
