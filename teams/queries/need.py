"""Which villages must have a team on a day: those on the list, and those that a county adds.

A county may add every village with households on the register, or also with exited ones. Today is
answered by the summary of the register, a day that is past by the states that the households had.
The year of an exit that was undone or cleared since stands in the trace of the change alone.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import connection

from divisions.scope import code_range
from households.rules import ON_REGISTER, State
from teams.queries.policies import POLICY, Policy, as_columns, policies_in

NOBODY_ADDS = "none"
IN_RANGE = "{column} >= %(low)s AND {column} < %(high)s"
IN_FORCE = "{row}.starts_on <= %(on)s AND ({row}.last_day IS NULL OR {row}.last_day >= %(on)s)"
LISTED = f"""
    SELECT listed.village_id AS village FROM teams_teamvillage listed
    WHERE {IN_RANGE.format(column="listed.village_id")} AND {IN_FORCE.format(row="listed")}
"""  # noqa: S608 - no value is put in
ADDING = """
    (policy.added <> 'none' AND counted.state = ANY(%(register)s)
        OR policy.added = 'supported' AND counted.state = %(exited)s)
"""
ADDED_NOW = f"""
    SELECT counted.village_code FROM households_villagecount counted
    JOIN policy ON policy.county = left(counted.village_code, 6)
    WHERE {IN_RANGE.format(column="counted.village_code")} AND counted.households > 0 AND {ADDING}
"""  # noqa: S608
ADDED_THEN = f"""
    SELECT counted.village FROM households counted
    JOIN policy ON policy.county = left(counted.village, 6) WHERE {ADDING}
"""  # noqa: S608
HOUSEHOLDS_NOW = f"""
    households AS (
        SELECT household.id, household.village_code AS village, household.state,
            household.exit_year
        FROM households_household household
        WHERE household.withdrawn_at IS NULL AND household.state = ANY(%(states)s)
            AND {IN_RANGE.format(column="household.village_code")}
    )
"""  # noqa: S608
HOUSEHOLDS_THEN = f"""
    later AS (
        SELECT DISTINCT ON (change.household_id) change.household_id, change.from_state,
            change.case_id
        FROM households_statechange change
        JOIN households_household household ON household.id = change.household_id
        WHERE change."on" > %(on)s AND {IN_RANGE.format(column="household.village_code")}
        ORDER BY change.household_id, change.id
    ),
    households AS (
        SELECT household.id, household.village_code AS village,
            coalesce(later.from_state, household.state) AS state,
            CASE WHEN later.household_id IS NULL THEN household.exit_year
                WHEN later.from_state = %(exited)s THEN (
                    SELECT (traced.before ->> 'exit_year')::int FROM trail_change traced
                    WHERE traced.subject_kind = 'households.household'
                        AND traced.subject_id = household.id::text
                        AND traced.action = 'change_state'
                        AND traced.origin = 'case:' || later.case_id
                        AND (traced.before ->> 'state')::int = %(exited)s
                    ORDER BY traced.id LIMIT 1
                ) END AS exit_year
        FROM households_household household
        LEFT JOIN later ON later.household_id = household.id
        WHERE household.withdrawn_at IS NULL
            AND (household.state = ANY(%(states)s) OR later.household_id IS NOT NULL)
            AND {IN_RANGE.format(column="household.village_code")}
    )
"""  # noqa: S608


def households_on(on: date, *, today: date) -> str:
    """A part of a statement: `households` (id, village, state, exit_year) as they were on a day.

    Only those that may need a helper. A household stands in the village in which it is now.
    """
    return HOUSEHOLDS_NOW if on >= today else HOUSEHOLDS_THEN


def needed_on(policies: Mapping[str, Policy], on: date, *, today: date) -> str:
    """Parts of a statement: `policy`, and `needed` (village) as the villages that must have a team.

    Where a county adds villages on a day that is past, `households` comes along.
    """
    if all(one.added == NOBODY_ADDS for one in policies.values()):
        return f"{POLICY}, needed AS ({LISTED})"
    if on >= today:
        return f"{POLICY}, needed AS ({LISTED} UNION {ADDED_NOW})"
    return f"{POLICY}, {HOUSEHOLDS_THEN}, needed AS ({LISTED} UNION {ADDED_THEN})"


def values_for(code: str, policies: Mapping[str, Policy], on: date) -> dict[str, Any]:
    """What the parts of this module read."""
    low, high = code_range(code)
    return as_columns(policies) | {
        "low": low,
        "high": high,
        "on": on,
        "year": on.year,
        "register": [int(state) for state in ON_REGISTER],
        "exited": int(State.EXITED),
        "states": [int(state) for state in (*ON_REGISTER, State.EXITED)],
    }


def needed_villages(code: str, on: date, *, today: date) -> list[str]:
    """The villages at or below `code` that must have a team on a day, in code order."""
    policies = policies_in(code, on.year)
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH {needed_on(policies, on, today=today)}"  # noqa: S608 - parts of this module
            " SELECT village FROM needed ORDER BY village",
            values_for(code, policies, on),
        )
        return [village for (village,) in cursor.fetchall()]
