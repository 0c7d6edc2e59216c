"""successors.csv (code,successor): into which division an ended one went. Optional."""

from pathlib import Path
from typing import Any

from django.db import connection

from divisions.loading.merging import fetch
from divisions.loading.reading import FaultyFile, records

GIVEN = """
CREATE TEMPORARY TABLE given (line int, code text COLLATE "C", successor text COLLATE "C")
ON COMMIT DROP
"""
FAULTS = """
SELECT line, CASE
    WHEN ended.code IS NULL THEN 'the division ' || given.code || ' is not known'
    WHEN ended.valid_to IS NULL THEN 'the division ' || given.code || ' is still in force'
    ELSE 'the successor ' || given.successor || ' is not in force'
END
FROM given
LEFT JOIN divisions_division AS ended ON ended.code = given.code
LEFT JOIN divisions_division AS later
    ON later.code = given.successor AND later.valid_to IS NULL AND later.code <> given.code
WHERE ended.code IS NULL OR ended.valid_to IS NULL OR later.code IS NULL
ORDER BY line LIMIT 1
"""
NAME = """
UPDATE divisions_division AS ended SET successor_id = given.successor
FROM given WHERE ended.code = given.code AND ended.successor_id IS DISTINCT FROM given.successor
"""


def successors_file(folder: Path) -> Path | None:
    """The folder's successors.csv, when it has one."""
    path = folder / "successors.csv"
    return path if path.is_file() else None


def name_successors(path: Path) -> int:
    """Write the successors of ended divisions; how many are new or changed.

    Raises FaultyFile when the first division is unknown or still in force, or the second is
    unknown or ended. Call it after the merge.
    """
    lines: list[list[Any]] = [
        [line, *values] for line, values in records(path, ("code", "successor"))
    ]
    with connection.cursor() as cursor:
        cursor.execute(GIVEN)
        cursor.executemany("INSERT INTO given VALUES (%s, %s, %s)", lines)
        for line, fault in fetch(FAULTS):
            raise FaultyFile(path, fault, line=line)
        cursor.execute(NAME)
        return cursor.rowcount
