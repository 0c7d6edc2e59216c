"""COPY rows into a table: the fast way in."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db import connection

NULL = "\x1f"  # trimmed text never equals it
BLOCK_ROWS = 500


def copy_in(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Append `rows` to `table`. Database errors come as Django's, like those of any query.

    Lists, JSON and bytes must come as `array_text`, `json_text` and `hex_text`. `rows` must not
    raise: psycopg2 would make an error of its own of it.
    """
    names = ", ".join(f'"{column}"' for column in columns)
    copy = f"COPY \"{table}\" ({names}) FROM STDIN (FORMAT csv, NULL '{NULL}')"
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.copy_expert(copy, RowReader(iter(rows)))


def array_text(values: Iterable[str]) -> str:
    """A text[] value."""
    quoted = ('"' + v.replace("\\", "\\\\").replace('"', '\\"') + '"' for v in values)
    return "{" + ",".join(quoted) + "}"


def json_text(value: Any) -> str:
    """JSON on one line, readable as it is; invisible characters, NUL included, are escaped."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def hex_text(value: bytes | memoryview | None) -> str | None:
    """A bytea value."""
    return None if value is None else "\\x" + value.hex()


class RowReader:
    """A CSV file to read from, made of rows that are only made when they are asked for."""

    def __init__(self, rows: Iterator[Sequence[Any]]):
        self.rows = rows
        self.rest = b""

    def read(self, size: int) -> bytes:
        """Up to `size` bytes, empty at the end; what psycopg2 asks of a file."""
        while len(self.rest) < size:
            block = io.StringIO(newline="")
            lines = [
                [NULL if value is None else value for value in row]
                for row in islice(self.rows, BLOCK_ROWS)
            ]
            if not lines:
                break
            csv.writer(block, lineterminator="\n").writerows(lines)
            self.rest += block.getvalue().encode()
        found, self.rest = self.rest[:size], self.rest[size:]
        return found
