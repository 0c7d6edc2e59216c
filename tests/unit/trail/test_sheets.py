"""Files for spreadsheets: text stays text, numbers are numbers, the second sheet tells what."""

import csv
from decimal import Decimal
from io import BytesIO, StringIO

import pytest
from django.utils.translation import override
from openpyxl import load_workbook

from trail.sheets import Sheet, as_text, csv_lines, xlsx_bytes

CODE = "970123100200"
SHEET = Sheet(
    title="Proposals: by kind?",
    headings=("Code", "Households", "Yuan"),
    rows=[(CODE, 12, Decimal("-3.50")), ("=1+1", 0, None), ('a,"b"\nc', 1, Decimal("1000.00"))],
    about=[("Review", "3"), ("Line", "=danger")],
)


def test_a_csv_has_the_mark_crlf_and_no_formula():
    text = "".join(csv_lines(SHEET))
    assert text.startswith("\ufeffCode,Households,Yuan\r\n")
    assert list(csv.reader(StringIO(text.removeprefix("\ufeff"), newline="")))[1:] == [
        [CODE, "12", "-3.50"],
        ["'=1+1", "0", ""],
        ['a,"b"\nc', "1", "1000.00"],
    ]


def test_a_workbook_keeps_codes_as_text_and_numbers_as_numbers():
    book = load_workbook(BytesIO(xlsx_bytes(SHEET)))
    table = book.worksheets[0]
    assert table.title == "Proposals  by kind "
    assert table.freeze_panes == "A2"
    assert [cell.value for cell in table[2]] == [CODE, 12, -3.5]
    assert [cell.data_type for cell in table[2]] == ["s", "n", "n"]
    assert (table["A3"].value, table["A3"].data_type) == ("=1+1", "s")


def test_the_second_sheet_says_what_the_rows_are():
    about = load_workbook(BytesIO(xlsx_bytes(SHEET))).worksheets[1]
    assert [[cell.value for cell in row] for row in about] == [["Review", "3"], ["Line", "=danger"]]
    assert about["B2"].data_type == "s"


def test_the_second_sheet_is_named_in_the_readers_language():
    for language, name in (("zh-hans", "说明"), ("en", "about")):
        with override(language):
            assert load_workbook(BytesIO(xlsx_bytes(SHEET))).sheetnames[1] == name


def test_characters_that_a_workbook_cannot_hold_are_left_out():
    sheet = Sheet(title="t", headings=("a",), rows=[("x\x07y",)])
    assert load_workbook(BytesIO(xlsx_bytes(sheet))).worksheets[0]["A2"].value == "xy"


@pytest.mark.parametrize("risky", ["-1", "+1", "=1", "@x", "\tx", "\rx"])
def test_no_cell_is_a_formula(risky):
    assert as_text(risky) == f"'{risky}"
    assert as_text(CODE) == CODE
