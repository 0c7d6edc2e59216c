"""The records of villages: which village of a place has one for a year, and what they say."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from divisions.models import Division, Level
from exits.queries.listed import PAGE_ROWS
from households.models import VillageRecord
from households.village_fields import PARTS, Field, Value, fields, in_words, read
from officers.models import Officer
from trail.dates import business_date

SHOWN_YEARS = 5
LISTED = ("households", "rural_population", "collective_income")


def villages_of(place: Division) -> QuerySet[Division]:
    """The villages in force at or below a place, by code."""
    found = Division.objects.in_force(business_date()).within(place.pk)
    return found.filter(level=Level.VILLAGE).order_by("pk")


@dataclass(frozen=True)
class Row:
    """A village with its record of the year, or None, and some of the figures in words."""

    village: Division
    record: VillageRecord | None

    @property
    def values(self) -> dict[str, Value]:
        """The figures by name."""
        return read(self.record.values) if self.record else {}

    @property
    def shown(self) -> dict[str, str]:
        """The figures of the list in words; a dash for unknown."""
        return {name: in_words(self.values.get(name)) for name in LISTED}

    @property
    def known(self) -> int:
        """How many figures are known."""
        return len(self.values)


@dataclass(frozen=True)
class Page:
    """One page of the villages of a place; `number` counts from 1."""

    rows: list[Row]
    count: int
    recorded: int
    number: int

    @property
    def has_next(self) -> bool:
        """Whether more follow."""
        return self.number * PAGE_ROWS < self.count


def records_page(officer: Officer, place: Division, year: int, *, number: int) -> Page:
    """The villages of a county or below with their records of a year. Four queries."""
    villages = villages_of(place)
    start = (number - 1) * PAGE_ROWS
    shown = list(villages.select_related("parent")[start : start + PAGE_ROWS])
    records = VillageRecord.objects.visible_to(officer).in_force().filter(year=year)
    found = {one.village_id: one for one in records.filter(village__in=shown)}
    first = VillageRecord.objects.visible_to(officer).within(place.pk)
    return Page(
        [Row(one, found.get(one.pk)) for one in shown],
        villages.count(),
        first.filter(year=year, corrects=None).count(),
        number,
    )


@dataclass(frozen=True)
class Line:
    """A figure year by year, in words; a dash for unknown."""

    field: Field
    cells: list[str]


@dataclass(frozen=True)
class Part:
    """The figures of one part that any of the years knows."""

    title: str
    lines: list[Line]


@dataclass(frozen=True)
class History:
    """The records of a village: the years that stand, the figures by part, every correction."""

    years: list[VillageRecord]
    parts: list[Part]
    corrections: list[VillageRecord]


def history_of(officer: Officer, village: Division) -> History:
    """The latest years of a village, the latest first; all of its corrections. Two queries."""
    own = VillageRecord.objects.visible_to(officer).filter(village=village)
    standing = own.in_force().select_related("recorded_by")
    years = sorted(standing, key=lambda one: -one.year)[:SHOWN_YEARS]
    corrections = own.exclude(corrects=None).select_related("recorded_by").order_by("-pk")
    return History(years, _parts(years), list(corrections))


def _parts(years: Sequence[VillageRecord]) -> list[Part]:
    values = [read(one.values) for one in years]
    parts = []
    for name, title in PARTS.items():
        own = [one for one in fields().values() if one.part == name]
        lines = [
            Line(one, [in_words(year.get(one.name)) for year in values])
            for one in own
            if any(one.name in year for year in values)
        ]
        if lines:
            parts.append(Part(str(title), lines))
    return parts


def record_for(officer: Officer, village: Division, year: int) -> VillageRecord | None:
    """The record of a village for a year that no later one corrects."""
    own = VillageRecord.objects.visible_to(officer).in_force().select_related("recorded_by")
    return own.filter(village=village, year=year).first()
