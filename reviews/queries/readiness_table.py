"""The table of readiness as rows for a file: what the page shows."""

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from officers.models import ROLE_NAMES, Officer
from officers.rules import Role
from reviews.quality import ISSUES
from reviews.queries.about import freeze_in_words, moment
from reviews.queries.readiness import Readiness, Row
from reviews.queries.tables import shown
from reviews.queries.unready import KIND_LABELS
from trail.sheets import Cell, Sheet


def readiness_sheet(officer: Officer, found: Readiness) -> Sheet:
    """The parts of the place and their sum, by kind of gap and of doubt."""
    kinds = (*found.demanded, *ISSUES)
    headings = [
        _("Place"), _("Code"), _("To be surveyed"), _("Surveyed"), _("No survey yet"),
        _("Surveyed, per cent"), _("Something unknown"), _("Doubtful facts"),
        *(str(KIND_LABELS[kind]) for kind in kinds),
    ]  # fmt: skip
    rows = [_cells(row) for row in (*found.parts, found.total) if row]
    return Sheet(title=_("Readiness"), headings=headings, rows=rows, about=_about(officer, found))


def _cells(row: Row) -> Sequence[Cell]:
    return (
        row.division.name,
        row.division.pk,
        *map(shown, (row.due, row.surveyed, row.missing)),
        row.percent,
        shown(row.gaps),
        shown(row.issues),
        *(shown(count) for _kind, count in (*row.by_gap, *row.by_issue)),
    )


def _about(officer: Officer, found: Readiness) -> list[tuple[str, str]]:
    code, year = found.division.pk, found.year
    return [
        (_("Place"), f"{code} {found.division.name}"),
        (_("Year"), str(year)),
        (_("Facts of the year"), freeze_in_words(code, year)),
        (_("Counted"), moment(found.counted_at or timezone.now())),
        (_("Taken on"), moment(timezone.now())),
        (_("Taken by"), f"{officer.name} · {ROLE_NAMES[Role(officer.acting_role)]}"),
    ]
