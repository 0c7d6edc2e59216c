"""What register and records say of villages: poor persons, rural population, indicators."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Count as CountOf
from django.db.models import Max
from django.utils.translation import get_language

from exits.models import Indicator
from exits.procedure.villages import LISTED
from exits.queries.indicators import indicators_in_force
from exits.rules.shares import percent_beside
from exits.rules.villages import Count, Figure, Result, indicator_met, year_faults
from households.models import Household, Member, VillageRecord
from households.village_fields import read
from trail.dates import business_date
from workflow.machine import Fault
from workflow.parameters import EXIT_INCIDENCE_LIMIT
from workflow.queries import parameter

COUNTY_DIGITS = 6


@dataclass(frozen=True)
class Figures:
    """A village in a year: what the register counts today, and its record of the year, or None.

    `later` is the year of its latest record after that, up to this year; None without any.
    """

    village: str
    year: int
    poor_households: int
    poor: int
    limit_bp: int
    record: VillageRecord | None
    indicators: Sequence[Indicator]
    later: int | None
    today: date

    @property
    def year_faults(self) -> list[Fault]:
        """Why no exit may rest on figures of that year today."""
        return year_faults(self.year, self.later, self.today)

    @property
    def values(self) -> dict[str, Any]:
        """The figures of the record by name; nothing without one."""
        return read(self.record.values) if self.record else {}

    @property
    def population(self) -> int | None:
        """The rural registered population; None while it is unknown."""
        return self.values.get("rural_population")

    @property
    def count(self) -> Count:
        """What decides about the incidence."""
        return Count(self.poor, self.population, self.limit_bp, self.year)

    @property
    def results(self) -> list[Result]:
        """What became of each indicator by the record; those that somebody judges are unknown."""
        return results_of(self.facts)

    @property
    def facts(self) -> dict[str, Any]:
        """The facts of a case about the village, as JSON values."""
        values = self.values
        return {
            "state": LISTED,
            "year": self.year,
            "village": self.village,
            "households": values.get("households"),
            "people": values.get("population"),
            "poor_households": self.poor_households,
            "poor": self.poor,
            "population": self.population,
            "limit_bp": self.limit_bp,
            "record": self.record.pk if self.record else None,
            "indicators": [_asked(one, values.get(one.field)) for one in self.indicators],
        }


def _asked(indicator: Indicator, figure: Figure) -> dict[str, Any]:
    return {
        "code": indicator.code,
        "name_zh": indicator.name_zh,
        "name_en": indicator.name_en,
        "field": indicator.field,
        "least": _text(indicator.least),
        "most": _text(indicator.most),
        "vetoes": indicator.vetoes,
        "figure": _text(figure) if isinstance(figure, Decimal) else figure,
    }


def _text(number: Decimal | None) -> str | None:
    return None if number is None else f"{number:.2f}"


def figures_of(villages: Iterable[str], year: int) -> dict[str, Figures]:
    """The figures of villages of one county by code. Six queries."""
    codes = sorted(set(villages))
    if not codes:
        return {}
    county = codes[0][:COUNTY_DIGITS]
    records = VillageRecord.everywhere.in_force().filter(village__in=codes, year=year)
    by_village = {one.village_id: one for one in records}
    households, persons = poor_households(codes), poor_persons(codes)
    limit = parameter(EXIT_INCIDENCE_LIMIT, county, year)
    indicators = indicators_in_force(county, year)
    today = business_date()
    later = later_records(codes, year, today)
    return {
        code: Figures(
            code,
            year,
            households.get(code, 0),
            persons.get(code, 0),
            limit,
            by_village.get(code),
            indicators,
            later.get(code),
            today,
        )
        for code in codes
    }


def later_records(villages: Iterable[str], year: int, today: date) -> dict[str, int]:
    """The year of the latest record of each village after a year, up to that of today."""
    records = VillageRecord.everywhere.filter(village__in=list(villages))
    found = records.filter(year__gt=year, year__lte=today.year).order_by()
    return dict(found.values_list("village_id").annotate(Max("year")))


def latest_of(village: str, year: int) -> Figures:
    """The figures of now of a village, those of a later year where it has recorded any."""
    latest = later_records([village], year, business_date()).get(village, year)
    return figures_of([village], latest)[village]


def poor_households(villages: Sequence[str]) -> dict[str, int]:
    """Households on the register by village."""
    found = Household.everywhere.registered().filter(village__in=villages).order_by()
    return dict(found.values_list("village_id").annotate(number=CountOf("pk")))


def poor_persons(villages: Sequence[str]) -> dict[str, int]:
    """Persons on the register by village: the active members of its registered households.

    Whoever stands in a poor state counts, whatever his attribute says. Domain reference §13.1.
    """
    registered = Household.everywhere.registered().filter(village__in=villages)
    members = Member.objects.active().filter(household__in=registered).order_by()
    return dict(members.values_list("household__village_id").annotate(number=CountOf("pk")))


def results_of(facts: Mapping[str, Any], judged: Mapping[str, bool] | None = None) -> list[Result]:
    """What became of each indicator of a case's facts; `judged` are those that somebody judged."""
    chinese = (get_language() or "").startswith("zh")
    return [
        Result(
            code=one["code"],
            name=one["name_zh"] if chinese else one["name_en"],
            field=one["field"],
            figure=_figure(one["figure"]),
            vetoes=one["vetoes"],
            met=_met(one, judged or {}),
        )
        for one in facts["indicators"]
    ]


def _met(one: Mapping[str, Any], judged: Mapping[str, bool]) -> bool | None:
    if not one["field"]:
        return judged.get(one["code"])
    return indicator_met(
        _figure(one["figure"]), least=_number(one["least"]), most=_number(one["most"])
    )


def _figure(value: Any) -> Figure:
    return Decimal(value) if isinstance(value, str) else value


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def count_of(facts: Mapping[str, Any]) -> Count:
    """What decides about the incidence in the facts of a case."""
    return Count(facts["poor"], facts["population"], facts["limit_bp"], facts["year"])


def incidence_text(count: Count) -> str:
    """The incidence in percent; a dash while it is unknown."""
    if not count.population:
        return "–"
    return percent_beside(Fraction(count.poor, count.population), limit_bp=count.limit_bp)
