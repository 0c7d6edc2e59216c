"""What help comes to, as rows for a file: what the page shows, the places and the measures."""

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from assistance.queries.distributions import number_or_text
from assistance.queries.effect_page import EffectPage, KeyRow, PlaceRow
from officers.models import ROLE_NAMES, Officer
from officers.rules import Role
from trail.sheets import Cell, Sheet


def effect_sheet(officer: Officer, page: EffectPage) -> Sheet:
    """The places below, the whole, then the measures; a hidden count is text."""
    headings = [
        _("Code"), _("Place or measure"), _("Households of the base"), _("Households helped"),
        _("Share in percent"), _("Households that may have it"),
        _("Those of them that have it, per cent"), _("Persons helped"),
        _("Persons helped, per cent"), _("Planned (yuan)"),
        _("Delivered to households (yuan)"), _("Delivered for villages (yuan)"),
        _("Households lifted"), _("Cost of a household lifted (yuan)"),
    ]  # fmt: skip
    asked, place = page.asked, page.total.division
    return Sheet(
        title=_("Effect of help"),
        headings=headings,
        rows=[
            *(_place_cells(row) for row in (*page.parts, page.total)),
            *(_key_cells(row) for row in page.keys),
        ],
        about=[
            (_("Place"), f"{place.pk} {place.name}"),
            (_("Year"), str(asked.year or _("all years"))),
            (_("Of whom"), str(asked.base.label)),
            (_("Category"), asked.category or _("all categories")),
            (_("Measure"), asked.measure or _("all measures")),
            (_("Taken on"), timezone.localtime().strftime("%Y-%m-%d %H:%M")),
            (_("Taken by"), f"{officer.name} · {ROLE_NAMES[Role(officer.acting_role)]}"),
        ],
    )


def _place_cells(row: PlaceRow) -> Sequence[Cell]:
    return (
        row.division.pk, row.division.name, number_or_text(row.base),
        number_or_text(row.households), row.percent, None, None, None, None, None, row.delivered,
        row.village_delivered, number_or_text(row.lifted), row.cost_each,
    )  # fmt: skip


def _key_cells(row: KeyRow) -> Sequence[Cell]:
    return (
        row.key, row.label, None, number_or_text(row.households), row.percent,
        number_or_text(row.eligible) or None, row.eligible_percent,
        number_or_text(row.persons) or None, row.persons_percent, row.planned,
        row.delivered, row.village_delivered, None, None,
    )  # fmt: skip
