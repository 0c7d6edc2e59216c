"""One lock between those who rest decisions on facts and those who take facts back.

A proposal names household and survey without a foreign key, so no row lock holds the two apart.
Both locks last until the transaction ends; the caller holds the transaction.
"""

from django.db import connection

SHARED = "SELECT pg_advisory_xact_lock_shared(hashtext('households.evidence'), 0)"
ALONE = "SELECT pg_advisory_xact_lock(hashtext('households.evidence'), 0)"


def rest_on_facts() -> None:
    """Wait for whoever takes facts back; until the end of this transaction nobody else does."""
    _lock(SHARED)


def take_facts_back() -> None:
    """Wait for everybody who rests on facts; until the end of this transaction nobody else does."""
    _lock(ALONE)


def _lock(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
