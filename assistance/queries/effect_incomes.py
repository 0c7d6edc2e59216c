"""How incomes and guarantees of helped households changed since help began. Counted by SQL.

Compared is as `rules.effect` does for one household: from the year before its help began to its
latest survey, where both say every amount.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from assistance.queries.effect import (
    BASE,
    Asked,
    items_of,
    opening,
    rows,
    values_for_asked,
)
from assistance.rules.effect import BAND_EDGES
from households.rules import GUARANTEES, INCOMES, MONEY

BOTH = ("before", "after")
ALL_BANDS = len(BAND_EDGES) + 1
SURVEY = ", ".join(f"survey.{name}" for name in ("persons", *MONEY, *GUARANTEES))
NET = " + ".join(f"{{row}}.{name}" for name in INCOMES) + " - {row}.business_expense"
KINDS = {name: f"{{row}}.{name}" for name in INCOMES} | {
    "business_income": "{row}.business_income - {row}.business_expense"
}


def _listed(parts: Iterable[str]) -> str:
    return ", ".join(parts)


AMOUNTS = _listed(
    f"{sql.format(row=row)} AS {row}_{name}" for row in BOTH for name, sql in KINDS.items()
)
MOVES = _listed(
    f"coalesce(before.{name} = 0, false) AS lacked_{name},"
    f" coalesce(before.{name} = 0 AND after.{name} = 1, false) AS mended_{name}"
    for name in GUARANTEES
)
COMPARED = f"""
    , began AS MATERIALIZED (
        SELECT items.household, min(extract(year FROM items.starts_on))::int AS year
        FROM items JOIN base ON base.id = items.household WHERE items.helped GROUP BY 1
    ), compared AS (
        SELECT began.household, before.persons AS before_persons,
            after.persons AS after_persons, {NET.format(row="before")} AS before_net,
            {NET.format(row="after")} AS after_net, {AMOUNTS}, {MOVES}
        FROM began CROSS JOIN LATERAL (
            SELECT {SURVEY} FROM households_survey survey
            WHERE survey.household_id = began.household AND survey.year = began.year - 1
                AND survey.withdrawn_at IS NULL
            ORDER BY survey.recorded_at DESC, survey.id DESC LIMIT 1
        ) before CROSS JOIN LATERAL (
            SELECT {SURVEY} FROM households_survey survey
            WHERE survey.household_id = began.household AND survey.year >= began.year
                AND survey.withdrawn_at IS NULL
            ORDER BY survey.year DESC, survey.recorded_at DESC, survey.id DESC LIMIT 1
        ) after
    ), known AS (
        SELECT * FROM compared WHERE before_net IS NOT NULL AND after_net IS NOT NULL
    )
"""  # noqa: S608 - no value is put in
MONEY_SUMS = _listed(
    f"coalesce(sum({row}_{name}), 0)" for name in ("net", *INCOMES) for row in BOTH
)
MENDED = _listed(
    f"count(*) FILTER (WHERE {what}_{name})" for name in GUARANTEES for what in ("lacked", "mended")
)
BANDS = _listed(
    f"""
    ARRAY(
        SELECT count(known.household) FROM generate_series(0, {ALL_BANDS - 1}) AS band (n)
        LEFT JOIN known ON band.n
            = width_bucket(round({row}_net / {row}_persons, 2), %(edges)s::numeric[])
        GROUP BY band.n ORDER BY band.n
    )
    """  # noqa: S608
    for row in BOTH
)
INCOME_FIGURES = f"""
    SELECT (SELECT count(*) FROM began), count(*), coalesce(sum(before_persons), 0),
        coalesce(sum(after_persons), 0), {MONEY_SUMS}, {BANDS},
        (SELECT ARRAY[{MENDED}] FROM compared)
    FROM known
"""  # noqa: S608


@dataclass(frozen=True)
class IncomeFigures:
    """Of `helped` households `compared` have both surveys complete.

    `incomes` are (before, after) in yuan a person by kind, "net" among them: all income over all
    persons; empty for nobody. `before` and `after` count households by band. `mended` are
    (households that lacked a guarantee before, those of them that have it) by its name.
    """

    helped: int
    compared: int
    incomes: Mapping[str, tuple[Decimal, Decimal]]
    before: list[int]
    after: list[int]
    mended: Mapping[str, tuple[int, int]]


def income_figures(asked: Asked, *, today: date) -> IncomeFigures:
    """How the incomes of helped households changed since help began; one statement."""
    statement = f"{opening(asked, today)}, {BASE}, {items_of(asked)} {COMPARED} {INCOME_FIGURES}"
    values = values_for_asked(asked, today) | {"edges": list(BAND_EDGES)}
    helped, compared, *found = rows(statement, values)[0]
    persons_before, persons_after, *sums = found[:-3]
    before, after, mended = found[-3:]
    names = ("net", *INCOMES)
    incomes = {
        name: (sums[2 * n] / persons_before, sums[2 * n + 1] / persons_after)
        for n, name in enumerate(names)
        if compared
    }
    pairs = {name: (mended[2 * n], mended[2 * n + 1]) for n, name in enumerate(GUARANTEES)}
    return IncomeFigures(helped, compared, incomes, before, after, pairs)
