"""What help comes to in a place: whom it reaches, what it costs, what changed. Counted by SQL.

A household is helped by a measure that is under way or done, in a plan of the asked year or, where
no year is asked, in any; by a measure of the village while it is one of its beneficiaries. The base
are the households on the register, or also the exited ones within their years of support, as they
were at the end of the year or are today. Amounts are all of the place, also of households that
left the base.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
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
from teams.queries.policies import policies_in

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
    """Households of the base that help reaches, and amounts in yuan.

    `planned` and `delivered` are of households and persons, the other two of villages.
    """

    households: int = 0
    planned: Decimal = Decimal(0)
    delivered: Decimal = Decimal(0)
    village_planned: Decimal = Decimal(0)
    village_delivered: Decimal = Decimal(0)


@dataclass(frozen=True)
class Lifted:
    """Households that exited in the year, and what was delivered to them until then, in yuan."""

    households: int = 0
    delivered: Decimal = Decimal(0)


@dataclass
class Figures:
    """Households of the base by place, and what help comes to by place and by key.

    Keys are categories; measures where a category or a measure is asked for. `persons` are by key
    those of the base who have a measure for a person, of `base_persons`.
    """

    base: dict[str, int] = field(default_factory=dict)
    base_persons: int = 0
    places: dict[str, Sums] = field(default_factory=dict)
    keys: dict[str, Sums] = field(default_factory=dict)
    lifted: dict[str, Lifted] = field(default_factory=dict)
    persons: dict[str, int] = field(default_factory=dict)

    @property
    def whole(self) -> Sums:
        """The places together: a household stands in one of them."""
        found = Sums()
        for one in self.places.values():
            found = added(found, one)
        return found


IN_RANGE = "{column} >= %(low)s AND {column} < %(high)s"
SUPPORT = "(%(support_by_county)s::jsonb ->> left({village}, 6))::int"
"""The years of support in the county of a village. No join: the planner would expect few rows."""

BASE = f"""
    base AS (
        SELECT household.id, left(household.village, %(digits)s) AS place
        FROM households household
        WHERE household.state = ANY(%(register)s) OR %(supported)s AND household.state = %(exited)s
            AND household.exit_year >= %(year)s - {SUPPORT.format(village="household.village")}
    )
"""  # noqa: S608 - no value is put in
ITEMS = f"""
    items AS (
        SELECT item.household_id AS household, item.member_id AS member,
            left(item.village_id, %(digits)s) AS place, item.category, item.code,
            item.status = ANY(%(helped)s) AS helped, item.starts_on,
            item.planned * (item.status = ANY(%(agreed)s))::int AS planned, item.delivered,
            0::numeric AS village_planned, 0::numeric AS village_delivered
        FROM assistance_item item JOIN assistance_plan plan ON plan.id = item.plan_id
        WHERE {IN_RANGE.format(column="item.village_id")} AND item.household_id IS NOT NULL
            AND {IN_RANGE.format(column="plan.village_id")}
            AND plan.year BETWEEN %(first)s AND %(last)s AND {{chosen}}
        UNION ALL
        SELECT NULL, NULL, left(item.village_id, %(digits)s), item.category, item.code, false,
            item.starts_on, 0, 0, item.planned * (item.status = ANY(%(agreed)s))::int,
            item.delivered
        FROM assistance_item item JOIN assistance_plan plan ON plan.id = item.plan_id
        WHERE {IN_RANGE.format(column="item.village_id")} AND item.household_id IS NULL
            AND {IN_RANGE.format(column="plan.village_id")}
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
COUNTS = """
    , reached AS (
        SELECT items.household, {key} AS key FROM items WHERE items.helped GROUP BY 1, 2
    )
    SELECT 'amounts', items.place, {key}, NULL::bigint, sum(planned), sum(delivered),
        sum(village_planned), sum(village_delivered)
    FROM items GROUP BY 2, 3
    UNION ALL
    SELECT 'base', base.place, NULL, count(*), NULL, NULL, NULL, NULL FROM base GROUP BY 2
    UNION ALL
    SELECT 'base_persons', NULL, NULL, count(*), NULL, NULL, NULL, NULL
    FROM base JOIN households_member member ON member.household_id = base.id
    WHERE member.end_reason = '' AND member.withdrawn_at IS NULL
    UNION ALL
    SELECT 'key', NULL, reached.key, count(*), NULL, NULL, NULL, NULL
    FROM reached JOIN base ON base.id = reached.household GROUP BY 3
    UNION ALL
    SELECT 'place', base.place, NULL, count(*), NULL, NULL, NULL, NULL
    FROM (SELECT household FROM reached GROUP BY 1) AS reached
    JOIN base ON base.id = reached.household GROUP BY 2
    UNION ALL
    SELECT 'persons', NULL, reached.key, count(*), NULL, NULL, NULL, NULL FROM (
        SELECT {key} AS key, items.member FROM items JOIN base ON base.id = items.household
        WHERE items.helped AND items.member IS NOT NULL GROUP BY 1, 2
    ) AS reached GROUP BY 3
"""
"""Each row says what it counts, of which place or key; only amounts have both."""

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
    """What help comes to at and below a place; two statements over its rows."""
    values = values_for_asked(asked, today)
    key = "items.code" if asked.category or asked.measure else "items.category"
    counts = f"{opening(asked, today)}, {BASE}, {items_of(asked)} {COUNTS.format(key=key)}"
    lifted = f"WITH nothing AS (SELECT) {LIFTED.format(chosen=_chosen(asked))}"
    found = Figures(
        lifted={place: Lifted(number, amount) for place, number, amount in rows(lifted, values)}
    )
    for what, place, one, number, *amounts in rows(counts, values):
        if what == "base":
            found.base[place] = number
        elif what == "base_persons":
            found.base_persons = number
        elif what == "persons":
            found.persons[one] = number
        elif what == "key":
            _add(found.keys, one, Sums(number))
        elif what == "place":
            _add(found.places, place, Sums(number))
        else:
            _add(found.places, place, Sums(0, *amounts))
            _add(found.keys, one, Sums(0, *amounts))
    return found


def _add(found: dict[str, Sums], name: str, sums: Sums) -> None:
    found[name] = added(found.get(name, Sums()), sums)


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
    """The beginning of a statement: `households` as they were on the day."""
    return f"WITH {households_on(asked.on(today), today=today)}"


def values_for_asked(asked: Asked, today: date) -> dict[str, Any]:
    """What the parts of this module read."""
    on = asked.on(today)
    policies = policies_in(asked.code, on.year)
    support = {county: policy.support_years for county, policy in policies.items()}
    return values_for(asked.code, policies, on) | {
        "support_by_county": json.dumps(support),
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
