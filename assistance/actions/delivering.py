"""Recording what reached people of an agreed measure, its proofs, and taking a delivery back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from assistance.actions.items import (
    begin,
    end,
    is_free,
    locked,
    refuse_ended,
    refuse_others_household,
    refuse_stale,
    reopen,
    save,
    trace,
)
from assistance.models import (
    Delivery,
    DeliveryKind,
    DeliverySource,
    Item,
    ItemStatus,
    Loan,
    StopReason,
)
from assistance.queries.items import agreed_of, begun_of, person_of
from assistance.refusals import refuse
from assistance.rights import DELIVERERS, SENDERS
from assistance.rules.delivering import (
    Extra,
    Handed,
    delivery_faults,
    extra_of,
    finish_faults,
    is_complete,
)
from households.models import Household, Member
from officers.models import Officer
from officers.rights import require
from officers.rules import Role
from teams.refusals import EntryRefused, refuse_invalid
from trail.actions import record
from trail.dates import business_date
from trail.errors import NotAllowed, Refused
from trail.transactions import retried
from workflow.actions.attachments import BadEvidence, attach
from workflow.models import Attachment
from workflow.models.attachments import DELIVERY

PROOF = "proof"
CORRECTORS = (Role.TOWNSHIP_REVIEWER, Role.COUNTY_CLERK)
"""Who takes back what somebody else recorded."""


@dataclass(frozen=True)
class Entry:
    """A delivery as it was entered; `amount` is its worth in yuan, `payee` the key of a member.

    `reference` is the number by which the sender knows it. `finishes` says that nothing more is to
    come, though less than planned was delivered.
    """

    day: date
    kind: str = DeliveryKind.CASH
    amount: Decimal = Decimal(0)
    quantity: str = ""
    payee: int | None = None
    voucher: str = ""
    note: str = ""
    source: str = DeliverySource.PAGE
    reference: str = ""
    finishes: bool = False


@retried
@transaction.atomic
def record_delivery(
    item_id: int, entry: Entry, *, by: Officer, seen: int | None = None
) -> Delivery:
    """Record a delivery. The same reference of the same officer again is the first delivery.

    `seen` is the version of the measure that a sender has read; None asks for none.

    The first one lets the measure be under way; with the last of the planned amount, or when the
    entry says so, it is done. Raises NotAllowed; Stale at another version; EntryRefused with
    (field, sentence) of every fault; Refused for a measure that is not agreed or has ended, for a
    loan (it is drawn), and for a reference that stands at something else ("used_reference").
    """
    item = locked(item_id, by=by, roles=SENDERS)
    if before := _known(item, entry, by):
        return before
    if seen is not None:
        refuse_stale(seen, item.version)
    refuse_ended(item)
    if extra_of(item.measure.terms) == Extra.LOAN:
        raise Refused(_("A loan is drawn: record the loan instead."), code="is_a_loan")
    try:
        with transaction.atomic():
            return deliver(item, entry, by=by)
    except (IntegrityError, EntryRefused):
        if before := _known(item, entry, by):
            return before
        raise


def _known(item: Item, entry: Entry, by: Officer) -> Delivery | None:
    """The delivery that the officer sent under this reference before."""
    if not entry.reference:
        return None
    found = Delivery.everywhere.filter(recorded_by=by, reference=entry.reference).first()
    if found is None:
        return None
    sent = (item.pk, entry.day, entry.kind, entry.amount, entry.payee)
    kept = (found.item_id, found.day, found.kind, found.amount, found.payee_id)
    words = tuple(one.strip() for one in (entry.quantity, entry.voucher, entry.note))
    if sent != kept or words != (found.quantity, found.voucher, found.note):
        raise Refused(
            _(
                "You sent another delivery under this reference: number %(number)s of %(day)s. Give"
                " each delivery a reference of its own."
            )
            % {"number": found.number, "day": found.day},
            code="used_reference",
        )
    return found


def deliver(item: Item, entry: Entry, *, by: Officer) -> Delivery:
    """The delivery of a live measure that the caller locked; he holds the transaction."""
    payee = Member.objects.filter(pk=entry.payee).first() if entry.payee else None
    if entry.payee and payee is None:
        raise EntryRefused([("payee", _("Choose somebody of the household."))])
    handed = Handed(entry.day, entry.amount, entry.kind == DeliveryKind.CASH)
    agreed, today = agreed_of(item), business_date()
    people = {"person": person_of(item.member), "payee": person_of(payee)}
    refuse(delivery_faults(agreed, handed, household=item.household_id, today=today, **people))
    delivery = Delivery(
        item=item,
        village_id=item.village_id,
        number=(item.deliveries.aggregate(last=Max("number"))["last"] or 0) + 1,
        day=entry.day,
        kind=entry.kind,
        amount=entry.amount,
        quantity=entry.quantity.strip(),
        payee=payee,
        voucher=entry.voucher.strip(),
        note=entry.note.strip(),
        source=entry.source,
        reference=entry.reference,
        recorded_by=by,
    )
    refuse_invalid(delivery)
    delivery.save(force_insert=True)
    before = {"status": item.status, "delivered": str(item.delivered)}
    item.delivered += entry.amount
    begin(item)
    _end_where_whole(item, entry)
    save(item)
    record(
        by=by,
        action="record_delivery",
        subject=delivery,
        division=item.village_id,
        before=before,
        after={
            "item": str(item.uuid),
            "number": delivery.number,
            "day": entry.day.isoformat(),
            "kind": entry.kind,
            "amount": str(entry.amount),
            "payee": entry.payee,
            "status": item.status,
            "delivered": str(item.delivered),
        },
        origin=entry.source if entry.source != DeliverySource.PAGE else "",
    )
    return delivery


def _end_where_whole(item: Item, entry: Entry) -> None:
    """Let the measure be done on its last delivery, where that was the last one."""
    begun = begun_of(item)
    day = max(entry.day, begun.last_delivery or entry.day)
    if entry.finishes:
        refuse(finish_faults(begun, day))
    if entry.finishes or is_complete(agreed_of(item), begun, day):
        end(item, ItemStatus.DONE, day, begun)


@transaction.atomic
def add_proofs(delivery_id: int, uploads: Iterable[bytes], *, by: Officer) -> list[str]:
    """Keep photos and PDFs of a delivery that it does not hold yet; what is wrong with the others.

    Raises NotAllowed, for a helper unless the household is his own; Refused for a delivery that
    was taken back.
    """
    found = Delivery.everywhere.select_for_update(of=("self",))
    delivery = found.select_related("item").get(pk=delivery_id)
    require(by, *DELIVERERS, code=delivery.village_id)
    refuse_others_household(by, delivery.item.household_id)
    if delivery.withdrawn_at:
        raise Refused(_("This delivery is taken back. Nothing is added to it."), code="gone")
    held = Attachment.everywhere.of(DELIVERY, str(delivery.uuid))
    known = set(held.values_list("digest", flat=True))
    wrong = []
    for content in uploads:
        if sha256(content).hexdigest() in known:
            continue
        try:
            kept = attach(
                content,
                by=by,
                division=delivery.village_id,
                subject_kind=DELIVERY,
                subject_id=str(delivery.uuid),
                purpose=PROOF,
                year=delivery.day.year,
            )
        except BadEvidence as bad:
            wrong.append(bad.message)
        else:
            known.add(kept.digest)
    return wrong


@retried
@transaction.atomic
def withdraw_delivery(delivery_id: int, reason: str, *, by: Officer) -> Delivery:
    """Take a delivery back; a measure that it made done is live again, if nothing shuts it out.

    Who recorded it does, or the township or the county clerk. The drawing of a loan takes the loan
    away with it, while nothing was paid back. Raises NotAllowed; EntryRefused without a reason;
    Refused a second time.
    """
    seen = Delivery.everywhere.select_related("item").get(pk=delivery_id)
    if seen.item.household_id:
        Household.everywhere.select_for_update().get(pk=seen.item.household_id)
    item = locked(seen.item_id, by=by)
    delivery = Delivery.everywhere.select_for_update().get(pk=delivery_id)
    if delivery.recorded_by_id != by.pk and by.acting_role not in CORRECTORS:
        raise NotAllowed(
            _("Who recorded a delivery takes it back, or the township or the county clerk."),
            code="not_yours",
        )
    if delivery.withdrawn_at:
        raise Refused(_("This delivery is taken back already."), code="gone")
    if not reason.strip():
        raise EntryRefused([("reason", _("Say why."))])
    if extra_of(item.measure.terms) == Extra.LOAN:
        _drop_loan(item, by=by, reason=reason.strip())
    delivery.withdrawn_at, delivery.withdrawn_reason = timezone.now(), reason.strip()
    delivery.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    item.delivered -= delivery.amount
    _back(item, delivery)
    save(item)
    record(
        by=by,
        action="withdraw_delivery",
        subject=delivery,
        division=item.village_id,
        before={"withdrawn": False},
        after={
            "withdrawn": True,
            "item": str(item.uuid),
            "status": item.status,
            "delivered": str(item.delivered),
        },
        reason=reason.strip(),
    )
    return delivery


def _back(item: Item, delivery: Delivery) -> None:
    """The state of a measure without a delivery: live again, or ended as it was.

    A measure that cannot be live again beside what was agreed since stays done; without any
    delivery it is stopped.
    """
    begun = begun_of(item)
    ended_on = item.ended_on or delivery.day
    if agreed_of(item).is_live or (item.status == ItemStatus.DONE and is_free(item)):
        reopen(item, begun)
    elif item.status == ItemStatus.STOPPED or begun.is_anything:
        end(item, item.status, ended_on, begun)
    else:
        end(item, ItemStatus.STOPPED, ended_on, begun)
        item.stop_reason, item.stop_note = StopReason.OTHER, delivery.withdrawn_reason


def _drop_loan(item: Item, *, by: Officer, reason: str) -> None:
    loan = Loan.objects.select_for_update().filter(item=item).first()
    if loan is None:
        return
    if loan.repayments.exists():
        raise Refused(_("Something was paid back of this loan. It stays."), code="repaid")
    before = {"bank": loan.bank, "principal": str(loan.principal), "due_on": str(loan.due_on)}
    loan.delete()
    trace(item, "drop_loan", by=by, before=before, after={}, reason=reason)
