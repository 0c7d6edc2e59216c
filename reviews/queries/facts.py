"""The facts that a review judges, as one SQL statement for any number of households.

A column for each name of `households.rules`: money in fen, unknown as 0 with 1 in `no_<name>`.
"""

from households.rules import GAPS, GUARANTEES, MONEY

SURVEYED = ("persons", *MONEY, *GUARANTEES)
IDENTITY = ("household", "number", "village", "state", "survey", "surveyed", "persons")
COLUMNS = (*IDENTITY, *MONEY, *GUARANTEES, *(f"no_{name}" for name in GAPS))
WITHIN = "h.village_code >= %(low)s AND h.village_code < %(high)s"
AMONG = "h.id = ANY(%(households)s)"


def in_force(where: str, columns: str) -> str:
    """Standing households that meet `where`, each with its survey `s` in force, if any.

    A household that nobody surveyed counts its active members. Parameters: year, facts_at, and
    those of `where` (WITHIN: low, high; AMONG: households).
    """
    return f"""
        SELECT {columns}
        FROM households_household h
        LEFT JOIN LATERAL (
            SELECT id, {", ".join(SURVEYED)}
            FROM households_survey
            WHERE household_id = h.id AND year = %(year)s AND withdrawn_at IS NULL
                AND recorded_at <= %(facts_at)s
            ORDER BY recorded_at DESC, id DESC LIMIT 1
        ) s ON true
        WHERE h.withdrawn_at IS NULL AND {where}
    """  # noqa: S608 - constants of this package


PERSONS = """
    CASE WHEN s.id IS NULL THEN (
        SELECT count(*) FROM households_member
        WHERE household_id = h.id AND end_reason = '' AND withdrawn_at IS NULL
    ) ELSE s.persons END
"""


def facts_statement(where: str) -> str:
    """All COLUMNS of the households that meet `where`, by village and household number."""
    columns = [
        "h.id, h.number, h.village_code, h.state",
        f"coalesce(s.id, 0), (s.id IS NOT NULL)::int, {PERSONS}",
        *(f"coalesce((s.{name} * 100)::bigint, 0)" for name in MONEY),
        *(f"coalesce(s.{name}, 0)" for name in GUARANTEES),
        *(f"(s.{name} IS NULL)::int" for name in GAPS),
    ]
    return f"{in_force(where, ', '.join(columns))} ORDER BY h.village_code, h.number"
