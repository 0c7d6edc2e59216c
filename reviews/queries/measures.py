"""What readiness counts, as conditions in SQL: the same for counts and for lists of households.

A condition speaks of `h` (household), `s` and `p` (its surveys in force of the year and of the year
before), `m` (its active members: persons, heads, without_id) and `b` (sent back). Parameters: low
and high (range of villages), year, last, born_by, answer, cancelled.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Literal

from divisions.scope import code_range
from households.models.members import HEAD
from households.rules import EXPENSE, GUARANTEES, INCOMES, MONEY, ON_REGISTER, State
from reviews.models import Answer, ReviewState
from reviews.quality import (
    ANY_GAP,
    ANY_ISSUE,
    COPIED,
    DUE_COUNT,
    GAP_KINDS,
    INCOME_JUMP,
    ISSUES,
    JUMP_PERCENT,
    MEMBERS_DIFFER,
    MISSING,
    MUST_FIX,
    NO_HEAD,
    NO_ID,
    SENT_BACK,
    SURVEYED,
    TO_CLEAR,
    a_year_before,
)

ALWAYS_SURVEYED = ", ".join(str(state.value) for state in (*ON_REGISTER, State.EXITED))
WITHIN = "h.withdrawn_at IS NULL AND h.village_code >= %(low)s AND h.village_code < %(high)s"
FACTS = ("id", "persons", *MONEY, *GUARANTEES)


def survey_of(year: str, alias: str) -> str:
    """Joins each household's survey in force of the year that the parameter `year` names.

    One look into the index for each household: what it costs follows the households of the place,
    not the surveys of the country.
    """
    return f"""
        LEFT JOIN LATERAL (
            SELECT {", ".join(f"one.{name}" for name in FACTS)} FROM households_survey one
            WHERE one.household_id = h.id AND one.year = %({year})s AND one.withdrawn_at IS NULL
            ORDER BY one.recorded_at DESC, one.id DESC LIMIT 1
        ) {alias} ON true
    """  # noqa: S608 - constants of this package


MEMBERS = f"""
    LEFT JOIN LATERAL (
        SELECT count(*) AS persons, count(*) FILTER (WHERE one.relation = '{HEAD}') AS heads,
            count(*) FILTER (WHERE one.id_sealed IS NULL AND one.birth_date <= %(born_by)s)
                AS without_id
        FROM households_member one
        WHERE one.household_id = h.id AND one.end_reason = '' AND one.withdrawn_at IS NULL
    ) m ON true
"""  # noqa: S608
SENT = """
    LEFT JOIN (
        SELECT DISTINCT one.household_id
        FROM reviews_proposal one JOIN reviews_review review ON review.id = one.review_id
        WHERE review.year = %(year)s AND review.state <> %(cancelled)s
            AND one.village_code >= %(low)s AND one.village_code < %(high)s
            AND one.superseded_at IS NULL AND one.answer = %(answer)s
    ) b ON b.household_id = h.id
"""
SURVEYS = survey_of("year", "s") + survey_of("last", "p")
FACTS_OF = f"households_household h {SURVEYS} {MEMBERS} {SENT}"
DUE = f"""(h.state IN ({ALWAYS_SURVEYED}) OR s.id IS NOT NULL
    OR h.state = {State.ORDINARY} AND p.id IS NOT NULL)"""
"""To be surveyed: on the register, exited, or surveyed last year; and whoever was surveyed."""


def _net(survey: str) -> str:
    incomes = " + ".join(f"{survey}.{name}" for name in INCOMES)
    return f"({incomes} - {survey}.{EXPENSE})"


LAST_NET = f"({_net('p')} * s.persons)"
CHANGE = f"abs({_net('s')} * p.persons - {LAST_NET})"
CONDITIONS = {
    MISSING: "s.id IS NULL",
    **{kind: f"s.id IS NOT NULL AND s.{name} IS NULL" for kind, name in GAP_KINDS.items()},
    NO_HEAD: "m.heads = 0",
    MEMBERS_DIFFER: "s.persons <> m.persons",
    INCOME_JUMP: f"{LAST_NET} > 0 AND 100 * {CHANGE} >= {JUMP_PERCENT} * {LAST_NET}",
    NO_ID: "m.without_id > 0",
    COPIED: " AND ".join(f"s.{name} = p.{name}" for name in MONEY),
    SENT_BACK: "b.household_id IS NOT NULL",
}


def any_of(kinds: Iterable[str]) -> str:
    """The condition that one of the kinds is there."""
    return " OR ".join(f"({CONDITIONS[kind]})" for kind in kinds)


def condition_of(kind: str, demanded: Sequence[str]) -> str:
    """The condition of one of quality.kinds_for; what cannot be compared is no match."""
    wholes = {ANY_GAP: demanded, ANY_ISSUE: tuple(ISSUES)}
    return any_of(wholes.get(kind, [kind]))


def parameters(code: str, year: int, today: date) -> dict[str, Any]:
    """What the conditions are given for one place, year and day."""
    low, high = code_range(code)
    return {
        "low": low,
        "high": high,
        "year": year,
        "last": year - 1,
        "born_by": a_year_before(today),
        "answer": Answer.SENT_BACK.value,
        "cancelled": ReviewState.CANCELLED.value,
    }


def counts_statement(demanded: Sequence[str]) -> str:
    """By place of %(digits)s digits: the households to be surveyed by each measure of `counted`."""
    gaps, issues = any_of(demanded), tuple(ISSUES)
    conditions = ["true", "s.id IS NOT NULL", gaps, any_of(issues), f"{gaps} OR {any_of(MUST_FIX)}"]
    conditions += [CONDITIONS[kind] for kind in (*demanded, *issues)]
    counts = ", ".join(f"count(*) FILTER (WHERE {one})" for one in conditions)
    return f"""
        SELECT left(h.village_code, %(digits)s), {counts}
        FROM {FACTS_OF} WHERE {WITHIN} AND {DUE} GROUP BY 1
    """  # noqa: S608


def counted(demanded: Sequence[str]) -> tuple[str, ...]:
    """The names of the columns of `counts_statement` behind the place."""
    return (DUE_COUNT, SURVEYED, ANY_GAP, ANY_ISSUE, TO_CLEAR, *demanded, *ISSUES)


def listed_statement(kind: str, demanded: Sequence[str], *, order: Literal["ASC", "DESC"]) -> str:
    """The households of one kind from the position (%(village)s, %(household)s) on, or back."""
    beyond = {"ASC": ">", "DESC": "<"}[order]
    return f"""
        SELECT h.id FROM {FACTS_OF}
        WHERE {WITHIN} AND {DUE} AND ({condition_of(kind, demanded)})
            AND (h.village_code, h.id) {beyond} (%(village)s, %(household)s)
        ORDER BY h.village_code {order}, h.id {order} LIMIT %(rows)s
    """  # noqa: S608


def found_statement(demanded: Sequence[str]) -> str:
    """Of the households %(keys)s the kinds that each shows, in the order of `shown_kinds`."""
    flags = ", ".join(f"coalesce({CONDITIONS[kind]}, false)" for kind in shown_kinds(demanded))
    return f"SELECT h.id, {flags} FROM {FACTS_OF} WHERE {WITHIN} AND h.id = ANY(%(keys)s)"  # noqa: S608


def shown_kinds(demanded: Sequence[str]) -> tuple[str, ...]:
    """The kinds that say something of their own: no sums of others."""
    return (MISSING, *demanded, *ISSUES)


def number_statement(kind: str, demanded: Sequence[str]) -> str:
    """How many households are of one kind."""
    return f"""
        SELECT count(*) FROM {FACTS_OF}
        WHERE {WITHIN} AND {DUE} AND ({condition_of(kind, demanded)})
    """  # noqa: S608
