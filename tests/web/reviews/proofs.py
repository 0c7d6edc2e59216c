"""What the tests of a proof share: a change behind everybody's back, and its recomputation."""

from django.db import connection

from reviews.actions.verifying import verify_review
from reviews.models import Verification


def tamper(table: str, setting: str, condition: str, *values) -> None:
    """Change a stored row behind everybody's back."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(f"UPDATE {table} SET {setting} WHERE {condition}", values)
        assert cursor.rowcount
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def verified(cast, review) -> Verification:
    return verify_review(review.pk, by=cast.auditor)
