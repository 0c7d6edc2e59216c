"""Three years of a household side by side: what changed, what each figure rests on, the village.

Amounts are integer fen until they are words.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from statistics import median
from typing import Any

from django.utils.translation import gettext as _

from households.explain import BAD, GOOD, LABELS, NEITHER, OPEN, facts_of, plain_amount
from households.incomes import item_label
from households.models import Household, Survey
from households.models.details import IncomeLine
from households.rights import is_hidden_count, reads_names
from households.rules import (
    EXPENSE,
    GUARANTEES,
    INCOMES,
    MET,
    MONEY,
    NOT_APPLICABLE,
    NOT_MET,
    per_capita_fen,
)
from officers.models import Officer
from registry.pages.queries.household import poverty_lines
from workflow.models import Attachment, Case
from workflow.models.attachments import HOUSEHOLD

YEARS = 3
PEOPLE, NET, EACH, LINE = "people", "net", "each", "line"
MARKS = {MET: GOOD, NOT_MET: BAD, NOT_APPLICABLE: NEITHER}
FEWEST = 2
"""Of fewer households no median is told."""


@dataclass(frozen=True)
class Cell:
    """One figure of one year. `change` is that from the year before, with its sign.

    `rests_on` names the part of the page with its evidence, "" where none is on record.
    """

    text: str
    changed: bool
    change: str = ""
    mark: str = ""
    rests_on: str = ""


@dataclass(frozen=True)
class Row:
    """One figure over the years; `median` is that of the village in the last one, "" for none."""

    label: str
    total: bool
    cells: list[Cell]
    median: str


@dataclass(frozen=True)
class Year:
    """The survey of one year: who wrote it down, and when."""

    year: int
    editor: str
    at: datetime


@dataclass(frozen=True)
class Basis:
    """What one figure of one year rests on: its lines as formulas, and its photos."""

    key: str
    label: str
    year: int | None
    formulas: list[str]
    files: list[Attachment]


@dataclass(frozen=True)
class Compared:
    """The table, and below it what its figures rest on; `households` made the median."""

    years: list[Year]
    rows: list[Row]
    bases: list[Basis]
    households: str


def comparison_of(officer: Officer, case: Case, household: Household | None) -> Compared | None:
    """The year of the case and the two before it; None where the case is about no household.

    The year of the case shows the very survey on which the case rests.
    """
    if household is None or not case.facts.get("survey"):
        return None
    surveys = _surveys(household, case)
    if not surveys:
        return None
    bases = _bases(officer, household, surveys) if reads_names(officer) else []
    medians, counted = _medians(officer, household.village_id, surveys[-1].year)
    years = [Year(one.year, one.recorded_by.name, one.recorded_at) for one in surveys]
    return Compared(years, _rows(household, surveys, bases, medians), bases, counted)


def _surveys(household: Household, case: Case) -> list[Survey]:
    last: int = case.facts["year"]
    found = Survey.objects.filter(household=household, year__range=(last - YEARS + 1, last - 1))
    earlier = list(found.in_force().select_related("recorded_by"))
    own = Survey.objects.filter(pk=case.facts["survey"]).select_related("recorded_by")
    return [*earlier, *own]


def _bases(officer: Officer, household: Household, surveys: Sequence[Survey]) -> list[Basis]:
    """The lines and photos behind each figure, the latest year first; none without any."""
    lines: dict[tuple[int | None, str], tuple[list[str], list[Attachment]]] = {
        (one.year, name): ([], []) for one in reversed(surveys) for name in LABELS
    }
    years = {one.pk: one.year for one in surveys}
    for line in IncomeLine.objects.filter(survey__in=years).order_by("survey_id", "position"):
        lines[years[line.survey_id], line.kind][0].append(_formula(line))
    photos = Attachment.objects.visible_to(officer).of(HOUSEHOLD, household.number)
    wanted = photos.filter(year__in=years.values(), purpose__in=[*LABELS])
    for photo in wanted.select_related("added_by"):
        lines[photo.year, photo.purpose][1].append(photo)
    return [
        Basis(f"rest-{year}-{name}", str(LABELS[name]), year, formulas, files)
        for (year, name), (formulas, files) in lines.items()
        if formulas or files
    ]


def _formula(line: IncomeLine) -> str:
    """One line of the account as a formula that can be reckoned again."""
    item = item_label(line.item) + (f" ({line.text})" if line.text else "")
    amount = f"{line.amount:,.2f}"
    if line.quantity is None:
        return f"{item} = {amount}"
    reckoned = f"{line.quantity} × {line.unit_price:,.2f} × {line.coefficient_percent} %"
    return f"{item}: {reckoned} = {amount}"


def _rows(
    household: Household,
    surveys: Sequence[Survey],
    bases: Sequence[Basis],
    medians: Mapping[str, int],
) -> list[Row]:
    figures = [figures_of_survey(one) for one in surveys]
    lines = poverty_lines(household.village_id, [one.year for one in surveys])
    keys = {one.key for one in bases}

    def row(name: str, label: str, *, total: bool = False) -> Row:
        values = [one[name] for one in figures] if name != LINE else lines
        cells = [
            _cell(name, surveys[n].year, values[n], values[n - 1] if n else None, keys, first=not n)
            for n in range(len(surveys))
        ]
        return Row(label, total, cells, _words(name, medians[name]) if name in medians else "")

    return [
        row(PEOPLE, _("People")),
        *(row(name, str(LABELS[name])) for name in INCOMES),
        row(EXPENSE, f"− {LABELS[EXPENSE]}"),
        row(NET, _("Net income"), total=True),
        row(EACH, _("Net income per person"), total=True),
        row(LINE, _("Poverty line")),
        *(_guarantee(name, surveys, keys) for name in GUARANTEES),
    ]


def figures_of_survey(survey: Any) -> dict[str, int | None]:
    """People, amounts, net income and that of each person by name; None while unknown."""
    facts = facts_of(survey)
    found: dict[str, int | None] = {PEOPLE: survey.persons}
    found |= {name: None if facts[f"no_{name}"] else facts[name] for name in MONEY}
    known = all(found[name] is not None for name in MONEY)
    net = sum(facts[name] for name in INCOMES) - facts[EXPENSE] if known else None
    each = per_capita_fen(net, survey.persons) if net is not None else None
    return found | {NET: net, EACH: each}


def _cell(
    name: str, year: int, value: int | None, before: int | None, keys: set[str], *, first: bool
) -> Cell:
    key = f"rest-{year}-{name}"
    changed = not first and value != before
    return Cell(
        _words(name, value),
        changed,
        change_in_words(before, value) if changed else "",
        rests_on=key if key in keys else "",
    )


def _words(name: str, value: int | None) -> str:
    if value is None:
        return _("unknown")
    return str(value) if name == PEOPLE else plain_amount(value)


def change_in_words(before: int | None, value: int | None) -> str:
    """The change in percent with its sign, to a tenth; from nothing or the unknown, a word."""
    if value is None or before is None:
        return _("unknown before") if before is None else ""
    if before <= 0:
        return _("more") if value > before else _("less")
    percent = (Decimal(value - before) * 100 / before).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{percent:+,.1f} %".replace("-", "−")


def _guarantee(name: str, surveys: Sequence[Survey], keys: set[str]) -> Row:
    cells = []
    for n, survey in enumerate(surveys):
        value = getattr(survey, name)
        text = _("unknown") if value is None else str(getattr(survey, f"get_{name}_display")())
        changed = n > 0 and value != getattr(surveys[n - 1], name)
        key = f"rest-{survey.year}-{name}"
        mark, rests_on = MARKS.get(value, OPEN), key if key in keys else ""
        cells.append(Cell(text, changed, mark=mark, rests_on=rests_on))
    return Row(str(LABELS[name]), total=False, cells=cells, median="")


def _medians(officer: Officer, village: str, year: int) -> tuple[dict[str, int], str]:
    """The middle of each figure over the village's surveys in force, and how many there are."""
    standing = {"household__village": village, "household__withdrawn_at": None}
    found = Survey.objects.filter(**standing, year=year).in_force()
    figures = [figures_of_survey(one) for one in found]
    if len(figures) < FEWEST or is_hidden_count(officer, len(figures)):
        return {}, ""
    known = {
        name: [value for one in figures if (value := one[name]) is not None]
        for name in (PEOPLE, *MONEY, NET, EACH)
    }
    return {
        name: round(median(values)) for name, values in known.items() if len(values) >= FEWEST
    }, str(len(figures))
