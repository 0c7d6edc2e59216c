"""What a change of a household does to its help: it follows to the new village, or it ends."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import F

import teams.actions.following
from assistance.actions.items import end
from assistance.models import Delivery, Gap, Item, ItemStatus, Plan, StopReason
from assistance.queries.items import begun_of
from households.changing.procedure import APPROVED
from households.models import Household, HouseholdChange
from officers.models import Officer
from teams.queries.pairings import is_closed
from trail.actions import change_of, record, record_many
from trail.dates import business_date
from trail.transactions import retried
from workflow.models import Attachment, CaseEvent
from workflow.models.attachments import DELIVERY


@retried
@transaction.atomic
def advance_change(
    case_id: int,
    step: str,
    *,
    by: Officer,
    version: int,
    note: str = "",
    evidence: Mapping[str, Any] | None = None,
) -> CaseEvent:
    """Take a step of a change, and let the help follow what its approval did.

    A household that moved has its plans, measures, deliveries with their proofs and standing gaps
    in the new village, where its helper and its officers carry them on; the old one reads them no
    more. A measure for somebody who died or left, or of a household that is cancelled, is stopped
    if nothing of it was delivered or begun. One that was begun stays until it is ended on its page:
    a delivery of his days may still have to be recorded, a loan to be repaid. Searches for gaps
    name it until then, and the rules refuse deliveries of later days.
    Raises what `teams.actions.following.advance_change` raises.
    """
    event = teams.actions.following.advance_change(
        case_id, step, by=by, version=version, note=note, evidence=evidence
    )
    if event.to_state == APPROVED:
        change = HouseholdChange.objects.select_related("household").get(case_id=case_id)
        _move_along(change.household, by=by, origin=f"case:{case_id}")
        _stop_what_nobody_gets(change.household, by=by, origin=f"case:{case_id}")
    return event


def _move_along(household: Household, *, by: Officer, origin: str) -> None:
    """The household is locked by the step: whoever agrees on help for it waits."""
    village = household.village_id
    found = Plan.everywhere.select_for_update().filter(household=household)
    plans = list(found.exclude(village=village).order_by("pk"))
    if plans:
        items = Item.everywhere.filter(household=household).exclude(village=village)
        list(items.select_for_update(of=("self",)).order_by("pk"))
        deliveries = Delivery.everywhere.filter(item__household=household)
        uuids = [str(uuid) for uuid in deliveries.values_list("uuid", flat=True)]
        deliveries.exclude(village=village).update(village=village)
        items.update(village=village, version=F("version") + 1)
        keys = [one.pk for one in plans]
        Plan.everywhere.filter(pk__in=keys).update(village=village, version=F("version") + 1)
        proofs = Attachment.everywhere.filter(subject_kind=DELIVERY, subject_id__in=uuids)
        proofs.update(division=village)
    gaps = Gap.everywhere.standing().filter(household=household).exclude(village=village)
    gaps.update(village=village, version=F("version") + 1)
    record_many(
        change_of(
            by=by,
            action="move_plan",
            subject=one,
            division=village,
            before={"village": one.village_id},
            after={"village": village},
            origin=origin,
        )
        for one in plans
    )


def _stop_what_nobody_gets(household: Household, *, by: Officer, origin: str) -> None:
    live = Item.everywhere.live().filter(household=household)
    if not is_closed(household):
        live = live.filter(member__isnull=False).exclude(member__end_reason="")
    locked = live.select_for_update(of=("self",)).select_related("measure")
    for item in locked.order_by("pk"):
        begun = begun_of(item)
        if begun.is_anything:
            continue
        before = {"status": item.status}
        end(item, ItemStatus.STOPPED, business_date(), begun)
        item.stop_reason = StopReason.LEFT
        item.version += 1
        item.save()
        record(
            by=by,
            action="stop_measure",
            subject=item,
            division=item.village_id,
            before=before,
            after={"status": item.status, "stop_reason": item.stop_reason},
            origin=origin,
        )
