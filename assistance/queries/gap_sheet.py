"""A list of gaps as a table for a spreadsheet."""

from collections.abc import Iterator
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assistance.queries.gap_list import (
    STATE_NAMES,
    Wanted,
    described,
    latest_words,
    wanted_gaps,
)
from divisions.models import Division
from officers.models import Officer
from trail.sheets import Cell, Sheet

AT_ONCE = 500


def gap_sheet(officer: Officer, place: Division, wanted: Wanted, *, today: date) -> Sheet:
    """The gaps of a list, one row each, with the latest answer in its words."""
    return Sheet(
        title=_("Policy gaps"),
        headings=(
            _("Village"), _("Household"), _("Householder"), _("Member"), _("Kind"), _("Rule"),
            pgettext("gap", "Facts"), _("Measure"), _("State"), _("Helped by"), _("Answer"),
        ),
        rows=_rows(officer, wanted, today),
        about=[
            (_("Place"), f"{place.pk} {place.name}"),
            (_("Year"), str(wanted.year)),
            (_("State"), str(STATE_NAMES[wanted.state])),
            (_("Day"), date_format(today, "Y-m-d")),
        ],
    )  # fmt: skip


def _rows(officer: Officer, wanted: Wanted, today: date) -> Iterator[list[Cell]]:
    found = wanted_gaps(officer, wanted, today=today)
    found = found.select_related("household", "member", "village", "item__measure")
    first = 0
    while rows := list(found[first : first + AT_ONCE]):
        said = latest_words(rows)
        for one in described(officer, rows, today):
            gap = one.gap
            yield [
                gap.village.name,
                gap.household.number,
                one.head,
                gap.member.name if gap.member else "",
                gap.get_kind_display(),
                one.rule,
                "; ".join(f"{name}: {value}" for name, value in one.facts),
                gap.item.measure.name if gap.item else gap.get_category_display(),
                one.state,
                date_format(gap.due_on, "Y-m-d") if gap.due_on else "",
                said.get(gap.pk, ""),
            ]
        first += AT_ONCE
