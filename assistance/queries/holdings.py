"""What households, members and villages hold of the catalogue already, for the recommendation."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db import connection

from assistance.queries.facts import AMONG, PART, STANDING, Chunk, copied_out
from assistance.rules.measures import Terms, Unit
from assistance.rules.recommending import Held, cap_reached, either
from households.models import Household

if TYPE_CHECKING:
    from pandas import DataFrame

HELD_COLUMNS = (
    "household", "person", "village", "number", "enjoyed", "shuts", "year", "all", "owed"
)  # fmt: skip
LIVE = "i.status IN ('agreed', 'ongoing')"
GIVEN = f"({LIVE} OR i.status = 'done' OR i.delivered > 0)"
AMOUNT = f"CASE WHEN {LIVE} THEN i.planned ELSE i.delivered END"
OWED = f"coalesce(l.owed, CASE WHEN {LIVE} THEN i.planned ELSE 0 END)"
IN_YEAR = "p.year = %(year)s"
VALUES = f"""
    max(({LIVE} OR {GIVEN} AND (m.repeats = 'once'
        OR m.repeats = 'yearly' AND {IN_YEAR}))::int),
    max(({LIVE} OR {GIVEN} AND (m.repeats = 'once' OR {IN_YEAR}))::int),
    coalesce(sum({AMOUNT}) FILTER (WHERE {IN_YEAR}) * 100, 0)::bigint,
    (sum({AMOUNT}) * 100)::bigint,
    (sum({OWED}) * 100)::bigint
"""
"""Whether a measure cannot come again now; whether it shuts its group; fen of the year, of all,

and owed. What is live counts with what is planned, what ended with what was delivered; what was
stopped before anything came counts for nothing. A loan that is drawn owes what is not repaid.
"""

AGREED = "i.status NOT IN ('draft', 'dropped')"
JOINED = """
    JOIN assistance_plan p ON p.id = i.plan_id JOIN assistance_measure m ON m.id = i.measure_id
    LEFT JOIN LATERAL (
        SELECT loan.principal - coalesce((
            SELECT sum(paid.amount) FROM assistance_repayment paid WHERE paid.loan_id = loan.id
        ), 0) AS owed
        FROM assistance_loan loan WHERE loan.item_id = i.id AND i.category = 'LOAN'
    ) l ON true
"""


def _statement(where: str) -> str:
    """HELD_COLUMNS of the households that meet `where`; the column number holds code and group."""
    return f"""
        SELECT i.household_id, coalesce(i.member_id, 0), '', i.code || ' ' || m."group", {VALUES}
        FROM households_household h JOIN assistance_item i ON i.household_id = h.id {JOINED}
        WHERE {STANDING} AND {AGREED} AND {where} GROUP BY 1, 2, 3, 4
    """  # noqa: S608 - constants of this module


VILLAGES = f"""
    SELECT 0, 0, i.village_id, i.code || ' ' || m."group", {VALUES}
    FROM assistance_item i {JOINED}
    WHERE {AGREED} AND i.household_id IS NULL AND i.village_id = ANY(%(villages)s)
    GROUP BY 1, 2, 3, 4
"""  # noqa: S608 - constants of this module


def held_by(
    household: Household, catalogue: Sequence[Terms], year: int
) -> tuple[dict[int | None, Held], Held]:
    """What a household holds in a year, by member (None: the household itself), and its village."""
    known: dict[str, Any] = {
        "year": year,
        "households": [household.pk],
        "villages": [household.village_id],
    }
    subjects: dict[int | None, list[tuple[Any, ...]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_statement(AMONG), known)
        for _household, person, _village, *values in cursor.fetchall():
            subjects.setdefault(person or None, []).append(tuple(values))
        cursor.execute(VILLAGES, known)
        of_village = [tuple(row[3:]) for row in cursor.fetchall()]
    by_code = {terms.code: terms for terms in catalogue}
    own = {subject: _held(rows, by_code) for subject, rows in subjects.items()}
    return own, _held(of_village, by_code)


def _held(rows: Sequence[tuple[Any, ...]], catalogue: Mapping[str, Terms]) -> Held:
    """Rows of (code and group, enjoyed, shuts, fen of the year, of all, owed): ints or columns."""
    enjoyed: dict[str, Any] = {}
    shuts: dict[str, dict[str, Any]] = {}
    amounts: dict[str, tuple[Any, ...]] = {}
    for named, cannot_come, shut, *sums in rows:
        code, _space, group = named.partition(" ")
        enjoyed[code] = either(enjoyed.get(code, 0), cannot_come)
        so_far = amounts.get(code, (0,) * len(sums))
        amounts[code] = tuple(one + more for one, more in zip(so_far, sums, strict=True))
        if group:
            shuts.setdefault(group, {})[code] = shut
    capped = {
        code: cap_reached(catalogue[code], *totals)
        for code, totals in amounts.items()
        if code in catalogue
    }
    return Held(enjoyed, shuts, capped)


def held_in(chunk: Chunk, villages: Sequence[str], year: int) -> "DataFrame":
    """HELD_COLUMNS of what the households of a chunk hold, and of what its villages do."""
    import pandas as pd  # noqa: PLC0415

    known = {"year": year, "villages": list(villages)} | chunk.parameters
    households = copied_out(_statement(PART), known, HELD_COLUMNS)
    return pd.concat([households, copied_out(VILLAGES, known, HELD_COLUMNS)], ignore_index=True)


def columns_of(
    rows: "DataFrame", unit: Unit, keys: Sequence[Any], catalogue: Sequence[Terms]
) -> Held:
    """The rows of HELD_COLUMNS of one unit as columns for the subjects with these keys, in order.

    A key that stands more than once (the village of many households) gets its values each time.
    """
    import pandas as pd  # noqa: PLC0415

    key = {Unit.HOUSEHOLD: "household", Unit.PERSON: "person", Unit.VILLAGE: "village"}[unit]
    is_person, is_village = rows["person"] != 0, rows["village"] != ""
    own = {
        Unit.HOUSEHOLD: ~is_person & ~is_village,
        Unit.PERSON: is_person,
        Unit.VILLAGE: is_village,
    }
    wanted = pd.Index(keys)
    found = []
    for named, part in rows[own[unit]].groupby("number"):
        spread = part.set_index(key)[["enjoyed", "shuts", "year", "all", "owed"]]
        spread = spread.reindex(wanted, fill_value=0)
        found.append((named, *(spread[name].to_numpy() for name in spread)))
    return _held(found, {terms.code: terms for terms in catalogue})
