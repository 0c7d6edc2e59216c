"""What readiness counts, as conditions in SQL: the same for counts and for lists of households.

A condition speaks of `h` (household), `s` and `p` (its surveys in force of the year and of the year
before), `m` (its active members: persons, heads, without_id) and `b` (sent back). Parameters: low
and high (range of villages), year, last, born_by, answer, cancelled.
"""

from datetime import date
from typing import Any

from divisions.scope import code_range
from households.models.members import HEAD
from households.rules import EXPENSE, INCOMES, MONEY, ON_REGISTER, State
from reviews.models import Answer, ReviewState
from reviews.quality import (
    COPIED,
    GAP_KINDS,
    INCOME_JUMP,
    ISSUES,
    JUMP_PERCENT,
    MEMBERS_DIFFER,
    MISSING,
    NO_HEAD,
    NO_ID,
    SENT_BACK,
)

ALWAYS_SURVEYED = ", ".join(str(state.value) for state in (*ON_REGISTER, State.EXITED))
WITHIN = "h.withdrawn_at IS NULL AND h.village_code >= %(low)s AND h.village_code < %(high)s"
FACTS = ("id", "household_id", "persons", *MONEY, *GAP_KINDS.values())

SURVEYED_BEFORE = f"""h.state = {State.ORDINARY} AND EXISTS (
    SELECT 1 FROM households_survey before
    WHERE before.household_id = h.id AND before.year = %(last)s AND before.withdrawn_at IS NULL
)"""  # noqa: S608 - constants of this package
DUE = f"(h.state IN ({ALWAYS_SURVEYED}) OR s.id IS NOT NULL OR {SURVEYED_BEFORE})"
"""To be surveyed: on the register, exited, or surveyed last year; and whoever was surveyed."""


def survey_of(year: str) -> str:
    """The surveys in force of a year, named by its parameter: those that nothing corrects."""
    return f"""(
        SELECT {", ".join(f"one.{name}" for name in dict.fromkeys(FACTS))}
        FROM households_survey one
        WHERE one.year = %({year})s AND one.withdrawn_at IS NULL AND NOT EXISTS (
            SELECT 1 FROM households_survey later
            WHERE later.corrects_id = one.id AND later.withdrawn_at IS NULL
        )
    )"""  # noqa: S608 - constants of this package


SURVEY = f"LEFT JOIN {survey_of('year')} s ON s.household_id = h.id"
MEMBERS = f"""
    SELECT one.household_id, count(*) AS persons,
        count(*) FILTER (WHERE one.relation = '{HEAD}') AS heads,
        count(*) FILTER (WHERE one.id_sealed IS NULL AND one.birth_date <= %(born_by)s)
            AS without_id
    FROM households_household h JOIN households_member one ON one.household_id = h.id
    WHERE {WITHIN} AND one.end_reason = '' AND one.withdrawn_at IS NULL
    GROUP BY one.household_id
"""  # noqa: S608
SENT = """
    SELECT DISTINCT one.household_id
    FROM reviews_proposal one JOIN reviews_review review ON review.id = one.review_id
    WHERE review.year = %(year)s AND review.state <> %(cancelled)s
        AND one.village_code >= %(low)s AND one.village_code < %(high)s
        AND one.superseded_at IS NULL AND one.answer = %(answer)s
"""
DOUBTS = f"""
    {SURVEY}
    LEFT JOIN {survey_of("last")} p ON p.household_id = h.id
    LEFT JOIN ({MEMBERS}) m ON m.household_id = h.id
    LEFT JOIN ({SENT}) b ON b.household_id = h.id
"""


def _net(survey: str) -> str:
    incomes = " + ".join(f"{survey}.{name}" for name in INCOMES)
    return f"({incomes} - {survey}.{EXPENSE})"


LAST_NET = f"({_net('p')} * s.persons)"
CHANGE = f"abs({_net('s')} * p.persons - {LAST_NET})"
GAPS = {kind: f"s.id IS NOT NULL AND s.{name} IS NULL" for kind, name in GAP_KINDS.items()}
CONDITIONS = {
    MISSING: "s.id IS NULL",
    **GAPS,
    NO_HEAD: "coalesce(m.heads, 0) = 0",
    MEMBERS_DIFFER: "s.persons <> coalesce(m.persons, 0)",
    INCOME_JUMP: f"{LAST_NET} > 0 AND 100 * {CHANGE} >= {JUMP_PERCENT} * {LAST_NET}",
    NO_ID: "m.without_id > 0",
    COPIED: " AND ".join(f"s.{name} = p.{name}" for name in MONEY),
    SENT_BACK: "b.household_id IS NOT NULL",
}


def any_gap(demanded: tuple[str, ...]) -> str:
    """The condition that one of the kinds of gap is open."""
    return " OR ".join(f"({GAPS[kind]})" for kind in demanded)


def any_doubt() -> str:
    """The condition that one of ISSUES stands."""
    return " OR ".join(f"({CONDITIONS[issue]})" for issue in ISSUES)


def parameters(code: str, year: int, today: date) -> dict[str, Any]:
    """What the conditions are given for one place, year and day."""
    low, high = code_range(code)
    return {
        "low": low,
        "high": high,
        "year": year,
        "last": year - 1,
        "born_by": date(today.year - 1, today.month, min(today.day, 28)),
        "answer": Answer.SENT_BACK.value,
        "cancelled": ReviewState.CANCELLED.value,
    }


def surveys_statement(gaps: tuple[str, ...]) -> str:
    """By place: households to be surveyed, surveyed, with a gap, with each gap of `gaps`."""
    counted = [f"count(*) FILTER (WHERE {GAPS[kind]})" for kind in gaps]
    return f"""
        SELECT left(h.village_code, %(digits)s), count(*), count(s.id),
            count(*) FILTER (WHERE {any_gap(gaps)}), {", ".join(counted)}
        FROM households_household h {SURVEY} WHERE {WITHIN} AND {DUE} GROUP BY 1
    """  # noqa: S608


def doubts_statement() -> str:
    """By place: households with a doubt, and with each of ISSUES."""
    counted = [f"count(*) FILTER (WHERE {CONDITIONS[issue]})" for issue in ISSUES]
    return f"""
        SELECT left(h.village_code, %(digits)s), count(*) FILTER (WHERE {any_doubt()}),
            {", ".join(counted)}
        FROM households_household h {DOUBTS} WHERE {WITHIN} AND {DUE} GROUP BY 1
    """  # noqa: S608
