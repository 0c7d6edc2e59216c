"""How much is to be delivered, and how much of it is late, by place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Left

from assistance.models import Item
from assistance.queries.due import Pace, deliveries_due, loans_due
from divisions.models import Division
from households.rights import ShownCounts, shown_counts
from households.suppression import Key, total
from officers.models import Officer

OPEN, DUE, OVERDUE, LOANS, LATE_LOANS = "open", "due", "overdue", "loans", "late_loans"
KINDS = (OPEN, DUE, OVERDUE, LOANS, LATE_LOANS)
"""Measures to be delivered: all, due in so many days, overdue. Loans: all, overdue."""


@dataclass(frozen=True)
class Sums:
    """Of one place: how many, and how many yuan of the measures are planned and delivered."""

    open: int = 0
    due: int = 0
    overdue: int = 0
    loans: int = 0
    late_loans: int = 0
    planned: Decimal = Decimal(0)
    delivered: Decimal = Decimal(0)


@dataclass(frozen=True)
class Row:
    """A place as the page shows it; money is None where it would tell of few."""

    division: Division
    open: str
    due: str
    overdue: str
    loans: str
    late_loans: str
    planned: Decimal | None
    delivered: Decimal | None


@dataclass(frozen=True)
class Totals:
    """A place with those right below it; a village has no parts."""

    whole: Row
    parts: list[Row]


def due_totals(officer: Officer, place: Division, *, today: date, pace: Pace) -> Totals:
    """What is to be delivered in a place and in each of those right below it. Four queries."""
    below = list(Division.objects.in_force(today).below(place.pk))
    digits = len(below[0].pk) if below else len(place.pk)
    found = _sums(officer, place.pk, digits, today=today, pace=pace)
    known = {one.pk for one in below}
    gone = {code for code in found if code not in known and code != place.pk}
    below = sorted([*below, *Division.objects.filter(pk__in=gone)], key=lambda one: one.pk)
    return _shown(officer, place, below, found)


def _sums(officer: Officer, code: str, digits: int, *, today: date, pace: Pace) -> dict[str, Sums]:
    items = Item.objects.visible_to(officer).within(code)
    measures = _grouped(
        deliveries_due(items), "village_id", digits, today=today, soon=pace.deliveries
    )
    measures = measures.annotate(money_planned=Sum("planned"), money_delivered=Sum("delivered"))
    loans = _grouped(loans_due(items), "item__village_id", digits, today=today, soon=pace.loans)
    lent = {one["part"]: one for one in loans}
    found = {}
    for one in measures:
        loan = lent.pop(one["part"], {})
        found[one["part"]] = Sums(
            one["all_"],
            one["due_"],
            one["overdue_"],
            loan.get("all_", 0),
            loan.get("overdue_", 0),
            one["money_planned"],
            one["money_delivered"],
        )
    for part, loan in lent.items():
        found[part] = Sums(loans=loan["all_"], late_loans=loan["overdue_"])
    return found


def _grouped(
    found: QuerySet[Any], column: str, digits: int, *, today: date, soon: int
) -> QuerySet[Any]:
    """The rows with `due` counted by place of so many digits."""
    return (
        found.order_by()
        .annotate(part=Left(column, digits))
        .values("part")
        .annotate(
            all_=Count("pk"),
            due_=Count("pk", filter=Q(due__lte=today + timedelta(days=soon))),
            overdue_=Count("pk", filter=Q(due__lt=today)),
        )
    )


def _shown(
    officer: Officer, place: Division, below: Sequence[Division], found: Mapping[str, Sums]
) -> Totals:
    """The sums as the officer may see them: the counts add up by place and by how late."""
    every = list(found.values())
    whole = Sums(
        open=sum(one.open for one in every),
        due=sum(one.due for one in every),
        overdue=sum(one.overdue for one in every),
        loans=sum(one.loans for one in every),
        late_loans=sum(one.late_loans for one in every),
        planned=sum((one.planned for one in every), Decimal(0)),
        delivered=sum((one.delivered for one in every), Decimal(0)),
    )
    of_place = {**found, place.pk: whole}
    counts: dict[Key, int] = {}
    for code, one in of_place.items():
        counts |= {(code, kind): getattr(one, kind) for kind in KINDS}
        counts |= {
            (code, "later"): one.open - one.due,
            (code, "soon"): one.due - one.overdue,
            (code, "good_loans"): one.loans - one.late_loans,
        }
    sums = []
    for code in of_place:
        sums += [
            total((code, OPEN), [(code, DUE), (code, "later")]),
            total((code, DUE), [(code, OVERDUE), (code, "soon")]),
            total((code, LOANS), [(code, LATE_LOANS), (code, "good_loans")]),
        ]
    if below:
        parts = [one.pk for one in below]
        sums += [total((place.pk, kind), [(one, kind) for one in parts]) for kind in KINDS]
    shown = shown_counts(officer, counts, sums)
    tells = not any(shown.is_hidden((one.pk, OPEN)) for one in below)
    return Totals(
        _row(place, shown, whole, tells_money=True),
        [_row(one, shown, found.get(one.pk, Sums()), tells_money=tells) for one in below],
    )


def _row(division: Division, shown: ShownCounts, sums: Sums, *, tells_money: bool) -> Row:
    """A place; the money of its measures is told unless a count beside it is not."""
    told = tells_money and not shown.is_hidden((division.pk, OPEN))
    counts = [shown.text((division.pk, kind)) for kind in KINDS]
    return Row(
        division,
        open=counts[0],
        due=counts[1],
        overdue=counts[2],
        loans=counts[3],
        late_loans=counts[4],
        planned=sums.planned if told else None,
        delivered=sums.delivered if told else None,
    )
