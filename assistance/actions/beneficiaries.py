"""Which households a measure of the village serves, and with which share of its worth."""

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from assistance.models import Beneficiary, Item
from assistance.queries.villages import KEPT_STATUSES, all_served, candidates_of
from assistance.rights import VILLAGE_KEEPERS
from assistance.rules.measures import Unit
from officers.models import Officer
from officers.rights import require
from teams.refusals import EntryRefused
from trail.actions import change_of, record_many
from trail.dates import business_date
from trail.errors import Refused, Stale
from trail.transactions import retried


@retried
@transaction.atomic
def add_beneficiaries(
    item_id: int,
    shares: Mapping[int, Decimal | None],
    *,
    since: date,
    version: int,
    by: Officer,
) -> int:
    """Let a measure of the village serve more households, from a day on; returns how many.

    `shares` are yuan by household, None for a measure that serves without shares. Raises
    NotAllowed; Stale; Refused for a measure that is not agreed; EntryRefused with the faults of
    each row, as `share_<household>`.
    """
    item = locked_measure(item_id, by=by, version=version)
    known = {one.household.pk for one in candidates_of(item)}
    faults = _faults_of_day(item, since)
    if not shares:
        faults.append(("", _("Tick at least one household.")))
    for household, share in shares.items():
        if household not in known:
            text = _("This household is served already, or not one of the village's registered.")
            faults.append((f"tick_{household}", text))
        elif share is not None and share <= 0:
            faults.append((f"share_{household}", _("A share is more than zero.")))
    held = sum((one.beneficiary.share or Decimal(0) for one in all_served(item)), Decimal(0))
    faults += _too_much(item, held + sum((one for one in shares.values() if one), Decimal(0)))
    if faults:
        raise EntryRefused(faults)
    made = Beneficiary.objects.bulk_create(
        Beneficiary(item=item, household_id=household, share=share, added_by=by, added_on=since)
        for household, share in shares.items()
    )
    record_many(
        change_of(
            by=by,
            action="add_beneficiary",
            subject=one,
            division=item.village_id,
            after={
                "item": item.pk,
                "household": one.household_id,
                "share": _plain(one.share),
                "added_on": since.isoformat(),
            },
        )
        for one in made
    )
    return len(made)


@retried
@transaction.atomic
def change_beneficiaries(
    item_id: int,
    shares: Mapping[int, Decimal | None],
    ended: Collection[int],
    *,
    last_day: date,
    version: int,
    by: Officer,
) -> int:
    """Set the shares of live beneficiaries and end some; returns how many rows changed.

    Both are by the keys of the beneficiaries; who is in neither stays as he is. Raises NotAllowed;
    Stale; Refused; EntryRefused with the faults of each row, as `share_<key>` and `end_<key>`.
    """
    item = locked_measure(item_id, by=by, version=version)
    live = {one.beneficiary.pk: one.beneficiary for one in all_served(item)}
    faults = _faults_of_change(live, shares, ended, last_day)
    after = {key: shares.get(key, row.share) for key, row in live.items() if key not in ended}
    faults += _too_much(item, sum((one for one in after.values() if one), Decimal(0)))
    if faults:
        raise EntryRefused(faults)
    changes = []
    for key, row in live.items():
        before = {"share": _plain(row.share), "ended_on": None}
        row.share = shares.get(key, row.share)
        row.ended_on = last_day if key in ended else None
        now = {
            "share": _plain(row.share),
            "ended_on": row.ended_on.isoformat() if row.ended_on else None,
        }
        if now == before:
            continue
        row.save(update_fields=["share", "ended_on"])
        action = "end_beneficiary" if row.ended_on else "set_share"
        changes.append(
            change_of(
                by=by,
                action=action,
                subject=row,
                division=item.village_id,
                before=before,
                after=now | {"household": row.household_id},
            )
        )
    record_many(changes)
    return len(changes)


def locked_measure(item_id: int, *, by: Officer, version: int) -> Item:
    """The measure of a village, locked and counted on: whoever comes with `version` again is stale.

    Raises NotAllowed; Stale; Refused for a measure that nobody agreed on or that was stopped.
    """
    item = Item.everywhere.select_for_update(of=("self",)).get(pk=item_id, unit=Unit.VILLAGE)
    require(by, *VILLAGE_KEEPERS, code=item.village_id)
    if item.version != version:
        raise Stale(_("Somebody else changed this measure meanwhile. Compare, then save anew."))
    if item.status not in KEPT_STATUSES:
        raise Refused(
            _("This measure is not agreed, or it was stopped. Households are kept once the plan"
              " of the village is approved."),
            code="not_agreed",
        )  # fmt: skip
    Item.everywhere.filter(pk=item.pk).update(version=F("version") + 1)
    return item


def _faults_of_day(item: Item, since: date) -> list[tuple[str, str]]:
    if since > business_date():
        return [("since", _("The day lies ahead. Choose today or an earlier day."))]
    if since < item.starts_on:
        day = {"day": item.starts_on}
        return [("since", _("The measure starts on %(day)s. Choose no earlier day.") % day)]
    return []


def _faults_of_change(
    live: Mapping[int, Beneficiary],
    shares: Mapping[int, Decimal | None],
    ended: Collection[int],
    last_day: date,
) -> list[tuple[str, str]]:
    faults = []
    if ended and last_day > business_date():
        faults.append(("last_day", _("The day lies ahead. Choose today or an earlier day.")))
    for key in {*shares, *ended} - set(live):
        faults.append((f"share_{key}", _("This household is not served any more.")))
    for key, row in live.items():
        share = shares.get(key)
        if share is not None and share <= 0:
            faults.append((f"share_{key}", _("A share is more than zero.")))
        if key in ended and last_day < row.added_on:
            day = {"day": row.added_on}
            text = _("It is served since %(day)s. End on that day or later.") % day
            faults.append((f"end_{key}", text))
    return faults


def _too_much(item: Item, shares: Decimal) -> list[tuple[str, str]]:
    """Shares are parts of the worth; a measure without a planned amount has no known worth."""
    if not item.planned or shares <= item.planned:
        return []
    text = _("The shares add up to %(sum)s yuan, the measure is worth %(worth)s yuan. Lower them.")
    return [("", text % {"sum": f"{shares:,.2f}", "worth": f"{item.planned:,.2f}"})]


def _plain(share: Decimal | None) -> str | None:
    return None if share is None else f"{share:.2f}"
