"""Days in the village by place and person: the table of a year or month, and the same as a file."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from divisions.models import DIGITS, Division, Level
from divisions.scope import NATION, reaches
from officers.models import Officer
from teams.models import POST_NAMES, Cadre
from teams.queries.presence import Totals, cadres_in, month_totals, year_totals
from teams.rules.presence import month_span
from teams.rules.terms import Post, year_span
from trail.sheets import Sheet

PAGE_ROWS = 50
HUNDRED = 100
BELOW, UNACCOUNTED, ABSENT = "below", "unaccounted", "absent"
NARROWED: dict[str, Promise] = {
    "": gettext_lazy("everybody"),
    BELOW: gettext_lazy("fewer days than wanted until today"),
    UNACCOUNTED: gettext_lazy("working days not on record"),
    ABSENT: gettext_lazy("absent without leave"),
}
KEEPS: dict[str, Callable[[Totals], bool]] = {
    "": lambda one: True,
    BELOW: lambda one: one.is_below,
    UNACCOUNTED: lambda one: one.unaccounted > 0,
    ABSENT: lambda one: one.absent > 0,
}
ORDERS: dict[str, Callable[[Totals], int]] = {
    BELOW: lambda one: one.counted - one.due,
    UNACCOUNTED: lambda one: -one.unaccounted,
    ABSENT: lambda one: -one.absent,
}
"""The worst first; without a filter by village."""


@dataclass(frozen=True)
class Asked:
    """Which days of whom: a place, a year, a month of it (None for the whole), a filter."""

    place: Division
    year: int
    month: date | None = None
    only: str = ""


@dataclass(frozen=True)
class Sum:
    """What a group of people comes to; means and shares are 0 for nobody."""

    people: int
    counted: int
    enough: int
    absent: int
    unaccounted: int

    @property
    def average(self) -> int:
        """Days that count, for one person, to the nearest."""
        return round(self.counted / self.people) if self.people else 0

    @property
    def percent(self) -> int:
        """How many of a hundred have as many days as were wanted until today, rounded down."""
        return HUNDRED * self.enough // self.people if self.people else 0


@dataclass(frozen=True)
class Line:
    """Somebody's days with his name, post and village; None for a village outside the posting.

    He served in the place and may have gone on to another county in the same year.
    """

    totals: Totals
    cadre: Cadre
    village: Division | None

    @property
    def post(self) -> str:
        return str(POST_NAMES[Post(self.totals.post)])


@dataclass(frozen=True)
class DayTable:
    """The days of a place: the sum, the sums of the places below, and those who are listed."""

    asked: Asked
    whole: Sum
    parts: list[tuple[Division, Sum]]
    listed: list[Totals]


def day_table(officer: Officer, asked: Asked, *, today: date) -> DayTable:
    """The table of a place that the caller has found to lie within the officer's posting.

    Names and totals are public to every reader of the roster; single days are not in it.
    """
    everybody = list(_totals(asked, today).values())
    listed = [one for one in everybody if KEEPS[asked.only](one)]
    if asked.only:
        listed.sort(key=ORDERS[asked.only])
    return DayTable(asked, _sum(everybody), _parts(asked.place, everybody), listed)


def _totals(asked: Asked, today: date) -> dict[int, Totals]:
    if asked.month is not None:
        people = cadres_in(asked.place.pk, month_span(asked.month))
        return month_totals(people, asked.month, today)
    return year_totals(cadres_in(asked.place.pk, year_span(asked.year)), asked.year, today)


def _sum(found: Sequence[Totals]) -> Sum:
    return Sum(
        people=len(found),
        counted=sum(one.counted for one in found),
        enough=sum(not one.is_below for one in found),
        absent=sum(one.absent for one in found),
        unaccounted=sum(one.unaccounted for one in found),
    )


def _parts(place: Division, found: Iterable[Totals]) -> list[tuple[Division, Sum]]:
    """The sums of the places right below, where somebody served; each by his last village."""
    if place.level >= Level.TOWNSHIP:
        return []
    digits = DIGITS[Level(place.level + 1)]
    above = "" if place.pk == NATION else place.pk
    by_part: dict[str, list[Totals]] = {}
    for one in found:
        if one.village.startswith(above):
            by_part.setdefault(one.village[:digits], []).append(one)
    divisions = Division.objects.filter(pk__in=by_part).order_by("code")
    return [(division, _sum(by_part[division.pk])) for division in divisions]


def lines_of(officer: Officer, listed: Sequence[Totals]) -> list[Line]:
    """These people with names and the villages of the officer's posting, in the same order."""
    cadres = Cadre.everywhere.in_bulk([one.cadre for one in listed])
    seen = {one.village for one in listed if reaches(officer, one.village)}
    villages = Division.objects.in_bulk(seen)
    return [Line(one, cadres[one.cadre], villages.get(one.village)) for one in listed]


def day_sheet(officer: Officer, table: DayTable) -> Sheet:
    """The listed people as a table for a spreadsheet."""
    asked = table.asked
    return Sheet(
        title=_("Days in the village"),
        headings=[
            _("Number"),
            _("Name"),
            _("Village"),
            _("Village code"),
            _("Post"),
            _("In the village"),
            _("On duty elsewhere"),
            _("On leave"),
            _("Absent without leave"),
            _("Days that count"),
            _("Wanted until today"),
            _("Wanted in all"),
            _("Working days not on record"),
        ],
        rows=[
            (
                line.cadre.number,
                line.cadre.name,
                line.village.name if line.village else "",
                line.village.pk if line.village else "",
                line.post,
                line.totals.in_village,
                line.totals.official,
                line.totals.leave,
                line.totals.absent,
                line.totals.counted,
                line.totals.due,
                line.totals.wanted,
                line.totals.unaccounted,
            )
            for line in lines_of(officer, table.listed)
        ],
        about=[
            (_("Place"), asked.place.name),
            (_("Year"), str(asked.year)),
            *([(_("Month"), f"{asked.month:%Y-%m}")] if asked.month else []),
            (_("Which people"), str(NARROWED[asked.only])),
        ],
    )
