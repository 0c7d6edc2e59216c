"""Two reviews held against each other: the kind before and the kind after of each household."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from divisions.scope import code_range, in_reach
from households.rights import ShownCounts, shown_counts
from households.rules import Kind
from households.suppression import Key, total
from officers.models import Officer
from reviews.models import DONE, KIND_NAMES, Comparison, Proposal, Review
from reviews.models.reviews import above
from reviews.queries.overview import visible_reviews
from reviews.queries.totals import totals_within
from reviews.rights import own_part

COUNTED_AT_ONCE = 50_000
SHADES = 3  # of a cell that is a change, by its share of its row: up to a third, two thirds, all
TURNS = """
    SELECT coalesce(before.kind, 0), coalesce(after.kind, 0), count(*),
        coalesce(sum(before.persons), 0), coalesce(sum(after.persons), 0)
    FROM (
        SELECT household_id, kind, persons FROM reviews_proposal
        WHERE review_id = %(before)s AND superseded_at IS NULL
            AND village_code >= %(low)s AND village_code < %(high)s
    ) AS before
    FULL JOIN (
        SELECT household_id, kind, persons FROM reviews_proposal
        WHERE review_id = %(after)s AND superseded_at IS NULL
            AND village_code >= %(low)s AND village_code < %(high)s
    ) AS after USING (household_id)
    GROUP BY 1, 2
"""
NO_PROPOSAL = int(Kind.NONE)
ALL, CHANGED = "all", "changed"


@dataclass(frozen=True)
class Pair:
    """Two reviews held against each other in one division, `part`, that both of them cover."""

    before: Review
    after: Review
    part: str


@dataclass(frozen=True)
class Count:
    """Households that get one kind before and one after, and their people in either review."""

    households: int
    persons_before: int
    persons_after: int

    @property
    def persons(self) -> int:
        """People as the review after counts them; as the one before does where it has none."""
        return self.persons_after or self.persons_before


Turns = Mapping[tuple[int, int], Count]
"""Counts by kind before and kind after; 0 stands for no proposal."""


def comparable(officer: Officer, review: Review) -> QuerySet[Review]:
    """Other finished reviews that the officer sees and that share a place with this one.

    Those of its year come first, binding ones before dry runs, then the latest.
    """
    sharing = in_reach("root_id", [review.root_id]) | Q(root_id__in=above(review.root_id))
    found = visible_reviews(officer).filter(sharing, state__in=DONE).exclude(pk=review.pk)
    return found.order_by("-year", "dry_run", "-pk")


def nearest(officer: Officer, review: Review) -> Review | None:
    """What a dry run is first held against: the binding review of its year, else another dry run.

    None for a review that is no finished dry run.
    """
    if not review.dry_run or review.state not in DONE:
        return None
    return comparable(officer, review).filter(year=review.year).first()


def common_part(officer: Officer, before: Review, after: Review) -> str:
    """The division that both reviews cover within the officer's posting."""
    return max(own_part(officer, before), own_part(officer, after), key=len)


def turns_of(pair: Pair) -> Turns:
    """The counts of a pair, from the proposals themselves: 1.5 s for a million households."""
    low, high = code_range(pair.part)
    parameters: dict[str, Any] = {"before": pair.before.pk, "after": pair.after.pk}
    with connection.cursor() as cursor:
        cursor.execute(TURNS, parameters | {"low": low, "high": high})
        return {
            (before, after): Count(households, int(old), int(new))
            for before, after, households, old, new in cursor
        }


def is_small(pair: Pair) -> bool:
    """Whether the part is counted while a page waits."""
    return max(sum(kinds_of(one, pair.part).values()) for one in sides_of(pair)) <= COUNTED_AT_ONCE


def sides_of(pair: Pair) -> tuple[Review, Review]:
    """The review before and the review after, in this order."""
    return pair.before, pair.after


def kinds_of(review: Review, code: str) -> dict[int, int]:
    """Households of a review below a division by kind, from its villages; kinds with any."""
    whole = code == review.root_id and "kinds" in review.totals
    totals = review.totals if whole else totals_within(review, code)
    return {int(kind): number for kind, number in totals["kinds"].items() if number}


def kept_comparison(officer: Officer, pair: Pair) -> Comparison | None:
    """The row that keeps the counts of this pair and part; None when nobody has asked for them."""
    found = Comparison.objects.visible_to(officer).filter(division=pair.part)
    return found.filter(first=pair.before, second=pair.after).first()


def kept_turns(kept: Comparison, pair: Pair) -> Turns | None:
    """The counts that a row keeps; None while it waits to be counted, or to be counted again.

    They stand as long as neither review was refreshed since and both still hold as many households
    of each kind.
    """
    turns = {
        (int(before), int(after)): Count(households, *kept.persons[key])
        for key, households in kept.matrix.items()
        for before, _dot, after in [key.partition(".")]
    }
    for place, review in enumerate(sides_of(pair)):
        if _changed_since(review, kept.counted_at):
            return None
        if _by_kind(turns, place) != kinds_of(review, pair.part):
            return None
    return turns


def _changed_since(review: Review, counted_at: datetime) -> bool:
    """Whether a refresh, an undo or a second try changed a proposal of the review since."""
    if review.refreshed_at and review.refreshed_at > counted_at:
        return True
    later = Q(added_at__gt=counted_at) | Q(superseded_at__gt=counted_at)
    return Proposal.everywhere.filter(later, review=review).exists()


def _by_kind(turns: Turns, place: int) -> dict[int, int]:
    """Households by kind before (`place` 0) or after (1); those without proposal left out."""
    found: dict[int, int] = {}
    for kinds, count in turns.items():
        if kinds[place] != NO_PROPOSAL:
            found[kinds[place]] = found.get(kinds[place], 0) + count.households
    return found


@dataclass(frozen=True)
class Turn:
    """Households that get one kind before and one after; figures are text, small ones hidden."""

    before: int
    after: int
    households: str
    persons: str
    is_change: bool
    is_none: bool
    shade: int


@dataclass(frozen=True)
class Side:
    """One kind of proposal: households and people who get it before and after, as text.

    `gained` and `lost` are households that get it after alone, and before alone.
    """

    name: Promise | str
    households: tuple[str, str]
    persons: tuple[str, str]
    gained: str
    lost: str


@dataclass(frozen=True)
class Effect:
    """What changes between two reviews.

    `rows` of the matrix are kinds before, `names` the kinds after, `totals` the sums of the
    columns; each row ends with its own sum.
    """

    names: list[Promise | str]
    rows: list[tuple[Promise | str, list[Turn], str]]
    totals: list[str]
    sides: list[Side]
    households: str
    persons: str
    changed: str
    changed_persons: str
    changes_nothing: bool


def effect_of_turns(officer: Officer, turns: Turns) -> Effect:
    """The counts as an officer may see them."""
    kinds = sorted({kind for pair in turns for kind in pair})
    households = _shown(officer, kinds, {pair: one.households for pair, one in turns.items()})
    persons = _shown(officer, kinds, {pair: one.persons for pair, one in turns.items()})
    old: dict[Key, int] = {
        kind: sum(one.persons_before for pair, one in turns.items() if pair[0] == kind)
        for kind in kinds
    }
    people_before = shown_counts(officer, old, [])

    def side(kind: int) -> Side:
        before, after = _row(kind), _column(kind)
        return Side(
            name=kind_name(kind),
            households=(households.text(before), households.text(after)),
            persons=(people_before.text(kind), persons.text(after)),
            gained=households.text(_gained(kind)),
            lost=households.text(_lost(kind)),
        )

    return Effect(
        names=[kind_name(kind) for kind in kinds],
        rows=[
            (
                kind_name(kind),
                [_turn(households, persons, (kind, one)) for one in kinds],
                households.text(_row(kind)),
            )
            for kind in kinds
        ],
        totals=[households.text(_column(kind)) for kind in kinds],
        sides=[side(kind) for kind in kinds if kind != NO_PROPOSAL],
        households=households.text(ALL),
        persons=persons.text(ALL),
        changed=households.text(CHANGED),
        changed_persons=persons.text(CHANGED),
        changes_nothing=all(before == after for before, after in turns),
    )


def cell_of(officer: Officer, turns: Turns, before: int, after: int) -> Turn:
    """One cell as the whole comparison shows it."""
    kinds = sorted({kind for pair in (*turns, (before, after)) for kind in pair})
    households = _shown(officer, kinds, {pair: one.households for pair, one in turns.items()})
    persons = _shown(officer, kinds, {pair: one.persons for pair, one in turns.items()})
    return _turn(households, persons, (before, after))


def _row(kind: int) -> Key:
    return "before", kind


def _column(kind: int) -> Key:
    return "after", kind


def _gained(kind: int) -> Key:
    return "gained", kind


def _lost(kind: int) -> Key:
    return "lost", kind


def _shown(
    officer: Officer, kinds: Sequence[int], numbers: Mapping[tuple[int, int], int]
) -> ShownCounts:
    """The cells of a comparison, both margins, and what leaves or enters each kind."""
    counts: dict[Key, int] = {ALL: sum(numbers.values())}
    counts.update(numbers)
    pairs = [(before, after) for before in kinds for after in kinds]
    sums = []
    for kind in kinds:
        row, column = ([pair for pair in pairs if pair[side] == kind] for side in (0, 1))
        same = (kind, kind)
        for whole, moved, cells in (
            (_row(kind), _lost(kind), row),
            (_column(kind), _gained(kind), column),
        ):
            others = [pair for pair in cells if pair != same]
            counts[moved] = sum(numbers.get(pair, 0) for pair in others)
            counts[whole] = counts[moved] + numbers.get(same, 0)
            sums += [total(whole, cells), total(moved, others), total(whole, [same, moved])]
    counts[CHANGED] = sum(number for pair, number in numbers.items() if pair[0] != pair[1])
    for parts in (_row, _column):
        sums.append(total(ALL, map(parts, kinds)))
    for parts in (_gained, _lost):
        sums.append(total(CHANGED, map(parts, kinds)))
    sums.append(total(ALL, [CHANGED, *((kind, kind) for kind in kinds)]))
    return shown_counts(officer, counts, sums)


def _turn(households: ShownCounts, persons: ShownCounts, pair: tuple[int, int]) -> Turn:
    number, whole = households.drawn(pair), _row(pair[0])
    is_change, shade = pair[0] != pair[1], 0
    if is_change and number:
        hidden = households.is_hidden(pair) or households.is_hidden(whole)
        all_of_row = max(households.drawn(whole), number + 1)
        shade = 1 if hidden else min(SHADES, 1 + number * SHADES // all_of_row)
    return Turn(
        before=pair[0],
        after=pair[1],
        households=households.text(pair),
        persons=persons.text(pair),
        is_change=is_change,
        is_none=not number,
        shade=shade,
    )


def kind_name(kind: int) -> Promise | str:
    """The name of a kind, also of none."""
    return _("no proposal") if kind == NO_PROPOSAL else KIND_NAMES[Kind(kind)]
