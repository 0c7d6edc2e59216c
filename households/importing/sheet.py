"""The first sheet of a workbook as records of text, read by a process that cannot do harm.

The zip directory is judged first; then a child process with bounded memory and time unpacks and
reads it. Formulas are never computed, links never followed.
"""

import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

UNZIPPED_MEGABYTES = 200
ENTRIES = 1_000
CHILD = Path(__file__).with_name("sheet_process.py")


class BrokenWorkbook(Exception):
    """The workbook cannot or must not be read; `code` and `params` word the advice."""

    def __init__(self, code: str, **params: Any):
        super().__init__(code)
        self.code = code
        self.params = params


def check_directory(file: BinaryIO) -> None:
    """Raises BrokenWorkbook for a bomb, macros, links to other files, or no workbook at all."""
    try:
        with zipfile.ZipFile(file) as workbook:
            entries = workbook.infolist()
    except (zipfile.BadZipFile, OSError, ValueError):
        raise BrokenWorkbook("broken_xlsx") from None
    names = {entry.filename.lower().lstrip("/") for entry in entries}
    if sum(entry.file_size for entry in entries) > UNZIPPED_MEGABYTES << 20:
        raise BrokenWorkbook("unzipped", limit=UNZIPPED_MEGABYTES)
    if "xl/workbook.xml" not in names or len(entries) > ENTRIES:
        raise BrokenWorkbook("broken_xlsx")
    if any(name.endswith("vbaproject.bin") for name in names):
        raise BrokenWorkbook("macros")
    if any(name.startswith("xl/externallinks/") for name in names):
        raise BrokenWorkbook("links")


def sheet_records(file: BinaryIO) -> Iterator[list[str]]:
    """Every record of the first sheet from row 1 on, cells as text. Raises BrokenWorkbook."""
    check_directory(file)
    file.seek(0)
    command = [sys.executable, "-I", str(CHILD)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as child:
        try:
            _feed(child, file)
            for line in child.stdout or ():
                yield json.loads(line)
            if child.wait():
                raise BrokenWorkbook("broken_xlsx")
        finally:
            child.kill()


def _feed(child: subprocess.Popen[bytes], file: BinaryIO) -> None:
    """Hand the whole file over; the child reads all of it before it answers."""
    if child.stdin is None:
        return
    try:
        with child.stdin as pipe:
            while block := file.read(1 << 20):
                pipe.write(block)
    except BrokenPipeError:
        raise BrokenWorkbook("broken_xlsx") from None
