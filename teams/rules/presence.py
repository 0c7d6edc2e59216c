"""Days in the village: what counts, how many are wanted, who approves an absence."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from teams.rules.terms import ONE_DAY, Span

KILOMETRE = Decimal("0.01")
"""About a kilometre in degrees: nothing finer of somebody's position is kept."""


class Status(StrEnum):
    """What a day was."""

    IN_VILLAGE = "in_village"
    OFFICIAL = "official"
    LEAVE = "leave"
    ABSENT = "absent"


class Source(StrEnum):
    """How a day came on record."""

    SELF = "self"
    VILLAGE = "village"
    ABSENCE = "absence"
    INSPECTION = "inspection"
    IMPORT = "import"


class AbsenceKind(StrEnum):
    """Why somebody is away with permission."""

    OFFICIAL = "official"
    ANNUAL = "annual"
    ILLNESS = "illness"
    PERSONAL = "personal"


COUNTED = frozenset({Status.IN_VILLAGE, Status.OFFICIAL})
"""What counts as a day in the village. Source: domain, presence."""


def status_of(kind: str) -> Status:
    """What the days of an approved absence are."""
    return Status.OFFICIAL if kind == AbsenceKind.OFFICIAL else Status.LEAVE


def coarse(latitude: Decimal, longitude: Decimal) -> str:
    """A position to about a kilometre, as it is kept."""
    places = (value.quantize(KILOMETRE, ROUND_HALF_UP) + 0 for value in (latitude, longitude))
    return ",".join(str(place) for place in places)


def month_span(day: date) -> Span:
    """The days of the calendar month of a day."""
    after = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return Span(day.replace(day=1), after - ONE_DAY)


def earliest_to_keep(today: date) -> date:
    """The first day that a village may still record: the beginning of last month."""
    return month_span(today.replace(day=1) - ONE_DAY).first


def needs_county(kind: str, days: int, *, township_days: int) -> bool:
    """Whether an absence is for the county to approve: leave longer than the township's days.

    An absence on duty is reported to the township, however long.
    """
    return kind != AbsenceKind.OFFICIAL and days > township_days


def unaccounted(
    spans: Iterable[Span], known: Mapping[date, str], *, first: date, last: date
) -> list[date]:
    """Working days (Monday to Friday) of a window in which somebody served and nothing is known."""
    window = Span(first, last)
    saturday = 5
    days = []
    for span in spans:
        part = span.cut(window)
        if part is None or part.last is None:
            continue
        ordinals = range(part.first.toordinal(), part.last.toordinal() + 1)
        days += [date.fromordinal(number) for number in ordinals]
    return sorted({day for day in days if day.weekday() < saturday and day not in known})
