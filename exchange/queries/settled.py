"""Which transactions are over, so that none of them can bring a change any more."""

from django.db import connection


def settled_before() -> int:
    """The lowest transaction that still runs: all below are over, and a later query sees them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())")
        return int(cursor.fetchone()[0])
