"""Measures of plans: which ones an officer sees, and what is kept of one of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Max, Q, Sum

from assistance.models import Contract, Course, Delivery, Instalment, Item, Loan, Move
from assistance.models.plans import ItemQuerySet
from assistance.queries.own import within_own
from assistance.rights import DELIVERERS
from assistance.rules.delivering import Agreed, Begun, Extra, Part, Person, extra_of
from assistance.rules.lending import Credit
from households.models import Member
from officers.models import Officer
from trail.models import Change


def visible_items(officer: Officer) -> ItemQuerySet:
    """The measures that the officer reads; a helper those of the households that he helps today."""
    return within_own(officer, Item.objects.visible_to(officer))


def agreed_of(item: Item) -> Agreed:
    """The measure as values for the rules."""
    return Agreed(item.status, item.planned, item.delivered, item.due_on, item.agreed_on)


def person_of(member: Member | None) -> Person | None:
    """Somebody as values for the rules."""
    if member is None:
        return None
    return Person(member.household_id, member.end_reason, member.end_date)


def parts_of(item: Item) -> list[Part]:
    """The instalments of a measure, the first one first; none where it is due at once."""
    rows = Instalment.objects.filter(item=item).order_by("number")
    return [Part(*row) for row in rows.values_list("due_on", "amount")]


def credit_of(loan: Loan) -> Credit:
    """A loan with what was paid back, as values for the rules."""
    return Credit(
        loan.principal,
        loan.rate_percent,
        loan.subsidised_percent,
        loan.drawn_on,
        loan.due_on,
        loan.extended_to,
        tuple(loan.repayments.order_by("day", "pk").values_list("day", "amount")),
    )


def begun_of(item: Item) -> Begun:
    """What a measure holds, for whoever ends it: deliveries and what else is kept, by its kind."""
    standing = Delivery.everywhere.standing().filter(item=item)
    days = list(standing.values_list("day", flat=True))
    extra = extra_of(item.measure.terms)
    loan = Loan.objects.filter(item=item).first() if extra == Extra.LOAN else None
    move = Move.objects.filter(item=item).first() if extra == Extra.MOVE else None
    course = Course.objects.filter(item=item).first() if extra == Extra.COURSE else None
    post = (
        Contract.objects.filter(item=item).aggregate(last=Max("last_day"))["last"]
        if extra == Extra.POST
        else None
    )
    return Begun(
        extra=extra,
        deliveries=len(days),
        last_delivery=max(days, default=None),
        has_loan=loan is not None,
        owed=credit_of(loan).owed if loan else Decimal(0),
        post_until=post,
        course_until=course.last_day if course else None,
        has_move=move is not None,
        moved_in_on=move.moved_in_on if move else None,
        old_house_gone_on=move.old_house_gone_on if move else None,
    )


@dataclass(frozen=True)
class Running:
    """What keeps a measure from ending: what is owed of its loan, the last day of a post."""

    owed: Decimal = Decimal(0)
    post_until: date | None = None


def running_of(items: Sequence[Item], on: date) -> dict[int, Running]:
    """What of these measures runs beyond a day, by their keys; two queries, none for no measure."""
    if not items:
        return {}
    loans = Loan.objects.filter(item__in=items).annotate(repaid=Sum("repayments__amount"))
    owed = {one.item_id: one.principal - (one.repaid or 0) for one in loans}
    posts = Contract.objects.filter(item__in=items, last_day__gt=on)
    until = dict(posts.order_by().values_list("item").annotate(last=Max("last_day")))
    return {one.pk: Running(owed.get(one.pk, Decimal(0)), until.get(one.pk)) for one in items}


def payees_of(item: Item, today: date) -> list[tuple[int, str]]:
    """Whom money can be paid to: the person of the measure first, then the head, then the others.

    Members who left in the last year can be chosen too: a payment of an earlier day may still have
    to be recorded.
    """
    if item.household_id is None:
        return []
    here = Member.objects.filter(household=item.household_id, withdrawn_at=None)
    lately = Q(end_reason="") | Q(end_date__gte=date(today.year - 1, today.month, 1))
    rows = here.filter(lately).order_by("relation", "pk").values_list("pk", "name")
    return sorted(rows, key=lambda one: one[0] != item.member_id)


@dataclass(frozen=True)
class Acts:
    """What an officer can do with a measure now."""

    deliver: bool = False
    plan: bool = False
    finish: bool = False
    stop: bool = False
    draw: bool = False
    lend: bool = False
    contract: bool = False
    move: bool = False
    course: bool = False


def acts_on(officer: Officer, item: Item, *, has_loan: bool) -> Acts:
    """What the officer can do with a measure that he sees."""
    if officer.acting_role not in DELIVERERS or not agreed_of(item).is_live:
        return Acts()
    extra = extra_of(item.measure.terms)
    return Acts(
        deliver=extra != Extra.LOAN and not (item.planned and item.planned == item.delivered),
        plan=extra != Extra.LOAN and item.planned > 0,
        finish=True,
        stop=True,
        draw=extra == Extra.LOAN and not has_loan,
        lend=extra == Extra.LOAN and has_loan,
        contract=extra == Extra.POST,
        move=extra == Extra.MOVE,
        course=extra == Extra.COURSE,
    )


def withdrawals_of(deliveries: Sequence[Delivery]) -> dict[int, Change]:
    """Who took which delivery back, by the key of the delivery."""
    gone = [str(one.pk) for one in deliveries if one.withdrawn_at]
    label = Delivery._meta.label_lower
    found = Change.objects.filter(
        subject_kind=label, subject_id__in=gone, action="withdraw_delivery"
    )
    return {int(one.subject_id): one for one in found}
