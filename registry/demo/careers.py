"""How each household stands in the register: its state, since when, and why it is poor.

Shares: domain reference §15 (causes, attributes) and §16 (who left the register in which year).
"""

from dataclasses import dataclass

import numpy as np

from households.rules import State
from registry.demo.families import Column

FIRST_EXIT_YEAR = 2014
LEFT_BY_END_OF = {
    2014: 0.149, 2015: 0.324, 2016: 0.474, 2017: 0.631, 2018: 0.799, 2019: 0.933, 2020: 0.985,
}  # fmt: skip
"""Share of the registered households that had left the register, by year."""

ORDINARY_SHARE, CLEARED_SHARE, CANCELLED_SHARE = 0.12, 0.012, 0.005
RELAPSED_SHARE = 0.01
PLANNED_SHARE = 0.3
NEVER = 9999

CAUSES = {
    1: 0.40, 9: 0.15, 7: 0.12, 8: 0.10, 2: 0.10, 3: 0.05, 11: 0.03, 4: 0.01, 5: 0.01, 6: 0.01,
    10: 0.01, 99: 0.01,
}  # fmt: skip
OTHER_CAUSES = (1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12)
GENERAL, ALLOWANCE, RURAL, EXTREME_HARDSHIP = 1, 4, 5, 6
ATTRIBUTE_SHARES = (0.73, 0.22, 0.05)


@dataclass
class Careers:
    """Columns over the households of a block."""

    standing: Column
    """How well the household does for its kind, a standard normal number."""
    state: Column
    exit_year: Column
    """Year of the (last) exit as recorded; NEVER without."""
    escaped: Column
    """First year from which the facts speak for an exit; NEVER while they do not."""
    left: Column
    """Year from which nobody surveys the household any more: cleared, cancelled; else NEVER."""
    cause: Column
    other_cause: Column
    attribute: Column


def draw_careers(random: np.random.Generator, count: int, last_year: int) -> Careers:
    """Careers up to the review of `last_year`, whose exits are still to be proposed."""
    standing = random.standard_normal(count)
    luck = random.random(count)
    kinds = np.cumsum([ORDINARY_SHARE, CLEARED_SHARE, CANCELLED_SHARE])
    ordinary, cleared, cancelled = (
        luck < kinds[0],
        (luck >= kinds[0]) & (luck < kinds[1]),
        (luck >= kinds[1]) & (luck < kinds[2]),
    )
    exit_year = _exit_years(random, standing, last_year)
    exited = exit_year != NEVER
    state = np.where(exited, State.EXITED, State.POOR)
    state[exited & (random.random(count) < RELAPSED_SHARE)] = State.RELAPSED
    state[~exited & (random.random(count) < PLANNED_SHARE)] = State.PLANNED_EXIT
    for share, one in (
        (ordinary, State.ORDINARY),
        (cleared, State.CLEARED),
        (cancelled, State.CANCELLED),
    ):
        state[share], exit_year[share] = one, NEVER
    left = np.where(
        cleared | cancelled, random.integers(last_year - 2, last_year + 1, count), NEVER
    )
    escaped = _escapes(random, state, exit_year, last_year)
    cause, other = _causes(random, count)
    attribute = random.choice([GENERAL, ALLOWANCE, EXTREME_HARDSHIP], count, p=ATTRIBUTE_SHARES)
    return Careers(standing, state, exit_year, escaped, left, cause, other, attribute)


def _exit_years(random: np.random.Generator, standing: Column, last_year: int) -> Column:
    """The better it stands, the earlier a household left; the yearly shares are the nation's."""
    score = standing + 0.8 * random.standard_normal(len(standing))
    place = np.empty(len(score))
    place[np.argsort(-score, kind="stable")] = (np.arange(len(score)) + 0.5) / len(score)
    years = np.full(len(score), NEVER)
    for year in sorted(LEFT_BY_END_OF, reverse=True):
        if year < last_year:
            years[place < LEFT_BY_END_OF[year]] = year
    return years


def _escapes(
    random: np.random.Generator, state: Column, exit_year: Column, last_year: int
) -> Column:
    """Who left escaped that year; of those still poor, most of the planned ones do so now."""
    luck = random.random(len(state))
    now = ((state == State.PLANNED_EXIT) & (luck < 0.9)) | ((state == State.POOR) & (luck < 0.55))
    now |= (state == State.RELAPSED) & (luck < 0.5)
    return np.where(now, last_year, np.where(state == State.RELAPSED, NEVER, exit_year))


def _causes(random: np.random.Generator, count: int) -> tuple[Column, Column]:
    shares = np.array(list(CAUSES.values()))
    cause = random.choice(list(CAUSES), count, p=shares / shares.sum())
    other = random.choice(OTHER_CAUSES, count)
    other[(other == cause) | (random.random(count) < 0.4)] = 0
    return cause, other
