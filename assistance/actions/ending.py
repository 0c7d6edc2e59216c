"""Ending a measure: done, or stopped with the reason."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from assistance.actions.items import end, locked_live, refuse_stale, save, trace
from assistance.models import Item, ItemStatus, StopReason
from assistance.queries.items import agreed_of, begun_of
from assistance.refusals import refuse
from assistance.rules.delivering import day_fault, finish_faults, running_faults
from officers.models import Officer
from teams.refusals import EntryRefused
from trail.dates import business_date
from trail.transactions import retried


@retried
@transaction.atomic
def finish(item_id: int, day: date, *, by: Officer, version: int) -> Item:
    """Let a measure be done on `day`, also with less than was planned.

    Raises NotAllowed, Stale; Refused for one that is not live; EntryRefused where nothing was
    delivered, a loan is owed, a post or course runs on, or a relocation is not at its end.
    """
    item = locked_live(item_id, by=by)
    refuse_stale(version, item.version)
    begun = begun_of(item)
    faults = [day_fault(agreed_of(item), day, business_date(), "day")]
    refuse([*faults, *finish_faults(begun, day)])
    before = {"status": item.status}
    end(item, ItemStatus.DONE, day, begun)
    save(item)
    after = {"status": item.status, "ended_on": day.isoformat(), "delivered": str(item.delivered)}
    trace(item, "finish_measure", by=by, before=before, after=after)
    return item


@dataclass(frozen=True)
class Stop:
    """Why a measure ends before it is done, on which day, in some words."""

    reason: str
    day: date
    note: str = ""


@retried
@transaction.atomic
def stop(item_id: int, wanted: Stop, *, by: Officer, version: int) -> Item:
    """Stop a measure; what was delivered stays. What never began claims nothing any more.

    Raises NotAllowed, Stale; Refused for one that is not live; EntryRefused without a reason, or
    while a loan is owed or a post runs on.
    """
    item = locked_live(item_id, by=by)
    refuse_stale(version, item.version)
    begun = begun_of(item)
    faults = [day_fault(agreed_of(item), wanted.day, business_date(), "day")]
    refuse([*faults, *running_faults(begun, wanted.day)])
    _refuse_wordless(wanted)
    before = {"status": item.status}
    end(item, ItemStatus.STOPPED, wanted.day, begun)
    item.stop_reason, item.stop_note = wanted.reason, wanted.note.strip()
    save(item)
    after = {
        "status": item.status,
        "stop_reason": item.stop_reason,
        "ended_on": wanted.day.isoformat(),
        "delivered": str(item.delivered),
    }
    trace(item, "stop_measure", by=by, before=before, after=after, reason=item.stop_note)
    return item


def _refuse_wordless(wanted: Stop) -> None:
    if wanted.reason not in StopReason.values:
        raise EntryRefused([("reason", _("Choose why it is stopped."))])
    if wanted.reason == StopReason.OTHER and not wanted.note.strip():
        raise EntryRefused([("note", _("Say in some words why it is stopped."))])
