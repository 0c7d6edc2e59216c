"""What is due where, the earliest first: deliveries, loans, posts, moves and courses.

A list goes on behind the key of its last row (day and row). Every list takes a fixed number of
queries, whatever its length.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db.models import (
    Count,
    DateField,
    DecimalField,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    Window,
)
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assistance.models import Contract, Course, Instalment, Item, ItemStatus, Loan, Repayment
from assistance.models.plans import ItemQuerySet
from assistance.queries.items import agreed_of, visible_items
from assistance.rules.delivering import Part, Urgency, next_due, urgency_of
from assistance.rules.measures import Category
from households.models import Household
from officers.models import Officer
from teams.queries.visits import heads_of
from trail.dates import business_date
from workflow.parameters import DELIVERY_SOON_DAYS, LOAN_SOON_DAYS
from workflow.queries import parameters_in_force

PAGE_ROWS = 50
MONEY = DecimalField(max_digits=14, decimal_places=2)
NOTHING = Value(Decimal(0), output_field=MONEY)
ITEM = "item__"
CERTIFICATE_WITHIN = timedelta(days=366)


class What(StrEnum):
    """What a list is about."""

    DELIVERIES = "deliveries"
    LOANS = "loans"
    POSTS = "posts"
    MOVES = "moves"
    COURSES = "courses"


class When(StrEnum):
    """Which of them: those due in so many days or overdue, those overdue, all."""

    DUE = "due"
    OVERDUE = "overdue"
    ALL = "all"


@dataclass(frozen=True)
class Pace:
    """How many days ahead a due day is announced: of loans, and of everything else."""

    deliveries: int
    loans: int

    def of(self, what: What) -> int:
        """The days for one kind of list."""
        return self.loans if what == What.LOANS else self.deliveries


def pace_in(code: str, year: int) -> Pace:
    """The days that hold in a place in a year."""
    found = parameters_in_force([DELIVERY_SOON_DAYS, LOAN_SOON_DAYS], code, year)
    return Pace(int(found[DELIVERY_SOON_DAYS].value), int(found[LOAN_SOON_DAYS].value))


def deliveries_due(items: ItemQuerySet) -> QuerySet[Any]:
    """Of these the live measures of which something is to be delivered, each with its day `due`.

    That is the day that `rules.delivering.next_due` says: of the first instalment that the
    deliveries do not fill, else of the measure.
    """
    summed = Window(Sum("amount"), order_by=F("number").asc())
    open_ = (
        Instalment.objects.filter(item=OuterRef("pk"))
        .annotate(so_far=summed)
        .filter(so_far__gt=OuterRef("delivered"))
        .order_by("number")
        .values("due_on")[:1]
    )
    found = items.live().exclude(planned__gt=0, delivered=F("planned"))
    return found.annotate(due=Coalesce(Subquery(open_), F("due_on"), output_field=DateField()))


def loans_due(items: ItemQuerySet) -> QuerySet[Any]:
    """The loans of these measures that are not repaid: `due`, and `owed` in yuan."""
    repaid = Repayment.objects.filter(loan=OuterRef("pk")).order_by().values("loan")
    total = Subquery(repaid.annotate(total=Sum("amount")).values("total"), output_field=MONEY)
    return Loan.objects.filter(settled_on=None, item__in=items).annotate(
        due=Coalesce(F("extended_to"), F("due_on"), output_field=DateField()),
        owed=F("principal") - Coalesce(total, NOTHING),
    )


def posts_due(items: ItemQuerySet) -> QuerySet[Any]:
    """The last contract of each of these measures that is live; `due` is its last day."""
    last = Contract.objects.filter(item=OuterRef("item")).order_by("-last_day", "-pk")
    found = Contract.objects.filter(item__in=items.live(), pk=Subquery(last.values("pk")[:1]))
    return found.annotate(due=F("last_day"))


def moves_due(items: ItemQuerySet) -> QuerySet[Any]:
    """The relocations among these measures that are live; `due` is their day."""
    found = items.live().filter(category=Category.RELOCATION, measure__group="house")
    return found.annotate(due=F("due_on"))


def courses_due(items: ItemQuerySet) -> QuerySet[Any]:
    """The courses of these measures that have no certificate yet; `due` is their last day.

    Who has none a year after the course gets none any more.
    """
    kept = items.exclude(status=ItemStatus.STOPPED)
    late = business_date() - CERTIFICATE_WITHIN
    found = Course.objects.filter(item__in=kept, certified_on=None, last_day__gte=late)
    return found.annotate(due=F("last_day"))


SOURCES: Mapping[What, Callable[[ItemQuerySet], QuerySet[Any]]] = {
    What.DELIVERIES: deliveries_due,
    What.LOANS: loans_due,
    What.POSTS: posts_due,
    What.MOVES: moves_due,
    What.COURSES: courses_due,
}
PATH = {What.DELIVERIES: "", What.MOVES: ""}
MOVE_STATES: tuple[Promise, ...] = (
    _("not moved in yet"),
    _("moved in, the old house still stands"),
    _("moved in, the old house is gone"),
)


@dataclass(frozen=True)
class Wanted:
    """Which list: about what, of which place, how near; `after` is the key of the last row."""

    what: What
    when: When
    division: str
    after: str = ""


@dataclass(frozen=True)
class Row:
    """One line of a list: whose measure, what is due, when, how much of it in yuan.

    `who` is the person, or the head; empty for a measure of the village. `days` is counted from
    today, below 0 for what is overdue.
    """

    item: Item
    who: str
    what: str | Promise
    due: date
    days: int
    urgency: Urgency
    amount: Decimal | None

    @property
    def late(self) -> int:
        """For how many days it is overdue."""
        return max(-self.days, 0)


@dataclass(frozen=True)
class Counts:
    """How many there are of a list: overdue, due soon or overdue, all."""

    overdue: int
    due: int
    all: int

    def of(self, when: When) -> int:
        """How many of one kind."""
        return {When.OVERDUE: self.overdue, When.DUE: self.due, When.ALL: self.all}[when]


@dataclass(frozen=True)
class Page:
    """One page of a list; `following` is the key behind which it goes on, "" at the end."""

    rows: list[Row]
    counts: Counts
    following: str


def counted(found: QuerySet[Any], *, today: date, soon: int) -> Counts:
    """How many of these rows with `due` are overdue, and due in so many days."""
    sums = found.order_by().aggregate(
        overdue=Count("pk", filter=Q(due__lt=today)),
        due_=Count("pk", filter=Q(due__lte=today + timedelta(days=soon))),
        all_=Count("pk"),
    )
    return Counts(sums["overdue"], sums["due_"], sums["all_"])


def due_page(officer: Officer, wanted: Wanted, *, today: date, pace: Pace) -> Page:
    """A page of what is due of the measures that the officer reads in a place. Five queries."""
    soon, path = pace.of(wanted.what), PATH.get(wanted.what, ITEM)
    items = visible_items(officer).within(wanted.division)
    found = SOURCES[wanted.what](items)
    counts = counted(found, today=today, soon=soon)
    if wanted.when == When.OVERDUE:
        found = found.filter(due__lt=today)
    elif wanted.when == When.DUE:
        found = found.filter(due__lte=today + timedelta(days=soon))
    if behind := _key(wanted.after):
        found = found.filter(Q(due__gt=behind[0]) | Q(due=behind[0], pk__gt=behind[1]))
    parts = ("measure", "household", "member", "village")
    listed = found.select_related(*(path + part for part in parts), *_more(wanted.what))
    rows = list(listed.order_by("due", "pk")[: PAGE_ROWS + 1])
    following = ""
    if len(rows) > PAGE_ROWS:
        rows.pop()
        following = f"{rows[-1].due.isoformat()}.{rows[-1].pk}"
    return Page(_rows(rows, wanted.what, today=today, soon=soon), counts, following)


def _more(what: What) -> list[str]:
    return {What.POSTS: ["member"], What.MOVES: ["move"]}.get(what, [])


def _key(text: str) -> tuple[date, int] | None:
    """The key of a row as an address holds it; anything odd is none."""
    day, _dot, row = text.partition(".")
    if not (row.isascii() and row.isdecimal() and len(row) <= 18):
        return None
    try:
        return date.fromisoformat(day), int(row)
    except ValueError:
        return None


def _rows(found: list[Any], what: What, *, today: date, soon: int) -> list[Row]:
    items = [one if isinstance(one, Item) else one.item for one in found]
    heads = heads_of({one.household_id for one in items if one.household_id})
    parts = _parts_of(items) if what == What.DELIVERIES else {}
    rows = []
    for one, item in zip(found, items, strict=True):
        said, amount = _said(one, what, parts)
        rows.append(
            Row(
                item,
                item.member.name if item.member else heads.get(item.household_id or 0, ""),
                said,
                one.due,
                (one.due - today).days,
                urgency_of(one.due, today, soon),
                amount,
            )
        )
    return rows


def _said(one: Any, what: What, parts: Mapping[int, list[Part]]) -> tuple[str | Promise, Any]:
    """What is due, in words, and how much of it."""
    if what == What.LOANS:
        return one.bank, one.owed
    if what == What.POSTS:
        return f"{one.job} · {one.employer}", one.monthly_pay
    if what == What.MOVES:
        move = getattr(one, "move", None)
        if move is None or move.moved_in_on is None:
            return MOVE_STATES[0], None
        return MOVE_STATES[2 if move.old_house_gone_on else 1], None
    if what == What.COURSES:
        return one.subject, None
    due = next_due(agreed_of(one), parts.get(one.pk, []))
    return one.content, due.amount if due else None


def _parts_of(items: Iterable[Item]) -> dict[int, list[Part]]:
    found: dict[int, list[Part]] = {}
    rows = Instalment.objects.filter(item__in=[one.pk for one in items]).order_by("number")
    for key, due_on, amount in rows.values_list("item", "due_on", "amount"):
        found.setdefault(key, []).append(Part(due_on, amount))
    return found


@dataclass(frozen=True)
class Next:
    """The next delivery of a household: of which measure, when, whether it is overdue."""

    item: Item
    due: date
    is_overdue: bool


def next_by_household(
    officer: Officer, households: Iterable[Household], *, today: date
) -> dict[int, Next]:
    """The next delivery of each of these households that has one, as far as the officer reads."""
    keys = [one.pk for one in households]
    found = deliveries_due(visible_items(officer).filter(household__in=keys))
    rows = found.select_related("measure").order_by("household", "due", "pk")
    return {
        one.household_id: Next(one, one.due, one.due < today) for one in rows.distinct("household")
    }


def own_due(officer: Officer, *, today: date) -> Counts:
    """What is to be delivered of the measures that the officer reads in his posting."""
    pace = pace_in(officer.acting_division, today.year)
    items = visible_items(officer)
    return counted(deliveries_due(items), today=today, soon=pace.deliveries)
