"""Visits by month and place: how much was done, counted from the visits themselves."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db.models import Count, DateField, F, Func, IntegerField, Value
from django.db.models.functions import Left

from divisions.models import Division
from teams.models import Visit

MONTHS = 12


def month_of(day: date) -> date:
    """The first day of the month of a day."""
    return day.replace(day=1)


def months_before(month: date, number: int) -> date:
    """The first day of the month so many months before."""
    ordinal = month.year * 12 + month.month - 1 - number
    return date(ordinal // 12, ordinal % 12 + 1, 1)


def months_to(day: date, number: int = MONTHS) -> list[date]:
    """The first days of so many months, that of `day` the last."""
    last = month_of(day)
    return [months_before(last, back) for back in range(number - 1, -1, -1)]


def last_of(month: date) -> date:
    """The last day of a month."""
    return date.fromordinal(months_before(month, -1).toordinal() - 1)


@dataclass(frozen=True)
class PlaceMonths:
    """The visits of one place, month by month."""

    division: Division
    visits: list[int]

    @property
    def total(self) -> int:
        """The visits of all months."""
        return sum(self.visits)


@dataclass(frozen=True)
class Activity:
    """The months of a place, the first days of them, and the same for those right below it."""

    months: list[date]
    whole: PlaceMonths
    parts: list[PlaceMonths]


def activity_of(place: Division, *, today: date) -> Activity:
    """The standing visits of the last MONTHS months; the place lies within the reader's posting.

    Numbers of visits are work done, not people: they are told to every reader of the roster.
    """
    months = months_to(today)
    below = list(Division.objects.in_force(today).below(place.pk))
    digits = len(below[0].pk) if below else len(place.pk)
    found = _counted(place.pk, digits, months[0], today)
    gone = {code for code, _month in found} - {one.pk for one in below} - {place.pk}
    parts = sorted([*below, *Division.objects.filter(pk__in=gone)], key=lambda one: one.pk)
    sums = [sum(_of_month(found, month)) for month in months]
    return Activity(
        months,
        PlaceMonths(place, sums),
        [PlaceMonths(one, [found.get((one.pk, m), 0) for m in months]) for one in parts],
    )


def _counted(code: str, digits: int, first: date, last: date) -> dict[tuple[str, date], int]:
    """The visits by place of so many digits and month."""
    months = [month for month in months_to(last) if month >= first]
    bucket = Func(
        F("day"),
        Value(months, ArrayField(DateField())),
        function="width_bucket",
        output_field=IntegerField(),
    )
    visits = Visit.everywhere.standing().within(code).filter(day__gte=first, day__lte=last)
    grouped = visits.annotate(place=Left("village_id", digits), month=bucket)
    counts = grouped.values_list("place", "month").annotate(Count("pk")).order_by()
    return {(place, months[month - 1]): number for place, month, number in counts}


def _of_month(found: dict[tuple[str, date], int], month: date) -> Iterable[int]:
    return (number for (_place, one), number in found.items() if one == month)
