"""The read tree against the known one, in few statements however many divisions there are."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from django.db import connection

from divisions.models import Level

ROWS_PER_COPY = 50_000

INCOMING = """
DROP TABLE IF EXISTS pg_temp.incoming, pg_temp.changes, pg_temp.given;
CREATE TEMPORARY TABLE incoming (
    code varchar(12) COLLATE "C", level smallint, name varchar(100)
) ON COMMIT DROP
"""
CHANGES = """
CREATE TEMPORARY TABLE changes ON COMMIT DROP AS
SELECT code, coalesce(incoming.level, known.level) AS level,
    incoming.name AS name, known.name AS old_name,
    known.code IS NULL AS is_new,
    known.name <> incoming.name AS is_renamed,
    known.valid_to IS NOT NULL AND incoming.code IS NOT NULL AS is_back,
    incoming.code IS NULL AS is_gone
FROM incoming FULL JOIN (
    SELECT code, level, name, valid_to FROM divisions_division
    WHERE level > 0 AND left(code, 2) IN (SELECT code FROM incoming WHERE level = 1)
) AS known USING (code)
WHERE known.code IS NULL
    OR known.name <> incoming.name
    OR known.valid_to IS NOT NULL AND incoming.code IS NOT NULL
    OR incoming.code IS NULL AND known.valid_to IS NULL AND left(code, 2) <> ALL (%(never_gone)s)
"""
ADD = """
INSERT INTO divisions_division (code, level, name, parent_id, valid_from)
SELECT code, level, name,
    CASE level
        WHEN 1 THEN '0' WHEN 2 THEN left(code, 2) WHEN 3 THEN left(code, 4)
        WHEN 4 THEN left(code, 6) ELSE left(code, 9)
    END,
    CASE WHEN left(code, 2) IN (SELECT code FROM divisions_division WHERE level = 1)
        THEN %(today)s::date
    END
FROM changes WHERE is_new ORDER BY level, code
"""
RENAME = """
UPDATE divisions_division AS known SET name = changes.name
FROM changes WHERE known.code = changes.code AND is_renamed
"""
BRING_BACK = """
UPDATE divisions_division AS known SET valid_to = NULL, successor_id = NULL
FROM changes WHERE known.code = changes.code AND is_back
"""
END = """
UPDATE divisions_division AS known SET valid_to = %(today)s
FROM changes WHERE known.code = changes.code AND is_gone
"""


@dataclass(frozen=True)
class Difference:
    """One division that a load renamed, ended or brought back."""

    code: str
    level: Level
    kind: str
    old_name: str
    name: str


def stage(level: Level, rows: Iterator[tuple[str, str]]) -> int:
    """Put the (code, name) rows of one file beside the tree; how many there were."""
    staged = 0
    with connection.cursor() as cursor:
        while batch := list(islice(rows, ROWS_PER_COPY)):
            text = io.StringIO()
            csv.writer(text).writerows((code, int(level), name) for code, name in batch)
            text.seek(0)
            cursor.copy_expert("COPY incoming (code, level, name) FROM STDIN (FORMAT csv)", text)
            staged += len(batch)
    return staged


def open_staging() -> None:
    """An empty place for the rows of the files, and no other load until this one is over."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE divisions_division IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute(INCOMING)


def merge(*, today: date, never_gone: Iterable[str]) -> None:
    """Bring the tree to what was staged; what a later file lacks ends on `today`.

    Only the provinces that the files hold are judged, and none of `never_gone`. A province's first
    load leaves the start open, a later division begins `today`.
    """
    values: dict[str, Any] = {"today": today, "never_gone": list(never_gone)}
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE incoming")
        for statement in (CHANGES, ADD, RENAME, BRING_BACK, END):
            cursor.execute(statement, values)
        cursor.execute("SELECT count(*) FROM changes WHERE is_new OR is_gone OR is_back")
        (moved,) = cursor.fetchone()
        if moved:
            cursor.execute("ANALYZE divisions_division")


def counts() -> dict[Level, dict[str, int]]:
    """Of each level, how many divisions of the merge were new, renamed, gone and back again."""
    found = fetch(
        """
        SELECT level, count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE is_renamed),
            count(*) FILTER (WHERE is_gone), count(*) FILTER (WHERE is_back)
        FROM changes GROUP BY level
        """
    )
    kinds = ("new", "renamed", "gone", "back")
    return {Level(level): dict(zip(kinds, numbers, strict=True)) for level, *numbers in found}


def differences() -> list[Difference]:
    """The renamed, gone and back divisions of the merge, in code order; new ones are not listed."""
    found = fetch(
        """
        SELECT code, level, kind, old_name, coalesce(name, old_name)
        FROM changes, LATERAL (VALUES
            ('renamed', is_renamed), ('gone', is_gone), ('back', is_back)
        ) AS kinds (kind, holds)
        WHERE holds ORDER BY code, kind
        """
    )
    return [Difference(code, Level(level), *rest) for code, level, *rest in found]


def first_new(level: Level, number: int) -> list[tuple[str, str]]:
    """(code, name) of the first new divisions of a level."""
    return fetch(
        "SELECT code, name FROM changes WHERE is_new AND level = %s ORDER BY code LIMIT %s",
        [level, number],
    )


def fetch(statement: str, values: Any = None) -> list[tuple[Any, ...]]:
    """The rows that a statement of this module answers."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()
