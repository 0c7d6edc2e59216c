"""Which history the change log tells: whether a cursor of yesterday still means what it meant."""

from dataclasses import dataclass
from hashlib import sha256

from django.db import connection

ORIGIN = """
    concat_ws('/', (SELECT system_identifier FROM pg_control_system()),
        left(pg_walfile_name(pg_current_wal_insert_lsn()), 8),
        (SELECT oid FROM pg_database WHERE datname = current_database()),
        'exchange_feed'::regclass::oid)
"""
"""The cluster, its timeline (another one after a restore to a point in time, or a failover), the
database in it, and the log's own table (another one in a restored dump)."""

HISTORY = f"""
    SELECT {ORIGIN}, marker, CASE origin WHEN {ORIGIN} THEN pruned_before ELSE '0' END,
        pg_snapshot_xmax(pg_current_snapshot())
    FROM exchange_feedepoch
"""  # noqa: S608 - of this module


@dataclass(frozen=True)
class History:
    """The epoch, and between which transactions a place in its log can lie.

    Below `whole_from` entries were dropped; `ahead` has not begun yet.
    """

    origin: str
    epoch: str
    whole_from: int
    ahead: int

    def tells_from(self, xid: int) -> bool:
        """Whether all that changed since this transaction is in the log."""
        return self.whole_from <= xid <= self.ahead


def history() -> History:
    """As it stands now. Asked for after entries were read, it shows whether some were dropped."""
    with connection.cursor() as cursor:
        cursor.execute(HISTORY)
        origin, marker, pruned_before, ahead = cursor.fetchone()
    epoch = sha256(f"{origin}/{marker}".encode()).hexdigest()[:16]
    return History(origin, epoch, int(pruned_before), int(ahead))
