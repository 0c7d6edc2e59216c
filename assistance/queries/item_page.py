"""All that the page of a measure shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from assistance.models import Contract, Course, Delivery, Item, Loan, Move, Repayment
from assistance.queries.items import agreed_of, credit_of, parts_of, withdrawals_of
from assistance.rules.delivering import (
    Agreed,
    Due,
    Extra,
    Part,
    Urgency,
    covered,
    extra_of,
    next_due,
    urgency_of,
)
from assistance.rules.lending import Credit, Period, overdue_days, periods, total
from officers.models import Officer
from teams.queries.visits import heads_of
from trail.models import Change
from workflow.models import Attachment
from workflow.models.attachments import DELIVERY


@dataclass(frozen=True)
class InstalmentRow:
    """An instalment and how much of it was delivered; its urgency, None once it is filled."""

    number: int
    part: Part
    filled: Decimal
    urgency: Urgency | None


@dataclass(frozen=True)
class DeliveryRow:
    """A delivery with its proofs, and who took it back, if somebody did."""

    delivery: Delivery
    proofs: Sequence[Attachment]
    withdrawal: Change | None


@dataclass(frozen=True)
class LoanAccount:
    """A loan, what is owed, for how many days it is overdue, and the subsidy by quarter."""

    loan: Loan
    credit: Credit
    repayments: Sequence[Repayment]
    late: int
    quarters: Sequence[Period]

    @property
    def subsidy(self) -> Decimal:
        """The subsidy of all quarters."""
        return total(self.quarters)


@dataclass(frozen=True)
class Account:
    """A measure with all that is kept of it; `who` it is for, empty for one of the village."""

    item: Item
    who: str
    agreed: Agreed
    extra: Extra
    due: Due | None
    urgency: Urgency | None
    instalments: Sequence[InstalmentRow]
    deliveries: Sequence[DeliveryRow]
    loan: LoanAccount | None
    contracts: Sequence[Contract]
    move: Move | None
    course: Course | None


def account_of(officer: Officer, item: Item, *, today: date, soon: int) -> Account:
    """The account of a measure that the officer reads; it comes with measure and household."""
    agreed, extra, parts = agreed_of(item), extra_of(item.measure.terms), parts_of(item)
    due = next_due(agreed, parts)
    posts = Contract.objects.filter(item=item).order_by("-starts_on", "-pk")
    return Account(
        item=item,
        who=who_of(item),
        agreed=agreed,
        extra=extra,
        due=due,
        urgency=urgency_of(due.on, today, soon) if due else None,
        instalments=_instalments(agreed, parts, today=today, soon=soon),
        deliveries=_deliveries(officer, item),
        loan=_loan(item, today) if extra == Extra.LOAN else None,
        contracts=list(posts) if extra == Extra.POST else [],
        move=Move.objects.filter(item=item).first() if extra == Extra.MOVE else None,
        course=Course.objects.filter(item=item).first() if extra == Extra.COURSE else None,
    )


def who_of(item: Item) -> str:
    """The person of a measure, else the head of its household; the readers of plans read names."""
    if item.member is not None:
        return item.member.name
    return heads_of([item.household_id]).get(item.household_id, "") if item.household_id else ""


def _instalments(
    agreed: Agreed, parts: Sequence[Part], *, today: date, soon: int
) -> list[InstalmentRow]:
    rows = []
    filled = covered(parts, agreed.delivered)
    for number, (part, so_far) in enumerate(zip(parts, filled, strict=True), start=1):
        waits = agreed.is_live and so_far < part.amount
        urgency = urgency_of(part.due_on, today, soon) if waits else None
        rows.append(InstalmentRow(number, part, so_far, urgency))
    return rows


def _deliveries(officer: Officer, item: Item) -> list[DeliveryRow]:
    """The deliveries of a measure, the latest first, with what proves them."""
    found = Delivery.everywhere.filter(item=item).select_related("payee", "recorded_by")
    rows = list(found.order_by("-number"))
    proofs: dict[str, list[Attachment]] = {}
    keys = [str(one.uuid) for one in rows]
    held = Attachment.objects.visible_to(officer).standing()
    for one in held.filter(subject_kind=DELIVERY, subject_id__in=keys).order_by("pk"):
        proofs.setdefault(one.subject_id, []).append(one)
    gone = withdrawals_of(rows)
    return [DeliveryRow(one, proofs.get(str(one.uuid), []), gone.get(one.pk)) for one in rows]


def _loan(item: Item, today: date) -> LoanAccount | None:
    loan = Loan.objects.filter(item=item).first()
    if loan is None:
        return None
    credit = credit_of(loan)
    paid = list(loan.repayments.order_by("-day", "-pk"))
    return LoanAccount(loan, credit, paid, overdue_days(credit, today), periods(credit))
