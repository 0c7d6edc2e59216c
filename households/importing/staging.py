"""The file while it is judged: temporary tables of this database session, gone when it ends.

They hold the raw cells in clear, so they are dropped as soon as the run is over.
"""

import json
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from itertools import groupby
from typing import Any

from django.db import connection

from households.importing.copying import copy_in, json_text
from households.importing.filed import Cells, Fault, Filed

ROWS_OF_A_PART = 8_000
TABLES = (
    *("import_raw", "import_row", "import_key", "import_verdict", "import_fault"),
    *("import_new_households_household", "import_new_households_member"),
    *("import_plan_household", "import_plan_member", "import_plan_survey", "import_plan_trace"),
)
CREATE = """
    CREATE TEMPORARY TABLE import_raw (record int, number text COLLATE "C", cells text);
    CREATE TEMPORARY TABLE import_key (key text COLLATE "C", number text COLLATE "C", record int,
        col text, value text);
    CREATE TEMPORARY TABLE import_verdict (number text COLLATE "C", kind text, record int);
    CREATE TEMPORARY TABLE import_fault (record int, number text COLLATE "C", fault text);
"""
SORT = """
    CREATE TEMPORARY TABLE import_row AS
        SELECT record, number, cells, (rank() OVER (ORDER BY number) - 1) / %s AS part
        FROM import_raw WHERE number IS NOT NULL ORDER BY number, record;
    CREATE INDEX ON import_row (part);
    ANALYZE import_row;
"""
SHARED = """
    SELECT k.record, k.number, k.col, k.value FROM import_key k
    JOIN (SELECT key FROM import_key GROUP BY key HAVING count(DISTINCT number) > 1) twice
    USING (key) ORDER BY k.record
"""
COUNTS = """
    SELECT CASE WHEN f.number IS NULL THEN v.kind ELSE 'faulty' END, count(*)
    FROM import_verdict v LEFT JOIN (SELECT DISTINCT number FROM import_fault) f USING (number)
    GROUP BY 1
"""
VERDICTS = """
    SELECT v.number, CASE WHEN f.number IS NULL THEN v.kind ELSE 'faulty' END
    FROM import_verdict v LEFT JOIN (SELECT DISTINCT number FROM import_fault) f USING (number)
"""
FAULTY_ROWS = """
    SELECT record, cells FROM import_raw
    WHERE number IN (SELECT number FROM import_fault WHERE number IS NOT NULL)
        OR record IN (SELECT record FROM import_fault WHERE number IS NULL)
    ORDER BY record
"""

Records = list[tuple[int, Cells]]
Part = list[tuple[str, Records]]


def _execute(sql: str, params: Any = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall() if cursor.description else []


@contextmanager
def staged() -> Iterator["Staging"]:
    """Empty staging tables for one run; dropped at its end, whatever happens."""
    drop = "DROP TABLE IF EXISTS " + ", ".join(f"pg_temp.{table}" for table in TABLES)
    _execute(drop)
    _execute(CREATE)
    try:
        yield Staging()
    finally:
        if not connection.needs_rollback:
            _execute(drop)


class Staging:
    """The tables of one run."""

    def keep(self, records: Iterable[tuple[int, str | None, list[str]]]) -> None:
        """Take in (record, household number or None, cells) and sort them by household."""
        rows = ((record, number, _filled(cells)) for record, number, cells in records)
        copy_in("import_raw", ("record", "number", "cells"), rows)
        _execute(SORT, [ROWS_OF_A_PART])

    def rows(self) -> int:
        """All rows, those without a household number included."""
        return _execute("SELECT count(*) FROM import_raw")[0][0]

    def parts(self) -> Iterator[Part]:
        """The households, a part of about ROWS_OF_A_PART rows at a time, cut between households."""
        last = _execute("SELECT max(part) FROM import_row")[0][0]
        for part in range(0 if last is None else last + 1):
            yield self._households("part = %s", [part])

    def parts_of(self, numbers: Collection[str]) -> Iterator[Part]:
        """These households, by parts."""
        with_any = "SELECT DISTINCT part FROM import_row WHERE number = ANY(%s) ORDER BY part"
        for (part,) in _execute(with_any, [list(numbers)]):
            households = self._households("part = %s", [part])
            yield [household for household in households if household[0] in numbers]

    def first_households(self, count: int) -> Part:
        """The first households that the file names."""
        numbers = _execute("SELECT number FROM import_verdict ORDER BY record LIMIT %s", [count])
        return self._households("number = ANY(%s)", [[number for (number,) in numbers]])

    def _households(self, condition: str, params: list[Any]) -> Part:
        rows = _execute(
            f"SELECT number, record, cells FROM import_row WHERE {condition} "  # noqa: S608
            "ORDER BY number, record",
            params,
        )
        return [
            (number, [(record, json.loads(cells)) for _, record, cells in group])
            for number, group in groupby(rows, key=lambda row: row[0])
        ]

    def keep_keys(self, filed: Iterable[Filed]) -> None:
        """Remember the person keys of every row, of faulty and ended ones too."""
        copy_in("import_key", ("key", "number", "record", "col", "value"), _keys(filed))

    def keep_verdicts(self, verdicts: Iterable[tuple[str, str, int]]) -> None:
        """Remember (household number, kind, first record)."""
        copy_in("import_verdict", ("number", "kind", "record"), verdicts)

    def keep_faults(self, faults: Iterable[tuple[str | None, Fault]]) -> None:
        """Remember (household number, fault); without a number the row stands for itself."""
        rows = ((one.record, number, _packed(one)) for number, one in faults)
        copy_in("import_fault", ("record", "number", "fault"), rows)

    def share_faults(self) -> None:
        """A fault for each row whose person stands in another household of the file too."""
        rows = _execute(SHARED)
        self.keep_faults(
            (number, Fault(record, column, value, "shared"))
            for record, number, column, value in rows
        )

    def counts(self) -> dict[str, int]:
        """Households by kind; one with any fault counts as faulty."""
        return dict(_execute(COUNTS))

    def verdicts(self) -> dict[str, str]:
        """Number → kind of each household; one with any fault is faulty."""
        return dict(_execute(VERDICTS))

    def faults(self) -> Iterator[Fault]:
        """All faults in file order."""
        for record, packed in _execute("SELECT record, fault FROM import_fault ORDER BY record"):
            yield Fault(record, *json.loads(packed))

    def faulty_rows(self) -> Records:
        """Every row of each faulty household, in file order."""
        return [(record, json.loads(cells)) for record, cells in _execute(FAULTY_ROWS)]


def _filled(cells: list[str]) -> str:
    """The cells that are not empty, by their place."""
    return json_text({place: text for place, text in enumerate(cells) if text})


def _packed(fault: Fault) -> str:
    return json_text([fault.column, fault.value, fault.code, fault.params])


def _keys(filed: Iterable[Filed]) -> Iterator[tuple[str, str, int, str, str]]:
    """Person number and ID of each row, and the number of the known person that they meet."""
    for one in filed:
        for row in one.rows:
            number = row.values.get("person_number", "")
            if number:
                yield "n" + number, one.number, row.record, "person_number", number
            if row.person:
                yield "i" + row.person, one.number, row.record, "id_number", row.person
            if row.met and row.met != number and row.person:
                yield "n" + row.met, one.number, row.record, "id_number", row.person
