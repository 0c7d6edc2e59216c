"""What help changed: incomes by kind, guarantees, shares and costs. Pure; fen in, fen out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from households.rules import EXPENSE, GUARANTEES, INCOMES, MET, NOT_MET, per_capita_fen

TENTH, FEN = Decimal("0.1"), Decimal("0.01")
BAND_EDGES = (500, 1000, 1500, 2000, 2500, 2800, 3000, 4000, 5000, 6000, 8000, 10000)
"""Yuan a person; below the first and from the last on are bands, too (domain reference §13.2)."""


class Outcome(StrEnum):
    """What came of a measure, as the yearly evaluation says."""

    INCOME = "income"
    GUARANTEE = "guarantee"
    HELPED = "helped"
    TOO_EARLY = "too_early"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Facts:
    """What a survey of one year says: money of the household in fen, guarantees, persons.

    A name that is missing is unknown.
    """

    year: int
    persons: int
    money: Mapping[str, int]
    guarantees: Mapping[str, int]


@dataclass(frozen=True)
class Change:
    """Fen a person before and after; None where one of the amounts is unknown."""

    before: int | None
    after: int | None

    @property
    def difference(self) -> int | None:
        """How much more it is."""
        if self.before is None or self.after is None:
            return None
        return self.after - self.before


@dataclass(frozen=True)
class Effect:
    """The change from the year before help began to the latest survey.

    `kinds` are wage, business (net of its expenses), property and transfer income, `net` is all of
    it. `mended` are guarantees that were not met and are; `lost` the opposite.
    """

    before_year: int
    after_year: int
    kinds: Mapping[str, Change]
    net: Change
    mended: tuple[str, ...]
    lost: tuple[str, ...]


def kinds_of(facts: Facts) -> dict[str, int | None]:
    """Fen a person by kind of income; the business income less its expenses."""
    found: dict[str, int | None] = {}
    for name in INCOMES:
        amount = facts.money.get(name)
        if name == "business_income":
            amount = _less(amount, facts.money.get(EXPENSE))
        found[name] = None if amount is None else per_capita_fen(amount, facts.persons)
    return found


def _less(amount: int | None, expense: int | None) -> int | None:
    return None if amount is None or expense is None else amount - expense


def net_of(facts: Facts) -> int | None:
    """Net income in fen a person; None where a part of it is unknown."""
    if any(name not in facts.money for name in (*INCOMES, EXPENSE)):
        return None
    whole = sum(facts.money[name] for name in INCOMES) - facts.money[EXPENSE]
    return per_capita_fen(whole, facts.persons)


def effect_between(before: Facts, after: Facts) -> Effect:
    """What changed from one survey to a later one."""
    earlier, later = kinds_of(before), kinds_of(after)
    moves = {name: (before.guarantees.get(name), after.guarantees.get(name)) for name in GUARANTEES}
    return Effect(
        before_year=before.year,
        after_year=after.year,
        kinds={name: Change(earlier[name], later[name]) for name in INCOMES},
        net=Change(net_of(before), net_of(after)),
        mended=tuple(name for name, move in moves.items() if move == (NOT_MET, MET)),
        lost=tuple(name for name, move in moves.items() if move == (MET, NOT_MET)),
    )


def compared(surveys: Iterable[Facts], began: int) -> tuple[Facts, Facts] | None:
    """The survey of the year before help began and the latest one since; None without both."""
    by_year = {one.year: one for one in surveys}
    latest = max((year for year in by_year if year >= began), default=None)
    if latest is None or began - 1 not in by_year:
        return None
    return by_year[began - 1], by_year[latest]


def share(part: int, whole: int) -> Decimal | None:
    """A part in percent, one place; None of nothing."""
    if not whole:
        return None
    return (Decimal(100 * part) / whole).quantize(TENTH, ROUND_HALF_UP)


def cost_each(amount: Decimal, number: int) -> Decimal | None:
    """Yuan for each of so many, to the fen; None for nobody."""
    return (amount / number).quantize(FEN, ROUND_HALF_UP) if number else None
