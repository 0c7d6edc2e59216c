"""Figures that changed much against last year: each needs a reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from households.entry import fields
from households.entry.judging import EntryFault, Judged, figures_of_entry, surveyed
from households.models import Survey
from households.rules import MONEY
from workflow.parameters import INCOME_JUMP_PERCENT
from workflow.queries import parameter

COUNTY_DIGITS = 6
HUNDRED = 100


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


def figures_before(household: int, year: int) -> dict[str, int | None]:
    """The figures of the year before in fen; empty where nobody surveyed."""
    survey = Survey.objects.filter(household_id=household, year=year - 1).in_force().first()
    if survey is None:
        return {}
    return {name: _fen(getattr(survey, name)) for name in MONEY}


def _fen(amount: Any) -> int | None:
    return None if amount is None else int(amount * HUNDRED)


def judge_jumps(judged: Judged) -> None:
    """Add a fault for each figure of the entry that jumped without a reason."""
    verdict = judged.verdict
    if verdict is None or verdict.known is None or not surveyed(judged):
        return
    entry = judged.entry
    before = figures_before(verdict.known.id, entry.year)
    percent = jump_percent(entry.village, entry.year)
    for jump in jumps(before, figures_of_entry(judged), percent=percent):
        if jump.name not in judged.reasons:
            at = (fields.INCOMES, None, fields.REASON_PREFIX + jump.name)
            judged.faults.append(EntryFault(*at, "reason_missing", {"percent": percent}))
