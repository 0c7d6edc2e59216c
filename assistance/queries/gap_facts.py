"""What a search for policy gaps reads of a part: facts, measures, payments, watches.

Frames of integers; a day is a number, 20191231, 0 for none. pandas is imported where it works.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from assistance.models import Measure
from assistance.models.plans import LIVE, ItemStatus
from assistance.queries.facts import Chunk, Frames, Moment, copied_out, frames_of
from assistance.rules.gaps import GapRules, gap_rules
from assistance.rules.measures import Terms
from households.rules import State
from trail.rules import digest

if TYPE_CHECKING:
    from pandas import DataFrame

RULES_FILE = Path(__file__).parent.parent / "data" / "gaps.json"
DAY = "coalesce(to_char({}, 'YYYYMMDD')::int, 0)"
COUNTED = ", ".join(f"'{one.value}'" for one in (*LIVE, ItemStatus.DONE))
RUNNING = ", ".join(f"'{one.value}'" for one in LIVE)
HERE = "h.withdrawn_at IS NULL AND h.village_code >= %(low)s AND h.village_code < %(high)s"
ONCE_DONE = ("HOU", "REL")
"""Categories that count in whatever year they were done."""

MEASURE = f"""
    i.measure_id, (i.status IN ({RUNNING}))::int, p.year, {DAY.format("i.starts_on")},
    {DAY.format("coalesce(i.ended_on, i.due_on)")}, coalesce(i.carried_from_id, 0)
"""
MEASURE_COLUMNS = ("measure", "live", "year", "first", "last", "carried_from")
GIVEN_COLUMNS = (
    "item", "household", "member", "end_reason", "ended_on", "cancelled", *MEASURE_COLUMNS,
)  # fmt: skip
GIVEN = f"""
    SELECT i.id, h.id, coalesce(i.member_id, 0), coalesce(nullif(m.end_reason, '')::int, 0),
        {DAY.format("m.end_date")}, (h.state = {State.CANCELLED.value})::int, {MEASURE}
    FROM households_household h
    JOIN assistance_item i ON i.household_id = h.id AND i.status IN ({COUNTED})
    JOIN assistance_plan p ON p.id = i.plan_id
    LEFT JOIN households_member m ON m.id = i.member_id
    WHERE {HERE} AND (
        p.year = %(year)s OR i.status <> '{ItemStatus.DONE.value}' OR i.category = ANY(%(once)s)
        OR coalesce(i.ended_on, i.due_on) >= %(first_day)s
    ) AND i.starts_on <= %(last_day)s
    ORDER BY i.id
"""  # noqa: S608 - constants of this module
"""The measures of households that count in a year, or in whatever year they were done."""

SHARED_COLUMNS = ("village", "household", *MEASURE_COLUMNS)
SHARED = f"""
    SELECT i.village_id, coalesce(b.household_id, 0), {MEASURE}
    FROM assistance_item i JOIN assistance_plan p ON p.id = i.plan_id
    LEFT JOIN assistance_beneficiary b ON b.item_id = i.id AND b.ended_on IS NULL
    WHERE i.household_id IS NULL AND i.status IN ({COUNTED})
        AND i.village_id >= %(low)s AND i.village_id < %(high)s
    ORDER BY i.id
"""  # noqa: S608 - constants of this module
"""The measures of villages, with each household that benefits; 0 where none is named."""

ELSEWHERE_COLUMNS = ("person", "item", *MEASURE_COLUMNS)
OTHER = f"""
    SELECT own.id, i.id, {MEASURE}
    FROM own
    JOIN households_member m ON m.id_blind = own.id_blind AND m.id <> own.id
        AND m.withdrawn_at IS NULL AND {{}}
    JOIN assistance_item i ON i.member_id = m.id AND i.status IN ({COUNTED})
    JOIN assistance_plan p ON p.id = i.plan_id AND p.year = %(year)s
"""  # noqa: S608 - constants of this module
ENDED, ACTIVE = "m.end_reason <> ''", "m.end_reason = '' AND own.has_ended"
"""Nobody is active twice: a second active membership is looked for behind an ended one alone."""

ELSEWHERE = f"""
    WITH own AS (
        SELECT DISTINCT m.id, m.id_blind, m.end_reason <> '' AS has_ended
        FROM households_household h
        JOIN assistance_plan p ON p.household_id = h.id AND p.year = %(year)s
        JOIN assistance_item i ON i.plan_id = p.id AND i.status IN ({COUNTED})
        JOIN households_member m ON m.id = i.member_id AND m.id_blind IS NOT NULL
        WHERE {HERE}
    )
    {OTHER.format(ENDED)} UNION ALL {OTHER.format(ACTIVE)} ORDER BY 1, 2
"""  # noqa: S608 - constants of this module
"""What the same people have under other memberships, by the key of their membership here."""

PAID_COLUMNS = ("item", "household", "member", "end_reason", "ended_on", "measure", "paid_on")
PAID = f"""
    SELECT i.id, h.id, m.id, m.end_reason::int, {DAY.format("m.end_date")}, i.measure_id,
        max({DAY.format("d.day")})
    FROM households_household h
    JOIN households_member m ON m.household_id = h.id AND m.end_reason <> ''
        AND m.withdrawn_at IS NULL
    JOIN assistance_item i ON i.household_id = h.id
    JOIN assistance_delivery d ON d.item_id = i.id AND d.withdrawn_at IS NULL
        AND coalesce(d.payee_id, i.member_id) = m.id AND d.day > m.end_date
        AND d.day BETWEEN %(first_day)s AND %(last_day)s
    WHERE {HERE} GROUP BY i.id, h.id, m.id ORDER BY i.id, m.id
"""  # noqa: S608 - constants of this module
"""What was delivered in the year to somebody whose membership was over by then."""

WATCHED_COLUMNS = ("household", "watched_since", "watched_over_a_month")
WATCHED = f"""
    SELECT h.id, {DAY.format("max(e.on)")},
        (max(e.on) + interval '1 month' < %(today)s)::int
    FROM households_household h
    JOIN workflow_case c ON c.kind = 'watch' AND c.subject = h.number AND c.closed_at IS NULL
    JOIN workflow_caseevent e ON e.case_id = c.id AND e.to_state = 'monitored'
    WHERE {HERE} GROUP BY h.id
"""  # noqa: S608 - constants of this module
"""Since when a household is under watch."""


@dataclass(frozen=True)
class Ground:
    """Everything that a part is judged on."""

    frames: Frames
    given: "DataFrame"
    shared: "DataFrame"
    elsewhere: "DataFrame"
    paid: "DataFrame"
    watched: "DataFrame"
    measures: Mapping[int, Terms]


@cache
def standing_rules() -> GapRules:
    """The rules of the data file."""
    return gap_rules(json.loads(RULES_FILE.read_text(encoding="utf-8")))


@cache
def rules_digest() -> str:
    """The hash that names the rules of the data file."""
    return digest(json.loads(RULES_FILE.read_text(encoding="utf-8")))


def ground_of(low: str, high: str, moment: Moment, terms: dict[int, Terms]) -> Ground:
    """What stands in the villages from `low` up to, not including, `high`.

    `terms` keeps the measures that were read from one part to the next.
    """
    known = moment.parameters | {
        "low": low,
        "high": high,
        "once": list(ONCE_DONE),
        "first_day": f"{moment.year}-01-01",
        "last_day": f"{moment.year}-12-31",
    }
    ground = Ground(
        frames=frames_of(Chunk((low, 0), (high, 0)), moment),
        given=copied_out(GIVEN, known, GIVEN_COLUMNS),
        shared=copied_out(SHARED, known, SHARED_COLUMNS),
        elsewhere=copied_out(ELSEWHERE, known, ELSEWHERE_COLUMNS),
        paid=copied_out(PAID, known, PAID_COLUMNS),
        watched=copied_out(WATCHED, known, WATCHED_COLUMNS),
        measures=terms,
    )
    named = {
        int(key)
        for frame in (ground.given, ground.shared, ground.elsewhere, ground.paid)
        for key in frame["measure"].unique()
    }
    terms |= {one.pk: one.terms for one in Measure.objects.filter(pk__in=named.difference(terms))}
    return ground
