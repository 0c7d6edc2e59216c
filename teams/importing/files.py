"""Files of the template to take away: empty, with the roster of a day, with the faulty rows."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from divisions.models import Division
from households.importing.filed import Fault
from households.importing.prefill import TEXT, WIDTH, text_workbook
from households.importing.report import ErrorReport, csv_bytes
from officers.models import Officer
from officers.rights import require
from teams.importing.reasons import say
from teams.importing.running import LIMITS, Outcome
from teams.importing.template import COLUMNS, headings, ordered
from teams.models import Cadre, Term
from teams.models.units import ID_FIELD, PHONE_FIELD
from teams.rights import MANAGERS
from trail.actions import record
from trail.masking import mask_id, mask_phone
from trail.sealing import unseal


@dataclass
class RosterReport(ErrorReport):
    """The faulty rows in the file's own columns, with the number and the faults of each."""

    def sentence(self, fault: Fault) -> str:
        """`column: value — reason`."""
        return f"{self.column(fault)}: {fault.value} — {say(fault.code, fault.params)}"


def faulty_rows(outcome: Outcome, *, form: str) -> bytes:
    """The rows that were left out; mended, the file can be imported as it is."""
    layout = outcome.table.layout
    places = layout.own_places
    report = RosterReport([layout.headings[place] for place in places])
    report.columns = {key: layout.heading(key) for key in layout.places}
    for row in outcome.faulty:
        cells = [row.cells[place] if place < len(row.cells) else "" for place in places]
        report.rows.append((row.record, cells))
        report.faults[row.record] = row.faults
    return csv_bytes(report) if form == "csv" else text_workbook(report.lines())


def empty_template(*, form: str) -> bytes:
    """The headings; in a workbook with the words of each list to choose from."""
    return _csv([]) if form == "csv" else _workbook()


@transaction.atomic
def roster_file(*, by: Officer, on: date, form: str) -> bytes:
    """Who serves in the county on a day, in the columns of the template; numbers are hidden.

    Imported again it changes nothing. Raises NotAllowed for everybody but a county clerk.
    """
    county = require(by, *MANAGERS).division_id
    record(
        by=by,
        action="download_roster",
        subject=Division.objects.get(pk=county),
        division=county,
        after={"on": on.isoformat()},
    )
    terms = Term.objects.visible_to(by).within(county).in_force(on)
    terms = terms.select_related("cadre__account", "unit").order_by("village_id", "post", "pk")
    rows = [ordered(_cells(term), get_language()) for term in terms]
    return _csv(rows) if form == "csv" else text_workbook(iter([_headings(), *rows]))


def _cells(term: Term) -> dict[str, str]:
    cadre, unit = term.cadre, term.unit
    return {
        "number": cadre.number,
        "village_code": term.village_id,
        "name": cadre.name,
        "id_number": _hidden(cadre, ID_FIELD),
        "sex": cadre.sex,
        "birth_date": _day(cadre.born),
        "phone": _hidden(cadre, PHONE_FIELD),
        "unit": unit.name if unit else "",
        "unit_level": unit.level if unit else "",
        "post": term.post,
        "starts_on": _day(term.starts_on),
        "due_on": _day(term.due_on),
        "last_day": _day(term.last_day),
        "end_reason": term.end_reason,
        "rank": cadre.rank,
        "party_member_since": _day(cadre.party_member_since),
        "working_since": _day(cadre.working_since),
        "account": cadre.account.username if cadre.account else "",
    }


def _hidden(cadre: Cadre, name: str) -> str:
    sealed = cadre.id_sealed if name == ID_FIELD else cadre.phone_sealed
    if not sealed:
        return ""
    text = unseal(sealed, field=name, row=cadre.uuid)
    return mask_id(text) if name == ID_FIELD else mask_phone(text)


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _headings() -> list[str]:
    return headings(get_language())


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows([_headings(), *rows])
    return out.getvalue().encode("utf-8-sig")


def _workbook() -> bytes:
    """Columns of text; those with few words offer them."""
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = _("Roster")
    sheet.freeze_panes = "A2"
    sheet.append(_headings())
    for place, column in enumerate(COLUMNS, start=1):
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = WIDTH
        sheet.column_dimensions[letter].number_format = TEXT
        if column.words:
            offered = ",".join(word.shown(get_language()) for word in column.words)
            validation = DataValidation(type="list", formula1=f'"{offered}"', allow_blank=True)
            validation.error = _("Choose a value of the list.")
            validation.add(f"{letter}2:{letter}{(LIMITS.rows or 0) + 1}")
            sheet.add_data_validation(validation)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()
