"""The summary that feeds counts above the county: written whole for one range of villages."""

from django.db import connection, transaction

from divisions.models import Division, Level
from divisions.scope import code_range

ALONE = "SELECT pg_advisory_xact_lock(hashtext('households.counts'), 0)"
FORGET = """
    DELETE FROM households_villagecount WHERE village_code >= %(low)s AND village_code < %(high)s
"""
COUNT = """
    INSERT INTO households_villagecount
        (village_code, state, main_cause, households, persons, counted_at)
    SELECT village_code, state, main_cause, count(*), sum(persons), now()
    FROM (
        SELECT household.village_code, household.state, household.main_cause,
            count(member.id) AS persons
        FROM households_household household
        LEFT JOIN households_member member ON member.household_id = household.id
            AND member.end_reason = '' AND member.withdrawn_at IS NULL
        WHERE household.withdrawn_at IS NULL
            AND household.village_code >= %(low)s AND household.village_code < %(high)s
        GROUP BY household.id
    ) AS counted
    GROUP BY village_code, state, main_cause
"""


def provinces() -> list[str]:
    """The codes of all provinces, gone ones too: what was counted there must not stand for ever."""
    found = Division.objects.filter(level=Level.PROVINCE).order_by("code")
    return list(found.values_list("code", flat=True))


@transaction.atomic
def recount(code: str) -> int:
    """Count the villages of a division anew; returns the number of rows written.

    Whoever reads meanwhile sees the counts before. Two recounts wait for each other.
    """
    low, high = code_range(code)
    with connection.cursor() as cursor:
        cursor.execute(ALONE)
        cursor.execute(FORGET, {"low": low, "high": high})
        cursor.execute(COUNT, {"low": low, "high": high})
        return cursor.rowcount
