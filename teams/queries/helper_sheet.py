"""The helpers of a place as a table for a spreadsheet."""

from collections.abc import Iterator
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from divisions.models import Division
from officers.models import Officer
from teams.queries.helper_list import described, helpers_in
from trail.sheets import Cell, Sheet

AT_ONCE = 500


def helper_sheet(officer: Officer, place: Division, kind: str, on: date) -> Sheet:
    """The helpers of a kind for a place, one row each; no phone and no household is named."""
    return Sheet(
        title=_("Helpers"),
        headings=(
            _("Number"), _("Name"), _("Unit"), _("Position in the unit"), _("Rank"),
            _("Households"), _("At most"), _("Villages"), _("Helps since"),
        ),
        rows=_rows(officer, place, kind, on),
        about=[
            (_("Place"), f"{place.pk} {place.name}"),
            (_("Day"), date_format(on, "Y-m-d")),
        ],
    )  # fmt: skip


def _rows(officer: Officer, place: Division, kind: str, on: date) -> Iterator[list[Cell]]:
    cadres = list(helpers_in(officer, place.pk, kind, on))
    for first in range(0, len(cadres), AT_ONCE):
        for one in described(officer, cadres[first : first + AT_ONCE], on):
            yield [
                one.cadre.number,
                one.cadre.name,
                one.cadre.unit.name if one.cadre.unit else "",
                one.cadre.title,
                one.cadre.get_rank_display(),
                one.households,
                one.most,
                ", ".join(one.villages),
                one.since.isoformat() if one.since else "",
            ]
