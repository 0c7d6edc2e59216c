"""When a village may leave the list of poor villages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from exits.rules.shares import is_below, limit_percent, percent_beside
from exits.rules.years import bear_an_exit
from workflow.machine import Fault, Situation, gettext_noop

Figure = int | Decimal | bool | None


@dataclass(frozen=True)
class Result:
    """What became of an indicator: met, not met, or None while it is unknown."""

    code: str
    name: str
    field: str
    figure: Figure
    vetoes: bool
    met: bool | None


def indicator_met(figure: Figure, *, least: Decimal | None, most: Decimal | None) -> bool | None:
    """Whether a figure lies within its bounds, ends included; a yes is met, unknown is None.

    A figure without bounds is met above zero.
    """
    if figure is None:
        return None
    if isinstance(figure, bool):
        return figure
    if least is None and most is None:
        return figure > 0
    return (least is None or figure >= least) and (most is None or figure <= most)


@dataclass(frozen=True)
class Count:
    """What the register and the village's record say: poor persons, rural population, limit.

    `population` is None while no record of the year says it.
    """

    poor: int
    population: int | None
    limit_bp: int
    year: int


def incidence_faults(count: Count) -> list[Fault]:
    """Why the incidence does not allow an exit; nothing when it is below the limit."""
    if count.population is None:
        text = gettext_noop(
            "The rural population of %(year)s is not recorded. Record the figures of the year."
        )
        return [Fault(text, {"year": count.year})]
    if count.poor > count.population:
        text = gettext_noop(
            "The register has more poor persons (%(poor)s) than the record has rural population"
            " (%(population)s). Correct the record."
        )
        return [Fault(text, {"poor": count.poor, "population": count.population})]
    if not count.population:
        text = gettext_noop("The record of %(year)s has a rural population of nobody. Correct it.")
        return [Fault(text, {"year": count.year})]
    if is_below(count.poor, count.population, limit_bp=count.limit_bp):
        return []
    text = gettext_noop(
        "The incidence is %(poor)s ÷ %(population)s = %(incidence)s; it must be below %(limit)s."
    )
    incidence = Fraction(count.poor, count.population)
    values = {
        "poor": f"{count.poor:,}",
        "population": f"{count.population:,}",
        "incidence": percent_beside(incidence, limit_bp=count.limit_bp),
        "limit": limit_percent(count.limit_bp),
    }
    return [Fault(text, values)]


def year_faults(year: int, later: int | None, today: date) -> list[Fault]:
    """Why figures of a year bear no exit today: they are neither of this year nor of the last, or
    later ones are on record. Nobody picks the year that suits.
    """
    if later is not None:
        text = gettext_noop("Figures of %(year)s are on record. The exit rests on these.")
        return [Fault(text, {"year": later})]
    if bear_an_exit(year, today):
        return []
    text = gettext_noop("An exit rests on figures of this year or the last, not of %(year)s.")
    return [Fault(text, {"year": year})]


def indicator_faults(results: Iterable[Result]) -> list[Fault]:
    """A fault for each indicator that stops the exit and is not met, or not known."""
    faults = []
    for one in results:
        if not one.vetoes or one.met:
            continue
        text = (
            gettext_noop("“%(name)s” is not known, and it stops the exit.")
            if one.met is None
            else gettext_noop("“%(name)s” is not met, and it stops the exit.")
        )
        faults.append(Fault(text, {"name": one.name}))
    return faults


def exit_faults(count: Count, results: Sequence[Result]) -> list[Fault]:
    """Everything that keeps a village on the list."""
    return [*incidence_faults(count), *indicator_faults(results)]


def village_may_exit(situation: Situation) -> list[Fault]:
    """A fault for the year, the incidence, a veto or a missing record; they stand on record."""
    return [*place_year_faults(situation), *situation.records.values["faults"]]


def place_year_faults(situation: Situation) -> list[Fault]:
    """What the year of the facts of a case says against its exit."""
    later: int | None = situation.records.values["later"]
    return year_faults(situation.facts["year"], later, situation.today)
