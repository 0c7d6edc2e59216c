"""Files as records: encodings, separators, workbooks, and what is refused."""

import io
import zipfile

import pytest
from openpyxl import Workbook

from households.importing.reader import BROWSER, COMMAND, FileRefused, Limits, read_table

HEAD = "行政村代码,户编号,姓名,与户主关系\r\n"
ROW = "970123100200,A-1,陈大山,户主\r\n"


def records(content: bytes, limits: Limits = COMMAND) -> list[tuple[int, list[str]]]:
    return list(read_table(io.BytesIO(content), limits).records)


def refused(content: bytes, limits: Limits = COMMAND) -> str:
    with pytest.raises(FileRefused) as caught:
        records(content, limits)
    assert str(caught.value)
    return caught.value.code


def workbook(*rows: list[object]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


HEADINGS = ["village_code", "household_number", "name", "relation", "wage_income", "birth_date"]


def test_a_cell_beyond_the_limit_has_a_reason_of_its_own():
    long = "x" * 131_073
    assert refused((HEAD + f"970123100200,A-1,{long},户主\r\n").encode()) == "long_cell"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_three_encodings_give_the_same_records(encoding):
    assert records((HEAD + ROW).encode(encoding)) == [
        (2, ["970123100200", "A-1", "陈大山", "户主"])
    ]


def test_blank_records_are_skipped_and_counted():
    assert [record for record, _ in records((HEAD + "\r\n,,,\r\n" + ROW).encode())] == [4]


def test_a_cell_may_hold_commas_quotes_and_lines():
    text = HEAD + '970123100200,A-1,"陈\r\n""大"",山",户主\r\n'
    assert records(text.encode())[0][1][2] == '陈\r\n"大",山'


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\r\n\r\n", "empty"),
        (HEAD.encode(), "no_rows"),
        ((HEAD + ROW).encode("utf-16"), "utf16"),
        ((HEAD + ROW).encode("utf-16-le"), "utf16"),
        (b"\xff\xff\xff\xff", "encoding"),
        ((HEAD + ROW).replace(",", ";").encode(), "not_comma"),
        ((HEAD + ROW).replace(",", "\t").encode(), "not_comma"),
        ((HEAD + '970123100200,"A-1,陈,户主\r\n').encode(), "quotes"),
        ("姓名,户编号\r\n陈,1\r\n".encode(), "column_missing"),
        (("name," + HEAD + ROW).encode(), "column_twice"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "old_excel"),
        (b"PK\x03\x04 no workbook", "broken_xlsx"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_a_reason(content, code):
    assert refused(content) == code


def test_too_many_rows_and_too_many_bytes_are_refused():
    assert refused((HEAD + ROW * 3).encode(), Limits(rows=2)) == "too_many_rows"
    assert refused(bytes(21 << 20), BROWSER) == "too_large"


def test_numbers_of_a_workbook_are_read_in_their_shortest_form():
    row = ["970123100200", "A-1", "陈大山", 1, 8649.5, None]
    assert records(workbook(HEADINGS, row))[0][1][3:5] == ["1", "8649.5"]


def test_leading_blank_rows_of_a_workbook_count():
    content = workbook([], [], HEADINGS, ["970123100200", "A-1", "陈", "01", 2.0, "2019-06-01"])
    assert records(content)[0] == (4, ["970123100200", "A-1", "陈", "01", "2", "2019-06-01"])


def zipped(entries: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return out.getvalue()


def added(name: str, content: bytes = b"x") -> bytes:
    """A sound workbook with one more part."""
    out = io.BytesIO(workbook(HEADINGS, ["970123100200", "A-1", "陈", "01", None, None]))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(name, content)
    return out.getvalue()


def test_macros_and_links_to_other_files_are_refused():
    assert refused(added("xl/vbaProject.bin")) == "macros"
    assert refused(added("xl/externalLinks/externalLink1.xml")) == "links"


def test_a_zip_bomb_is_refused_by_its_directory():
    bomb = zipped({"xl/workbook.xml": b"", "xl/worksheets/sheet1.xml": bytes(201 << 20)})
    assert len(bomb) < 1 << 20
    assert refused(bomb) == "unzipped"


def test_a_sheet_that_would_fill_the_memory_ends_only_its_reader():
    content = workbook(HEADINGS, ["970123100200", "A-1", "陈", "01", None, None])
    source = zipfile.ZipFile(io.BytesIO(content))
    entries = {name: source.read(name) for name in source.namelist()}
    sheet = entries["xl/worksheets/sheet1.xml"]
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    entries["xl/worksheets/sheet1.xml"] = sheet.replace(b"</sheetData>", far)
    assert refused(zipped(entries)) == "broken_xlsx"
