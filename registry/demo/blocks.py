"""One block of households, drawn at once: places, careers, families, facts of every year."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from households.rules import NOT_MET, State
from registry.demo import hard_cases
from registry.demo.careers import EXTREME_HARDSHIP, Careers, draw_careers
from registry.demo.facts import HOUSE, Lines, Year, draw_year, forget
from registry.demo.families import (
    ALONE,
    COUPLE,
    DISABLED,
    Column,
    People,
    draw_people,
    draw_templates,
)
from registry.demo.hard_cases import CASES, HardCase
from registry.demo.names import HAN, MINORITIES, MINORITY_WEIGHTS

BLOCKS = 25
LEAST_BLOCK = 20_000
SERIALS_PER_BLOCK = 19
CORRECTED_SHARE = 0.004
NEWBORN, NOT_ISSUED, LOST = 1, 2, 3


@dataclass(frozen=True)
class Plan:
    """What a run makes: how many households, in which villages, for which years."""

    households: int
    years: tuple[int, ...]
    seed: int
    lines: Mapping[int, Lines]
    villages: tuple[str, ...]
    main_county: str

    @property
    def block_size(self) -> int:
        return max(LEAST_BLOCK, -(-self.households // BLOCKS))


@dataclass
class Homes:
    """Where each household of a run lives: its village, as a place in the plan, and its number."""

    village: Column
    serial: Column


@dataclass
class Block:
    """Columns over the households of one block and over their persons."""

    first: int
    cases: Sequence[HardCase]
    random: np.random.Generator
    village: Column
    serial: Column
    careers: Careers
    people: People
    years: list[Year]
    grade: list[str]
    ethnicity: list[str]
    certificate: list[str]
    no_id: Column
    corrected: Column


def draw_homes(plan: Plan) -> Homes:
    """Villages of uneven size, the main county's a third larger; households in shuffled order."""
    random = np.random.default_rng([plan.seed, 0])
    weights = np.exp(0.35 * random.standard_normal(len(plan.villages)))
    weights *= [1.35 if code.startswith(plan.main_county) else 1 for code in plan.villages]
    village = random.choice(len(weights), plan.households, p=weights / weights.sum())
    main = [place for place, code in enumerate(plan.villages) if code.startswith(plan.main_county)]
    hard = min(len(CASES), plan.households)
    village[:hard] = [
        main[place // 2 % len(main)] if place % 2 else main[0] for place in range(hard)
    ]
    order = np.argsort(village, kind="stable")
    counts = np.bincount(village, minlength=len(weights))
    serial = np.empty(plan.households, dtype=np.int64)
    serial[order] = np.arange(plan.households) - np.repeat(np.cumsum(counts) - counts, counts) + 1
    return Homes(village, serial)


def draw_block(plan: Plan, homes: Homes, first: int) -> Block:
    """The block that starts with household `first` of the run."""
    village = homes.village[first : first + plan.block_size]
    serial = homes.serial[first : first + plan.block_size]
    count, last_year = len(village), plan.years[-1]
    random = np.random.default_rng([plan.seed, 1, first])
    cases = CASES[:count] if first == 0 else ()
    careers = draw_careers(random, count, last_year)
    templates = draw_templates(random, count)
    hardship = careers.attribute == EXTREME_HARDSHIP
    templates[hardship] = random.choice([ALONE, COUPLE], hardship.sum(), p=[0.8, 0.2])
    hard_cases.shape(cases, careers, templates, last_year)
    people = draw_people(random, templates, careers.cause, plan.years)
    _cancel(careers, people, last_year)
    hard_cases.touch_people(cases, people, plan.years)
    years = [
        draw_year(random, careers, people, year, last_year, plan.lines[year]) for year in plan.years
    ]
    forget(random, years[-1])
    hard_cases.touch_facts(cases, years[-1], plan.lines[last_year], careers, people, random)
    return Block(
        first, cases, random, village, serial, careers, people, years,
        grade=_grades(random, cases, years[-1]),
        ethnicity=_ethnicities(plan, random, cases, village),
        certificate=_certificates(random, cases, people),
        no_id=_without_id(random, cases, people, last_year),
        corrected=_corrected(random, cases, years[-1]),
    )  # fmt: skip


def _cancel(careers: Careers, people: People, last_year: int) -> None:
    """All members of a cancelled household are gone, since the year in which nobody asked."""
    gone = (careers.state == State.CANCELLED)[people.household]
    when = careers.left[people.household] * 10000 + 315
    people.ended[gone], people.end_reason[gone] = when[gone], 3


def _grades(random: np.random.Generator, cases: Sequence[HardCase], year: Year) -> list[str]:
    luck = random.random(len(year.persons))
    unsafe = year.guarantees[:, HOUSE] == NOT_MET
    grades = np.where(
        unsafe, np.where(luck < 0.6, "D", "C"), np.where(luck < 0.3, "A", "B")
    ).tolist()
    for place, case in enumerate(cases):
        grades[place] = case.grade or grades[place]
    return grades


def _ethnicities(
    plan: Plan, random: np.random.Generator, cases: Sequence[HardCase], village: Column
) -> list[str]:
    """Most villages are Han; a fifth are home to a minority."""
    by_village = np.random.default_rng([plan.seed, 2])
    minorities = by_village.choice(MINORITIES, len(plan.villages), p=MINORITY_WEIGHTS)
    mixed = by_village.random(len(plan.villages)) < 0.2
    share = np.where(mixed, 0.7, 0.03)[village]
    found = np.where(random.random(len(village)) < share, minorities[village], HAN).tolist()
    for place, case in enumerate(cases):
        found[place] = case.ethnicity or (HAN if case.head_name else found[place])
    return found


def _certificates(
    random: np.random.Generator, cases: Sequence[HardCase], people: People
) -> list[str]:
    """Endings of the disability certificates that stand in place of an ID; "" for none."""
    luck = random.random(len(people.age))
    kinds = random.integers(1, 8, len(luck)) * 10 + random.integers(1, 5, len(luck))
    holders = (people.health == DISABLED) & (luck < 0.5)
    endings = [
        ("" if not holds else f"{kind}B1" if lucky < 0.03 else str(kind))
        for holds, kind, lucky in zip(holders.tolist(), kinds.tolist(), luck.tolist(), strict=True)
    ]
    for place, head in enumerate(_heads(people, len(cases))):
        endings[head] = cases[place].certificate
        if cases[place].certificate:
            people.health[head] = DISABLED
    return endings


def _without_id(
    random: np.random.Generator, cases: Sequence[HardCase], people: People, last_year: int
) -> Column:
    """Why a person has no ID number; 0 for the many who have one."""
    luck = random.random(len(people.age))
    reason = np.where((people.age == 0) & (luck < 0.6), NEWBORN, 0)
    reason[(people.age > 0) & (people.age < 16) & (luck < 0.003)] = NOT_ISSUED
    for place, head in enumerate(_heads(people, len(cases) + 1)[: len(cases)]):
        last = np.flatnonzero(people.household == place)[-1]
        if cases[place].newborn:
            reason[last] = NEWBORN
        if cases[place].no_id:
            reason[head + 1] = int(cases[place].no_id)
    return reason


def _heads(people: People, count: int) -> list[int]:
    """Where the first persons of the first `count` households stand."""
    return np.flatnonzero(people.order == 0)[:count].tolist()


def _corrected(random: np.random.Generator, cases: Sequence[HardCase], year: Year) -> Column:
    """Households whose last survey corrects an earlier one."""
    corrected = random.random(len(year.persons)) < CORRECTED_SHARE
    corrected[: len(cases)] = [case.corrected for case in cases]
    return corrected & year.surveyed & (year.money >= 0).all(axis=1)
