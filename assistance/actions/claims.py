"""What agreed measures claim for their household, and how a claim begins and ends.

The caller holds the lock of the household, or of the plan of a village: then the rules see all
that is agreed. The constraints of the database stand behind them for whoever writes without it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from assistance.actions.items import CLAIMS, end, trace
from assistance.models import Item, ItemStatus, Measure, Plan, StopReason
from assistance.queries.items import begun_of
from assistance.rules.planning import claims_of
from households.models import Household
from officers.models import Officer
from trail.dates import business_date
from trail.errors import Refused


def locked_household(household_id: int) -> Household:
    """The household, locked: the first lock of every act that agrees on help."""
    return Household.everywhere.select_for_update().get(pk=household_id)


def lock_replaced(plan: Plan) -> None:
    """Lock what the drafts of a plan replace, so that nothing is delivered between judgement and
    agreement."""
    drafts = Item.everywhere.filter(plan=plan, status=ItemStatus.DRAFT)
    replaced = drafts.exclude(carried_from=None).values_list("carried_from_id", flat=True)
    found = Item.everywhere.select_for_update(of=("self",)).filter(pk__in=list(replaced))
    list(found.order_by("pk").values_list("pk", flat=True))


def agree(items: Sequence[Item], measures: Mapping[int, Measure], *, by: Officer) -> None:
    """Agree on drafts, each under the version of its measure by key; their claims begin.

    An item that comes in the place of an agreed one ends that first. Raises Refused, naming what
    is in the way, when somebody else holds a claim.
    """
    for item in items:
        if item.carried_from_id:
            _give_way(item, by=by)
    for item in items:
        measure = measures[item.pk]
        group, once = claims_of(measure.terms, item.plan.year)
        item.measure, item.status, item.agreed_on = measure, ItemStatus.AGREED, business_date()
        item.group_claim, item.once_claim = group, once
        item.version += 1
        _save_claim(item)
        agreed = told(item) | {"group": group, "once": once}
        trace(item, "agree_measure", by=by, before={"status": ItemStatus.DRAFT}, after=agreed)


def told(item: Item) -> dict[str, Any]:
    """A measure as the trace keeps it; no name and no free text."""
    return {
        "plan": str(item.plan_id),
        "code": item.code,
        "status": str(item.status),
        "member": item.member_id,
        "planned": str(item.planned),
        "funding": item.funding,
        "starts_on": item.starts_on.isoformat(),
        "due_on": item.due_on.isoformat(),
    }


def _save_claim(item: Item) -> None:
    try:
        with transaction.atomic():
            item.save()
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "")
        if name not in CLAIMS:
            raise
        raise _in_the_way(item) from error


def _in_the_way(item: Item) -> Refused:
    """What holds the claim of a measure, in a sentence."""
    others = Item.everywhere.filter(household=item.household_id, member=item.member_id)
    same_group = others.filter(group_claim=item.group_claim).exclude(group_claim="")
    same_once = others.filter(code=item.code, once_claim=item.once_claim).exclude(once_claim="")
    holder = (same_group | same_once).exclude(pk=item.pk).select_related("measure", "plan").first()
    values = {
        "measure": item.measure.name,
        "other": holder.measure.name if holder else item.measure.name,
        "year": holder.plan.year if holder else item.plan.year,
    }
    text = _(
        "%(measure)s cannot be agreed: %(other)s in the plan of %(year)s stands in the way. Return"
        " the plan, or let the other end first."
    )
    return Refused(text % values, code="claimed")


def _give_way(item: Item, *, by: Officer) -> None:
    """End what the draft replaces: done where something was given, else stopped. It claims no more.

    It is live, and nothing of it runs on: the rules saw it under the lock of `lock_replaced`.
    """
    found = Item.everywhere.select_for_update(of=("self",)).select_related("plan", "measure")
    old = found.get(pk=item.carried_from_id or 0)
    before = told(old)
    begun = begun_of(old)
    if not begun.is_anything:
        same = old.plan_id == item.plan_id
        old.stop_reason = StopReason.OTHER
        old.stop_note = _("changed by a new agreement") if same else _("carried forward")
    status = ItemStatus.DONE if begun.is_anything else ItemStatus.STOPPED
    end(old, status, business_date(), begun)
    old.group_claim = old.once_claim = ""
    old.version += 1
    old.save()
    trace(old, "replace_measure", by=by, before=before, after=told(old) | {"by": item.pk})
