"""Micro-credit: drawn, extended once, and paid back."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from assistance.actions.delivering import Entry, deliver
from assistance.actions.items import end, locked, locked_live, refuse_stale, save, trace
from assistance.models import DeliveryKind, Item, ItemStatus, Loan, Repayment
from assistance.queries.items import agreed_of, begun_of, credit_of
from assistance.refusals import refuse
from assistance.rules.delivering import Extra, extra_of
from assistance.rules.lending import repayment_faults, term_fault
from officers.models import Officer
from teams.refusals import EntryRefused, refuse_invalid
from trail.dates import business_date
from trail.errors import Refused
from trail.transactions import retried


@dataclass(frozen=True)
class Drawing:
    """A loan as it is drawn: principal in yuan, rates in percent a year."""

    bank: str
    principal: Decimal
    rate_percent: Decimal
    subsidised_percent: int
    purpose: str
    drawn_on: date
    due_on: date
    payee: int | None = None


@retried
@transaction.atomic
def draw_loan(item_id: int, drawing: Drawing, *, by: Officer) -> Loan:
    """Record that the loan of a measure was drawn; the principal is its delivery.

    Raises NotAllowed; Refused for another kind of measure, one that is not live, or a second loan;
    EntryRefused, also for more than was planned or a longer term than the measure allows.
    """
    item = locked_live(item_id, by=by)
    if extra_of(item.measure.terms) != Extra.LOAN:
        raise Refused(_("This measure is no loan."), code="no_loan")
    if Loan.objects.filter(item=item).exists():
        raise Refused(_("The loan of this measure is drawn already."), code="drawn")
    months = item.measure.most_months
    refuse([term_fault(drawing.drawn_on, drawing.due_on, months, "due_on")])
    loan = Loan(
        item=item,
        bank=drawing.bank.strip(),
        principal=drawing.principal,
        rate_percent=drawing.rate_percent,
        subsidised_percent=drawing.subsidised_percent,
        purpose=drawing.purpose.strip(),
        drawn_on=drawing.drawn_on,
        due_on=drawing.due_on,
    )
    refuse_invalid(loan)
    loan.save(force_insert=True)
    entry = Entry(
        day=drawing.drawn_on,
        kind=DeliveryKind.CASH,
        amount=drawing.principal,
        payee=drawing.payee,
    )
    names = {"day": "drawn_on", "amount": "principal"}
    try:
        deliver(item, entry, by=by)
    except EntryRefused as refused:
        raise EntryRefused([(names.get(at, at), text) for at, text in refused.faults]) from refused
    trace(
        item,
        "draw_loan",
        by=by,
        after={
            "principal": str(loan.principal),
            "rate_percent": str(loan.rate_percent),
            "subsidised_percent": loan.subsidised_percent,
            "drawn_on": loan.drawn_on.isoformat(),
            "due_on": loan.due_on.isoformat(),
        },
    )
    return loan


def _locked_loan(item_id: int, *, by: Officer, version: int) -> tuple[Item, Loan]:
    """The measure and its loan that is still to be repaid, both locked, as the officer saw them."""
    item = locked(item_id, by=by)
    loan = Loan.objects.select_for_update().filter(item=item).first()
    if loan is None:
        raise Refused(_("The loan of this measure is not drawn yet."), code="not_drawn")
    refuse_stale(version, loan.version)
    if loan.settled_on:
        raise Refused(
            _("This loan was repaid on %(day)s.") % {"day": loan.settled_on}, code="settled"
        )
    return item, loan


@retried
@transaction.atomic
def extend_loan(item_id: int, extended_to: date, reason: str, *, by: Officer, version: int) -> Loan:
    """Let a loan be due later, once, by at most another longest term of its measure.

    Raises NotAllowed, Stale; Refused a second time, or without a loan; EntryRefused.
    """
    item, loan = _locked_loan(item_id, by=by, version=version)
    if loan.extended_to:
        raise Refused(
            _("This loan was extended to %(day)s already. It is extended once.")
            % {"day": loan.extended_to},
            code="extended",
        )
    if not reason.strip():
        raise EntryRefused([("reason", _("Say why."))])
    refuse([term_fault(loan.due_on, extended_to, item.measure.most_months, "extended_to")])
    loan.extended_to = extended_to
    loan.version += 1
    if extended_to <= loan.due_on:
        raise EntryRefused([("extended_to", _("An extension ends after the day that was agreed."))])
    refuse_invalid(loan)
    loan.save(update_fields=["extended_to", "version"])
    trace(
        item,
        "extend_loan",
        by=by,
        before={"due_on": loan.due_on.isoformat()},
        after={"extended_to": extended_to.isoformat()},
        reason=reason.strip(),
    )
    return loan


@retried
@transaction.atomic
def repay_loan(item_id: int, day: date, amount: Decimal, *, by: Officer, version: int) -> Repayment:
    """Record what was paid back; with the last of it the loan is repaid and its measure done.

    Raises NotAllowed, Stale; Refused without a loan, or for one that is repaid; EntryRefused for
    more than is owed, or a day before the drawing or ahead.
    """
    item, loan = _locked_loan(item_id, by=by, version=version)
    refuse(repayment_faults(credit_of(loan), day, amount, business_date()))
    paid = Repayment(loan=loan, day=day, amount=amount, recorded_by=by)
    refuse_invalid(paid)
    paid.save(force_insert=True)
    credit = credit_of(loan)
    loan.version += 1
    if not credit.owed:
        loan.settled_on = max(on for on, _sum in credit.repaid)
        if agreed_of(item).is_live:
            end(item, ItemStatus.DONE, loan.settled_on, begun_of(item))
            save(item)
    loan.save(update_fields=["settled_on", "version"])
    trace(
        item,
        "repay_loan",
        by=by,
        after={
            "day": day.isoformat(),
            "amount": str(amount),
            "owed": str(credit.owed),
            "status": item.status,
        },
    )
    return paid
