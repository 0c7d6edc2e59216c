"""The household page: people, facts, incomes by year. The finding and the trace stand beside."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from divisions.models import Division
from divisions.queries import path_to
from households.codes import label
from households.explain import BAD, GOOD, LABELS, NEITHER, OPEN, facts_of, plain_amount
from households.models import Household, Member, Standard, Survey
from households.models.households import PHONE_FIELD
from households.models.members import HEAD, ID_FIELD
from households.rights import (
    ID_READERS,
    PHONE_READERS,
    masked_name,
    reads_health,
    reads_names,
)
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
from registry.pages.charts import legend, line_chart, stacked_bars
from trail.masking import mask_id, mask_phone
from trail.sealing import unseal

YEARS_TABLE = "years-caption"
MARKS = {MET: GOOD, NOT_MET: BAD, NOT_APPLICABLE: NEITHER}


@dataclass(frozen=True)
class Person:
    """A member as the acting role may see him."""

    member: Member
    name: str
    masked_id: str
    age: int


@dataclass(frozen=True)
class HouseholdView:
    household: Household
    title: str
    path: list[Division]
    people: list[Person]
    former: list[Person]
    masked_phone: str
    other_causes: list[str]
    reads_health: bool
    may_reveal_id: bool
    may_reveal_phone: bool


@dataclass(frozen=True)
class Cell:
    """One value of the table of years; `jump` is the change in percent where it is 50 or more."""

    text: str
    jump: int | None = None
    mark: str = ""


@dataclass(frozen=True)
class YearTable:
    """Surveys in force side by side: a heading per year, then rows of (label, class, cells)."""

    years: list[int]
    rows: list[tuple[str, str, list[Cell]]]
    composition: SafeString
    composition_legend: SafeString
    against_line: SafeString


def household_view(officer: Officer, household: Household, *, today: date) -> HouseholdView:
    """Who lives in the household and what is on record, masked for the acting role."""
    members = list(household.members.filter(withdrawn_at=None).order_by("relation", "id"))
    people = [_person(officer, member, today) for member in members if not member.end_reason]
    head = next((one.name for one in people if one.member.relation == HEAD), household.number)
    return HouseholdView(
        household=household,
        title=head,
        path=path_to(household.village_id),
        people=people,
        former=[_person(officer, member, today) for member in members if member.end_reason],
        masked_phone=_masked_phone(household),
        other_causes=[label("cause", code) for code in household.other_causes],
        reads_health=reads_health(officer),
        may_reveal_id=officer.acting_role in ID_READERS,
        may_reveal_phone=officer.acting_role in PHONE_READERS,
    )


def _person(officer: Officer, member: Member, today: date) -> Person:
    number = unseal(member.id_sealed, field=ID_FIELD, row=member.uuid) if member.id_sealed else ""
    if not reads_names(officer):
        return Person(member, masked_name(member.name), "", age_on(today, member.birth_date))
    return Person(member, member.name, mask_id(number), age_on(today, member.birth_date))


def age_on(day: date, born: date) -> int:
    """Full years of age."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _masked_phone(household: Household) -> str:
    if household.phone_sealed is None:
        return ""
    return mask_phone(unseal(household.phone_sealed, field=PHONE_FIELD, row=household.uuid))


def surveys_in_force(household: Household) -> list[Survey]:
    """The survey of each year that no later one corrects, oldest year first."""
    return list(Survey.objects.filter(household=household).in_force().select_related("recorded_by"))


def year_table(household: Household, surveys: Sequence[Survey]) -> YearTable:
    """The years side by side with their two charts."""
    years = [survey.year for survey in surveys]
    facts = [facts_of(survey) for survey in surveys]
    lines = poverty_lines(household.village_id, years)
    money = {name: [_known(one, name) for one in facts] for name in MONEY}
    net = [_net(one) for one in facts]
    each = [
        None if value is None else per_capita_fen(value, one["persons"])
        for value, one in zip(net, facts, strict=True)
    ]
    rows = [(_("People"), "", [Cell(str(one["persons"])) for one in facts])]
    rows += [(str(LABELS[name]), "", _money_cells(money[name])) for name in INCOMES]
    rows.append((f"− {LABELS[EXPENSE]}", "", _money_cells(money[EXPENSE])))
    rows.append((_("Net income"), "total", _money_cells(net)))
    rows.append((_("Net income per person"), "total", _money_cells(each)))
    rows.append((_("Poverty line"), "", _money_cells(lines, jumps=())))
    rows += [(str(LABELS[name]), "", _guarantee_cells(surveys, name)) for name in GUARANTEES]
    return YearTable(
        years=years,
        rows=rows,
        composition=stacked_bars(
            _("Income of the household by kind"), years, [money[n] for n in INCOMES], YEARS_TABLE
        ),
        composition_legend=legend([str(LABELS[name]) for name in INCOMES]),
        against_line=line_chart(
            _("Net income per person against the poverty line"), years, each, lines, YEARS_TABLE
        ),
    )


def _known(facts: dict[str, int], name: str) -> int | None:
    return None if facts[f"no_{name}"] else facts[name]


def _net(facts: dict[str, int]) -> int | None:
    if any(facts[f"no_{name}"] for name in MONEY):
        return None
    return sum(facts[name] for name in INCOMES) - facts[EXPENSE]


def poverty_lines(village: str, years: Sequence[int]) -> list[int | None]:
    """The poverty line in fen that holds in `village`, by year; None where none is published."""
    found: dict[int, Any] = {}
    codes = ["0", village[:2]]
    published = Standard.objects.published().filter(year__in=years, division_id__in=codes)
    for standard in published.order_by("division_id", "number"):
        found[standard.year] = int(standard.line * 100)
    return [found.get(year) for year in years]


def _money_cells(values: Sequence[int | None], jumps: Sequence[int] | None = None) -> list[Cell]:
    cells = []
    for i, value in enumerate(values):
        before = values[i - 1] if i and jumps is None else None
        text = _("unknown") if value is None else plain_amount(value)
        cells.append(Cell(text, _jump(before, value)))
    return cells


def _jump(before: int | None, value: int | None) -> int | None:
    """Change in percent, where it is at least half up or down."""
    if not before or value is None or before < 0:
        return None
    change = round((value - before) * 100 / before)
    return change if abs(change) >= 50 else None


def _guarantee_cells(surveys: Sequence[Survey], name: str) -> list[Cell]:
    cells = []
    for survey in surveys:
        value = getattr(survey, name)
        text = _("unknown") if value is None else str(getattr(survey, f"get_{name}_display")())
        cells.append(Cell(text, mark=MARKS.get(value, OPEN)))
    return cells
