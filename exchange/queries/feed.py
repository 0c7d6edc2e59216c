"""The change feed: first all that stands, then what changed, page by page, none skipped.

A page begins behind a place. Places in the log are those of its entries, in the order of the
transactions, and only transactions below which none still runs are read. A client without a cursor
walks over what stands, from a mark that was taken before: whatever changes during the walk lies in
the log behind the mark.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection

from divisions.scope import code_range
from exchange.models import Kind
from exchange.queries.documents import Reader, documents
from exchange.queries.household_documents import Document
from exchange.queries.settled import settled_before

SCANNED = 20_000
"""Entries of the log that a page looks at, at most, whoever they concern."""


class LogPlace(NamedTuple):
    """Behind this entry of the log; with the transaction alone, before its first one."""

    xid: int
    kind: int = 0
    subject: int = 0
    left_division: str = ""


class WalkPlace(NamedTuple):
    """Behind the thing of this kind with this key, then the log from the transaction `mark`."""

    mark: int
    kind: int
    after: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Told:
    """One result: the thing as it stands now, or that it is gone from the client's posting."""

    kind: Kind
    key: str
    document: Document | None


@dataclass(frozen=True)
class Changes:
    """One page. The next one begins behind `place`; `more`: it can be asked for at once."""

    told: list[Told]
    place: LogPlace | WalkPlace
    more: bool


def beginning(reader: Reader) -> WalkPlace:
    """Where a client begins that has nothing yet."""
    return WalkPlace(settled_before(), reader.kinds[0])


def end_of_log() -> LogPlace:
    """Where a client begins that wants only what changes from now on."""
    return LogPlace(settled_before())


def changes(reader: Reader, place: LogPlace | WalkPlace, *, limit: int) -> Changes:
    """The page behind a place."""
    if isinstance(place, WalkPlace):
        return _walked(reader, place, limit)
    return _logged(reader, place, limit)


WALKS: Mapping[Kind, tuple[str, str]] = {
    Kind.HOUSEHOLD: (
        "SELECT number AS key, village_code, id FROM households_household"
        " WHERE withdrawn_at IS NULL AND village_code >= %s AND village_code < %s",
        "village_code, id",
    ),
    Kind.CASE: (
        "SELECT id::text AS key, division_id, id FROM workflow_case"
        " WHERE division_id >= %s AND division_id < %s",
        "division_id, id",
    ),
    Kind.PLAN: (
        "SELECT uuid::text AS key, village_id, year, id FROM assistance_plan"
        " WHERE village_id >= %s AND village_id < %s",
        "village_id, year, id",
    ),
    Kind.TEAM: (
        "SELECT village_id AS key, village_id FROM (SELECT village_id FROM teams_term"
        " UNION SELECT village_id FROM teams_teamvillage) served"
        " WHERE village_id >= %s AND village_id < %s",
        "village_id",
    ),
}
"""What stands of a kind: the key of each and its place in the walk, and that order."""


def _walked(reader: Reader, place: WalkPlace, limit: int) -> Changes:
    kind = Kind(place.kind)
    statement, order = WALKS[kind]
    values: list[Any] = [*code_range(reader.place)]
    if place.after:
        statement += f" AND ({order}) > ({', '.join(['%s'] * len(place.after))})"
        values += place.after
    with connection.cursor() as cursor:
        cursor.execute(f"{statement} ORDER BY {order} LIMIT %s", [*values, limit])
        rows = cursor.fetchall()
    found = documents(reader, kind, [key for key, *_ in rows])
    told = [Told(kind, key, found[key]) for key, *_ in rows if key in found]
    if len(rows) == limit:
        return Changes(told, WalkPlace(place.mark, kind, tuple(rows[-1][1:])), more=True)
    later = [one for one in reader.kinds if one > kind]
    following = WalkPlace(place.mark, later[0]) if later else LogPlace(place.mark)
    return Changes(told, following, more=True)


ENTRIES = f"""
    SELECT xid, kind, subject, left_division, left_key, here.key, here.place
    FROM (
        SELECT * FROM exchange_feed
        WHERE (xid, kind, subject, left_division) > (%(xid)s::xid8, %(kind)s, %(subject)s,
                %(left_division)s)
            AND xid < %(settled)s::xid8
        ORDER BY xid, kind, subject, left_division LIMIT %(scanned)s
    ) entry
    LEFT JOIN LATERAL (
        SELECT number, village_code FROM households_household household
            WHERE entry.kind = {Kind.HOUSEHOLD} AND household.id = entry.subject
        UNION ALL SELECT id::text, division_id FROM workflow_case one
            WHERE entry.kind = {Kind.CASE} AND one.id = entry.subject
        UNION ALL SELECT uuid::text, village_id FROM assistance_plan plan
            WHERE entry.kind = {Kind.PLAN} AND plan.id = entry.subject
        UNION ALL SELECT entry.subject::text, entry.subject::text WHERE entry.kind = {Kind.TEAM}
    ) here (key, place) ON true
    WHERE kind = ANY(%(kinds)s) AND (here.place >= %(low)s AND here.place < %(high)s
        OR left_division <> '' AND left_division >= %(low)s AND left_division < %(high)s)
    ORDER BY xid, kind, subject, left_division LIMIT %(limit)s
"""  # noqa: S608 - our own kinds
LAST_SCANNED = """
    SELECT xid, kind, subject, left_division FROM exchange_feed
    WHERE (xid, kind, subject, left_division) > (%(xid)s::xid8, %(kind)s, %(subject)s,
                %(left_division)s)
        AND xid < %(settled)s::xid8
    ORDER BY xid, kind, subject, left_division OFFSET %(scanned)s - 1 LIMIT 1
"""


def _logged(reader: Reader, place: LogPlace, limit: int) -> Changes:
    low, high = code_range(reader.place)
    settled = settled_before()
    values = place._asdict() | {
        "xid": str(place.xid),
        "settled": str(settled),
        "scanned": SCANNED,
        "kinds": [int(kind) for kind in reader.kinds],
        "low": low,
        "high": high,
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(ENTRIES, values)
        rows = cursor.fetchall()
        told = _coalesced(reader, rows)
        if len(rows) == limit:
            return Changes(told, _place_of(rows[-1]), more=True)
        cursor.execute(LAST_SCANNED, values)
        last = cursor.fetchone()
    if last:
        return Changes(told, _place_of(last), more=True)
    return Changes(told, LogPlace(max(settled, place.xid)), more=False)


def _place_of(row: Sequence[Any]) -> LogPlace:
    xid, kind, subject, left_division, *_ = row
    return LogPlace(int(xid), kind, subject, left_division)


def _coalesced(reader: Reader, rows: Iterable[Sequence[Any]]) -> list[Told]:
    """Each thing once, however often it changed, in the order of its first change here."""
    low, high = code_range(reader.place)
    keys: dict[tuple[Kind, str], None] = {}
    for _xid, kind, _subject, left_division, left_key, key, place in rows:
        if left_division and low <= left_division < high:
            keys[Kind(kind), left_key] = None
        if place is not None and low <= place < high:
            keys[Kind(kind), key] = None
    found = {
        kind: documents(reader, kind, [key for one, key in keys if one == kind])
        for kind in reader.kinds
    }
    return [Told(kind, key, found[kind].get(key)) for kind, key in keys]
