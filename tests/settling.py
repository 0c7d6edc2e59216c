"""Which transactions are over, as if the server had one database.

Tests that run at once share a server, and PostgreSQL counts transactions over all of its
databases: an open one of another test would hold the change log back.
"""

import pytest
from django.db import connection

READERS = ("exchange.queries.feed", "exchange.actions.digesting", "exchange.actions.feed")
OWN = """
    SELECT least(
        min(backend_xid::text::bigint), pg_snapshot_xmax(pg_current_snapshot())::text::bigint
    )
    FROM pg_stat_activity WHERE datname = current_database()
"""


def settled_in_this_database() -> int:
    """The lowest transaction that still runs here."""
    with connection.cursor() as cursor:
        cursor.execute(OWN)
        return int(cursor.fetchone()[0])


@pytest.fixture(autouse=True)
def alone_on_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let other databases' transactions hold nothing back."""
    for module in READERS:
        monkeypatch.setattr(f"{module}.settled_before", settled_in_this_database)
