"""What the register gained and lost in a year, below any division: one statement, one pass.

Everything is as known now. The state at the close of a year is that of before the first later
change by a case; a change belongs to the year whose facts its case decided on, never to one before
that of an earlier change. What was loaded tells less:

- poor, planned exit: on the register ever since;
- exited: until the exit year;
- relapsed: until the exit year, and again from the year of the records that say so;
- cleared, cancelled: until the year after the last survey, that of the records at the latest.

A household lived where its moves (before-images of the trace) leave it. The persons of a year are
those of its survey in force, without one those of the last survey before, else of the first one
behind, else the active members. Withdrawn imports never were.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from divisions.scope import code_range
from households.rules import ON_REGISTER, State
from reviews.flow import NEVER, Course, Flow, People, crossing, flow_of

COURSE = "on_before, on_after, here_before, here_after, steps"
RECORDED = """
    CASE WHEN (recorded_at AT TIME ZONE 'Asia/Shanghai')::date
            BETWEEN make_date(year, 7, 1) AND make_date(year + 1, 6, 30)
        THEN (recorded_at AT TIME ZONE 'Asia/Shanghai')::date
        ELSE make_date(year, 12, 31) END"""
"""The day that a survey counts the persons of; year's end for one recorded long after."""

MOVES = """
    move AS (
        SELECT c.subject_id::bigint AS household_id, c.id, c.before->>'village_code' AS village,
            max(coalesce(b.year, extract(year FROM c.business_date)::int))
                OVER (PARTITION BY c.subject_id ORDER BY c.id) AS year
        FROM trail_change c
        LEFT JOIN households_importbatch b
            ON b.id = substring(c.origin FROM '^(?:import|withdraw):([0-9]+)$')::bigint
        WHERE c.before ? 'village_code' AND c.subject_kind = 'households.household'
    ),
    moved AS (
        SELECT m.household_id,
            coalesce((array_agg(m.village ORDER BY m.id) FILTER (WHERE m.year >= %(year)s))[1],
                h.village_code) AS before,
            coalesce((array_agg(m.village ORDER BY m.id) FILTER (WHERE m.year > %(year)s))[1],
                h.village_code) AS after
        FROM move m JOIN households_household h ON h.id = m.household_id
        GROUP BY m.household_id, h.village_code
    ),
    concerned AS (
        SELECT h.id, h.village_code, h.state, h.exit_year, h.batch_id, h.created_at,
            true AS here_before, true AS here_after
        FROM households_household h
        WHERE h.withdrawn_at IS NULL AND h.village_code >= %(low)s AND h.village_code < %(high)s
            AND NOT EXISTS (SELECT FROM moved WHERE household_id = h.id)
        UNION ALL
        SELECT h.id, h.village_code, h.state, h.exit_year, h.batch_id, h.created_at,
            m.before >= %(low)s AND m.before < %(high)s,
            m.after >= %(low)s AND m.after < %(high)s
        FROM moved m JOIN households_household h ON h.id = m.household_id
        WHERE h.withdrawn_at IS NULL
            AND (m.before >= %(low)s AND m.before < %(high)s
                OR m.after >= %(low)s AND m.after < %(high)s)
    )"""
CHANGES = """
    change AS (
        SELECT s.household_id, s.id, s.from_state, s.to_state,
            (c.facts->>'exit_year')::int AS exit_year,
            max(coalesce((c.facts->>'year')::int, extract(year FROM s.on)::int))
                OVER (PARTITION BY s.household_id ORDER BY s.id) AS year
        FROM households_statechange s JOIN workflow_case c ON c.id = s.case_id
        WHERE s.household_id IN (SELECT id FROM concerned)
    ),
    changed AS (
        SELECT household_id, min(year) AS year,
            (array_agg(from_state ORDER BY id))[1] AS first_state,
            (array_agg(exit_year ORDER BY id))[1] AS first_exit,
            (array_agg(from_state ORDER BY id) FILTER (WHERE year >= %(year)s))[1] AS before,
            (array_agg(from_state ORDER BY id) FILTER (WHERE year > %(year)s))[1] AS after,
            array_agg(from_state || '>' || to_state ORDER BY id) FILTER (
                WHERE year = %(year)s
                AND (from_state IN %(register)s) <> (to_state IN %(register)s)
            ) AS steps
        FROM change GROUP BY household_id
    )"""
STANDING = """
    loaded AS (
        SELECT c.*, x.year AS changed_year, x.before, x.after,
            coalesce(x.steps, '{}') AS case_steps, coalesce(x.first_state, c.state) AS base,
            coalesce(x.first_exit, c.exit_year, x.year) AS base_exit,
            l.year AS loaded_year, l.last_survey
        FROM concerned c
        LEFT JOIN changed x ON x.household_id = c.id
        LEFT JOIN LATERAL (
            SELECT known.year, (
                SELECT max(s.year) FROM households_survey s
                WHERE s.household_id = c.id AND s.withdrawn_at IS NULL AND s.year <= known.year
            ) AS last_survey
            FROM (
                SELECT coalesce(
                    (SELECT b.year FROM households_importbatch b WHERE b.id = c.batch_id),
                    (
                        SELECT max(s.year) FROM households_survey s
                        WHERE s.household_id = c.id AND s.withdrawn_at IS NULL
                            AND s.recorded_at <= c.created_at
                    ),
                    extract(year FROM c.created_at)::int
                ) AS year
            ) AS known
            WHERE coalesce(x.first_state, c.state) IN %(dated)s
        ) AS l ON true
    ),
    bounded AS (
        SELECT loaded.*, CASE
            WHEN base IN %(register)s AND base <> %(relapsed)s THEN %(never)s
            WHEN base IN (%(exited)s, %(relapsed)s)
                THEN least(base_exit, changed_year)
            WHEN base IN (%(cleared)s, %(cancelled)s) AND last_survey IS NOT NULL
                THEN least(last_survey + 1, loaded_year, changed_year)
            ELSE 0
        END AS left_in
        FROM loaded
    ),
    dated AS (
        SELECT bounded.*, CASE
            WHEN base = %(relapsed)s THEN greatest(left_in, least(loaded_year, changed_year))
            ELSE %(never)s
        END AS back_in
        FROM bounded
    ),
    standing AS (
        SELECT id, village_code, here_before, here_after,
            CASE WHEN changed_year < %(year)s THEN coalesce(before, state) IN %(register)s
                ELSE %(year)s - 1 < left_in OR %(year)s - 1 >= back_in END AS on_before,
            CASE WHEN changed_year <= %(year)s THEN coalesce(after, state) IN %(register)s
                ELSE %(year)s < left_in OR %(year)s >= back_in END AS on_after,
            CASE WHEN left_in = %(year)s
                THEN ARRAY['0>' || CASE base WHEN %(relapsed)s THEN %(exited)s ELSE base END]
                ELSE '{}' END
            || CASE WHEN back_in = %(year)s THEN ARRAY['1>3'] ELSE '{}' END
            || case_steps AS steps
        FROM dated
    )"""
COUNTED = f"""
    counted AS (
        SELECT standing.*,
            coalesce(earlier.persons, own.persons, later.persons, living.persons) AS persons_before,
            coalesce(own.persons, earlier.persons, later.persons, living.persons) AS persons_after,
            coalesce(greatest(own.persons - earlier.persons + gone.number, 0), 0) AS came,
            coalesce(gone.number, 0) AS went
        FROM standing
        LEFT JOIN LATERAL (
            SELECT persons, member_digest, {RECORDED} AS day FROM households_survey
            WHERE household_id = standing.id AND year = %(year)s AND withdrawn_at IS NULL
            ORDER BY recorded_at DESC, id DESC LIMIT 1
        ) AS own ON true
        LEFT JOIN LATERAL (
            SELECT persons, member_digest, {RECORDED} AS day FROM households_survey
            WHERE household_id = standing.id AND year < %(year)s AND withdrawn_at IS NULL
            ORDER BY year DESC, recorded_at DESC, id DESC LIMIT 1
        ) AS earlier ON true
        LEFT JOIN LATERAL (
            SELECT persons FROM households_survey
            WHERE own.persons IS NULL AND earlier.persons IS NULL
                AND household_id = standing.id AND year > %(year)s AND withdrawn_at IS NULL
            ORDER BY year, recorded_at DESC, id DESC LIMIT 1
        ) AS later ON true
        LEFT JOIN LATERAL (
            SELECT count(*) AS persons FROM households_member
            WHERE household_id = standing.id AND end_reason = '' AND withdrawn_at IS NULL
            HAVING own.persons IS NULL AND earlier.persons IS NULL AND later.persons IS NULL
        ) AS living ON true
        LEFT JOIN LATERAL (
            SELECT count(*) AS number FROM households_member
            WHERE household_id = standing.id AND end_reason <> '' AND withdrawn_at IS NULL
                AND end_date > earlier.day AND end_date <= own.day
            HAVING on_before AND own.member_digest <> earlier.member_digest
        ) AS gone ON true
        WHERE on_before OR on_after OR steps <> '{{}}'
    )"""  # noqa: S608 - constants of this module
WITH = f"WITH {MOVES},{CHANGES},{STANDING},{COUNTED}"


def flow_within(code: str, year: int) -> Flow:
    """The flow of `year` below division `code`."""
    return flow_of(_courses(code, year))


def _courses(code: str, year: int) -> list[tuple[Course, People]]:
    """Households that stood on the register at a close of the year, alike ones summed up."""
    statement = f"""{WITH}
        SELECT {COURSE}, count(*), sum(persons_before), sum(persons_after), sum(came), sum(went)
        FROM counted GROUP BY {COURSE}"""  # noqa: S608 - constants of this module
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters(code, year))
        return [(course_of(row[:5]), People(*map(int, row[5:]))) for row in cursor.fetchall()]


def course_of(values: Sequence[Any]) -> Course:
    """The course of one row of COURSE."""
    on_before, on_after, here_before, here_after, changes = values
    steps = tuple(crossing(*map(int, one.split(">"))) for one in changes)
    return Course(on_before, on_after, here_before, here_after, steps)


def parameters(code: str, year: int) -> dict[str, Any]:
    """The values that WITH asks for."""
    low, high = code_range(code)
    return {
        "low": low,
        "high": high,
        "year": year,
        "never": NEVER,
        "register": tuple(state.value for state in ON_REGISTER),
        "dated": (State.RELAPSED.value, State.CLEARED.value, State.CANCELLED.value),
        "relapsed": State.RELAPSED.value,
        "exited": State.EXITED.value,
        "cleared": State.CLEARED.value,
        "cancelled": State.CANCELLED.value,
    }
