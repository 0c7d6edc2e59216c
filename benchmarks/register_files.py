"""Register files in the template's layout, of made-up households in given villages."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from households.importing.template import COLUMNS
from households.rules import State
from registry.demo import rows
from registry.demo.blocks import SERIALS_PER_BLOCK, Block, Plan, draw_block, draw_homes
from registry.demo.facts import UNKNOWN
from registry.demo.families import id_numbers

HEADER = tuple(column.zh for column in COLUMNS if column.key != "per_capita_net_income")
NOT_IN_A_FILE = (State.CLEARED, State.CANCELLED)


def write_register(path: Path, plan: Plan, *, more_wages_yuan: int = 0) -> int:
    """Write the file of the plan's last year; returns its number of households.

    With `more_wages_yuan` every known wage differs from the file written without.
    """
    homes = draw_homes(plan)
    households = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(HEADER)
        for first in range(0, plan.households, plan.block_size):
            block = draw_block(plan, homes, first)
            for family in _families(plan, block, more_wages_yuan * 100):
                lines.writerows(family)
                households += 1
    return households


def _families(plan: Plan, block: Block, more_fen: int) -> Iterator[list[list[str]]]:
    """The rows of each household that a file may hold."""
    numbers = rows.household_numbers(plan, block)
    persons = rows.name_persons(block, numbers)
    counties = np.array([int(code[:6]) for code in plan.villages])[
        block.village[block.people.household]
    ]
    first = block.first // plan.block_size * SERIALS_PER_BLOCK
    ids = id_numbers(counties, block.people, first=first)
    for home, number in enumerate(numbers):
        if block.careers.state[home] in NOT_IN_A_FILE:
            continue
        shared = _household(block, home, more_fen)
        opening = [plan.villages[block.village[home]], "一组", number]
        blank = [""] * len(shared)
        yield [
            [*opening, *_person(block, persons, ids, place), *(blank if order else shared),
             *_end(block, place)]
            for order, place in enumerate(persons.by_household[home])
        ]  # fmt: skip


def _person(block: Block, persons: rows.Persons, ids: Sequence[str], place: int) -> list[str]:
    people = block.people
    no_id = int(block.no_id[place])
    home = people.household[place]
    born = rows.iso_date(int(people.born[place])) if no_id else ""
    months = int(people.work_months[place])
    return [
        persons.numbers[place], persons.names[place],
        "" if no_id else ids[place] + block.certificate[place], str(no_id) if no_id else "",
        f"{people.relation[place]:02d}", str(people.sex[place]), born, block.ethnicity[home],
        rows.listed(people.education[place]), rows.listed(people.in_school[place]),
        rows.listed(people.health[place]), rows.listed(people.labour[place]),
        rows.listed(people.work_place[place]), str(months) if months >= 0 else "", "是", "是", "是",
    ]  # fmt: skip


def _household(block: Block, home: int, more_fen: int) -> list[str]:
    careers, year = block.careers, block.years[-1]
    state = int(careers.state[home])
    exited = state in (State.EXITED, State.RELAPSED)
    money: list[Any] = year.money[home].tolist()
    if money[0] != UNKNOWN:
        money[0] += more_fen
    facts = [
        *("" if fen == UNKNOWN else f"{fen // 100}.{fen % 100:02d}" for fen in money),
        *("" if value == UNKNOWN else str(value) for value in year.guarantees[home].tolist()),
    ]
    if not year.surveyed[home]:
        facts = [""] * len(facts)
    return [
        f"139{home % 10**8:08d}", f"{careers.attribute[home]:02d}",
        "" if state == State.ORDINARY else str(state),
        str(careers.exit_year[home]) if exited else "", f"{careers.cause[home]:02d}",
        rows.listed(careers.other_cause[home]), *facts, block.grade[home],
    ]  # fmt: skip


def _end(block: Block, place: int) -> list[str]:
    ended = int(block.people.ended[place])
    return [rows.listed(block.people.end_reason[place]), rows.iso_date(ended) if ended else ""]
