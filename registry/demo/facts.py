"""The yearly facts: incomes that follow the calibrated mean, and the six guarantees.

The registered households of each year earn, person by person, the mean of domain reference §15:
2,982 yuan in 2015, 10,740 in 2020; the share of wages and business grows, that of transfers falls.
Money is integer fen; -1 stands for an unknown figure or guarantee.
"""

from dataclasses import dataclass

import numpy as np

from households.rules import GUARANTEES, MET, NOT_APPLICABLE, NOT_MET, State
from registry.demo.careers import EXTREME_HARDSHIP, Careers
from registry.demo.families import Column, People

MEAN_YUAN = {
    2014: 2_310, 2015: 2_982, 2016: 3_850, 2017: 4_980, 2018: 6_430, 2019: 8_310, 2020: 10_740,
    2021: 12_550,
}  # fmt: skip
UNKNOWN = -1
FEN = 100
MONEY_COLUMNS = (
    "wage_income",
    "business_income",
    "property_income",
    "transfer_income",
    "business_expense",
)
SHARES = {2014: (0.34, 0.20, 0.02, 0.44), 2021: (0.54, 0.25, 0.04, 0.17)}
"""Shares of net income from wages, net business, property and transfers; in between, linear."""

WITHOUT_LABOUR = (0.0, 0.06, 0.04, 0.90)
HOUSE, WATER, MEDICAL, SCHOOL = (
    GUARANTEES.index(name) for name in ("housing", "water", "medical", "education")
)


@dataclass(frozen=True)
class Lines:
    """The poverty line and the monitoring line of one year, fen per person."""

    line: int
    monitoring: int


@dataclass
class Year:
    """The survey of one year: which households have one, and what it says."""

    year: int
    surveyed: Column
    persons: Column
    net: Column
    money: Column
    """Fen, one row for each household, in the order of MONEY_COLUMNS."""
    guarantees: Column
    """In the order of GUARANTEES."""


def draw_year(
    random: np.random.Generator,
    careers: Careers,
    people: People,
    year: int,
    last_year: int,
    lines: Lines,
) -> Year:
    """The facts of `year` for every household of the block."""
    persons = np.bincount(
        people.household, weights=people.counted(year), minlength=len(careers.state)
    ).astype(np.int64)
    lacking = _lacks_a_guarantee(random, careers, year)
    per_capita = _per_capita(random, careers, persons, year, lines, lacking)
    net = np.round(per_capita * np.maximum(persons, 1) / FEN).astype(np.int64) * FEN
    money = split(random, net, year, works(careers, people, year))
    guarantees = _guarantees(random, lacking, people, persons, year)
    return Year(
        year, _surveyed(random, careers, persons, year, last_year), persons, net, money, guarantees
    )


def _surveyed(
    random: np.random.Generator, careers: Careers, persons: Column, year: int, last_year: int
) -> Column:
    """Registered households every year; ordinary ones in the last two, where there was a risk."""
    ordinary = careers.state == State.ORDINARY
    asked = ~ordinary & (year < careers.left)
    risky = ordinary & (year > last_year - 2) & (np.abs(careers.standing) < 1.3)
    missed = (random.random(len(persons)) < 0.003) & (year == last_year)
    return (asked | risky) & (persons > 0) & ~missed


def _is_poor(careers: Careers, year: int) -> Column:
    return careers.escaped > year


def _lacks_a_guarantee(random: np.random.Generator, careers: Careers, year: int) -> Column:
    """Which guarantee fails in a year, as its place; -1 for none."""
    luck = random.random(len(careers.state))
    what = np.select([luck < 0.6, luck < 0.85, luck < 0.95], [HOUSE, WATER, MEDICAL], SCHOOL)
    own = random.random(len(luck))
    poor = _is_poor(careers, year) & (careers.state != State.ORDINARY)
    lacks = np.where(poor, own < 0.45, own < 0.006)
    return np.where(lacks, what, -1)


def _per_capita(
    random: np.random.Generator,
    careers: Careers,
    persons: Column,
    year: int,
    lines: Lines,
    lacking: Column,
) -> Column:
    """Net income per person in fen, with the registered mean of the year."""
    mean = MEAN_YUAN[year] * FEN
    raw = mean * np.exp(0.28 * careers.standing + 0.16 * random.standard_normal(len(persons)))
    luck = random.random(len(persons))
    poor = _is_poor(careers, year)
    below = lines.line * np.sqrt(random.uniform(0.45, 0.99, len(persons)))
    amount = np.where(poor, np.where(lacking < 0, below, np.minimum(raw * 0.8, mean)), raw)
    shock, risk = ~poor & (luck < 0.008), ~poor & (luck >= 0.008) & (luck < 0.03)
    amount[shock] = lines.line * random.uniform(0.6, 0.99, shock.sum())
    amount[risk] = random.uniform(lines.line * 1.01, lines.monitoring, risk.sum())
    ordinary = careers.state == State.ORDINARY
    amount[ordinary] = lines.line * random.uniform(0.94, 2.2, ordinary.sum())
    counted = ~ordinary & (careers.left > year)
    free = counted & ~poor & ~shock & ~risk
    floor = float(max(lines.line * 1.05, min(lines.monitoring * 1.02, mean * 0.75)))
    amount[free] = _stretched(amount, persons, counted, free, floor, mean)
    return amount


def _stretched(
    amount: Column, persons: Column, counted: Column, free: Column, floor: float, mean: int
) -> Column:
    """The incomes of those who escaped, above `floor`, so that all counted earn `mean` each."""
    people = persons[free]
    above = np.maximum(amount[free], floor) - floor + 1
    needed = mean * persons[counted].sum() - (amount * persons)[counted & ~free].sum()
    factor = (needed - floor * people.sum()) / max((above * people).sum(), 1)
    return floor + above * max(factor, 0.05)


def works(careers: Careers, people: People, year: int) -> Column:
    """Whether somebody of the household can work and is not in extreme hardship."""
    able = np.isin(people.labour, [1, 2]) & people.counted(year)
    hands = np.bincount(people.household, weights=able, minlength=len(careers.state))
    return (hands > 0) & (careers.attribute != EXTREME_HARDSHIP)


def split(random: np.random.Generator, net: Column, year: int, working: Column) -> Column:
    """Wages, gross business, property, transfers and expenses that add up to `net` exactly."""
    share = np.where(working[:, None], _shares(year), WITHOUT_LABOUR)
    share = share * random.uniform(0.5, 1.5, share.shape)
    share /= share.sum(axis=1, keepdims=True)
    parts = np.floor(net[:, None] * share / FEN).astype(np.int64) * FEN
    wage, business, prop = (np.maximum(parts[:, place], 0) for place in range(3))
    expense = np.floor(business * random.uniform(0.3, 0.9, len(net)) / FEN).astype(np.int64) * FEN
    transfer = net - wage - business - prop
    expense = np.where(transfer < 0, expense - transfer, expense)
    gross = np.where(transfer < 0, business + expense + transfer, business + expense)
    return np.stack([wage, gross, prop, np.maximum(transfer, 0), expense], axis=1)


def _shares(year: int) -> tuple[float, ...]:
    (first, early), (last, late) = SHARES.items()
    way = (year - first) / (last - first)
    return tuple(a + (b - a) * way for a, b in zip(early, late, strict=True))


def _guarantees(
    random: np.random.Generator, lacking: Column, people: People, persons: Column, year: int
) -> Column:
    """All met but the one that is lacking; schooling applies where a child of 6 to 15 lives."""
    stated = np.full((len(lacking), len(GUARANTEES)), MET)
    age = year - people.born // 10000
    pupils = (age >= 6) & (age <= 15) & people.counted(year)
    school = np.bincount(people.household, weights=pupils, minlength=len(lacking)) > 0
    what = np.where((lacking == SCHOOL) & ~school, WATER, lacking)
    stated[~school, SCHOOL] = NOT_APPLICABLE
    rows = np.flatnonzero(what >= 0)
    stated[rows, what[rows]] = NOT_MET
    unknown = random.random(stated.shape) < 0.0008
    stated[unknown] = UNKNOWN
    return stated


def forget(random: np.random.Generator, year: Year) -> None:
    """Leave some incomes of a year unknown, as in life."""
    gone = random.random(year.money.shape) < 0.0015
    year.money[gone] = UNKNOWN
