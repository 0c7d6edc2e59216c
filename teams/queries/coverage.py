"""Coverage of a place on a day: villages with their teams, households with their helpers.

A rate is what is covered of what is wanted. Every place is counted by itself: a helper of two
places counts in each of them, and once in the sum.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import connection

from divisions.models import DIGITS, Division, Level
from households.rights import ShownCounts, shown_counts
from households.suppression import Key, total
from officers.models import Officer
from teams.models import Rank
from teams.queries.need import IN_FORCE, IN_RANGE, households_on, needed_on, values_for
from teams.queries.policies import POLICY, Policy, policies_in

TENTH = Decimal("0.1")
HELD = f"""
    serving AS (
        SELECT term.village_id AS village, count(*) AS people,
            bool_or(term.post = 'first_secretary') AS led
        FROM teams_term term
        WHERE {IN_RANGE.format(column="term.village_id")} AND {IN_FORCE.format(row="term")}
        GROUP BY 1
    )
"""  # noqa: S608 - no value is put in
TEAMS = """
    SELECT left(coalesce(needed.village, serving.village), %(digits)s),
        count(needed.village),
        count(needed.village) FILTER (WHERE serving.led),
        count(needed.village) FILTER (WHERE serving.led AND serving.people >= policy.fewest),
        coalesce(sum(serving.people), 0)
    FROM needed FULL JOIN serving ON serving.village = needed.village
    JOIN policy ON policy.county = left(coalesce(needed.village, serving.village), 6)
    GROUP BY 1
"""
RANKED = ", ".join(
    f"count(DISTINCT pairing.cadre_id) FILTER (WHERE cadre.rank = '{rank.value}')" for rank in Rank
)
HELPED = f"""
    SELECT left(household.village, %(digits)s), count(*), count(pairing.id),
        count(DISTINCT pairing.cadre_id), {RANKED}
    FROM households household
    JOIN policy ON policy.county = left(household.village, 6)
    LEFT JOIN teams_pairing pairing ON pairing.household_id = household.id
        AND {IN_FORCE.format(row="pairing")}
    LEFT JOIN teams_cadre cadre ON cadre.id = pairing.cadre_id
    WHERE household.state = ANY(%(register)s) OR household.state = %(exited)s
        AND household.exit_year + policy.support >= %(year)s
    GROUP BY GROUPING SETS ((1), ())
"""  # noqa: S608


@dataclass(frozen=True)
class Teams:
    """Villages that must have a team, those with a first secretary, those with a whole team.

    `people` serve there in all, also in villages that need no team.
    """

    required: int = 0
    led: int = 0
    full: int = 0
    people: int = 0

    @property
    def led_percent(self) -> Decimal | None:
        """Of the required villages those with a first secretary."""
        return percent(self.led, self.required)

    @property
    def full_percent(self) -> Decimal | None:
        """Of the required villages those with a whole team."""
        return percent(self.full, self.required)


@dataclass(frozen=True)
class Helpers:
    """Households that must have a helper, those that have one, and who helps, by rank."""

    households: int = 0
    helped: int = 0
    helpers: int = 0
    by_rank: tuple[int, ...] = (0,) * len(Rank)

    @property
    def percent(self) -> Decimal | None:
        """Of the households those with a helper."""
        return percent(self.helped, self.households)

    @property
    def mean(self) -> Decimal | None:
        """Households of a helper on average."""
        if not self.helpers:
            return None
        return (Decimal(self.helped) / self.helpers).quantize(TENTH, ROUND_HALF_UP)


def percent(part: int, whole: int) -> Decimal | None:
    """The share in percent, one place; None of nothing."""
    if not whole:
        return None
    return (Decimal(100 * part) / whole).quantize(TENTH, ROUND_HALF_UP)


def teams_by_place(
    code: str, on: date, *, digits: int, today: date, policies: Mapping[str, Policy] | None = None
) -> dict[str, Teams]:
    """The teams on a day by place of `digits` digits at or below `code`."""
    policies = policies_in(code, on.year) if policies is None else policies
    statement = f"WITH {needed_on(policies, on, today=today)}, {HELD} {TEAMS}"
    rows = _rows(statement, values_for(code, policies, on) | {"digits": digits})
    return {place: Teams(*map(int, numbers)) for place, *numbers in rows}


def helpers_by_place(
    code: str, on: date, *, digits: int, today: date, policies: Mapping[str, Policy] | None = None
) -> tuple[dict[str, Helpers], Helpers]:
    """The helpers on a day by place of `digits` digits at or below `code`, and of the whole."""
    policies = policies_in(code, on.year) if policies is None else policies
    statement = f"WITH {POLICY}, {households_on(on, today=today)} {HELPED}"
    found = {
        place: Helpers(households, helped, helpers, tuple(ranks))
        for place, households, helped, helpers, *ranks in _rows(
            statement, values_for(code, policies, on) | {"digits": digits}
        )
    }
    return found, found.pop(None, Helpers())


def _rows(statement: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


@dataclass(frozen=True)
class Row:
    """A place in the report; the texts hide what the role may not be told of few households."""

    division: Division
    teams: Teams
    helpers: Helpers
    households: str
    helped: str
    is_hidden: bool

    @property
    def helped_percent(self) -> Decimal | None:
        """The rate of helpers; None where one of its counts is hidden."""
        return None if self.is_hidden else self.helpers.percent

    @property
    def ranks(self) -> list[tuple[str, int]]:
        """The helpers of each rank, by its name."""
        return [
            (str(rank.label), number)
            for rank, number in zip(Rank, self.helpers.by_rank, strict=True)
        ]

    @property
    def mean(self) -> Decimal | None:
        """Households of a helper on average; None where it is hidden."""
        return None if self.is_hidden else self.helpers.mean


@dataclass(frozen=True)
class Coverage:
    """A place on a day: itself and the places right below it; a village has none."""

    division: Division
    on: date
    total: Row
    parts: list[Row]


def coverage_of(officer: Officer, division: Division, on: date, *, today: date) -> Coverage:
    """The coverage of a place within the officer's posting, in two statements over its rows."""
    code = division.pk
    digits = digits_below(division)
    policies = policies_in(code, on.year)
    asked: dict[str, Any] = {"digits": digits, "today": today, "policies": policies}
    teams = teams_by_place(code, on, **asked)
    helpers, whole = helpers_by_place(code, on, **asked)
    below = _places(division, {*teams, *helpers}, on)
    shown = _shown(officer, code, helpers, whole)

    def row(one: Division, team: Teams, helper: Helpers) -> Row:
        due, helped = (one.pk, "due"), (one.pk, "helped")
        return Row(
            division=one,
            teams=team,
            helpers=helper,
            households=shown.text(due),
            helped=shown.text(helped),
            is_hidden=shown.is_hidden(due) or shown.is_hidden(helped),
        )

    return Coverage(
        division=division,
        on=on,
        total=row(division, _summed(teams), whole),
        parts=[
            row(one, teams.get(one.pk, Teams()), helpers.get(one.pk, Helpers())) for one in below
        ],
    )


def digits_below(division: Division) -> int:
    """The digits of the codes right below a division; a village's own."""
    return DIGITS[Level(min(division.level + 1, Level.VILLAGE))]


def _summed(teams: Mapping[str, Teams]) -> Teams:
    every = teams.values()
    return Teams(
        sum(one.required for one in every),
        sum(one.led for one in every),
        sum(one.full for one in every),
        sum(one.people for one in every),
    )


def _places(division: Division, counted: set[str], on: date) -> list[Division]:
    """The divisions right below in code order: those in force, and others that hold rows."""
    if division.level == Level.VILLAGE:
        return []
    below = {one.pk: one for one in Division.objects.in_force(on).below(division.pk)}
    below |= Division.objects.in_bulk([place for place in counted if place not in below])
    return [below[place] for place in sorted(below)]


def _shown(
    officer: Officer, code: str, helpers: Mapping[str, Helpers], whole: Helpers
) -> ShownCounts:
    """The counts of households as the officer may see them; what is missing adds up, too."""
    places = {**helpers, code: whole}
    counts: dict[Key, int] = {}
    for place, one in places.items():
        counts[place, "due"] = one.households
        counts[place, "helped"] = one.helped
        counts[place, "without"] = one.households - one.helped
    sums = [total((one, "due"), [(one, "helped"), (one, "without")]) for one in places]
    below = [one for one in helpers if one != code]
    if below:
        sums += [
            total((code, name), [(one, name) for one in below])
            for name in ("due", "helped", "without")
        ]
    return shown_counts(officer, counts, sums)
