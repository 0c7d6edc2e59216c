"""Files of the template to take away: empty, with the measures of a year, with the faulty rows."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from assistance.importing.known import plain
from assistance.importing.reasons import say
from assistance.importing.running import LIMITS, Outcome
from assistance.importing.template import COLUMNS, EXAMPLES
from assistance.models import Item, ItemStatus
from assistance.queries.catalogue import catalogue_of
from assistance.rights import IMPORTERS
from assistance.rules.measures import Unit
from divisions.models import Division
from households.importing.filed import Fault
from households.importing.prefill import TEXT, WIDTH, text_workbook
from households.importing.report import ErrorReport, csv_bytes
from officers.models import Officer
from officers.rights import require
from teams.importing.template import headings, ordered
from trail.actions import record
from trail.errors import Refused

MOST_ROWS = LIMITS.rows or 0
"""What is taken away can be brought in again."""


@dataclass
class MeasureReport(ErrorReport):
    """The faulty rows in the file's own columns, with the number and the faults of each."""

    def sentence(self, fault: Fault) -> str:
        """`column: value — reason`."""
        return f"{self.column(fault)}: {fault.value} — {say(fault.code, fault.params)}"


def faulty_rows(outcome: Outcome, *, form: str) -> bytes:
    """The rows that were left out; mended, the file can be imported as it is."""
    layout = outcome.table.layout
    places = layout.own_places
    report = MeasureReport([layout.headings[place] for place in places])
    report.columns = {key: layout.heading(key) for key in layout.places}
    for row in outcome.faulty:
        cells = [row.cells[place] if place < len(row.cells) else "" for place in places]
        report.rows.append((row.record, cells))
        report.faults[row.record] = row.faults
    return csv_bytes(report) if form == "csv" else text_workbook(report.lines())


def empty_template(*, by: Officer, year: int, form: str) -> bytes:
    """The headings; a workbook with lists, examples and the codes of the officer's catalogue.

    Raises NotAllowed for everybody but importers.
    """
    place = require(by, *IMPORTERS).division_id
    return _csv([]) if form == "csv" else _workbook(place, year)


@transaction.atomic
def measures_file(*, by: Officer, year: int, form: str, division: str = "") -> bytes:
    """The agreed measures of households of a year, in the columns of the template.

    Of the place `division`, "" for all that the officer answers for. Imported again it changes
    nothing. Raises NotAllowed for everybody but importers there; Refused for more than MOST_ROWS,
    which no import takes.
    """
    place = division or require(by, *IMPORTERS).division_id
    require(by, *IMPORTERS, code=place)
    items = list(_items(by, year, place)[: MOST_ROWS + 1])
    if len(items) > MOST_ROWS:
        text = _(
            "These are more than %(most)s measures. Choose a township or a village and take them"
            " away one after another."
        )
        raise Refused(text % {"most": f"{MOST_ROWS:,}"}, code="too_many")
    record(
        by=by,
        action="download_measures",
        subject=Division.objects.get(pk=place),
        division=place,
        after={"year": year, "rows": len(items)},
    )
    cells = (cells_of(one, one.last) for one in items)
    rows = (ordered(one, get_language(), COLUMNS) for one in cells)
    return _csv(rows) if form == "csv" else text_workbook(iter([_headings(), *rows]))


def _items(by: Officer, year: int, place: str) -> QuerySet[Any]:
    """With `last`, the day of the last standing delivery."""
    standing = Q(deliveries__withdrawn_at=None)
    return (
        Item.objects.visible_to(by)
        .within(place)
        .filter(plan__year=year, household__isnull=False, household__withdrawn_at=None)
        .exclude(status__in=[ItemStatus.DRAFT, ItemStatus.DROPPED])
        .annotate(last=Max("deliveries__day", filter=standing))
        .select_related("household", "member", "plan")
        .order_by("village_id", "household__number", "pk")
    )


def cells_of(item: Item, last: date | None) -> dict[str, str]:
    """A measure as the cells of a row, by column; `last` is the day of its last delivery."""
    return {
        "item": str(item.uuid),
        "household_number": item.household.number if item.household else "",
        "person_number": item.member.person_number if item.member else "",
        "year": str(item.plan.year),
        "measure": item.code,
        "content": item.content,
        "planned": plain(item.planned),
        "funding": item.funding,
        "starts_on": item.starts_on.isoformat(),
        "due_on": item.due_on.isoformat(),
        "delivered": plain(item.delivered) if item.delivered else "",
        "delivered_on": last.isoformat() if last else "",
        "status": item.status,
    }


def _headings() -> list[str]:
    return headings(get_language(), COLUMNS)


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows([_headings(), *rows])
    return out.getvalue().encode("utf-8-sig")


def _workbook(place: str, year: int) -> bytes:
    """Columns of text; those with few words offer them. Examples and codes stand beside."""
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = _("Measures")
    sheet.freeze_panes = "A2"
    sheet.append(_headings())
    for number, column in enumerate(COLUMNS, start=1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = WIDTH
        sheet.column_dimensions[letter].number_format = TEXT
        if column.words:
            offered = ",".join(word.shown(get_language()) for word in column.words)
            validation = DataValidation(type="list", formula1=f'"{offered}"', allow_blank=True)
            validation.error = _("Choose a value of the list.")
            validation.add(f"{letter}2:{letter}{(LIMITS.rows or 0) + 1}")
            sheet.add_data_validation(validation)
    examples = workbook.create_sheet(_("Examples"))
    examples.append(_headings())
    for example in EXAMPLES:
        examples.append(ordered(example, get_language(), COLUMNS))
    codes = workbook.create_sheet(_("Codes"))
    codes.append([_("Code"), _("name in Chinese"), _("name in English"), _("For whom"), _("Year")])
    for one in catalogue_of(place, year).values():
        if one.unit != Unit.VILLAGE:
            whom = str(one.get_unit_display())
            codes.append([one.code, one.name_zh, one.name_en, whom, str(year)])
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()
