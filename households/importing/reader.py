"""A file as numbered records: XLSX by signature, else comma-separated text in three encodings."""

import codecs
import csv
import io
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from households.importing.reasons import say
from households.importing.sheet import BrokenWorkbook, sheet_records
from households.importing.template import Layout, WrongHeadings, read_headings

ZIP, OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
OTHER_SEPARATORS = (";", "\t", "|", "，", "；", "、")
BLOCK = 1 << 20
MEGABYTE = 1 << 20
CELL_CHARACTERS = 131_072
csv.field_size_limit(CELL_CHARACTERS)

Record = tuple[int, list[str]]


class FileRefused(Exception):
    """The whole file cannot be read; `code` and `params` word the advice (`reasons.say`)."""

    def __init__(self, code: str, **params: Any):
        super().__init__(code)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        return say(self.code, self.params)


@dataclass(frozen=True)
class Limits:
    """How much a door takes in; None for no limit."""

    megabytes: int | None = None
    rows: int | None = None


BROWSER, COMMAND = Limits(20, 60_000), Limits()


@dataclass
class Table:
    """A file whose headings fit; `records` are the rows below, blank ones left out but counted."""

    layout: Layout
    records: Iterator[Record]


def read_table(
    file: BinaryIO, limits: Limits, reading: Callable[[Sequence[str]], Layout] = read_headings
) -> Table:
    """The table in a seekable binary file; `reading` knows the headings of the template.

    Raises FileRefused, also while records are read.
    """
    if limits.megabytes and file.seek(0, io.SEEK_END) > limits.megabytes * MEGABYTE:
        raise FileRefused("too_large", limit=limits.megabytes)
    records = _filled(_records(file))
    _, headings = next(records, (0, []))
    if not headings:
        raise FileRefused("empty")
    try:
        layout = reading(headings)
    except WrongHeadings as wrong:
        records.close()
        raise _wrong_headings(wrong, headings) from None
    return Table(layout, _within(records, limits))


def _records(file: BinaryIO) -> Iterator[Record]:
    file.seek(0)
    start = file.read(4)
    file.seek(0)
    if start == ZIP:
        return _from_workbook(file)
    if start == OLD_EXCEL:
        raise FileRefused("old_excel")
    return _from_text(file, _encoding(file))


def _from_workbook(file: BinaryIO) -> Iterator[Record]:
    try:
        yield from enumerate(sheet_records(file), start=1)
    except BrokenWorkbook as broken:
        raise FileRefused(broken.code, **broken.params) from None


def _from_text(file: BinaryIO, encoding: str) -> Iterator[Record]:
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    record = 0
    try:
        for record, cells in enumerate(csv.reader(text, strict=True), start=1):
            yield record, cells
    except csv.Error as error:
        raise _broken_record(error, record + 1) from None
    finally:
        if not file.closed:
            text.detach()


def _broken_record(error: csv.Error, record: int) -> FileRefused:
    """A quotation mark left open swallows the rest of the file: both make a cell too long."""
    if str(error).startswith("field larger than field limit"):
        return FileRefused("long_cell", record=record, limit=CELL_CHARACTERS)
    return FileRefused("quotes", record=record)


def _encoding(file: BinaryIO) -> str:
    """UTF-8 with its mark, strict UTF-8 or strict GB18030, the first that reads the whole file."""
    start = file.read(BLOCK)
    if start.startswith(UTF16_MARKS) or start[:200].count(0) > len(start[:200]) // 4:
        raise FileRefused("utf16")
    for encoding in ("utf-8-sig", "gb18030"):
        if _decodes(file, encoding):
            return encoding
    raise FileRefused("encoding")


def _decodes(file: BinaryIO, encoding: str) -> bool:
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while block := file.read(BLOCK):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _filled(records: Iterator[Record]) -> Generator[Record]:
    for record, cells in records:
        if any(text and not text.isspace() for text in cells):
            yield record, cells


def _within(records: Iterator[Record], limits: Limits) -> Iterator[Record]:
    count = 0
    for count, record in enumerate(records, start=1):
        if limits.rows and count > limits.rows:
            raise FileRefused("too_many_rows", limit=limits.rows)
        yield record
    if not count:
        raise FileRefused("no_rows")


def _wrong_headings(wrong: WrongHeadings, headings: list[str]) -> FileRefused:
    if wrong.code == "column_missing" and any(s in "".join(headings) for s in OTHER_SEPARATORS):
        return FileRefused("not_comma")
    return FileRefused(wrong.code, columns=", ".join(wrong.columns))
