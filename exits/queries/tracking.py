"""Who is looked after since his exit: last visit, helper, and how many in each place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, DateField, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Left

from divisions.models import Division
from exits.models import Tracking
from exits.rules.tracking import is_overdue
from households.rights import ShownCounts, masked_name, reads_names, shown_counts
from households.suppression import Key, total
from officers.models import Officer
from teams.models import Pairing, Visit
from teams.queries.pairings import helpers_of
from teams.queries.visits import heads_of
from workflow.parameters import EXIT_TRACKING_VISIT_DAYS
from workflow.queries import parameter

PAGE_ROWS = 40
ALL, OVERDUE, UNHELPED = "all", "overdue", "unhelped"
KINDS = (ALL, OVERDUE, UNHELPED)


@dataclass(frozen=True)
class Row:
    """A place: how many are tracked, not visited in time, without a helper."""

    division: Division
    counts: list[str]


@dataclass(frozen=True)
class Line:
    """One household under tracking."""

    tracking: Tracking
    head: str
    last_visit: date | None
    is_overdue: bool
    helper: Pairing | None


@dataclass(frozen=True)
class TrackingPage:
    """A place with its parts; `lines` for roles that read names. `days` is the pace of visits."""

    whole: Row
    parts: list[Row]
    lines: list[Line]
    has_next: bool
    days: int


def running(officer: Officer, code: str, *, today: date) -> QuerySet:
    """What runs in a place within the posting, each with `last`, the day of the last visit."""
    visits = Visit.everywhere.filter(household=OuterRef("household"), withdrawn_at=None)
    last = Subquery(visits.order_by("-day").values("day")[:1], output_field=DateField())
    pairings = Pairing.everywhere.in_force(today).filter(household=OuterRef("household"))
    found = Tracking.objects.visible_to(officer).within(code)
    return found.filter(ended_on=None, until__gte=today).annotate(
        last=last, since=Coalesce(last, F("starts_on")), helped=Exists(pairings)
    )


def of_kind(found: QuerySet, kind: str, *, today: date, days: int) -> QuerySet:
    """Those of a kind: all, the overdue, or those without a helper."""
    conditions = {OVERDUE: late(today, days), UNHELPED: Q(helped=False)}
    return found.filter(conditions[kind]) if kind in conditions else found


def late(today: date, days: int) -> Q:
    """The condition of `rules.tracking.is_overdue`."""
    return Q(since__lt=today - timedelta(days=days))


def tracking_page(
    officer: Officer, place: Division, *, kind: str, number: int, today: date
) -> TrackingPage:
    """The tracking of a place; `kind` is one of KINDS, `number` that of the page, from 1."""
    days = int(parameter(EXIT_TRACKING_VISIT_DAYS, place.pk, today.year))
    found = running(officer, place.pk, today=today)
    below = list(Division.objects.in_force(today).below(place.pk))
    shown = _counted(officer, place, below, found, today, days)
    lines: list[Line] = []
    has_next = False
    if reads_names(officer):
        wanted = of_kind(found, kind, today=today, days=days)
        lines, has_next = _lines(officer, wanted, number, today, days)
    return TrackingPage(
        whole=_row(place, shown),
        parts=[_row(one, shown) for one in below],
        lines=lines,
        has_next=has_next,
        days=days,
    )


def _counted(
    officer: Officer,
    place: Division,
    below: Sequence[Division],
    found: QuerySet,
    today: date,
    days: int,
) -> ShownCounts:
    digits = len(below[0].pk) if below else len(place.pk)
    grouped = found.order_by().annotate(place=Left("village_id", digits)).values_list("place")
    rows = grouped.annotate(
        Count("pk"),
        overdue=Count("pk", filter=late(today, days)),
        unhelped=Count("pk", filter=Q(helped=False)),
    )
    counts: dict[Key, int] = {}
    for part, *numbers in rows:
        for code in {part, place.pk}:
            for kind, number in zip(KINDS, numbers, strict=True):
                counts[code, kind] = counts.get((code, kind), 0) + number
    places = {place.pk, *(one.pk for one in below)}
    for code in places:
        whole = counts.get((code, ALL), 0)
        counts[code, "visited"] = whole - counts.get((code, OVERDUE), 0)
        counts[code, "helped"] = whole - counts.get((code, UNHELPED), 0)
    sums = [total((one, ALL), [(one, OVERDUE), (one, "visited")]) for one in places]
    sums += [total((one, ALL), [(one, UNHELPED), (one, "helped")]) for one in places]
    if below:
        sums += [total((place.pk, kind), [(one.pk, kind) for one in below]) for kind in KINDS]
    return shown_counts(officer, counts, sums)


def _row(division: Division, shown: ShownCounts) -> Row:
    return Row(division, [shown.text((division.pk, kind)) for kind in KINDS])


def _lines(
    officer: Officer, found: QuerySet, number: int, today: date, days: int
) -> tuple[list[Line], bool]:
    start = (number - 1) * PAGE_ROWS
    ordered = found.select_related("household", "village").order_by("since", "village_id", "pk")
    rows = list(ordered[start : start + PAGE_ROWS + 1])
    page = rows[:PAGE_ROWS]
    keys = [one.household_id for one in page]
    heads, helpers = heads_of(keys), helpers_of(keys, today)
    lines = [
        Line(
            tracking=one,
            head=_named(officer, heads.get(one.household_id, one.household.number)),
            last_visit=one.last,
            is_overdue=is_overdue(one.last, one.starts_on, today, days=days),
            helper=helpers.get(one.household_id),
        )
        for one in page
    ]
    return lines, len(rows) > PAGE_ROWS


def _named(officer: Officer, name: str) -> str:
    return name if reads_names(officer) else masked_name(name)
