"""The items of an income account, as data, and what its lines add up to. Pure: fen in, fen out.

Another country replaces households/data/income_items.csv. The coefficient of an item is the share
of its sales, in percent, that is income after usual costs: a policy parameter; 100 where the item
has none.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.functional import Promise, lazystr
from django.utils.translation import get_language

from households.rules import EXPENSE, INCOMES, MONEY, per_capita_fen

SOURCE = Path(__file__).parent / "data" / "income_items.csv"
WHOLE_PERCENT = 100


@dataclass(frozen=True)
class Item:
    """A thing that a household earns or spends on.

    `coefficient` names the policy parameter (`workflow.parameters.coefficient_key`), `code` is the
    national field code where there is one.
    """

    kind: str
    item: str
    zh: str
    en: str
    unit_zh: str
    unit_en: str
    coefficient: str
    code: str

    def __str__(self) -> str:
        return self.zh if _chinese() else self.en

    @property
    def unit(self) -> str:
        """What its quantity counts; "" where only amounts are usual."""
        return self.unit_zh if _chinese() else self.unit_en


def _chinese() -> bool:
    return (get_language() or "").startswith("zh")


@cache
def items() -> dict[str, Item]:
    """Every item by its word, in the order of the file."""
    with SOURCE.open(encoding="utf-8-sig", newline="") as lines:
        return {row["item"]: Item(**row) for row in csv.DictReader(lines)}


def items_of(kind: str) -> list[Item]:
    """The items of one kind of income, or of the expenses."""
    return [one for one in items().values() if one.kind == kind]


def item_label(item: str) -> str:
    """What an item is called in the active language; the word itself when it is not listed."""
    return str(items().get(item, item))


def item_choices(kind: str) -> list[tuple[str, Promise]]:
    """Choices of a form; labels follow the language of each request."""
    return [(one.item, lazystr(one)) for one in items_of(kind)]


def coefficient_of(item: str, coefficients: Mapping[str, int]) -> int:
    """The share that is income, in percent, under these parameters by coefficient name."""
    known = items().get(item)
    return coefficients.get(known.coefficient, WHOLE_PERCENT) if known else WHOLE_PERCENT


@dataclass(frozen=True)
class Totals:
    """What an account adds up to, in fen; None while something that it needs is unknown.

    `figures` are the sums of the five kinds, `distance` net income less line × persons.
    """

    figures: Mapping[str, int | None]
    gross: int | None
    net: int | None
    per_head: int | None
    distance: int | None


def totals(figures: Mapping[str, int | None], *, persons: int, line_fen: int | None) -> Totals:
    """Gross, net, per head and the distance to the line of five figures."""
    incomes = [figures.get(name) for name in INCOMES]
    expense = figures.get(EXPENSE)
    known = [value for value in incomes if value is not None]
    gross = sum(known) if len(known) == len(incomes) else None
    net = gross - expense if gross is not None and expense is not None else None
    counted = net is not None and persons > 0
    return Totals(
        figures={name: figures.get(name) for name in MONEY},
        gross=gross,
        net=net,
        per_head=per_capita_fen(net, persons) if counted and net is not None else None,
        distance=net - line_fen * persons
        if counted and net is not None and line_fen is not None
        else None,
    )


def summed(lines: Iterable[tuple[str, int]]) -> dict[str, int]:
    """The sum of each kind that has lines, of (kind, amount in fen)."""
    found: dict[str, int] = {}
    for kind, amount in lines:
        found[kind] = found.get(kind, 0) + amount
    return found
