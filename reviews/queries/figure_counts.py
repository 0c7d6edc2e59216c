"""Which figures of a review are shown together, and which of them add up to which.

One table of counts stands behind the page of a place, its files and its report, so that what one
of them hides is hidden by all.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from households.rights import ShownCounts, shown_counts
from households.rules import ON_REGISTER, Kind, State
from households.suppression import Key, Sum, total
from officers.models import Officer
from reviews.queries.histogram import GROUPS, bands_of
from reviews.queries.keys import (
    ABOVE,
    ABOVE_5,
    BELOW,
    BELOW_5,
    EXITS,
    EXPECTED,
    HOUSEHOLDS,
    PERSONS,
    REGISTER,
    band_key,
    cell_key,
    kind_key,
    known_key,
    part_key,
    reason_key,
    spared_key,
    state_key,
    unknown_key,
)
from reviews.queries.parts import SHOWN_KINDS
from reviews.rules import HIGHEST_BAND, LOWEST_BAND

OUTSIDE = tuple(state for state in State if state not in ON_REGISTER)
ENTERING = (Kind.IDENTIFY, Kind.REINCLUDE)
BANDS = range(LOWEST_BAND, HIGHEST_BAND + 1)
Found = tuple[dict[Key, int], list[Sum]]


def shown_figures(
    officer: Officer, counts: Mapping[str, Any], parts: Mapping[str, Sequence[int]]
) -> ShownCounts:
    """The figures of a place as the officer may see them.

    `counts` are its totals, `parts` households, persons and SHOWN_KINDS of what lies right below.
    """
    numbers: dict[Key, int] = {
        HOUSEHOLDS: counts.get("households", 0),
        PERSONS: counts.get("persons", 0),
    }
    sums: list[Sum] = []
    states = counts.get("states", {})
    for found, adds in (
        _cells(counts.get("kinds", {}), states),
        _register(states),
        _distances(states, counts.get("bands", {})),
        _reasons(counts),
        _parts(parts),
    ):
        numbers |= found
        sums += adds
    return shown_counts(officer, numbers, sums)


def _cells(kinds: Mapping[str, int], states: Mapping[str, int]) -> Found:
    """Proposals, states then, and how many of each state got which proposal."""
    numbers: dict[Key, int] = {kind_key(int(kind)): number for kind, number in kinds.items()}
    numbers |= {state_key(state): 0 for state in State}
    for key, number in states.items():
        state, _dot, kind = key.partition(".")
        numbers[cell_key(int(state), int(kind))] = number
        numbers[state_key(int(state))] += number
    sums = [
        total(HOUSEHOLDS, [kind_key(int(kind)) for kind in kinds]),
        total(HOUSEHOLDS, map(state_key, State)),
        *(total(kind_key(kind), [cell_key(one, kind) for one in State]) for kind in Kind),
        *(total(state_key(state), [cell_key(state, one) for one in Kind]) for state in State),
    ]
    return numbers, sums


def expected_register(states: Mapping[str, int]) -> int:
    """Households on the register if every proposal of the review were accepted and decided so.

    They are counted from the states that the review found, by "state.kind".
    """
    return (
        _held(states, ON_REGISTER, tuple(Kind))
        - _held(states, ON_REGISTER, (Kind.EXIT,))
        + _held(states, OUTSIDE, ENTERING)
    )


def _held(states: Mapping[str, int], wanted: Iterable[State], kinds: Sequence[Kind]) -> int:
    return sum(states.get(f"{int(state)}.{int(kind)}", 0) for state in wanted for kind in kinds)


def _register(states: Mapping[str, int]) -> Found:
    """The register as it stood, its exits, and as it would stand with every proposal accepted."""
    numbers: dict[Key, int] = {
        REGISTER: _held(states, ON_REGISTER, tuple(Kind)),
        EXITS: _held(states, ON_REGISTER, (Kind.EXIT,)),
        EXPECTED: expected_register(states),
    }
    entering = [cell_key(state, kind) for state in OUTSIDE for kind in ENTERING]
    sums = [
        total(REGISTER, map(state_key, ON_REGISTER)),
        total(EXITS, [cell_key(state, Kind.EXIT) for state in ON_REGISTER]),
        Sum((EXPECTED, EXITS), (REGISTER, *entering)),
    ]
    return numbers, sums


def _distances(states: Mapping[str, int], bands: Mapping[str, int]) -> Found:
    """Households by band of distance, for each group of states and for all of them."""
    numbers: dict[Key, int] = {}
    sums: list[Sum] = []
    for group, (_name, members) in GROUPS.items():
        by_band, kept = bands_of(bands, members), {int(state) for state in members}
        known = sum(by_band.values())
        whole = sum(one for key, one in states.items() if int(key.partition(".")[0]) in kept)
        numbers |= {band_key(group, band): number for band, number in by_band.items()}
        numbers |= {known_key(group): known, unknown_key(group): max(0, whole - known)}
        sides = (known_key(group), unknown_key(group))
        of_states = tuple(map(state_key, members))
        sums += [
            total(known_key(group), [band_key(group, band) for band in BANDS]),
            Sum(sides, of_states, frozenset(of_states)) if group else total(HOUSEHOLDS, sides),
        ]
    inner = [group for group in GROUPS if group]
    for key in (*BANDS, None):
        named = [known_key(one) if key is None else band_key(one, key) for one in (*inner, "")]
        sums.append(total(named[-1], named[:-1]))
    for share, near in ((BELOW, BELOW_5), (ABOVE, ABOVE_5)):
        numbers[share] = sum(numbers.get(band_key("", band), 0) for band in near)
        sums.append(total(share, [band_key("", band) for band in near]))
    return numbers, sums


def _reasons(counts: Mapping[str, Any]) -> Found:
    """Households by reason. A household may have several, so each stands against the others."""
    numbers: dict[Key, int] = {}
    sums: list[Sum] = []
    for sort in ("lacks", "gaps"):
        for name, number in counts.get(sort, {}).items():
            own, spared = reason_key(sort, name), spared_key(sort, name)
            numbers |= {own: number, spared: max(0, counts["households"] - number)}
            sums.append(total(HOUSEHOLDS, [own, spared]))
    return numbers, sums


def _parts(parts: Mapping[str, Sequence[int]]) -> Found:
    """What lies right below, column by column."""
    wholes = (HOUSEHOLDS, PERSONS, *map(kind_key, SHOWN_KINDS))
    numbers: dict[Key, int] = {
        part_key(part, whole): number
        for part, columns in parts.items()
        for whole, number in zip(wholes, columns, strict=True)
    }
    sums = [total(whole, [part_key(part, whole) for part in parts]) for whole in wholes if parts]
    return numbers, sums
