"""Figures that changed much against last year: each needs a reason."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from households.entry import fields
from households.entry.judged import EntryFault, Judged, figures_of_entry, surveyed
from households.importing.known import KnownHousehold
from households.models import Survey
from households.rules import MONEY
from workflow.parameters import INCOME_JUMP_PERCENT
from workflow.queries import parameter

COUNTY_DIGITS = 6
HUNDRED = 100
Figures = Mapping[str, int | None]


@dataclass(frozen=True)
class Jump:
    """A figure, last year's and this year's amount in fen, and the change in whole percent."""

    name: str
    before: int
    after: int
    percent: int


def jumps(
    before: Mapping[str, int | None], after: Mapping[str, int | None], *, percent: int
) -> list[Jump]:
    """The figures that changed by `percent` or more of a known amount above zero."""
    found = []
    for name in MONEY:
        old, new = before.get(name), after.get(name)
        if old and new is not None and abs(new - old) * HUNDRED >= percent * old:
            found.append(Jump(name, old, new, round((new - old) * HUNDRED / old)))
    return found


def jump_percent(village: str, year: int) -> int:
    """From how many percent on a change needs a reason, where the village lies."""
    value: int = parameter(INCOME_JUMP_PERCENT, village[:COUNTY_DIGITS], year)
    return value


def figures_before(asked: Collection[tuple[int, int]]) -> dict[tuple[int, int], Figures]:
    """The figures in fen of the year before, by (household, year); nothing where none surveyed."""
    households = {household for household, _year in asked}
    years = {year - 1 for _household, year in asked}
    found = Survey.objects.filter(household__in=households, year__in=years).in_force()
    rows = found.values_list("household_id", "year", *MONEY) if asked else ()
    return {
        (household, year + 1): dict(zip(MONEY, map(_fen, amounts), strict=True))
        for household, year, *amounts in rows
    }


def _fen(amount: Any) -> int | None:
    return None if amount is None else int(amount * HUNDRED)


def judge_jumps(judged: Iterable[Judged]) -> None:
    """Add a fault for each figure of an entry that jumped without a reason.

    The year before may be entered beside it: then its figures are those of the record to come.
    """
    said = [one for one in judged if surveyed(one)]
    named = [(_of(one), one) for one in said]
    entered = {(of, one.entry.year + 1): figures_of_entry(one) for of, one in named if of}
    recorded = figures_before(
        {(known.id, one.entry.year) for one in said if (known := _known(one))}
    )
    percents: dict[tuple[str, int], int] = {}
    for one in said:
        if not one.entry.asks_reasons:
            continue
        known, year = _known(one), one.entry.year
        before: Figures | None = entered.get((_of(one), year))
        if before is None and known:
            before = recorded.get((known.id, year))
        if not before:
            continue
        place = one.entry.village[:COUNTY_DIGITS], year
        if place not in percents:
            percents[place] = jump_percent(*place)
        _judge(one, before, percents[place])


def _of(judged: Judged) -> str:
    return judged.entry.number or judged.entry.wanted


def _known(judged: Judged) -> KnownHousehold | None:
    return judged.verdict.known if judged.verdict else None


def _judge(judged: Judged, before: Figures, percent: int) -> None:
    for jump in jumps(before, figures_of_entry(judged), percent=percent):
        if jump.name not in judged.reasons:
            at = (fields.INCOMES, None, fields.REASON_PREFIX + jump.name)
            judged.faults.append(EntryFault(*at, "reason_missing", {"percent": percent}))
