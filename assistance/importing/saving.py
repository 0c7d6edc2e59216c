"""Writing the sound rows of measures: set by set, each with its line in the trace."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from assistance.actions.claims import told
from assistance.actions.delivering import Entry, deliver
from assistance.importing.judging import Verdict
from assistance.models import (
    Delivery,
    DeliveryKind,
    DeliverySource,
    Item,
    ItemStatus,
    Measure,
    Origin,
    Plan,
)
from assistance.queries.sheets import content_digest
from assistance.rules.delivering import Begun, claims_kept
from assistance.rules.measures import Repeats
from assistance.rules.planning import claims_of
from households.models import Household
from officers.models import Officer
from teams.importing.judging import Kind
from teams.models import Pairing
from trail.actions import change_of
from trail.dates import business_date
from trail.models import Change

ORIGIN = "measure import"
AT_ONCE = 1000
PlanKey = tuple[int, int]


@dataclass
class Saved:
    """What was written."""

    plans: int = 0
    measures: int = 0
    changed: int = 0
    deliveries: int = 0


def save(verdicts: Sequence[Verdict], *, by: Officer) -> Saved:
    """Write what these sound rows bring. Within a transaction that holds the locks."""
    new = [one for one in verdicts if one.kind == Kind.NEW]
    changes: list[Change] = []
    plans, made = _plans(new, by, changes)
    items = [_item(one, plans) for one in new]
    Item.everywhere.bulk_create(items, batch_size=AT_ONCE)
    changes += [_change(by, "import_measure", one, after=told(one)) for one in items]
    deliveries = [
        _delivery(item, one, by)
        for item, one in zip(items, new, strict=True)
        if one.handed is not None
    ]
    Delivery.everywhere.bulk_create(deliveries, batch_size=AT_ONCE)
    changes += [_change(by, "record_delivery", one, after=_handed(one)) for one in deliveries]
    Change.objects.bulk_create(changes, batch_size=AT_ONCE)
    more = _save_changed([one for one in verdicts if one.kind == Kind.CHANGED], by)
    changed = sum(one.kind == Kind.CHANGED for one in verdicts)
    return Saved(made, len(items), changed, len(deliveries) + more)


def _plans(
    new: Iterable[Verdict], by: Officer, changes: list[Change]
) -> tuple[dict[PlanKey, Plan], int]:
    """The plan of each household and year that the rows name, and how many were missing."""
    homes: dict[int, Household] = {}
    wanted: dict[PlanKey, Household] = {}
    for one in new:
        if one.household is not None:
            homes[one.household.pk] = one.household
            wanted[one.household.pk, one.row.values["year"]] = one.household
    known = Plan.everywhere.select_for_update(of=("self",)).filter(household__in=homes)
    plans = {(plan.household_id or 0, plan.year): plan for plan in known.order_by("pk")}
    changes += _agreed([plan for key, plan in plans.items() if key in wanted], by)
    helpers = dict(
        Pairing.everywhere.in_force(business_date())
        .filter(household__in=homes)
        .values_list("household_id", "cadre_id")
    )
    missing = [
        Plan(
            household=home,
            village_id=home.village_id,
            year=year,
            helper_id=helpers.get(home.pk),
            approved_on=business_date(),
            created_by=by,
        )
        for (_key, year), home in wanted.items()
        if (home.pk, year) not in plans
    ]
    Plan.everywhere.bulk_create(missing, batch_size=AT_ONCE)
    changes += [_change(by, "import_plan", one, after=_told(one)) for one in missing]
    plans |= {(one.household_id or 0, one.year): one for one in missing}
    return plans, len(missing)


def _agreed(plans: Iterable[Plan], by: Officer) -> list[Change]:
    """Let plans of years that are over, which nobody agreed on, count as agreed from today."""
    waiting = [plan for plan in plans if plan.approved_on is None]
    for plan in waiting:
        plan.approved_on = business_date()
        plan.version += 1
        plan.save(update_fields=["approved_on", "version"])
    before = {"approved_on": None}
    return [_change(by, "import_plan", one, before=before, after=_told(one)) for one in waiting]


def _told(plan: Plan) -> dict[str, Any]:
    return {"year": plan.year, "approved_on": str(plan.approved_on)}


def _item(verdict: Verdict, plans: dict[PlanKey, Plan]) -> Item:
    household, measure, values = verdict.household, verdict.measure, verdict.row.values
    if household is None or measure is None:
        raise ValueError("a sound row without household or measure")
    plan, status = plans[household.pk, values["year"]], verdict.status
    delivered = values.get("delivered", Decimal(0)) if verdict.handed is not None else Decimal(0)
    group, once = _claims(verdict, measure, plan.year)
    return Item(
        plan=plan,
        village_id=household.village_id,
        household=household,
        member=verdict.member,
        measure=measure,
        code=measure.code,
        category=measure.category,
        unit=measure.unit,
        content=values.get("content", ""),
        planned=values["planned"],
        delivered=delivered,
        funding=values.get("funding", ""),
        responsible_id=plan.helper_id,
        starts_on=values["starts_on"],
        due_on=values["due_on"],
        status=status,
        origin=Origin.IMPORTED,
        confirmed=True,
        group_claim=group,
        once_claim=once,
        agreed_on=min(values["starts_on"], business_date()),
        ended_on=values["delivered_on"] if status == ItemStatus.DONE else None,
    )


def _claims(verdict: Verdict, measure: Measure, year: int) -> tuple[str, str]:
    group, once = claims_of(measure.terms, year)
    if verdict.status != ItemStatus.DONE:
        return group, once
    kept = claims_kept(ItemStatus.DONE, Repeats(measure.repeats), Begun(deliveries=1))
    return group if kept[0] else "", once if kept[1] else ""


def _delivery(item: Item, verdict: Verdict, by: Officer) -> Delivery:
    amount = verdict.handed or Decimal(0)
    return Delivery(
        item=item,
        village_id=item.village_id,
        number=1,
        day=verdict.row.values["delivered_on"],
        kind=DeliveryKind.CASH if amount else DeliveryKind.SERVICE,
        amount=amount,
        source=DeliverySource.FILE,
        recorded_by=by,
    )


def _handed(delivery: Delivery) -> dict[str, Any]:
    return {
        "item": str(delivery.item.uuid),
        "number": delivery.number,
        "day": delivery.day.isoformat(),
        "kind": delivery.kind,
        "amount": str(delivery.amount),
    }


def _save_changed(verdicts: Iterable[Verdict], by: Officer) -> int:
    """Describe agreed measures anew and record what more was delivered; how many deliveries."""
    deliveries = 0
    for one in verdicts:
        if one.item is None:
            continue
        item = Item.everywhere.select_for_update(of=("self",)).select_related(
            "plan", "measure", "member", "household"
        ).get(pk=one.item.pk)  # fmt: skip
        if one.changes:
            before = _traced({name: getattr(item, name) for name in one.changes})
            for name, value in one.changes.items():
                setattr(item, name, value)
            item.version += 1
            item.save(update_fields=[*one.changes, "version"])
            _change(by, "describe_measure", item, before=before, after=_traced(one.changes)).save()
        if one.handed is not None:
            day = one.row.values["delivered_on"]
            entry = Entry(day, amount=one.handed, source=DeliverySource.FILE, finishes=one.finishes)
            deliver(item, entry, by=by)
            deliveries += 1
    return deliveries


def _traced(values: Mapping[str, Any]) -> dict[str, Any]:
    """Columns of a measure as the trace keeps them: no free words."""
    return {
        name: content_digest(value) if name == "content" else value
        for name, value in values.items()
    }


def _change(
    by: Officer,
    action: str,
    subject: Any,
    *,
    after: dict[str, Any],
    before: dict[str, Any] | None = None,
) -> Change:
    return change_of(
        by=by,
        action=action,
        subject=subject,
        division=subject.village_id,
        before=before,
        after=after,
        origin=ORIGIN,
    )
