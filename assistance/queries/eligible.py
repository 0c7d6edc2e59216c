"""How many of the base may have a measure by its conditions, and how many of those have it.

The conditions are translated to SQL over the same facts that judge a single household, as those
facts are today. A measure that asks for a disability certificate is left out: it is sealed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from assistance.models import Measure
from assistance.queries.effect import (
    BASE,
    SUPPORT,
    Asked,
    items_of,
    opening,
    rows,
    values_for_asked,
)
from assistance.queries.facts import (
    ACTIVE,
    COUNTS,
    HOUSEHOLD_SQL,
    PERSON_SQL,
    SURVEY,
)
from assistance.rules.eligibility import (
    ALL,
    ANY,
    FACT,
    IS,
    LEAST,
    MOST,
    NONE_OF,
    NOT,
    ONE_OF,
    Condition,
)
from assistance.rules.facts import HOUSEHOLD, UNKNOWN
from assistance.rules.measures import Unit


@dataclass(frozen=True)
class Eligible:
    """Households of the base with somebody who may have the measure; those of them that have it."""

    households: int
    helped: int


def eligible_for(asked: Asked, measures: Iterable[Measure], *, today: date) -> dict[str, Eligible]:
    """By code, for measures of households and persons whose conditions need no sealed fact.

    One statement: cheap for a county, not for a province.
    """
    tests = {one.code: test for one in measures if (test := _test_of(one))}
    if not tests:
        return {}
    columns = ", ".join(
        f"count(*) FILTER (WHERE {test}), count(*) FILTER (WHERE ({test})"
        f" AND reached.codes @> ARRAY[%(code{number})s])"
        for number, test in enumerate(tests.values())
    )
    codes = {f"code{number}": code for number, code in enumerate(tests)}
    statement = f"""
        {opening(asked, today)}, {BASE}, {items_of(asked)}, reached AS (
            SELECT household, array_agg(DISTINCT code::text) AS codes FROM items WHERE helped
            GROUP BY 1
        )
        SELECT {columns} FROM base
        JOIN households_household h ON h.id = base.id
        CROSS JOIN LATERAL (SELECT {SUPPORT.format(village="h.village_code")} AS years) support
        LEFT JOIN reached ON reached.household = h.id
        LEFT JOIN LATERAL (
            SELECT {SURVEY} FROM households_survey
            WHERE household_id = h.id AND withdrawn_at IS NULL AND year <= %(year)s
            ORDER BY year DESC, recorded_at DESC, id DESC LIMIT 1
        ) survey ON true
        LEFT JOIN households_livingconditions living ON living.survey_id = survey.id
        CROSS JOIN LATERAL (
            SELECT {COUNTS} FROM households_member m WHERE m.household_id = h.id AND {ACTIVE}
        ) people
    """  # noqa: S608 - codes of the catalogue and constants of these modules
    values = values_for_asked(asked, today) | {"today": today} | codes
    numbers = iter(rows(statement, values)[0])
    return {code: Eligible(next(numbers), next(numbers)) for code in tests}


def _test_of(measure: Measure) -> str | None:
    """Whether a household may have it, as SQL on `h`; None where a fact of it is not there."""
    if measure.unit == Unit.VILLAGE:
        return None
    parts = [sql_of(one, measure.unit) for one in measure.conditions]
    if any(one is None for one in parts):
        return None
    test = " AND ".join(f"({one})" for one in parts) or "true"
    if measure.unit == Unit.HOUSEHOLD:
        return test
    return (
        f"EXISTS (SELECT FROM households_member m WHERE m.household_id = h.id AND {ACTIVE}"
        f" AND {test})"
    )


def sql_of(condition: Condition, unit: str) -> str | None:
    """A condition as SQL; None where it asks for a fact that no column holds."""
    if FACT not in condition:
        word, inner = next(iter(condition.items()))
        parts = [sql_of(one, unit) for one in ([inner] if word == NOT else inner)]
        if any(one is None for one in parts):
            return None
        joined = {ANY: " OR ", ALL: " AND "}.get(word, "").join(f"({one})" for one in parts)
        return f"NOT {joined}" if word == NOT else joined or str(word == ALL).lower()
    name = condition[FACT]
    known: Mapping[str, str] = HOUSEHOLD_SQL if unit == Unit.HOUSEHOLD else PERSON_SQL
    if name.startswith(HOUSEHOLD):
        known, name = HOUSEHOLD_SQL, name.removeprefix(HOUSEHOLD)
    return _tests(condition, f"({known[name]})") if name in known else None


def _tests(condition: Condition, fact: str) -> str:
    """The tests of one fact, whole numbers all of them."""
    tests = []
    if IS in condition:
        tests.append(f"{fact} = {_number(condition[IS])}")
    if LEAST in condition:
        tests.append(f"{fact} >= {_number(condition[LEAST])} AND {fact} <> {UNKNOWN}")
    if MOST in condition:
        tests.append(f"{fact} <= {_number(condition[MOST])} AND {fact} <> {UNKNOWN}")
    if ONE_OF in condition:
        tests.append(f"{fact} IN ({_numbers(condition[ONE_OF])})")
    if NONE_OF in condition:
        tests.append(f"{fact} NOT IN ({_numbers(condition[NONE_OF])})")
    return " AND ".join(tests)


def _number(value: Any) -> str:
    return str(int(value))


def _numbers(values: Iterable[Any]) -> str:
    return ", ".join(map(_number, values))
