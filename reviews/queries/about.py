"""What a file or a print of a review says of itself: what it rests on, its filter, when and who."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from households.models import Standard, YearFreeze
from households.rules import fen
from households.snapshot import yuan
from officers.models import ROLE_NAMES, Officer
from officers.rules import Role
from reviews.models import Review

Pairs = list[tuple[str, str]]


def freeze_over(code: str, year: int) -> YearFreeze | None:
    """The first freeze of the year that holds in all of division `code`."""
    found = YearFreeze.objects.over(code).filter(year=year).select_related("frozen_by", "division")
    return found.order_by("frozen_at").first()


def freeze_in_words(code: str, year: int) -> str:
    """Whether the facts of the year stand still in a division, and since when."""
    freeze = freeze_over(code, year)
    if freeze is None:
        return _("not frozen")
    return _("frozen on %(time)s by %(name)s for %(place)s") % {
        "time": moment(freeze.frozen_at),
        "name": freeze.frozen_by.name,
        "place": freeze.division.name,
    }


def about_review(
    officer: Officer, review: Review, place: str, filters: Sequence[tuple[str, str]]
) -> Pairs:
    """The lines of the sheet "about": `place` is a division's code, `filters` are in words."""
    standard = review.standard
    lines = [
        (_("Review"), f"{review.pk} · {review.year} {review.root.name}"),
        (_("State"), str(review.get_state_display())),
        (_("Dry run"), _("yes") if review.dry_run else _("no")),
        (_("Facts known at"), moment(review.facts_at)),
        (_("Renewed"), moment(review.refreshed_at)),
        (_("Facts of the year"), freeze_in_words(place, review.year)),
        (_("Standard"), _standard(standard)),
        (_("Source"), standard.source),
        (_("Poverty line, yuan"), yuan(fen(standard.line))),
        (_("Monitoring line, yuan"), yuan(fen(standard.monitoring_line))),
        (_("Place"), place),
        *filters,
        (_("Result of the first run"), review.result_hash),
        (_("Taken on"), moment(timezone.now())),
        (_("Taken by"), f"{officer.name} · {ROLE_NAMES[Role(officer.acting_role)]}"),
    ]
    return [(name, value) for name, value in lines if value]


def _standard(standard: Standard) -> str:
    if standard.published_at is None:
        return _("A draft of %(year)s, not published") % {"year": standard.year}
    return _("Standard no. %(number)s of %(year)s") % {
        "number": standard.number,
        "year": standard.year,
    }


def moment(when: datetime | None) -> str:
    """A moment as text, in the time of the office; empty without one."""
    return date_format(timezone.localtime(when), "Y-m-d H:i") if when else ""
