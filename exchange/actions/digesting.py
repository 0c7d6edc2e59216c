"""Letting the digests follow the change log, part by part; a crash loses no part that is done."""

import json
from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction

from divisions.scope import NATION
from exchange.digests import digest_of, digests_of, signed
from exchange.models import DigestMark, HouseholdDigest, Kind
from exchange.queries.history import history
from exchange.queries.household_documents import household_documents
from exchange.queries.settled import settled_before

AT_ONCE = 2_000
WALKED = "SELECT id FROM households_household WHERE id > %s ORDER BY id LIMIT %s"
LOGGED = f"""
    SELECT xid, subject FROM exchange_feed
    WHERE kind = {Kind.HOUSEHOLD} AND (xid, subject) > (%s::xid8, %s) AND xid < %s::xid8
    ORDER BY xid, subject LIMIT %s
"""  # noqa: S608 - our own kind
STANDING = "SELECT number, id FROM households_household WHERE id = ANY(%s) AND withdrawn_at IS NULL"
KEEP = """
    INSERT INTO exchange_householddigest AS kept
        (household_id, number, village_code, state, persons, digest)
    SELECT * FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::int[], %s::int[], %s::bigint[])
    ON CONFLICT (household_id) DO UPDATE SET (number, village_code, state, persons, digest)
        = ROW(excluded.number, excluded.village_code, excluded.state, excluded.persons,
            excluded.digest)
    WHERE (kept.number, kept.village_code, kept.state, kept.persons, kept.digest)
        IS DISTINCT FROM (excluded.number, excluded.village_code, excluded.state,
            excluded.persons, excluded.digest)
"""


def follow_log(*, parts: int) -> bool:
    """Take in at most so many parts of what waits; whether nothing waits any more."""
    return any(_next_part() for _ in range(parts))


def follow_log_alone(*, parts: int) -> None:
    """The same, but leave at once when somebody else is at it: none waits behind another."""
    for _ in range(parts):
        if _next_free_part():
            return


@transaction.atomic
def _next_part() -> bool:
    """Take in the next part; whether it was the last one for now."""
    return _take_part(DigestMark.locked())


@transaction.atomic
def _next_free_part() -> bool:
    """Take in the next part; whether it was the last one for now, or somebody else's."""
    mark = DigestMark.free()
    return mark is None or _take_part(mark)


def _take_part(mark: DigestMark) -> bool:
    settled, told = settled_before(), history()
    digests = digests_of(told.epoch)
    if mark.epoch != digests or not told.tells_from(mark.xid):
        mark.epoch, mark.walked = digests, 0
    if mark.walked is not None:
        return _walk(mark, settled)
    rows = _rows(LOGGED, [str(mark.xid), mark.subject, str(settled), AT_ONCE])
    _digest(sorted({subject for _xid, subject in rows}))
    is_last = len(rows) < AT_ONCE
    mark.xid, mark.subject = (max(settled, mark.xid), 0) if is_last else rows[-1]
    mark.save()
    return is_last


def _walk(mark: DigestMark, settled: int) -> bool:
    """A part of the walk; what changes during it lies in the log behind its beginning."""
    if not mark.walked:
        mark.xid, mark.subject = settled, 0
    ids = [key for (key,) in _rows(WALKED, [mark.walked, AT_ONCE])]
    _digest(ids)
    mark.walked = ids[-1] if len(ids) == AT_ONCE else None
    mark.save()
    return False


def _digest(ids: Sequence[int]) -> None:
    """Write the digests of these households, and drop those of what does not stand any more."""
    keys = dict(_rows(STANDING, [list(ids)]))
    found = household_documents([*keys], within=NATION, masked=True)
    rows = [_row(keys[number], json.loads(one.text)) for number, one in sorted(found.items())]
    if rows:
        _rows(KEEP, [list(column) for column in zip(*rows, strict=True)])
    HouseholdDigest.everywhere.filter(
        household_id__in=set(ids) - {keys[number] for number in found}
    ).delete()


def _row(household_id: int, document: dict[str, Any]) -> tuple[Any, ...]:
    active = sum(one["end_reason"] is None for one in document["members"])
    return (
        household_id,
        document["number"],
        document["village"],
        int(document["status"]),
        active,
        signed(digest_of(document)),
    )


def _rows(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall() if cursor.description else []
