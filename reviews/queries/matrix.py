"""State then against proposal: how many households of each state got which proposal."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise

from households.models.households import STATE_NAMES
from households.rights import ShownCounts
from households.rules import Kind, State
from reviews.models import KIND_NAMES
from reviews.queries.keys import HOUSEHOLDS, cell_key, kind_key, state_key

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


def matrix_of(shown: ShownCounts, counts: Mapping[str, int]) -> Matrix:
    """The matrix of "state.kind" counts, as far as they are shown."""
    by_cell = {_cell_key(key): number for key, number in counts.items() if number}
    states = [state for state in State if any(one == state for one, _kind in by_cell)]
    kinds = [kind for kind in Kind if any(one == kind for _state, one in by_cell)]
    return Matrix(
        kinds=[(int(kind), KIND_NAMES[kind]) for kind in kinds],
        rows=[
            StateRow(
                int(state),
                STATE_NAMES[state],
                [_cell(shown, state, kind) for kind in kinds],
                shown.text(state_key(state)),
            )
            for state in states
        ],
        totals=[shown.text(kind_key(kind)) for kind in kinds],
        total=shown.text(HOUSEHOLDS),
    )


def _cell_key(key: str) -> tuple[int, int]:
    state, _dot, kind = key.partition(".")
    return int(state), int(kind)


def _cell(shown: ShownCounts, state: State, kind: Kind) -> Cell:
    key, whole = cell_key(state, kind), state_key(state)
    number = shown.drawn(key)
    if not number:
        return Cell(int(kind), "", 0)
    if shown.is_hidden(key) or shown.is_hidden(whole):
        return Cell(int(kind), shown.text(key), 1)
    shade = min(SHADES, 1 + number * SHADES // max(shown.drawn(whole), number + 1))
    return Cell(int(kind), shown.text(key), shade)
