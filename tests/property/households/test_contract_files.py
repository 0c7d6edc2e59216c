"""Files as they come: encodings, headers, records, workbooks, the report and its way back."""

import io
import zipfile
from collections.abc import Sequence

import openpyxl
import pytest

from households.models import Household
from tests.oracle.people import Draw
from tests.oracle.scenarios import first_file
from tests.property.households.both import Both
from tests.property.households.product import run_import
from tests.property.households.rows import head, person, survey
from tests.property.households.test_import_against_oracle import STANDARDS, VILLAGES

HEADERS = ["village_code", "household_number", "name", "relation", "id_number"]


def cells(number: str = "A", *more: str) -> list[str]:
    row = head(number)
    return [*(row[name] for name in HEADERS), *more]


def text_of(records: list[list[str]], newline: str = "\r\n") -> str:
    return newline.join(",".join(record) for record in records) + newline


def refused(both: Both, content: bytes, records: list[list[str]] | None = None) -> None:
    expected, got = both.take(content, records or [HEADERS])
    assert both.differences == []
    assert (expected.exit_status, got.exit_status, got.rows) == (2, 2, [])
    assert not Household.everywhere.exists()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030"])
@pytest.mark.parametrize("newline", ["\r\n", "\n"])
def test_three_encodings_and_two_line_ends(both: Both, encoding: str, newline: str) -> None:
    records = [HEADERS, cells("A"), [""], cells("B"), cells("C_")]
    records[1][2] = "𠮷·其木格"
    expected, _ = both.take(text_of(records, newline).encode(encoding), records)
    assert both.differences == []
    assert (expected.saved, expected.report) == (["A", "B"], [5])


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_refused(both: Both, encoding: str) -> None:
    refused(both, text_of([HEADERS, cells()]).encode(encoding))


@pytest.mark.parametrize("content", [b"", b"\r\n\r\n", b"\xef\xbb\xbf", b"\xff\xfe", b"\x80\x81"])
def test_empty_and_unreadable_files_are_refused(both: Both, content: bytes) -> None:
    refused(both, content)


@pytest.mark.parametrize("place", [1, 2, 40])
def test_an_open_quote_refuses_the_file_wherever_it_stands(both: Both, place: int) -> None:
    records = [HEADERS, *(cells(f"A{serial}") for serial in range(60))]
    lines = text_of(records).split("\r\n")
    lines[place] = '"' + lines[place]
    refused(both, "\r\n".join(lines).encode(), records)


def test_a_heading_without_rows_is_refused(both: Both) -> None:
    got = run_import(text_of([HEADERS]).encode(), both.folder, 2019)
    assert (got.exit_status, got.rows) == (2, [])


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_other_separators_are_refused(both: Both, separator: str) -> None:
    refused(both, text_of([HEADERS, cells()]).replace(",", separator).encode())


@pytest.mark.parametrize("missing", HEADERS[:4])
def test_a_missing_required_column_refuses_the_file(both: Both, missing: str) -> None:
    place = HEADERS.index(missing)
    records = [one[:place] + one[place + 1 :] for one in ([*HEADERS], cells())]
    refused(both, text_of(records).encode(), records)


@pytest.mark.parametrize("second", ["姓名", " NAME ", "aab002"])
def test_two_headers_for_one_column_refuse_the_file(both: Both, second: str) -> None:
    records = [[*HEADERS, second], cells("A", "甲")]
    refused(both, text_of(records).encode(), records)


def test_headers_may_be_mixed_and_unknown_ones_are_passed_over(both: Both) -> None:
    headers = ["备注", " 行政村代码", "aac001", "Name ", "AAB006", "证件号码", ""]
    row = cells()
    records = [headers, ["１", *row, "2"]]
    expected, got = both.take(text_of(records).encode(), records)
    assert both.differences == []
    assert expected.saved == ["A"]
    assert "备注" in got.told


def test_short_rows_are_padded_and_surplus_blanks_allowed(both: Both) -> None:
    headers = [*HEADERS, "group", "phone"]
    records = [
        headers,
        cells("A"),
        cells("B", "", "", "", " "),
        cells("C", "", "", "9"),
        cells("D"),
    ]
    expected, _ = both.take(text_of(records).encode(), records)
    assert both.differences == []
    assert (expected.saved, expected.report) == (["A", "B", "D"], [4])


def test_quoted_line_ends_count_as_one_record(both: Both) -> None:
    headers = [*HEADERS, "备注"]
    text = text_of([headers, cells("A", '"a\r\nb"'), cells("B", '"c""\nd"'), cells("C_")])
    records = [headers, cells("A", "a\r\nb"), cells("B", 'c"\nd'), cells("C_")]
    got = run_import(text.encode(), both.folder, 2019)
    assert [row[-2] for row in got.rows] == ["4"]
    assert len(records) == 4


def test_a_corrected_report_is_imported_as_it_is(both: Both) -> None:
    rows = [head("A", work_months="13"), person("A"), head("B"), head("C_", work_months="1")]
    _, got = both.take_rows(*rows)
    assert [row[-2:][0] for row in got.rows] == ["2", "3", "5"]
    place = got.heading.index("work_months")
    corrected = [[*row[:place], "12", *row[place + 1 :]] for row in got.rows]
    corrected[2][got.heading.index("household_number")] = "C"
    records = [got.heading, *([cell.replace(",", "") for cell in row] for row in corrected)]
    expected, _ = both.take(text_of(records).encode("utf-8-sig"), records)
    assert both.differences == []
    assert set(expected.saved) == {"A", "C"}


@pytest.mark.parametrize("faulty", [True, False])
def test_a_dry_run_reports_the_same_and_writes_nothing(both: Both, faulty: bool) -> None:
    records = [HEADERS, cells("A_" if faulty else "A"), cells("B")]
    content = text_of(records).encode()
    dry = run_import(content, both.folder, 2019, "--dry-run")
    assert not Household.everywhere.exists()
    wet = run_import(content, both.folder, 2019)
    assert (dry.exit_status, dry.heading, dry.rows) == (wet.exit_status, wet.heading, wet.rows)
    assert wet.heading == [*HEADERS, "错误行", "错误"]
    assert (wet.exit_status, len(wet.rows)) == ((3, 1) if faulty else (0, 0))


def workbook(records: Sequence[Sequence[object]]) -> bytes:
    book = openpyxl.Workbook()
    for record in records:
        book.active.append(record)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("seed", range(2))
def test_a_workbook_comes_out_like_the_same_cells_as_text(both: Both, seed: int) -> None:
    draw = Draw(seed + 1000)
    file = first_file(draw, VILLAGES, 2019, STANDARDS[2019], households=40, share=0.2)
    written = [[as_written(cell) for cell in one] for one in file.records]
    width = max(place for one in written for place, cell in enumerate(one, start=1) if cell)
    records = [(one + [""] * width)[:width] for one in written]
    both.take(workbook([[one or None for one in row] for row in records]), records, name="f.xlsx")
    assert both.differences == []


def as_written(cell: str) -> str:
    """openpyxl makes a formula of a leading =, refuses control characters and drops blanks."""
    if cell.startswith("=") or any(ord(one) < 32 for one in cell.strip()):
        return "坏\u200b"
    return cell.strip()


def test_numbers_of_a_workbook_are_read_by_their_shortest_form(both: Both) -> None:
    row = head("A") | survey(wage_income="1234.5", business_income="1200", property_income="0.1")
    row |= {"work_months": "8", "phone": "13900000001", "status": "1", "exit_year": "2018"}
    row |= {"per_capita_net_income": "2434.6", "village_code": "970123100200"}
    numeric: dict[str, object] = {
        "wage_income": 1234.5,
        "business_income": 1200,
        "property_income": 0.1,
        "work_months": 8.0,
        "phone": 13900000001,
        "status": 1,
        "exit_year": 2018,
        "village_code": 970123100200,
    }
    content = workbook([list(row), list((row | numeric).values())])
    expected, _ = both.take(content, [list(row), list(row.values())], name="f.xlsx")
    assert both.differences == []
    assert expected.saved == ["A"]


@pytest.mark.parametrize("stored", [200006196503070000, 200007196503070000])
def test_an_id_number_stored_as_a_number_is_refused_with_advice(both: Both, stored: int) -> None:
    """Also one whose check digit is right by chance after the spreadsheet cut it to 15 digits."""
    row = head("A")
    content = workbook([list(row), list((row | {"id_number": stored}).values())])
    got = run_import(content, both.folder, 2019, name="f.xlsx")
    assert got.exit_status == 3
    assert "设为文本" in got.rows[0][-1]


def test_a_person_number_that_a_spreadsheet_shortened_names_nobody(both: Both) -> None:
    row = head("A", person_number="9.7012310020001E+15")
    got = run_import(workbook([list(row), list(row.values())]), both.folder, 2019, name="f.xlsx")
    assert got.exit_status == 3
    assert "设为文本" in got.rows[0][-1]


def test_a_formula_is_not_computed(both: Both) -> None:
    row = head("A") | survey(wage_income="=1+1")
    content = workbook([list(row), list(row.values())])
    got = run_import(content, both.folder, 2019, name="f.xlsx")
    home = Household.everywhere.filter(number="A").first()
    assert got.exit_status in (0, 3)
    assert home is None or home.surveys.get().wage_income is None


def test_only_the_first_sheet_is_read(both: Both) -> None:
    book = openpyxl.Workbook()
    for record in ([*HEADERS], cells("A")):
        book.active.append(record)
    book.create_sheet("second").append(cells("B"))
    out = io.BytesIO()
    book.save(out)
    assert run_import(out.getvalue(), both.folder, 2019, name="f.xlsx").exit_status == 0
    assert list(Household.everywhere.values_list("number", flat=True)) == ["A"]


def test_blank_rows_and_columns_of_a_workbook_count(both: Both) -> None:
    blank = [None] * 5
    records: list[Sequence[str | None]] = [HEADERS, blank, cells("A"), blank, blank, cells("B_")]
    plain = [[str(cell or "") for cell in one] for one in records]
    expected, _ = both.take(workbook(records), plain, name="f.xlsx")
    assert both.differences == []
    assert expected.report == [6]


def rezipped(content: bytes, **parts: bytes) -> bytes:
    """A workbook with parts of its zip replaced or added."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, data in parts.items():
            new.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize(
    "parts",
    [
        {"xl/media/bomb.bin": bytes(210 << 20)},
        {"xl/worksheets/sheet1.xml": bytes(210 << 20)},
        {"xl/externalLinks/externalLink1.xml": b"<externalLink/>"},
        {"xl/worksheets/sheet1.xml": b"<worksheet>"},
        {"xl/worksheets/sheet1.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'},
    ],
)
def test_bombs_links_and_broken_workbooks_are_refused(both: Both, parts: dict[str, bytes]) -> None:
    content = rezipped(workbook([[*HEADERS], cells()]), **parts)
    assert len(content) < 1 << 20
    got = run_import(content, both.folder, 2019, name="f.xlsx")
    assert got.exit_status == 2
    assert not Household.everywhere.exists()


def test_a_zip_that_lies_about_its_size_ends_in_a_refusal(both: Both) -> None:
    content = rezipped(
        workbook([[*HEADERS], cells()]), **{"xl/worksheets/sheet1.xml": bytes(150 << 20)}
    )
    true, false = (150 << 20).to_bytes(4, "little"), (1000).to_bytes(4, "little")
    got = run_import(content.replace(true, false), both.folder, 2019, name="f.xlsx")
    assert got.exit_status == 2


def test_an_xlsx_named_csv_is_known_by_its_signature(both: Both) -> None:
    content = workbook([[*HEADERS], cells("A")])
    assert run_import(content, both.folder, 2019, name="f.csv").exit_status == 0
