"""Days in the village by place and person: the table of a year or month, and the same as a file."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from divisions.models import DIGITS, Division, Level
from divisions.scope import contains, reaches
from officers.models import Officer
from teams.models import POST_NAMES, Cadre
from teams.queries.presence import (
    Filter,
    PartSum,
    Rows,
    Totals,
    summed_month,
    summed_year,
)
from teams.rules.terms import Post
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
FILTERS: dict[str, Filter] = {
    "": Filter("true", ""),
    BELOW: Filter("in_village + official < due", "in_village + official - due,"),
    UNACCOUNTED: Filter("unaccounted > 0", "unaccounted DESC,"),
    ABSENT: Filter("absent > 0", "absent DESC,"),
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
    """The days of a place: the sum, the sums of the places below, and those who are listed.

    `count` are all that the filter keeps, `listed` those of the asked rows.
    """

    asked: Asked
    whole: Sum
    parts: list[tuple[Division, Sum]]
    listed: list[Totals]
    count: int


def day_table(asked: Asked, rows: Rows, *, today: date) -> DayTable:
    """The table of a place that the caller has found to lie within the officer's posting.

    Names and totals are public to every reader of the roster; single days are not in it.
    """
    place, only = asked.place, FILTERS[asked.only]
    digits = DIGITS[Level(place.level + 1)] if place.level < Level.TOWNSHIP else 0
    if asked.month is not None:
        found = summed_month(place.pk, digits, asked.month, today, only=only, rows=rows)
    else:
        found = summed_year(place.pk, digits, asked.year, today, only=only, rows=rows)
    sums, listed = found
    count = sum(one.listed for one in sums)
    return DayTable(asked, _sum(sums), _parts(place, sums), listed, count)


def _sum(found: Iterable[PartSum]) -> Sum:
    parts = list(found)
    return Sum(
        people=sum(one.people for one in parts),
        counted=sum(one.counted for one in parts),
        enough=sum(one.enough for one in parts),
        absent=sum(one.absent for one in parts),
        unaccounted=sum(one.unaccounted for one in parts),
    )


def _parts(place: Division, sums: Iterable[PartSum]) -> list[tuple[Division, Sum]]:
    """The sums of the places right below, where somebody served; each by his last village."""
    found = {one.part: one for one in sums if one.part and contains(place.pk, one.part)}
    divisions = Division.objects.filter(pk__in=found).order_by("code")
    return [(division, _sum([found[division.pk]])) for division in divisions]


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
