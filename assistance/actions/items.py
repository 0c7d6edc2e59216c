"""What every act on a measure of a plan has in common: the lock, the rights, the end."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from assistance.models import Item, ItemStatus
from assistance.queries.items import agreed_of, running_of
from assistance.queries.own import is_own
from assistance.queries.sheets import given_of
from assistance.refusals import said
from assistance.rights import DELIVERERS
from assistance.rules.delivering import Begun, claims_kept, live_fault
from assistance.rules.measures import CapBasis, Repeats
from officers.models import Officer
from officers.rights import require
from officers.rules import Role
from trail.actions import record
from trail.dates import business_date
from trail.errors import NotAllowed, Refused, Stale

CLAIMS = ("one_live_measure_of_a_group", "a_measure_comes_once")


def locked(item_id: int, *, by: Officer, roles: Collection[Role] = DELIVERERS) -> Item:
    """The measure, locked, for somebody in one of the roles who acts in its village.

    Raises NotAllowed, for a helper unless its household is paired with him today; Refused for a
    household whose import was withdrawn.
    """
    found = Item.everywhere.select_for_update(of=("self",))
    item = found.select_related("measure", "household", "member", "plan").get(pk=item_id)
    require(by, *roles, code=item.village_id)
    refuse_others_household(by, item.household_id)
    if item.household is not None and item.household.withdrawn_at:
        raise Refused(
            _("The import of this household was withdrawn. Nothing in it changes any more."),
            code="closed",
        )
    return item


def refuse_others_household(by: Officer, household_id: int | None) -> None:
    """NotAllowed for a helper who does not answer for the household today, None for a village."""
    if by.acting_role == Role.HELPER and not is_own(by, household_id):
        raise NotAllowed(
            _("You are not the helper of this household today. Its helper or the village does it."),
            code="not_paired",
        )


def locked_live(item_id: int, *, by: Officer) -> Item:
    """The same for a measure that is agreed and not ended, else Refused."""
    item = locked(item_id, by=by)
    refuse_ended(item)
    return item


def refuse_ended(item: Item) -> None:
    """Refused unless the measure is agreed and not ended."""
    if fault := live_fault(agreed_of(item)):
        raise Refused(said(fault), code="not_live")


def refuse_stale(seen: int, now: int) -> None:
    """Stale where somebody changed the row since the officer opened the page."""
    if seen != now:
        raise Stale(
            _("Somebody changed this since you opened the page. Look, then send it again."),
            code="item_changed",
        )


def begin(item: Item) -> None:
    """Let an agreed measure be under way; the caller saves it."""
    if item.status == ItemStatus.AGREED:
        item.status = ItemStatus.ONGOING


def end(item: Item, status: str, day: date, begun: Begun) -> None:
    """Let a measure end on `day`, with what it claims no more; the caller saves it."""
    item.status, item.ended_on = status, day
    keeps_group, keeps_turn = claims_kept(status, Repeats(item.measure.repeats), begun)
    item.group_claim = item.group_claim if keeps_group else ""
    item.once_claim = item.once_claim if keeps_turn else ""


def reopen(item: Item, begun: Begun) -> None:
    """Let a measure that ended be live again and claim its group; the caller saves it.

    He holds the household and knows that the claim is free (`is_free`).
    """
    item.status = ItemStatus.ONGOING if begun.is_anything else ItemStatus.AGREED
    item.ended_on = None
    if item.household_id is not None:
        item.group_claim = item.measure.group


def is_free(item: Item) -> bool:
    """Whether an ended measure can be live again: nothing was agreed since that shuts it out.

    That is one in its place, one of its group, or so many that it would go above its cap.
    """
    agreed = Item.everywhere.exclude(status__in=(ItemStatus.DRAFT, ItemStatus.DROPPED))
    if agreed.filter(carried_from=item).exists():
        return False
    others = agreed.filter(household=item.household_id, member=item.member_id).exclude(pk=item.pk)
    measure = item.measure
    if measure.group and others.filter(group_claim=measure.group).exists():
        return False
    if measure.cap is None or measure.cap_basis == CapBasis.ITEM or item.household_id is None:
        return True
    same = others.filter(code=item.code).select_related("plan", "measure")
    if measure.cap_basis == CapBasis.YEAR:
        same = same.filter(plan__year=item.plan.year)
    counted = list(same)
    if measure.cap_basis == CapBasis.OWED:
        running = running_of(counted, business_date())
        used = sum(given_of(one, running[one.pk]).owing for one in counted)
    else:
        used = sum(given_of(one).amount for one in counted)
    return item.planned + used <= measure.cap


def save(item: Item) -> None:
    """Write the measure as the next version. Refused where another one claims the same by now."""
    item.version += 1
    try:
        with transaction.atomic():
            item.save()
    except IntegrityError as error:
        if not any(name in str(error) for name in CLAIMS):
            raise
        raise Refused(
            _(
                "Another measure of the same kind was agreed for them since. Stop that one first,"
                " or leave this one as it is."
            ),
            code="claimed",
        ) from error


def trace(
    item: Item,
    action: str,
    *,
    by: Officer,
    after: Mapping[str, Any],
    before: Mapping[str, Any] | None = None,
    reason: str = "",
) -> None:
    """Write an act on the measure into the trace."""
    record(
        by=by,
        action=action,
        subject=item,
        division=item.village_id,
        before=dict(before) if before is not None else None,
        after=dict(after),
        reason=reason,
    )
