"""Reads a workbook from standard input and writes its first sheet as JSON lines. Runs alone.

Its memory and time are bounded, so a workbook made to exhaust them only ends this process.
"""

import io
import json
import resource
import sys
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from python_calamine import CalamineWorkbook

MEMORY_BYTES = 2 << 30
CPU_SECONDS = 120
EXACT = 10**15
"""From here on a spreadsheet keeps no more than the first 15 digits of a number."""


def cell_text(value: Any) -> str:
    """A cell as a person reads it: numbers by their shortest decimal form, dates as YYYY-MM-DD.

    A number that lost digits stays in the form 1.2E+17: written out, one in eleven would pass for
    the ID number of somebody else.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, (int, float)) and abs(value) >= EXACT:
        return format(value, ".14E")
    if isinstance(value, float):
        text = format(Decimal(repr(value)), "f")
        return text.removesuffix(".0")
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, (date, time)) else str(value)


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
    for row in workbook.get_sheet_by_index(0).iter_rows():
        print(json.dumps([cell_text(value) for value in row]))  # noqa: T201 - its whole purpose


if __name__ == "__main__":
    main()
