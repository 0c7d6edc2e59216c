"""The facts that a review judges, as one SQL statement for any number of households.

A column for each name of `households.rules`: money in fen, unknown as 0 with 1 in `no_<name>`.
"""

from households.rules import GAPS, GUARANTEES, MONEY, Kind

SURVEYED = ("persons", *MONEY, *GUARANTEES)
IDENTITY = ("household", "number", "village", "state", "survey", "surveyed", "persons")
COLUMNS = (*IDENTITY, *MONEY, *GUARANTEES, *(f"no_{name}" for name in GAPS))
WITHIN = "h.village_code >= %(low)s AND h.village_code < %(high)s"
PART = (
    "h.village_code >= %(low)s AND h.village_code <= %(high)s"
    " AND (h.village_code, h.id) >= (%(low)s, %(low_household)s)"
    " AND (h.village_code, h.id) < (%(high)s, %(high_household)s)"
)
AMONG = "h.id = ANY(%(households)s)"


def in_force(where: str, columns: str) -> str:
    """Standing households that meet `where`, each with its survey `s` in force, if any.

    A household that nobody surveyed counts its active members. Parameters: year, facts_at, and
    those of `where` (WITHIN: low, high; PART: these and low_household, high_household, which may
    lie inside a village; AMONG: households).
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


FIGURES = ", ".join(
    [
        *(f"coalesce((s.{name} * 100)::bigint, 0)" for name in MONEY),
        *(f"coalesce(s.{name}, 0)" for name in GUARANTEES),
        *(f"(s.{name} IS NULL)::int" for name in GAPS),
    ]
)


def facts_statement(where: str) -> str:
    """All COLUMNS of the households that meet `where`, by village and household number."""
    columns = [
        "h.id, h.number, h.village_code, h.state",
        f"coalesce(s.id, 0), (s.id IS NOT NULL)::int, {PERSONS}",
        FIGURES,
    ]
    return f"{in_force(where, ', '.join(columns))} ORDER BY h.village_code, h.number"


DECIDED = ("kind", "lacks", "gaps", "known", "net")
STORED_COLUMNS = ("household", "number", "village", "state", "survey", "persons", *DECIDED)
EVIDENCE_COLUMNS = (*STORED_COLUMNS, "surveyed", "counted", *COLUMNS[len(IDENTITY) :])
IN_VILLAGES = "p.review_id = %(review)s AND p.village_code >= %(low)s AND p.village_code < %(high)s"
FIRST_RUN, ADDED_LATER = "p.added_at IS NULL", "p.added_at IS NOT NULL"
STORED_VALUES = """
    p.household_id, h.number, p.village_code, p.state, coalesce(p.survey_id, 0), p.persons,
    p.kind, p.lacks, p.gaps, (p.net_fen IS NOT NULL)::int, coalesce(p.net_fen, 0)
"""
STORED = f"""
    SELECT {STORED_VALUES}
    FROM reviews_proposal p JOIN households_household h ON h.id = p.household_id
    WHERE {IN_VILLAGES} AND {FIRST_RUN} ORDER BY p.village_code, h.number
"""  # noqa: S608 - constants of this package
"""STORED_COLUMNS of the first run's proposals. Parameters: review, low, high (villages)."""


def evidence_statement(which: str) -> str:
    """EVIDENCE_COLUMNS of the proposals of FIRST_RUN or ADDED_LATER: with the figures of the very

    survey that each names. `counted` are the persons of that survey. The figures of a household
    that needs attention are not read: whoever reads them may fail again. Parameters: review, year,
    low, high (villages).
    """
    return f"""
        SELECT {STORED_VALUES}, (s.id IS NOT NULL)::int, coalesce(s.persons, p.persons), {FIGURES}
        FROM reviews_proposal p JOIN households_household h ON h.id = p.household_id
        LEFT JOIN households_survey s ON s.id = p.survey_id AND s.household_id = p.household_id
            AND s.year = %(year)s AND p.kind <> {Kind.ATTENTION.value}
        WHERE {IN_VILLAGES} AND {which} ORDER BY p.village_code, h.number, p.id
    """  # noqa: S608 - constants of this package
