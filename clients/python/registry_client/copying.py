"""The other system's copy of what it may see: one SQLite file, always at one cursor."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from registry_client.digests import digest_of

TABLES = """
    CREATE TABLE IF NOT EXISTS thing (
        kind TEXT, key TEXT, village TEXT, document TEXT, digest INTEGER, round INTEGER,
        PRIMARY KEY (kind, key)
    );
    CREATE INDEX IF NOT EXISTS thing_by_village ON thing (kind, village);
    CREATE TABLE IF NOT EXISTS mark (name TEXT PRIMARY KEY, value TEXT);
    CREATE TABLE IF NOT EXISTS left_behind (number TEXT PRIMARY KEY, result TEXT);
"""
PUT = "INSERT OR REPLACE INTO thing VALUES (?, ?, ?, ?, ?, ?)"
HOUSEHOLD = "household"
SIGNED = 1 << 63
WHOLE = 1 << 64
REJECTED = "rejected"


def is_left_behind(result: Mapping[str, Any]) -> bool:
    """Whether a household, or some of its values, were not taken and wait for nobody there."""
    return result["result"] == REJECTED or bool(result["refused"])


class Copy:
    """Documents by kind and key. A page and the cursor behind it are kept together or not at all.

    A full load is a round of its own: what it does not bring is dropped at its end.
    """

    def __init__(self, path: Path):
        self._db = sqlite3.connect(path)
        self._db.executescript(TABLES)

    def close(self) -> None:
        self._db.close()

    @property
    def cursor(self) -> str | None:
        """Where the next page begins; None before the first."""
        return self._mark("cursor")

    @property
    def pages(self) -> int:
        """How many pages were taken in."""
        return int(self._mark("pages") or 0)

    def begin_anew(self) -> None:
        """Forget the cursor: the next page begins a full load."""
        with self._db:
            self._put_mark("round", str(self._round + 1))
            self._put_mark("loading", "1")
            self._db.execute("DELETE FROM mark WHERE name = 'cursor'")

    def take(self, changes: Iterable[dict[str, Any]], *, cursor: str, more: bool) -> None:
        """Take in a page, and the cursor behind it; `more` is false on the last page for now."""
        with self._db:
            for change in changes:
                self._take_one(change)
            self._put_mark("cursor", cursor)
            self._put_mark("pages", str(self.pages + 1))
            if not more and self._mark("loading"):
                self._db.execute("DELETE FROM thing WHERE round < ?", [self._round])
                self._db.execute("DELETE FROM mark WHERE name = 'loading'")

    def households(self, division: str = "") -> Iterator[tuple[str, str, int]]:
        """(village, number, digest) of each household at or below a division."""
        found = self._db.execute(
            "SELECT village, key, digest FROM thing WHERE kind = ? AND village LIKE ? || '%'"
            " ORDER BY village, key",
            [HOUSEHOLD, division],
        )
        for village, number, digest in found:
            yield village, number, digest % WHOLE

    def document(self, kind: str, key: str) -> Any:
        """One document; None when there is none."""
        row = self._db.execute(
            "SELECT document FROM thing WHERE kind = ? AND key = ?", [kind, key]
        ).fetchone()
        return json.loads(row[0]) if row else None

    def documents(self, kind: str) -> Iterator[Any]:
        """All documents of a kind, by key."""
        found = self._db.execute("SELECT document FROM thing WHERE kind = ? ORDER BY key", [kind])
        for (text,) in found:
            yield json.loads(text)

    def note_answer(self, results: Iterable[dict[str, Any]]) -> None:
        """Remember households that another registry did not take whole, and forget the taken."""
        with self._db:
            for one in results:
                self._db.execute("DELETE FROM left_behind WHERE number = ?", [one["number"]])
                if is_left_behind(one):
                    text = json.dumps(one, ensure_ascii=False)
                    self._db.execute("INSERT INTO left_behind VALUES (?, ?)", [one["number"], text])

    def left_behind(self) -> list[dict[str, Any]]:
        """The last result of each household that another registry did not take whole, by number.

        Households that are gone from the copy are not among them.
        """
        found = self._db.execute(
            "SELECT result FROM left_behind JOIN thing ON kind = ? AND key = number"
            " ORDER BY number",
            [HOUSEHOLD],
        )
        return [json.loads(text) for (text,) in found]

    def _take_one(self, change: dict[str, Any]) -> None:
        kind, key, document = change["kind"], change["key"], change["document"]
        if document is None:
            self._db.execute("DELETE FROM thing WHERE kind = ? AND key = ?", [kind, key])
            return
        digest = digest_of(document) if kind == HOUSEHOLD else 0
        signed = digest - WHOLE if digest >= SIGNED else digest
        text = json.dumps(document, ensure_ascii=False)
        village = document.get("village", "")
        self._db.execute(PUT, [kind, key, village, text, signed, self._round])

    @property
    def _round(self) -> int:
        return int(self._mark("round") or 0)

    def _mark(self, name: str) -> str | None:
        row = self._db.execute("SELECT value FROM mark WHERE name = ?", [name]).fetchone()
        return row[0] if row else None

    def _put_mark(self, name: str, value: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO mark VALUES (?, ?)", [name, value])
