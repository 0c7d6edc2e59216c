"""The tables of a review's figures as rows for a file: exactly what the page shows."""

from collections.abc import Callable, Sequence

from django.utils.translation import gettext as _

from reviews.models import KIND_NAMES
from reviews.queries.figures import Figures, Reason
from reviews.queries.flow_pages import FlowTable, LinePage
from reviews.queries.parts import SHOWN_KINDS
from trail.sheets import Cell

Rows = list[Sequence[Cell]]
Table = tuple[str, Sequence[str], Rows]
"""Its title, headings and rows."""


def shown(number: str) -> Cell:
    """A count as the page shows it: a number, or text where few are hidden."""
    plain = number.replace(",", "").replace("−", "-")
    return int(plain) if plain.lstrip("+-").isdecimal() else number or 0


def matrix_table(figures: Figures) -> Table:
    """State then against proposal, with totals on both sides."""
    matrix = figures.matrix
    headings = [_("State then"), *(str(name) for _kind, name in matrix.kinds), _("All")]
    rows: Rows = [
        (str(row.name), *(shown(cell.number) for cell in row.cells), shown(row.total))
        for row in matrix.rows
    ]
    rows.append((_("All"), *(shown(number) for number in matrix.totals), shown(matrix.total)))
    return _("States and proposals"), headings, rows


def kinds_table(figures: Figures) -> Table:
    """Households by proposal."""
    rows: Rows = [(str(bar.name), shown(bar.number)) for bar in figures.kinds]
    rows.append((_("All"), shown(figures.households)))
    return _("Proposals"), [_("Proposal"), _("Households")], rows


def reasons_table(figures: Figures) -> Table:
    """Households by what they lack and by what is unknown; one household may have several."""

    def lines(sort: str, reasons: Sequence[Reason]) -> Rows:
        return [(sort, str(one.label), shown(one.number)) for one in reasons]

    rows = lines(_("Lacks"), figures.lacks) + lines(_("Unknown"), figures.gaps)
    return _("Reasons"), [_("Sort"), _("Reason"), _("Households")], rows


def distance_table(figures: Figures) -> Table:
    """Households by distance to the line, in bands, and those whose income is unknown."""
    histogram = figures.histogram
    rows: Rows = [(row.label, shown(row.number)) for row in histogram.rows]
    rows.append((_("income unknown"), shown(figures.unknown)))
    return _("Distance to the line"), [_("Income seen from the line"), _("Households")], rows


def places_table(figures: Figures) -> Table:
    """The divisions right below, with the proposals there."""
    kinds = [str(KIND_NAMES[kind]) for kind in SHOWN_KINDS]
    headings = [_("Code"), _("Place"), _("Households"), _("Persons"), *kinds]
    rows: Rows = [
        (
            part.division.pk,
            part.division.name,
            shown(part.households),
            shown(part.persons),
            *(shown(number) for _kind, number in part.kinds),
        )
        for part in figures.parts
    ]
    return _("By place"), headings, rows


def flow_rows(flow: FlowTable) -> Table:
    """Opening, lines, closing and difference, in households and persons."""
    rows: Rows = [
        (_("on the register at the close of last year"), *map(shown, flow.opening)),
        *((str(row.name), shown(row.households), shown(row.persons)) for row in flow.rows),
        (_("on the register at the close of this year"), *map(shown, flow.closing)),
        (_("difference"), *map(shown, flow.difference)),
    ]
    return _("From last year to this year"), [_("Line"), _("Households"), _("Persons")], rows


def line_rows(title: str, page: LinePage) -> Table:
    """The households of one line of the flow, without names."""
    headings = [
        _("Household number"), _("Village code"), _("Village"), _("Households"), _("Persons"),
        _("Why"),
    ]  # fmt: skip
    rows: Rows = [
        (
            row.household.number,
            row.household.village_id,
            row.household.village.name,
            shown(row.households),
            shown(row.persons),
            row.reason,
        )
        for row in page.rows
    ]
    return title, headings, rows


TABLES: dict[str, Callable[[Figures], Table]] = {
    "matrix": matrix_table,
    "kinds": kinds_table,
    "reasons": reasons_table,
    "distance": distance_table,
    "places": places_table,
}
"""The tables by their name in the address."""
