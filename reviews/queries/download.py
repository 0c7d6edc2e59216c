"""The listed proposals as a table for a file. No names: the household page has them."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from households.models.households import STATE_NAMES
from households.rules import State
from officers.models import Officer
from reviews.models import Proposal, Review
from reviews.queries.about import about_review
from reviews.queries.proposals import Row, Wanted, proposals, rows_of, with_help, with_year_before
from reviews.rights import own_part
from trail.sheets import Cell, Sheet


def listed_proposals(
    officer: Officer, review: Review, wanted: Wanted, *, most: int
) -> list[Proposal]:
    """What the file holds: the first `most` of the list in its order."""
    found = proposals(officer, review, wanted).select_related("village", "household")
    return list(found.order_by("village_id", "household_id")[:most])


def proposals_sheet(
    officer: Officer,
    review: Review,
    wanted: Wanted,
    filters: Iterable[tuple[object, object]],
    *,
    most: int,
) -> Sheet:
    """The first `most` rows of the list under its filter; `filters` is the same in words.

    Near the line it tells the year before too, as the page does.
    """
    rows = with_help(rows_of(officer, review, listed_proposals(officer, review, wanted, most=most)))
    headings = [
        _("Household number"), _("Village code"), _("Village"), _("State"), _("Proposal"),
        _("Lacks"), _("Unknown"), _("People"), _("Per person"), _("Net income"),
        _("Line × people"), _("Difference"), _("Percent of the line"), _("Never helped"),
        _("Decision"),
    ]  # fmt: skip
    if wanted.near:
        rows = with_year_before(review, rows)
        headings += [_("Per person, year before"), _("Change of income")]
    place = wanted.division or own_part(officer, review)
    words = [(str(name), str(value)) for name, value in filters]
    return Sheet(
        title=_("Proposals"),
        headings=headings,
        rows=_lines(rows, wanted),
        about=about_review(officer, review, place, [*words, rows_in_words(len(rows), most)]),
    )


def rows_in_words(rows: int, most: int) -> tuple[str, str]:
    """How many rows a file of at most `most` holds, and whether the list may go on behind them."""
    if rows < most:
        return _("Rows"), f"{rows:,}"
    return _("Rows"), _("the first %(number)s") % {"number": f"{most:,}"}


def _lines(rows: Sequence[Row], wanted: Wanted) -> Iterator[list[Cell]]:
    for row in rows:
        before = [amount(row.per_capita_before_fen), amount(row.change_fen)]
        yield [*_cells(row), *before] if wanted.near else _cells(row)


def _cells(row: Row) -> list[Cell]:
    proposal = row.proposal
    return [
        proposal.household.number,
        proposal.village_id,
        proposal.village.name,
        str(STATE_NAMES[State(proposal.state)]),
        row.kind,
        row.lacks,
        row.gaps,
        proposal.persons,
        amount(row.per_capita_fen),
        amount(proposal.net_fen),
        amount(row.needed_fen),
        amount(row.distance_fen),
        amount(row.distance_hundredths),
        _("yes") if row.never_helped else "",
        str(row.decision),
    ]


def amount(hundredths: int | None) -> Decimal | None:
    """Fen as yuan, or hundredths of a percent as percent: two places, exact."""
    return None if hundredths is None else Decimal(hundredths).scaleb(-2)
