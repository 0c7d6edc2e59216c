"""What help comes to in a place: whom it reaches, what it costs, what changed. Counted by SQL.

A household is helped by a measure that is under way or done, in a plan of the asked year or, where
no year is asked, in any; by a measure of the village while it is one of its beneficiaries. The base
are the households on the register, or also the exited ones within their years of support, as they
were at the end of the year or are today. Amounts are all of the place, also of households that
left the base.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from assistance.models import Measure
from assistance.models.plans import HELPED, ItemStatus
from households.rules import State
from teams.queries.need import households_on, values_for
from teams.queries.policies import POLICY, policies_in

PLANNED = (ItemStatus.AGREED, *HELPED)


class Base(TextChoices):
    """Over whom a coverage is counted."""

    REGISTERED = "registered", _("households on the register")
    SUPPORTED = "supported", _("on the register or in their years of support")


@dataclass(frozen=True)
class Asked:
    """Of what: a place, the digits of the places below it, a year (None for all), measures."""

    code: str
    digits: int
    year: int | None
    base: Base = Base.SUPPORTED
    category: str = ""
    measure: str = ""

    def on(self, today: date) -> date:
        """The day by which households belong to the base."""
        return min(today, date(self.year, 12, 31)) if self.year else today

    def is_past(self, today: date) -> bool:
        """Whether the year is over: facts of today tell nothing of it."""
        return self.on(today) < today

    def wants(self, measure: Measure) -> bool:
        """Whether a measure is one of those asked for."""
        if self.measure:
            return measure.code == self.measure
        return not self.category or measure.category == self.category


@dataclass(frozen=True)
class Sums:
    """Households and persons of the base that help reaches, and amounts in yuan.

    Persons are those of measures for a person. `planned` and `delivered` are of households and
    persons, the other two of villages.
    """

    households: int = 0
    persons: int = 0
    planned: Decimal = Decimal(0)
    delivered: Decimal = Decimal(0)
    village_planned: Decimal = Decimal(0)
    village_delivered: Decimal = Decimal(0)


@dataclass(frozen=True)
class Lifted:
    """Households that exited in the year, and what was delivered to them until then, in yuan."""

    households: int = 0
    delivered: Decimal = Decimal(0)


@dataclass(frozen=True)
class Figures:
    """The base by place (households, persons), what help comes to by place and by measure.

    `keys` are categories; measures where a category or a measure is asked for.
    """

    base: Mapping[str, tuple[int, int]]
    places: Mapping[str, Sums]
    keys: Mapping[str, Sums]
    whole: Sums
    lifted: Mapping[str, Lifted]


IN_RANGE = "{column} >= %(low)s AND {column} < %(high)s"
BASE = """
    base AS (
        SELECT household.id, left(household.village, %(digits)s) AS place
        FROM households household
        JOIN policy ON policy.county = left(household.village, 6)
        WHERE household.state = ANY(%(register)s) OR %(supported)s AND household.state = %(exited)s
            AND household.exit_year + policy.support >= %(year)s
    )
"""
ITEMS = f"""
    items AS (
        SELECT item.household_id AS household, item.member_id AS member,
            left(item.village_id, %(digits)s) AS place, item.category, item.code,
            item.status = ANY(%(helped)s) AS helped, item.starts_on,
            item.planned * (item.status = ANY(%(agreed)s))::int AS planned, item.delivered,
            0::numeric AS village_planned, 0::numeric AS village_delivered
        FROM assistance_item item JOIN assistance_plan plan ON plan.id = item.plan_id
        WHERE {IN_RANGE.format(column="item.village_id")} AND item.household_id IS NOT NULL
            AND plan.year BETWEEN %(first)s AND %(last)s AND {{chosen}}
        UNION ALL
        SELECT NULL, NULL, left(item.village_id, %(digits)s), item.category, item.code, false,
            item.starts_on, 0, 0, item.planned * (item.status = ANY(%(agreed)s))::int,
            item.delivered
        FROM assistance_item item JOIN assistance_plan plan ON plan.id = item.plan_id
        WHERE {IN_RANGE.format(column="item.village_id")} AND item.household_id IS NULL
            AND plan.year BETWEEN %(first)s AND %(last)s AND {{chosen}}
        UNION ALL
        SELECT served.household_id, NULL, left(item.village_id, %(digits)s), item.category,
            item.code, true, greatest(served.added_on, item.starts_on), 0, 0, 0, 0
        FROM assistance_item item
        JOIN assistance_beneficiary served ON served.item_id = item.id
        WHERE {IN_RANGE.format(column="item.village_id")} AND item.household_id IS NULL
            AND item.status = ANY(%(helped)s) AND served.added_on <= %(on)s
            AND (served.ended_on IS NULL OR served.ended_on >= %(opens)s) AND {{chosen}}
    )
"""  # noqa: S608 - no value is put in
BASE_COUNTS = f"""
    SELECT base.place, count(*), coalesce(sum(people.persons), 0)
    FROM base LEFT JOIN (
        SELECT member.household_id, count(*) AS persons FROM households_member member
        JOIN households_household household ON household.id = member.household_id
        WHERE member.end_reason = '' AND member.withdrawn_at IS NULL
            AND {IN_RANGE.format(column="household.village_code")}
        GROUP BY 1
    ) people ON people.household_id = base.id
    GROUP BY 1
"""  # noqa: S608
COVERAGE = """
    , reached AS (
        SELECT coalesce(base.place, items.place) AS place, {key} AS key, items.household,
            bool_or(items.helped AND base.id IS NOT NULL) AS helped,
            count(DISTINCT items.member) FILTER (WHERE items.helped AND base.id IS NOT NULL)
                AS persons,
            sum(planned) AS planned, sum(delivered) AS delivered,
            sum(village_planned) AS village_planned, sum(village_delivered) AS village_delivered
        FROM items LEFT JOIN base ON base.id = items.household
        GROUP BY GROUPING SETS ((1, 2, 3), (1, 3))
    )
    SELECT place, key, count(*) FILTER (WHERE helped), coalesce(sum(persons), 0),
        coalesce(sum(planned), 0), coalesce(sum(delivered), 0),
        coalesce(sum(village_planned), 0), coalesce(sum(village_delivered), 0)
    FROM reached GROUP BY 1, 2
"""
LIFTED = f"""
    , lifted AS (
        SELECT household.id, left(household.village_code, %(digits)s) AS place
        FROM households_household household
        WHERE household.withdrawn_at IS NULL AND household.exit_year BETWEEN %(first)s AND %(last)s
            AND household.state = ANY(%(lifted)s)
            AND {IN_RANGE.format(column="household.village_code")}
    ), spent AS (
        SELECT item.household_id, sum(item.delivered) AS delivered FROM assistance_item item
        JOIN assistance_plan plan ON plan.id = item.plan_id
        JOIN lifted ON lifted.id = item.household_id
        WHERE plan.year <= %(last)s AND {{chosen}} GROUP BY 1
    )
    SELECT lifted.place, count(*), coalesce(sum(spent.delivered), 0)
    FROM lifted LEFT JOIN spent ON spent.household_id = lifted.id GROUP BY 1
"""  # noqa: S608


def figures(asked: Asked, *, today: date) -> Figures:
    """What help comes to at and below a place; three statements over its rows."""
    values = values_for_asked(asked, today)
    begin = opening(asked, today)
    base = {
        place: (households, int(persons))
        for place, households, persons in rows(f"{begin}, {BASE} {BASE_COUNTS}", values)
    }
    key = "items.code" if asked.category or asked.measure else "items.category"
    statement = f"{begin}, {BASE}, {items_of(asked)} {COVERAGE.format(key=key)}"
    lifted = f"WITH nothing AS (SELECT) {LIFTED.format(chosen=_chosen(asked))}"
    return _figures(
        base,
        rows(statement, values),
        {place: Lifted(number, amount) for place, number, amount in rows(lifted, values)},
    )


def _figures(
    base: Mapping[str, tuple[int, int]], found: list[tuple[Any, ...]], lifted: Mapping[str, Lifted]
) -> Figures:
    """Rows by place and key, those without a key by place; keys and the whole are their sums.

    A household stands in one place, so that its counts add up over places, not over keys.
    """
    places: dict[str, Sums] = {}
    keys: dict[str, Sums] = {}
    for place, key, households, persons, *amounts in found:
        sums = Sums(households, int(persons), *amounts)
        if key is None:
            places[place] = sums
        else:
            keys[key] = added(keys.get(key, Sums()), sums)
    whole = Sums()
    for one in places.values():
        whole = added(whole, one)
    return Figures(base, places, keys, whole, lifted)


def added(one: Sums, other: Sums) -> Sums:
    """The sums of two places together."""
    return Sums(*(a + b for a, b in zip(vars(one).values(), vars(other).values(), strict=True)))


def _chosen(asked: Asked) -> str:
    """The condition on the measures asked for."""
    if asked.measure:
        return "item.code = %(measure)s"
    return "item.category = %(category)s" if asked.category else "true"


def items_of(asked: Asked) -> str:
    """A part of a statement: `items` with household, member, place, code, and whether it helps."""
    return ITEMS.format(chosen=_chosen(asked))


def opening(asked: Asked, today: date) -> str:
    """The beginning of a statement: `policy` by county and `households` as they were."""
    return f"WITH {POLICY}, {households_on(asked.on(today), today=today)}"


def values_for_asked(asked: Asked, today: date) -> dict[str, Any]:
    """What the parts of this module read."""
    on = asked.on(today)
    return values_for(asked.code, policies_in(asked.code, on.year), on) | {
        "digits": asked.digits,
        "supported": asked.base == Base.SUPPORTED,
        "helped": [one.value for one in HELPED],
        "agreed": [one.value for one in PLANNED],
        "lifted": [int(State.EXITED), int(State.RELAPSED)],
        "first": asked.year or 0,
        "last": asked.year or today.year,
        "opens": date(asked.year, 1, 1) if asked.year else date.min,
        "category": asked.category,
        "measure": asked.measure,
    }


def rows(statement: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """What a statement gives."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


SATISFACTION = f"""
    SELECT plan.satisfaction, count(*) FROM assistance_plan plan
    WHERE {IN_RANGE.format(column="plan.village_id")} AND plan.household_id IS NOT NULL
        AND plan.year BETWEEN %(first)s AND %(last)s AND plan.satisfaction IS NOT NULL
    GROUP BY 1
"""  # noqa: S608


def satisfaction_in(asked: Asked, *, today: date) -> dict[int, int]:
    """How many evaluated plans of households say each satisfaction, from 1 to 5."""
    found = dict(rows(SATISFACTION, values_for_asked(asked, today)))
    return {grade: found.get(grade, 0) for grade in range(1, 6)}
