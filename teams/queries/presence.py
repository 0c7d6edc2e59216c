"""What the days of many people add up to: one statement for a set of cadres and a window of days.

The months of PresenceMonth that have begun are summed; the few days of theirs that lie outside the
terms or have not come are looked up and taken off again. Working days are counted in closed form:
Monday to Friday of a span, by the days since a Monday. Of the days that the parameters of a county
want of a whole year or month, a part of it wants its share, rounded up.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet

from divisions.scope import NATION, code_range
from teams.models import Cadre, Term
from teams.rules.presence import month_span
from teams.rules.terms import ONE_DAY, Span, year_span
from workflow.models import PolicyParameter
from workflow.parameters import PRESENCE_MONTH_DAYS, PRESENCE_YEAR_DAYS

COUNTY_DIGITS = 6
GIVEN = "SELECT unnest(%(cadres)s::bigint[]) AS id"
IN_PLACE = """
    SELECT DISTINCT cadre_id AS id FROM teams_term
    WHERE village_id >= %(low)s AND village_id < %(high)s
        AND starts_on <= %(last)s AND (last_day IS NULL OR last_day >= %(first)s)
"""
TOTALS = """
    WITH people AS MATERIALIZED ({people}),
    served AS (
        SELECT term.cadre_id, term.village_id, term.post,
            greatest(term.starts_on, %(first)s) AS first,
            least(coalesce(term.last_day, %(last)s), %(last)s) AS last,
            least(coalesce(term.last_day, %(till)s), %(till)s) AS till
        FROM teams_term AS term JOIN people ON people.id = term.cadre_id
        WHERE term.starts_on <= %(last)s AND (term.last_day IS NULL OR term.last_day >= %(first)s)
    ),
    spans AS MATERIALIZED (
        SELECT cadre_id,
            (array_agg(village_id ORDER BY first DESC))[1] AS village,
            (array_agg(post ORDER BY first DESC))[1] AS post,
            sum(last - first + 1)::int AS served,
            sum(greatest(till - first + 1, 0))::int AS passed,
            sum(CASE WHEN till < first THEN 0 ELSE
                5 * ((till + 1 - {monday}) / 7) + least((till + 1 - {monday}) %% 7, 5)
                - 5 * ((first - {monday}) / 7) - least((first - {monday}) %% 7, 5) END) AS workdays,
            datemultirange(daterange(%(first)s, %(through)s)) - range_agg(
                CASE WHEN till < first THEN 'empty' ELSE daterange(first, till, '[]') END
            ) AS outside
        FROM served GROUP BY cadre_id
    ),
    counted AS (
        SELECT cadre_id, sum(in_village) AS in_village, sum(official) AS official,
            sum(leave) AS leave, sum(absent) AS absent, sum(workdays) AS workdays
        FROM teams_presencemonth JOIN people ON people.id = cadre_id
        WHERE month >= %(first)s AND month < %(through)s GROUP BY cadre_id
    ),
    idle AS (
        SELECT cadre_id, sum(in_village) AS in_village, sum(official) AS official,
            sum(leave) AS leave, sum(absent) AS absent, sum(workdays) AS workdays
        FROM (SELECT cadre_id, unnest(outside) AS days FROM spans) AS parts CROSS JOIN LATERAL (
            SELECT count(*) FILTER (WHERE status = 'in_village') AS in_village,
                count(*) FILTER (WHERE status = 'official') AS official,
                count(*) FILTER (WHERE status = 'leave') AS leave,
                count(*) FILTER (WHERE status = 'absent') AS absent,
                count(*) FILTER (WHERE (day - {monday}) %% 7 < 5) AS workdays
            FROM teams_presence AS presence WHERE presence.cadre_id = parts.cadre_id
                AND day >= lower(parts.days) AND day < upper(parts.days)
        ) AS found GROUP BY cadre_id
    ),
    said AS (
        SELECT unnest(%(places)s::text[]) AS place, unnest(%(wants)s::int[]) AS days
    ),
    wanted AS (
        SELECT DISTINCT ON (county) county, days
        FROM (SELECT DISTINCT left(village, {digits}) AS county FROM spans) AS counties
            JOIN said ON place = '{nation}' OR starts_with(county, place)
        ORDER BY county, length(place) DESC
    ),
    totals AS MATERIALIZED (
        SELECT spans.cadre_id, spans.village, spans.post, spans.served,
            (coalesce(counted.in_village, 0) - coalesce(idle.in_village, 0))::int AS in_village,
            (coalesce(counted.official, 0) - coalesce(idle.official, 0))::int AS official,
            (coalesce(counted.leave, 0) - coalesce(idle.leave, 0))::int AS leave,
            (coalesce(counted.absent, 0) - coalesce(idle.absent, 0))::int AS absent,
            (spans.workdays - coalesce(counted.workdays, 0) + coalesce(idle.workdays, 0))::int
                AS unaccounted,
            (wanted.days * spans.served + %(whole)s - 1) / %(whole)s AS wanted,
            (wanted.days * spans.passed + %(whole)s - 1) / %(whole)s AS due
        FROM spans JOIN wanted ON wanted.county = left(spans.village, {digits})
            LEFT JOIN counted ON counted.cadre_id = spans.cadre_id
            LEFT JOIN idle ON idle.cadre_id = spans.cadre_id
    )
"""
EACH = "SELECT * FROM totals ORDER BY village, cadre_id"
SUMMED = """,
    listed AS (
        SELECT row_number() OVER (ORDER BY {order} village, cadre_id) AS rank, totals.*
        FROM totals WHERE {keeps} ORDER BY rank LIMIT %(rows)s OFFSET %(start)s
    )
    SELECT 0 AS rank, count(*), left(village, %(digits)s), '', sum(in_village + official),
        count(*) FILTER (WHERE in_village + official >= due), sum(absent), sum(unaccounted),
        count(*) FILTER (WHERE {keeps}), 0, 0, 0
    FROM totals GROUP BY left(village, %(digits)s)
    UNION ALL SELECT * FROM listed ORDER BY 1, 3
"""
A_MONDAY = "DATE '2000-01-03'"


class Totals(NamedTuple):
    """What somebody's days of a year or month add up to; `village` and `post` are his last there.

    `counted` days are those that count as in the village; `wanted` are those that the whole time
    wants, `due` those that it wanted until today. Nothing is known of `unaccounted` working days.
    """

    cadre: int
    village: str
    post: str
    served: int
    in_village: int
    official: int
    leave: int
    absent: int
    unaccounted: int
    wanted: int
    due: int

    @property
    def counted(self) -> int:
        """Days that count as in the village."""
        return self.in_village + self.official

    @property
    def is_below(self) -> bool:
        """Whether fewer days count than were wanted until today."""
        return self.counted < self.due

    @property
    def percent(self) -> int:
        """The counted days in percent of the wanted ones, 100 at most."""
        return min(100, 100 * self.counted // self.wanted) if self.wanted else 100


class PartSum(NamedTuple):
    """What the people whose last village lies in a part of a place come to.

    `enough` have as many days as were wanted until today; `listed` are those that a filter keeps.
    """

    part: str
    people: int
    counted: int
    enough: int
    absent: int
    unaccounted: int
    listed: int


class Filter(NamedTuple):
    """Which totals to list and in which order before that of villages, as SQL over `totals`."""

    keeps: str
    order: str


class Rows(NamedTuple):
    """Which of the listed to give: at most so many from a start on; None for all."""

    start: int = 0
    at_most: int | None = None


def year_totals(cadres: Iterable[int], year: int, today: date) -> dict[int, Totals]:
    """The totals of a year by cadre, for those of the given ones who served in it."""
    return _totals(cadres, _year(year, today))


def month_totals(cadres: Iterable[int], month: date, today: date) -> dict[int, Totals]:
    """The same of the calendar month of a day."""
    return _totals(cadres, _month(month, today))


def summed_year(
    code: str, digits: int, year: int, today: date, *, only: Filter, rows: Rows
) -> tuple[list[PartSum], list[Totals]]:
    """Whoever served in a division in a year: sums by the first digits of villages, and the listed.

    For a place that the caller has found to lie within the officer's posting.
    """
    return _summed(code, digits, _year(year, today), only, rows)


def summed_month(
    code: str, digits: int, month: date, today: date, *, only: Filter, rows: Rows
) -> tuple[list[PartSum], list[Totals]]:
    """The same of the calendar month of a day."""
    return _summed(code, digits, _month(month, today), only, rows)


def cadres_in(code: str, window: Span) -> QuerySet[Cadre]:
    """Whoever served within a division on a day of the closed window.

    For a place that the caller has found to lie within the officer's posting.
    """
    first, last = window.first, window.last or window.first
    return Cadre.everywhere.filter(
        pk__in=Term.everywhere.within(code).meeting(first, last).values("cadre")
    )


def _year(year: int, today: date) -> dict[str, Any]:
    return _window(year_span(year), today, PRESENCE_YEAR_DAYS)


def _month(month: date, today: date) -> dict[str, Any]:
    return _window(month_span(month), today, PRESENCE_MONTH_DAYS)


def _window(window: Span, today: date, key: str) -> dict[str, Any]:
    """The values of a year or month: its days, those that have come, what a whole one wants.

    `through` is the day after the last month that has begun: only its months are summed.
    """
    last = window.last or today
    till = min(last, today)
    begun = month_span(till).last or till
    rows = PolicyParameter.objects.filter(key=key, year__lte=window.first.year)
    said = rows.order_by("division_id", "-year", "-version").distinct("division_id")
    wanted = [(place, int(days)) for place, days in said.values_list("division_id", "value")]
    return {
        "first": window.first,
        "last": last,
        "till": till,
        "through": max(window.first, begun + ONE_DAY),
        "whole": window.days,
        "places": [place for place, _days in wanted],
        "wants": [days for _place, days in wanted],
    }


def _totals(cadres: Iterable[int], values: dict[str, Any]) -> dict[int, Totals]:
    rows = _asked(GIVEN, EACH, values | {"cadres": list(cadres)})
    return {row[0]: Totals(*row) for row in rows}


def _summed(
    code: str, digits: int, values: dict[str, Any], only: Filter, rows: Rows
) -> tuple[list[PartSum], list[Totals]]:
    low, high = code_range(code)
    more = {"low": low, "high": high, "digits": digits, "start": rows.start, "rows": rows.at_most}
    sums, listed = [], []
    for rank, *row in _asked(IN_PLACE, SUMMED.format(**only._asdict()), values | more):
        if rank:
            listed.append(Totals(*row))
        else:
            people, part, _post, *numbers = row
            sums.append(PartSum(part, people, *numbers[:5]))
    return sums, listed


def _asked(people: str, result: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    shape = {"people": people, "monday": A_MONDAY, "digits": COUNTY_DIGITS, "nation": NATION}
    with connection.cursor() as cursor:
        cursor.execute(TOTALS.format(**shape) + result, values)
        return cursor.fetchall()
