"""State then against proposal: how many households of each state got which proposal."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise

from households.models.households import STATE_NAMES
from households.rights import FEWEST_COUNTED, is_hidden_count, shown_count
from households.rules import Kind, State
from officers.models import Officer
from reviews.models import KIND_NAMES

SHADES = 3  # of a cell, by its share of its row: up to a third, two thirds, all


@dataclass(frozen=True)
class Cell:
    """Households of one state with one proposal; `number` is text, empty for none."""

    kind: int
    number: str
    shade: int


@dataclass(frozen=True)
class StateRow:
    state: int
    name: Promise
    cells: list[Cell]
    total: str


@dataclass(frozen=True)
class Matrix:
    """Rows in the order of the states, columns in that of the kinds; empty ones are left out."""

    kinds: list[tuple[int, Promise]]
    rows: list[StateRow]
    totals: list[str]
    total: str


def matrix_of(officer: Officer, counts: Mapping[str, int]) -> Matrix:
    """The matrix of "state.kind" counts; small ones are hidden from roles without names."""
    by_cell = {_cell_key(key): number for key, number in counts.items() if number}
    states = [state for state in State if any(one == state for one, _kind in by_cell)]
    kinds = [kind for kind in Kind if any(one == kind for _state, one in by_cell)]
    rows = []
    for state in states:
        numbers = [by_cell.get((state, kind), 0) for kind in kinds]
        cells = [
            _cell(officer, kind, number, sum(numbers))
            for kind, number in zip(kinds, numbers, strict=True)
        ]
        total = shown_count(officer, sum(numbers))
        rows.append(StateRow(int(state), STATE_NAMES[state], cells, total))
    columns = [sum(by_cell.get((state, kind), 0) for state in states) for kind in kinds]
    return Matrix(
        kinds=[(int(kind), KIND_NAMES[kind]) for kind in kinds],
        rows=rows,
        totals=[shown_count(officer, number) for number in columns],
        total=shown_count(officer, sum(columns)),
    )


def _cell_key(key: str) -> tuple[int, int]:
    state, _dot, kind = key.partition(".")
    return int(state), int(kind)


def _cell(officer: Officer, kind: Kind, number: int, all_of_row: int) -> Cell:
    if not number:
        return Cell(int(kind), "", 0)
    drawn = FEWEST_COUNTED if is_hidden_count(officer, number) else number
    shade = min(SHADES, 1 + drawn * SHADES // max(all_of_row, drawn + 1))
    return Cell(int(kind), shown_count(officer, number), shade)
