"""Income of a village's asset shared out to the households that have a part in it."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg2.errors import UniqueViolation

from assistance.actions.beneficiaries import locked_measure
from assistance.models import Distribution, Item, Transfer, TransferKind
from assistance.queries.villages import all_served, people_of
from assistance.rights import TOTAL_READERS, VILLAGE_KEEPERS
from assistance.rules.distributing import difference_fen
from assistance.rules.measures import Unit
from divisions.models import Division
from households.rules import fen
from officers.models import Officer
from officers.rights import require
from officers.rules import Role
from teams.refusals import EntryRefused, UsedForm
from trail.actions import record
from trail.dates import business_date
from trail.errors import Refused
from trail.sheets import Sheet
from trail.transactions import retried


@dataclass(frozen=True)
class Part:
    """What a household gets, in yuan, and for what."""

    kind: TransferKind
    amount: Decimal


@dataclass(frozen=True)
class Entry:
    """A distribution as it was entered; `parts` by household, nobody with nothing.

    `key` is that of the form: the same again is the same distribution.
    """

    key: uuid.UUID
    year: int
    total: Decimal
    kept: Decimal
    decided_on: date
    paid_on: date
    parts: Mapping[int, Part]
    note: str = ""


@retried
@transaction.atomic
def record_distribution(item_id: int, entry: Entry, *, version: int, by: Officer) -> Distribution:
    """Record a distribution with the part of each household; parts and the kept sum are the total.

    The same form again is the same distribution. Raises NotAllowed; Stale; Refused for a measure
    without income; EntryRefused with the faults, those of a household as `amount_<household>`.
    """
    measure = Item.everywhere.select_for_update(of=("self",)).get(pk=item_id, unit=Unit.VILLAGE)
    require(by, *VILLAGE_KEEPERS, code=measure.village_id)
    known = Distribution.everywhere.filter(uuid=entry.key, item=measure, recorded_by=by).first()
    if known:
        return known
    item = locked_measure(item_id, by=by, version=version)
    if not bears_income(item):
        raise Refused(
            _("This measure bears no income. Share out what a solar plant, a cooperative or"
              " another asset earns."),
            code="no_income",
        )  # fmt: skip
    if faults := _faults(item, entry):
        raise EntryRefused(faults)
    try:
        with transaction.atomic():
            made = _saved(item, entry, by)
    except IntegrityError as error:
        if not isinstance(error.__cause__, UniqueViolation):
            raise
        raise UsedForm from error
    record(
        by=by,
        action="distribute_income",
        subject=made,
        division=item.village_id,
        after={
            "item": item.pk,
            "year": made.year,
            "total": f"{made.total:.2f}",
            "kept": f"{made.kept:.2f}",
            "households": len(entry.parts),
            "decided_on": made.decided_on.isoformat(),
            "paid_on": made.paid_on.isoformat(),
        },
    )
    return made


def bears_income(item: Item) -> bool:
    """Whether a measure earns something that can be shared out."""
    return bool(item.measure.income_kind)


def _faults(item: Item, entry: Entry) -> list[tuple[str, str]]:
    today = business_date()
    faults = []
    if entry.total <= 0:
        faults.append(("total", _("Enter more than zero.")))
    if not 0 <= entry.kept <= entry.total:
        faults.append(("kept", _("Enter from zero to the whole sum.")))
    if entry.paid_on > today:
        faults.append(("paid_on", _("The day lies ahead. Choose today or an earlier day.")))
    if entry.decided_on > entry.paid_on:
        faults.append(("decided_on", _("The villagers' meeting decides before it is paid.")))
    if not item.starts_on.year <= entry.year <= entry.paid_on.year:
        years = {"first": item.starts_on.year, "last": entry.paid_on.year}
        faults.append(("year", _("Choose a year from %(first)s to %(last)s.") % years))
    live = {one.household.pk for one in all_served(item)}
    for household, part in entry.parts.items():
        if household not in live:
            text = _("This household is not served by the measure any more.")
            faults.append((f"amount_{household}", text))
        elif part.amount <= 0:
            text = _("A part is more than zero; leave it empty for none.")
            faults.append((f"amount_{household}", text))
    return faults or _faults_of_sum(entry)


def _faults_of_sum(entry: Entry) -> list[tuple[str, str]]:
    parts = {household: fen(part.amount) for household, part in entry.parts.items()}
    lacking = difference_fen(fen(entry.total), fen(entry.kept), parts)
    if not lacking:
        return []
    amount = {"amount": f"{Decimal(abs(lacking)).scaleb(-2):,.2f}"}
    if lacking > 0:
        text = _("%(amount)s yuan are left. Add them to parts, or let them stay with the village.")
    else:
        text = _("The parts are %(amount)s yuan too much. Lower some of them.")
    return [("", text % amount)]


def _saved(item: Item, entry: Entry, by: Officer) -> Distribution:
    made = Distribution.everywhere.create(
        uuid=entry.key,
        item=item,
        village_id=item.village_id,
        year=entry.year,
        total=entry.total,
        kept=entry.kept,
        decided_on=entry.decided_on,
        paid_on=entry.paid_on,
        note=entry.note,
        recorded_by=by,
    )
    people = people_of(entry.parts)
    Transfer.objects.bulk_create(
        Transfer(
            distribution=made,
            household_id=household,
            kind=part.kind,
            amount=part.amount,
            payee_id=people[household].head_id if household in people else None,
        )
        for household, part in entry.parts.items()
    )
    return made


@retried
@transaction.atomic
def withdraw_distribution(distribution_id: int, *, reason: str, by: Officer) -> Distribution:
    """Take back a distribution that was recorded wrongly; it stays readable and counts no more.

    Raises NotAllowed; Refused when it was taken back before; EntryRefused without a reason.
    """
    found = Distribution.everywhere.select_for_update().get(pk=distribution_id)
    require(by, *VILLAGE_KEEPERS, code=found.village_id)
    if found.withdrawn_at:
        raise Refused(_("This distribution was taken back already."), code="withdrawn")
    if not reason.strip():
        raise EntryRefused([("reason", _("Say why it is taken back."))])
    found.withdrawn_at, found.withdrawn_reason = timezone.now(), reason.strip()
    found.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    record(
        by=by,
        action="withdraw_distribution",
        subject=found,
        division=found.village_id,
        before={"total": str(found.total)},
        reason=found.withdrawn_reason,
    )
    return found


@transaction.atomic
def take_income(place: Division, sheet: Sheet, *, year: int, by: Officer) -> Sheet:
    """The table of a year, its rows read; the trace tells who took how many. Raises NotAllowed."""
    require(by, *TOTAL_READERS - {Role.HELPER}, code=place.pk)
    rows = list(sheet.rows)
    record(
        by=by,
        action="download_asset_income",
        subject=place,
        division=place.pk,
        after={"year": year, "rows": len(rows)},
    )
    return replace(sheet, rows=rows)
