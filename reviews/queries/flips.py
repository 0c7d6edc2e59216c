"""The households of one cell of a comparison, with the figures of both reviews side by side."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from officers.models import Officer
from reviews.models import Proposal, Review
from reviews.queries.about import Pairs, about_review, moment
from reviews.queries.comparing import NO_PROPOSAL, Effect, Pair, Turns, kind_name, sides_of
from reviews.queries.download import amount, rows_in_words
from reviews.queries.proposals import (
    FEW,
    Position,
    Row,
    position_of,
    rows_of,
    slice_of,
    slice_of_few,
)
from reviews.queries.tables import shown
from trail.sheets import Cell, Sheet


@dataclass(frozen=True)
class Flip:
    """A kind before and a kind after; 0 stands for no proposal, but not on both sides."""

    before: int
    after: int


@dataclass(frozen=True)
class FlipRow:
    """One household; a side is None where its review has no proposal. `shown` is one that is not.

    `change_fen` is what a person has more after than before, None unless both are known.
    """

    before: Row | None
    after: Row | None
    shown: Row

    @property
    def change_fen(self) -> int | None:
        if self.before is None or self.after is None:
            return None
        old, new = self.before.per_capita_fen, self.after.per_capita_fen
        return None if old is None or new is None else new - old


@dataclass(frozen=True)
class FlipPage:
    """One page in the order (village, household)."""

    rows: list[FlipRow]
    previous: Position | None
    next: Position | None


def flips(officer: Officer, pair: Pair, flip: Flip, turns: Turns) -> QuerySet[Proposal]:
    """The proposals of one of the two reviews for the households of a cell, in no order yet.

    Of the review that has fewer households of its kind: the others are looked up one by one.
    """
    if _is_from_after(flip, turns):
        found, other, kind = _side(officer, pair, pair.after, flip.after), pair.before, flip.before
    else:
        found, other, kind = _side(officer, pair, pair.before, flip.before), pair.after, flip.after
    if kind == NO_PROPOSAL:
        any_kind = _all(officer, pair, other).filter(household=OuterRef("household"))
        return found.exclude(Exists(any_kind))
    same = _side(officer, pair, other, kind).filter(household=OuterRef("household"))
    return found.filter(Exists(same))


def _is_from_after(flip: Flip, turns: Turns) -> bool:
    if NO_PROPOSAL in (flip.before, flip.after):
        return flip.before == NO_PROPOSAL
    old = sum(count.households for kinds, count in turns.items() if kinds[0] == flip.before)
    new = sum(count.households for kinds, count in turns.items() if kinds[1] == flip.after)
    return new <= old


def _all(officer: Officer, pair: Pair, review: Review) -> QuerySet[Proposal]:
    found: QuerySet[Proposal] = Proposal.objects.visible_to(officer).in_force().within(pair.part)
    return found.filter(review=review)


def _side(officer: Officer, pair: Pair, review: Review, kind: int) -> QuerySet[Proposal]:
    return _all(officer, pair, review).filter(kind=kind)


def flip_page(
    officer: Officer,
    pair: Pair,
    flip: Flip,
    turns: Turns,
    *,
    after: Position | None,
    before: Position | None,
) -> FlipPage:
    """One page of a cell: behind `after`, before `before`, or the first; none of an empty cell."""
    if (flip.before, flip.after) not in turns:
        return FlipPage([], None, None)
    found = flips(officer, pair, flip, turns)
    if turns[(flip.before, flip.after)].households > FEW:
        page, earlier, later = slice_of(found, after, before)
    else:
        keys = sorted(found.values_list("village_id", "household_id", "pk"))
        page, earlier, later = slice_of_few(found, keys, after, before)
    return FlipPage(
        rows=flip_rows(officer, pair, page),
        previous=position_of(page[0]) if earlier and page else None,
        next=position_of(page[-1]) if later and page else None,
    )


def flip_rows(officer: Officer, pair: Pair, page: Sequence[Proposal]) -> list[FlipRow]:
    """The households of the proposals, in their order, with the rows of both reviews."""
    keys = [one.household_id for one in page]
    old, new = (_rows_by_household(officer, pair, one, keys) for one in sides_of(pair))
    either = old | new
    return [FlipRow(old.get(key), new.get(key), either[key]) for key in keys]


def _rows_by_household(
    officer: Officer, pair: Pair, review: Review, keys: Sequence[int]
) -> dict[int, Row]:
    found = _all(officer, pair, review).filter(household__in=keys)
    page = found.select_related("village", "household").defer(
        "household__search", "household__phone_sealed"
    )
    return {row.proposal.household_id: row for row in rows_of(officer, review, page)}


def flips_sheet(officer: Officer, pair: Pair, flip: Flip, turns: Turns, *, most: int) -> Sheet:
    """The households of a cell as a table, the first `most`, without names."""
    page: list[Proposal] = []
    if (flip.before, flip.after) in turns:
        found = flips(officer, pair, flip, turns).order_by("village_id", "household_id")
        page = list(found[:most])
    headings = [
        _("Household number"), _("Village code"), _("Village"),
        _("Proposal before"), _("Proposal after"), _("People before"), _("People after"),
        _("Per person before"), _("Per person after"), _("Change of income"),
        _("Difference to the line before"), _("Difference to the line after"),
    ]  # fmt: skip
    cell = f"{kind_name(flip.before)} → {kind_name(flip.after)}"
    about = about_pair(officer, pair, [(_("Proposal"), cell), rows_in_words(len(page), most)])
    return Sheet(_("Comparison"), headings, _lines(flip_rows(officer, pair, page)), about)


def _lines(rows: Sequence[FlipRow]) -> Iterator[list[Cell]]:
    for row in rows:
        old, new, proposal = row.before, row.after, row.shown.proposal
        yield [
            proposal.household.number,
            proposal.village_id,
            proposal.village.name,
            old.kind if old else "",
            new.kind if new else "",
            old.proposal.persons if old else None,
            new.proposal.persons if new else None,
            amount(old.per_capita_fen) if old else None,
            amount(new.per_capita_fen) if new else None,
            amount(row.change_fen),
            amount(old.distance_fen) if old else None,
            amount(new.distance_fen) if new else None,
        ]


def matrix_sheet(officer: Officer, pair: Pair, effect: Effect) -> Sheet:
    """The matrix of a comparison as a table, households and persons of each cell."""
    rows: list[list[Cell]] = [
        [
            str(name),
            str(effect.names[place]),
            shown(turn.households),
            shown(turn.persons),
            _("yes") if turn.is_change else _("no"),
        ]
        for name, turns, _all_of_row in effect.rows
        for place, turn in enumerate(turns)
        if not turn.is_none
    ]
    headings = [_("Before"), _("After"), _("Households"), _("Persons"), _("Changed")]
    return Sheet(_("Comparison"), headings, rows, about_pair(officer, pair, []))


def about_pair(officer: Officer, pair: Pair, filters: Sequence[tuple[str, str]]) -> Pairs:
    """What a file of a comparison says of itself: the review after, and which one is before."""
    old = pair.before
    before = [
        (_("Compared with review"), f"{old.pk} · {old.year} {old.root.name}"),
        (_("Its standard"), f"{old.standard.number or _('draft')} · {old.standard.year}"),
        (_("Its facts known at"), moment(old.facts_at)),
    ]
    return about_review(officer, pair.after, pair.part, [*before, *filters])
