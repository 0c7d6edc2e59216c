"""The template to download: empty, or filled with the households of one village."""

import csv
import io
from collections.abc import Iterator, Sequence

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from divisions.scope import require_within
from households import codes
from households.importing.importers import require_importer
from households.importing.template import COLUMNS, Column
from households.models import Household, Member
from households.rules import State
from officers.models import Officer
from officers.rules import Role

LAST_ROW = 5_000
WIDTH = 16
TEXT = "@"
REGISTERED = (State.POOR, State.EXITED, State.PLANNED_EXIT, State.RELAPSED)
YES_NO = {True: "1", False: "0"}


def headings() -> list[str]:
    """The headings in the active language; both languages import alike."""
    chinese = (get_language() or "").startswith("zh")
    return [column.zh if chinese else column.key for column in COLUMNS]


def village_rows(by: Officer, village: str) -> Iterator[list[str]]:
    """One row for each active member of the village's households.

    ID, phone and the eleven yearly cells stay blank, so that an untouched file changes nothing.
    Raises NotAllowed for everybody but importers and outside the posting.
    """
    posting = require_importer(by)
    require_within(by, village)
    households = Household.objects.visible_to(by).standing().filter(village_id=village)
    members: dict[int, list[Member]] = {}
    active = Member.objects.active().filter(household__in=households)
    for member in active.order_by("household_id", "relation", "id"):
        members.setdefault(member.household_id, []).append(member)
    for household in households.order_by("number"):
        first = _household_cells(household, posting.role)
        for member in members.get(household.pk, []):
            cells = first | _member_cells(member)
            yield [cells.get(column.key, "") for column in COLUMNS]
            first = {key: first[key] for key in ("village_code", "household_number")}


def _household_cells(household: Household, role: str) -> dict[str, str]:
    causes = sorted(codes.label("cause", code) for code in household.other_causes)
    cells = {
        "village_code": household.village_id,
        "group": household.group,
        "household_number": household.number,
        "attribute": codes.label("attribute", household.attribute),
        "main_cause": codes.label("cause", household.main_cause),
        "other_causes": ",".join(causes),
        "housing_grade": codes.label("housing_grade", household.housing_grade),
    }
    if role == Role.VILLAGE_OFFICIAL or household.state not in REGISTERED:
        return cells
    year = "" if household.exit_year is None else str(household.exit_year)
    return cells | {"status": codes.label("status", str(household.state)), "exit_year": year}


def _member_cells(member: Member) -> dict[str, str]:
    cells = {
        "person_number": member.person_number,
        "name": member.name,
        "birth_date": member.birth_date.isoformat(),
        "work_months": "" if member.work_months is None else str(member.work_months),
    }
    for column in COLUMNS:
        if column.codes and hasattr(member, column.key):
            value = getattr(member, column.key)
            code = YES_NO.get(value, "") if column.codes == "yes_no" else value
            cells[column.key] = codes.label(column.codes, code)
    if member.id_blind:
        cells["no_id_reason"] = ""
    return cells


def csv_file(rows: Iterator[Sequence[str]]) -> bytes:
    """Headings and rows as CSV: UTF-8 with its mark, CRLF."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows([headings(), *rows])
    return out.getvalue().encode("utf-8-sig")


def xlsx_file(rows: Iterator[Sequence[str]]) -> bytes:
    """Headings and rows as a workbook: text cells, the heading frozen, lists for coded columns."""
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = _("Register")
    sheet.freeze_panes = "A2"
    for row in (headings(), *rows):
        sheet.append([_text_cell(sheet, text) for text in row])
    lists = workbook.create_sheet(_("Lists"))
    lists.sheet_state = "hidden"
    for place, column in enumerate(COLUMNS, start=1):
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = WIDTH
        sheet.column_dimensions[letter].number_format = TEXT
        if column.codes and column.key != "other_causes":
            _offer_list(sheet, lists, letter, column, place)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def text_workbook(rows: Iterator[Sequence[str]]) -> bytes:
    """Rows as a plain workbook of text cells, the first one frozen."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet()
    sheet.freeze_panes = "A2"
    for row in rows:
        sheet.append([_text_cell(sheet, ILLEGAL_CHARACTERS_RE.sub("", text)) for text in row])
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def _text_cell(sheet: Worksheet, text: str) -> WriteOnlyCell:
    """A cell that stays text: no formula, no number."""
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type, cell.number_format = "s", TEXT
    return cell


def _offer_list(
    sheet: Worksheet, lists: Worksheet, letter: str, column: Column, place: int
) -> None:
    labels = [str(code) for code in codes.tables()[column.codes].values()]
    for row, label in enumerate(labels, start=1):
        lists.cell(row, place, label)
    source = f"'{lists.title}'!${letter}$1:${letter}${len(labels)}"
    validation = DataValidation(type="list", formula1=source, allow_blank=True)
    validation.error = _("Choose a value of the list.")
    validation.add(f"{letter}2:{letter}{LAST_ROW}")
    sheet.add_data_validation(validation)
