"""Whole files: a first one of new households, a second one about those that are known."""

from dataclasses import dataclass

from tests.oracle.faults import Label, break_some
from tests.oracle.files import ALWAYS, Sheet, choose_columns, spread, write_cells, write_sheet
from tests.oracle.followups import (
    join_from_elsewhere,
    make_followup,
    moved_village,
    named_differently,
    person_of_another,
    two_persons,
)
from tests.oracle.people import Draw, Plan, make_plan
from tests.oracle.world import Household, Register

Lines = tuple[int, int]


@dataclass
class File:
    """The cells of a file and the faults that were put into it on purpose."""

    sheet: Sheet
    labels: list[Label]

    @property
    def records(self) -> list[list[str]]:
        return self.sheet.records


def first_file(
    draw: Draw, villages: list[str], year: int, lines: Lines, *, households: int, share: float
) -> File:
    """A file of new households, that share of them faulty."""
    plans = [make_plan(draw, villages, year, lines) for _ in range(households)]
    return write(draw, plans, ALWAYS, share)


def second_file(
    draw: Draw, register: Register, year: int, lines: Lines, *, share: float
) -> tuple[File, list[Label]]:
    """Most known households, and some new ones; the second list: collisions with others."""
    homes = list(register.households.values())
    chosen = draw.sample(homes, round(len(homes) * 0.8))
    plans = [make_followup(draw, home, year, lines) for home in chosen]
    plans = [plan for plan in plans if plan.rows]
    absent = [home for home in homes if home not in chosen and home.active()]
    collisions = []
    for plan in draw.sample(plans, round(len(plans) * share)):
        collisions += collide(draw, register, plan, absent)
    villages = sorted({home.village for home in homes})
    plans += [make_plan(draw, villages, year, lines) for _ in range(len(plans) // 10)]
    return write(draw, plans, ALWAYS | {"person_number"}, share / 2), collisions


def collide(draw: Draw, register: Register, plan: Plan, absent: list[Household]) -> list[Label]:
    """Another village, a person of another household, two persons in one row; or a sound join."""
    kind = draw.randrange(5)
    if kind == 0:
        return moved_village(draw, plan, list(register.villages))
    if kind == 1 and absent:
        return person_of_another(draw, plan, draw.choice(absent))
    if kind == 2:
        return two_persons(draw, plan, register.households[plan.number])
    if kind == 3:
        return named_differently(draw, plan, register)
    join_from_elsewhere(draw, plan, register)
    return []


def write(draw: Draw, plans: list[Plan], keep: set[str], share: float) -> File:
    """Lays plans out as a sheet, after that share of them has been broken."""
    columns = choose_columns(draw, plans, keep)
    for plan in plans:
        spread(draw, plan)
        for row in plan.rows:
            write_cells(draw, row)
    labels = break_some(draw, plans, columns, share)
    return File(write_sheet(draw, plans, columns), labels)
