"""How approvers decided the exits of a year: how many, what they approved, and how fast."""

from dataclasses import dataclass
from datetime import date

from django.db import connection

from divisions.scope import code_range
from exits.procedure import EXIT
from exits.rules.plans import Habit, seconds_a_case
from workflow.parameters import EXIT_FAST_SECONDS
from workflow.queries import parameter

STATES = ["checked", "doubted", "seconded"]
APPROVALS = frozenset({"approve", "approve_first"})
DECISIONS = """
    SELECT event.actor_id, event.actor_name, event.step,
        extract(epoch FROM event.at - greatest(look.at, lag(event.at) OVER (
            PARTITION BY event.actor_id ORDER BY event.at, event.id)))::float,
        look.at IS NULL
    FROM workflow_caseevent AS event JOIN workflow_case AS own ON own.id = event.case_id
    LEFT JOIN workflow_look AS look ON look.case_id = event.case_id
        AND look.version = event.seq - 1 AND look.officer_id = event.actor_id
    WHERE own.kind = %s AND own.division_id >= %s AND own.division_id < %s
        AND event."on" BETWEEN %s AND %s AND event.from_state = ANY(%s)
        AND event.step = ANY(%s)
    ORDER BY event.actor_id, event.at, event.id
"""
"""Seconds from opening to decision; from the decision before where that came in between."""


@dataclass(frozen=True)
class Approver:
    """One approver with his decisions; `stands_out` where he approved all of them, and fast."""

    name: str
    habit: Habit
    stands_out: bool


@dataclass(frozen=True)
class Approvers:
    """The approvers of a place, those that stand out first; `fast_seconds` is the parameter."""

    rows: list[Approver]
    fast_seconds: int


def approvers_of(place: str, year: int) -> Approvers:
    """The decisions of the year on exits in a place, by approver.

    Seconds run from the opening of the case, as it was decided on, to the decision; time in which
    another case was decided counts for that one. Who decided without opening, in a batch or from
    elsewhere, spent none. Steps back and refusals are decisions too.
    """
    fast: int = parameter(EXIT_FAST_SECONDS, place, year)
    names: dict[int, str] = {}
    steps: dict[int, list[str]] = {}
    taken: dict[int, list[float | None]] = {}
    low, high = code_range(place)
    wanted = sorted({one.name for one in EXIT.steps if one.source in STATES} - {"withdraw"})
    days = date(year, 1, 1), date(year, 12, 31)
    with connection.cursor() as cursor:
        cursor.execute(DECISIONS, [EXIT.kind, low, high, *days, STATES, wanted])
        for key, name, step, seconds, unseen in cursor:
            names[key] = name
            steps.setdefault(key, []).append(step)
            taken.setdefault(key, []).append(None if unseen else seconds)
    rows = []
    for key, own in steps.items():
        approved = sum(step in APPROVALS for step in own)
        unseen = sum(seconds is None for seconds in taken[key])
        habit = Habit(len(own), approved, unseen, seconds_a_case(taken[key]))
        rows.append(Approver(names[key], habit, habit.stands_out(fast_seconds=fast)))
    rows.sort(key=lambda one: (not one.stands_out, -one.habit.decisions, one.name))
    return Approvers(rows, fast)
