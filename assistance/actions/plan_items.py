"""Measures of a draft: added, changed, taken out; agreed ones changed by one that replaces them."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from assistance.actions.claims import told
from assistance.actions.planning import (
    amended,
    draft_under_lock,
    locked_plan,
    refuse_without,
)
from assistance.models import Item, ItemStatus, Measure, Plan
from assistance.models.plans import LIVE
from assistance.queries.catalogue import catalogue_of
from assistance.queries.items import begun_of
from assistance.queries.plans import responsible_for
from assistance.queries.sheets import judge
from assistance.refusals import said
from assistance.rules.delivering import running_faults
from assistance.rules.measures import Unit
from officers.models import Officer
from teams.refusals import EntryRefused
from trail.actions import record
from trail.dates import business_date
from trail.errors import Refused, Stale
from trail.transactions import retried


@dataclass(frozen=True)
class ItemEntry:
    """A measure as it was entered. `planned` is yuan for the year; `member` whom it is for, of a
    measure for a person; `responsible` the key of a cadre."""

    code: str
    planned: Decimal
    starts_on: date
    due_on: date
    member: int | None = None
    content: str = ""
    funding: str = ""
    responsible: int | None = None
    confirmed: bool = False


@retried
@transaction.atomic
def add_item(plan_id: int, entry: ItemEntry, *, by: Officer, version: int) -> Item:
    """Put a measure into a draft; `version` is that of the plan's case as it was seen.

    Raises NotAllowed, Stale; EntryRefused with every fault at its field; Refused where nothing is
    being drafted.
    """
    plan = locked_plan(plan_id, by=by)
    case = draft_under_lock(plan, version)
    item = Item(plan=plan, village_id=plan.village_id, household=plan.household)
    _write(item, entry)
    item.save(force_insert=True)
    _refuse_faults(plan, item)
    note = _("Added: %(measure)s") % {"measure": item.measure.name}
    amended(plan, case, note, by=by)
    _trace(item, "add_measure", by=by)
    return item


@retried
@transaction.atomic
def change_item(item_id: int, entry: ItemEntry, *, by: Officer, version: int, reason: str) -> Item:
    """Change a measure of a draft; its code stays. Raises what `add_item` does."""
    plan = locked_plan(_plan_of(item_id), by=by)
    case = draft_under_lock(plan, version)
    refuse_without(reason)
    item = _locked_item(item_id)
    _refuse_unless_draft(item)
    before = told(item)
    _write(item, entry)
    item.version += 1
    item.save()
    _refuse_faults(plan, item)
    amended(plan, case, reason, by=by)
    _trace(item, "change_measure", by=by, before=before, reason=reason)
    return item


@retried
@transaction.atomic
def drop_item(item_id: int, *, by: Officer, version: int, reason: str) -> Item:
    """Take a measure out of a draft. Raises NotAllowed, Stale, EntryRefused without a reason."""
    plan = locked_plan(_plan_of(item_id), by=by)
    case = draft_under_lock(plan, version)
    refuse_without(reason)
    item = _locked_item(item_id)
    _refuse_unless_draft(item)
    before = told(item)
    item.status = ItemStatus.DROPPED
    item.version += 1
    item.save()
    amended(plan, case, reason, by=by)
    _trace(item, "drop_measure", by=by, before=before, reason=reason)
    return item


@retried
@transaction.atomic
def replace_item(item_id: int, entry: ItemEntry, *, by: Officer, version: int, reason: str) -> Item:
    """Draft another measure in the place of an agreed one, which ends when the change is approved.

    Raises what `add_item` raises; Refused for a measure that ended, is replaced already, or of
    which a loan, a post or a delivery still runs.
    """
    plan = locked_plan(_plan_of(item_id), by=by)
    case = draft_under_lock(plan, version)
    refuse_without(reason)
    old = _locked_item(item_id)
    if old.status not in LIVE:
        raise Refused(_("This measure ended. Add a new one instead."), code="not_live")
    if plan.items.filter(carried_from=old, status=ItemStatus.DRAFT).exists():
        raise Refused(
            _("Another measure of the draft comes in its place already. Change that one."),
            code="replaced",
        )
    if faults := running_faults(begun_of(old), business_date()):
        raise Refused(" ".join(said(fault) for fault in faults), code="running")
    item = Item(plan=plan, village_id=plan.village_id, household=plan.household, carried_from=old)
    _write(item, entry)
    item.save(force_insert=True)
    _refuse_faults(plan, item)
    amended(plan, case, reason, by=by)
    _trace(item, "replace_measure", by=by, before=told(old), reason=reason)
    return item


def _plan_of(item_id: int) -> int:
    return Item.everywhere.values_list("plan_id", flat=True).get(pk=item_id)


def _locked_item(item_id: int) -> Item:
    found = Item.everywhere.select_for_update(of=("self",)).select_related("measure", "plan")
    return found.get(pk=item_id)


def _refuse_unless_draft(item: Item) -> None:
    if item.status == ItemStatus.DROPPED:
        raise Stale(_("This measure was taken out of the draft meanwhile."))
    if item.status != ItemStatus.DRAFT:
        raise Refused(
            _("This measure is agreed. In a change, replace it; or stop it with a reason."),
            code="agreed",
        )


def _write(item: Item, entry: ItemEntry) -> None:
    """Put the entry into a draft, which the caller saves. Raises EntryRefused."""
    plan = item.plan
    measure = catalogue_of(plan.village_id, plan.year).get(item.code or entry.code)
    if measure is None:
        text = _("This measure is not offered here in this year. Choose another.")
        raise EntryRefused([("code", text)])
    faults = _misfits(plan, measure, item, entry)
    if entry.due_on < entry.starts_on:
        faults.append(("due_on", _("The due day lies before the start.")))
    if faults:
        raise EntryRefused(faults)
    item.measure, item.code = measure, measure.code
    item.category, item.unit = measure.category, measure.unit
    item.member_id = entry.member
    item.content, item.planned, item.funding = entry.content, entry.planned, entry.funding
    item.responsible_id = entry.responsible
    item.starts_on, item.due_on = entry.starts_on, entry.due_on
    item.confirmed = entry.confirmed


def _misfits(plan: Plan, measure: Measure, item: Item, entry: ItemEntry) -> list[tuple[str, str]]:
    faults = []
    if (measure.unit == Unit.VILLAGE) != plan.is_of_village:
        text = _("This measure is for another kind of plan. Choose one of the list.")
        faults.append(("code", text))
    elif (measure.unit == Unit.PERSON) != (entry.member is not None):
        faults.append(("member", _("Choose the member whom the measure is for.")))
    elif entry.member is not None and item.member_id != entry.member:
        here = plan.household.members.active() if plan.household else None
        if here is None or not here.filter(pk=entry.member).exists():
            text = _("Choose a member who belongs to the household now.")
            faults.append(("member", text))
    if entry.planned < 0:
        faults.append(("planned", _("An amount is zero or more.")))
    known = {cadre.pk for cadre in responsible_for(plan)} | {item.responsible_id, None}
    if entry.responsible not in known:
        faults.append(("responsible", _("Choose who helps here.")))
    return faults


def _refuse_faults(plan: Plan, item: Item) -> None:
    """EntryRefused for what stands against this measure, together with all that is agreed."""
    faults = [one for one in judge(plan).faults if one.item == item.pk]
    if faults:
        raise EntryRefused([(one.field, _(one.text) % one.values) for one in faults])


def _trace(
    item: Item, action: str, *, by: Officer, before: dict | None = None, reason: str = ""
) -> None:
    record(
        by=by,
        action=action,
        subject=item,
        division=item.village_id,
        before=before,
        after=told(item),
        reason=reason.strip(),
    )
