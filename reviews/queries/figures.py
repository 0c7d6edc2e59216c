"""What a review found in a place, in counts that all add up to the same households."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from divisions.models import Division
from divisions.queries import path_to
from households.explain import LABELS, in_order
from households.rights import ShownCounts
from households.rules import GAPS, LACKS, Kind, State
from officers.models import Officer
from reviews.models import Review
from reviews.queries.figure_counts import shown_figures
from reviews.queries.histogram import GROUPS, Histogram, bands_of, histogram_of
from reviews.queries.keys import HOUSEHOLDS, PERSONS, reason_key, unknown_key
from reviews.queries.matrix import Matrix, matrix_of
from reviews.queries.overview import BAR_UNITS, Bar, bars_of
from reviews.queries.parts import Part, counted_parts, parts_of
from reviews.queries.totals import reasons_within, totals_within
from reviews.rights import own_part

REASONS = ("lacks", "gaps")


@dataclass(frozen=True)
class Reason:
    """Households for which one thing lacks or is unknown; `length` of BAR_UNITS is the largest."""

    name: str
    label: Promise
    number: str
    length: float


@dataclass(frozen=True)
class Figures:
    """The counts of one place as an officer may see them.

    `place` lies within the officer's part of the review, `above` are the places between. Households
    of `unknown` have an income that is not known, so no distance to the line. The counts `add_up`
    when proposals, states and distances hold the same households. `shown` are all of them.
    """

    place: Division
    above: list[Division]
    households: str
    persons: str
    many_persons: int
    matrix: Matrix
    kinds: list[Bar]
    lacks: list[Reason]
    gaps: list[Reason]
    histogram: Histogram
    unknown: str
    parts: list[Part]
    add_up: bool
    shown: ShownCounts


def counts_of(review: Review, code: str) -> dict[str, Any]:
    """Totals and reasons below a division; the reasons of the whole review are kept with it."""
    kept = {name: review.totals[name] for name in REASONS if name in review.totals}
    is_kept = code == review.root_id and len(kept) == len(REASONS)
    return totals_within(review, code) | (kept if is_kept else reasons_within(review, code))


def figures_of(officer: Officer, review: Review, code: str, group: str = "") -> Figures:
    """The figures of division `code`, the histogram for the states of a group of GROUPS."""
    counts = counts_of(review, code)
    path, part = path_to(code), own_part(officer, review)
    below = counted_parts(review, code)
    shown = shown_figures(officer, counts, below)
    return Figures(
        place=path[-1],
        above=[one for one in path[:-1] if len(one.pk) >= len(part)],
        households=shown.text(HOUSEHOLDS),
        persons=shown.text(PERSONS),
        many_persons=shown.drawn(PERSONS),
        matrix=matrix_of(shown, counts["states"]),
        kinds=bars_of(shown, counts["kinds"]),
        lacks=reasons_of(shown, "lacks", in_order(LACKS)),
        gaps=reasons_of(shown, "gaps", in_order(GAPS)),
        histogram=histogram_of(shown, counts["bands"], group),
        unknown=shown.text(unknown_key(group)),
        parts=parts_of(shown, below),
        add_up=add_up(counts),
        shown=shown,
    )


def of_group(states: Mapping[str, int], group: str) -> int:
    """Households of the states of a group, from counts by "state.kind"."""
    return of_states(states, GROUPS[group][1])


def of_states(
    states: Mapping[str, int], wanted: Collection[State], kinds: Collection[Kind] = tuple(Kind)
) -> int:
    """Households of these states with these proposals, from counts by "state.kind"."""
    keys = {f"{int(state)}.{int(kind)}" for state in wanted for kind in kinds}
    return sum(number for key, number in states.items() if key in keys)


def add_up(counts: Mapping[str, Any]) -> bool:
    """Whether kinds and states hold the same households, and no band holds more than its state."""
    households = counts["households"]
    if not sum(counts["kinds"].values()) == sum(counts["states"].values()) == households:
        return False
    return all(
        sum(bands_of(counts["bands"], GROUPS[group][1]).values())
        <= of_group(counts["states"], group)
        for group in GROUPS
    )


def reasons_of(shown: ShownCounts, sort: str, names: Iterable[str]) -> list[Reason]:
    """The reasons of a sort, "lacks" or "gaps", that households have, most frequent first."""
    drawn = {name: shown.drawn(reason_key(sort, name)) for name in names}
    largest = max(drawn.values(), default=0)
    return [
        Reason(
            name=name,
            label=LABELS[name],
            number=shown.text(reason_key(sort, name)),
            length=round(BAR_UNITS * width / largest, 1),
        )
        for name, width in sorted(drawn.items(), key=lambda item: -item[1])
        if width
    ]
