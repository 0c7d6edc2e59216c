"""What a change of a household does to those who help it: their pairing follows, or ends."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import F

from households.actions import changes
from households.changing.procedure import APPROVED
from households.models import Household, HouseholdChange
from officers.models import Officer
from teams.actions.pairing_rows import begin, end, move
from teams.models import Cadre, Pairing, Task
from teams.queries.pairings import free_places, helper_of, is_closed
from trail.actions import change_of, record_many
from trail.dates import business_date
from trail.transactions import retried
from workflow.models import CaseEvent

SPLIT, RELOCATION = "split", "relocation"


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
    """Take a step of a change, and let the helper and the tasks follow what its approval did.

    A household that moved keeps its helper and its open tasks in the new village; one that split
    off gets the same helper if he has a place left; one that is cancelled has none any more.
    Raises what `changes.advance` raises.
    """
    event = changes.advance(case_id, step, by=by, version=version, note=note, evidence=evidence)
    if event.to_state == APPROVED:
        _follow(HouseholdChange.objects.select_related("household").get(case_id=case_id), by)
    return event


def _follow(change: HouseholdChange, by: Officer) -> None:
    household, origin = change.household, f"case:{change.case_id}"
    today = business_date()
    ahead = Pairing.everywhere.filter(household=household).exclude(last_day__lt=today)
    if is_closed(household):
        end_pairings(household, by=by, origin=origin)
    elif change.kind == RELOCATION:
        move(ahead, household.village_id, by=by, origin=origin)
        _move_tasks(household, by, origin)
    elif change.kind == SPLIT:
        _share_helper(household, by, origin)


@transaction.atomic
def end_pairings(household: Household, *, by: Officer, origin: str) -> None:
    """End the help of a locked household that is closed, today; `origin` goes into the trace."""
    today = business_date()
    ahead = Pairing.everywhere.filter(household=household).exclude(last_day__lt=today)
    end(ahead, last_day=today, reason=Pairing.EndReason.HOUSEHOLD, by=by, origin=origin)


def _move_tasks(household: Household, by: Officer, origin: str) -> None:
    """Open tasks about the household are for its new village."""
    village = household.village_id
    rows = Task.everywhere.open().filter(household=household).exclude(village=village)
    tasks = list(rows.select_for_update(no_key=True).order_by("pk"))
    Task.everywhere.filter(pk__in=[one.pk for one in tasks]).update(
        village=village, version=F("version") + 1
    )
    record_many(
        change_of(
            by=by,
            action="move_task",
            subject=one,
            division=village,
            before={"village": one.village_id},
            after={"village": village},
            origin=origin,
        )
        for one in tasks
    )


def _share_helper(household: Household, by: Officer, origin: str) -> None:
    """The household that just split off gets the helper of this one, if he has a place left."""
    today = business_date()
    pairing = helper_of(household, today)
    fresh = Household.everywhere.filter(split_from=household).order_by("-pk").first()
    if pairing is None or fresh is None or is_closed(fresh):
        return
    rows = Cadre.everywhere.select_for_update(no_key=True)
    helper = rows.get(pk=pairing.cadre_id)
    if free_places([helper], today)[helper.pk] > 0:
        shared = Pairing(
            cadre=helper,
            household=fresh,
            village_id=fresh.village_id,
            starts_on=today,
            last_day=pairing.last_day,
            end_reason=pairing.end_reason,
            paired_by=by,
        )
        begin([shared], by=by, origin=origin)
