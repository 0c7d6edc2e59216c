"""The listed proposals as a file for a spreadsheet. No names: the household page has them."""

import csv
from collections.abc import Iterator, Sequence
from io import StringIO

from django.utils.translation import gettext as _

from households.models.households import STATE_NAMES
from households.rules import State
from households.snapshot import yuan
from officers.models import Officer
from reviews.models import Proposal, Review
from reviews.queries.proposals import Row, Wanted, proposals, rows_of

MOST_ROWS = 5000
BYTE_ORDER_MARK = "\ufeff"
RISKY = ("-", "+", "=", "@")


def listed_proposals(officer: Officer, review: Review, wanted: Wanted) -> list[Proposal]:
    """What the file holds: at most MOST_ROWS of the list in its order."""
    found = proposals(officer, review, wanted).select_related("village", "household")
    return list(found.order_by("village_id", "household_id")[:MOST_ROWS])


def csv_lines(officer: Officer, review: Review, page: Sequence[Proposal]) -> Iterator[str]:
    """The proposals as lines, UTF-8 with BOM for spreadsheets, CRLF."""
    yield BYTE_ORDER_MARK + _line(
        _("Household number"), _("Village code"), _("Village"), _("State"), _("Proposal"),
        _("Lacks"), _("Unknown"), _("People"), _("Per person"), _("Net income"),
        _("Line × people"), _("Difference"),
    )  # fmt: skip
    for row in rows_of(officer, review, page):
        yield _line(*_cells(row))


def _cells(row: Row) -> tuple[str, ...]:
    proposal = row.proposal
    amounts = (row.per_capita_fen, proposal.net_fen, row.needed_fen, row.distance_fen)
    return (
        as_text(proposal.household.number),
        proposal.village_id,
        proposal.village.name,
        str(STATE_NAMES[State(proposal.state)]),
        row.kind,
        row.lacks,
        row.gaps,
        str(proposal.persons),
        *("" if amount is None else yuan(amount) for amount in amounts),
    )


def as_text(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(RISKY) else cell


def _line(*cells: str) -> str:
    out = StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue()
