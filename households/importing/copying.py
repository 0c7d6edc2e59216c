"""COPY rows into a table: the fast way in, with PostgreSQL's own text format."""

import json
import uuid
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django.db import connection

NULL = "\\N"
BLOCK_ROWS = 500


def copy_in(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Append `rows` to `table`. Database errors come as Django's, like those of any query."""
    names = ", ".join(f'"{column}"' for column in columns)
    lines = ("\t".join(map(field_text, row)) + "\n" for row in rows)
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.copy_expert(f'COPY "{table}" ({names}) FROM STDIN', LineReader(lines))


def field_text(value: Any) -> str:
    """One value as COPY writes it."""
    kind = type(value)
    if kind is str:
        return escaped(value) if "\\" in value or not value.isprintable() else value
    return NULL if value is None else FORMS.get(kind, str)(value)


def escaped(text: str) -> str:
    """Text with the characters escaped that end a field or a line."""
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def array_text(values: Iterable[str]) -> str:
    """A text[] value."""
    quoted = ('"' + v.replace("\\", "\\\\").replace('"', '\\"') + '"' for v in values)
    return escaped("{" + ",".join(quoted) + "}")


def json_text(value: Any) -> str:
    """JSON on one line, readable as it is; invisible characters, NUL included, are escaped."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


FORMS = {
    bool: lambda value: "t" if value else "f",
    bytes: lambda value: "\\\\x" + value.hex(),
    date: date.isoformat,
    dict: lambda value: escaped(json_text(value)),
    list: array_text,
    tuple: array_text,
    uuid.UUID: str,
}


class LineReader:
    """A file to read from, made of lines that are only made when they are asked for."""

    def __init__(self, lines: Iterator[str]):
        self.lines = lines
        self.rest = b""

    def read(self, size: int) -> bytes:
        """Up to `size` bytes, empty at the end; what psycopg2 asks of a file."""
        while len(self.rest) < size:
            block = [line for line, _ in zip(self.lines, range(BLOCK_ROWS), strict=False)]
            if not block:
                break
            self.rest += "".join(block).encode()
        found, self.rest = self.rest[:size], self.rest[size:]
        return found
