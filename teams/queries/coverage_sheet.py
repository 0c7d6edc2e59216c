"""The coverage report as rows for a file: what the page shows."""

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from officers.models import ROLE_NAMES, Officer
from officers.rules import Role
from teams.models import Rank
from teams.queries.coverage import Coverage, Row
from trail.sheets import Cell, Sheet


def coverage_sheet(officer: Officer, found: Coverage) -> Sheet:
    """The places of the report and their sum; a hidden count is text."""
    headings = [
        _("Code"), _("Place"), _("Villages that must have a team"), _("With first secretary"),
        _("With first secretary, per cent"), _("With a whole team"),
        _("With a whole team, per cent"), _("People in teams"),
        _("Households that must have a helper"), _("With a helper"), _("With a helper, per cent"),
        _("Helpers"), *Rank.labels, _("Households of a helper"),
    ]  # fmt: skip
    return Sheet(
        title=_("Coverage"),
        headings=[str(one) for one in headings],
        rows=[_cells(row) for row in (*found.parts, found.total)],
        about=[
            (_("Place"), f"{found.division.pk} {found.division.name}"),
            (_("As of"), found.on.isoformat()),
            (_("Taken on"), timezone.localtime().strftime("%Y-%m-%d %H:%M")),
            (_("Taken by"), f"{officer.name} · {ROLE_NAMES[Role(officer.acting_role)]}"),
        ],
    )


def _cells(row: Row) -> Sequence[Cell]:
    teams, helpers = row.teams, row.helpers
    return (
        row.division.pk, row.division.name, teams.required, teams.led, teams.led_percent,
        teams.full, teams.full_percent, teams.people, _number(row.households), _number(row.helped),
        row.helped_percent, helpers.helpers, *helpers.by_rank, row.mean,
    )  # fmt: skip


def _number(shown: str) -> Cell:
    plain = shown.replace(",", "")
    return int(plain) if plain.isdecimal() else shown
