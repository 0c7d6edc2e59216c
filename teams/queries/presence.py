"""What the days of many people add up to: one statement for a set of cadres and a window of days.

The months of PresenceMonth are summed; the few days that lie outside the terms or have not come
are looked up and taken off again. Working days are counted in closed form: Monday to Friday of a
span, by the days since a Monday.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet

from teams.models import Cadre, Term
from teams.rules.presence import month_span, share_of
from teams.rules.terms import Span, year_span
from workflow.models import PolicyParameter
from workflow.parameters import PRESENCE_MONTH_DAYS, PRESENCE_YEAR_DAYS
from workflow.queries import speakers_for

COUNTY_DIGITS = 6
TOTALS = """
    WITH people AS MATERIALIZED ({people}),
    served AS MATERIALIZED (
        SELECT term.cadre_id, term.village_id, term.post,
            greatest(term.starts_on, %(first)s) AS first,
            least(coalesce(term.last_day, %(last)s), %(last)s) AS last,
            least(coalesce(term.last_day, %(till)s), %(till)s) AS till
        FROM teams_term AS term JOIN people ON people.id = term.cadre_id
        WHERE term.starts_on <= %(last)s AND (term.last_day IS NULL OR term.last_day >= %(first)s)
    ),
    spans AS (
        SELECT cadre_id,
            (array_agg(village_id ORDER BY first DESC))[1] AS village,
            (array_agg(post ORDER BY first DESC))[1] AS post,
            sum(last - first + 1) AS served,
            sum(greatest(till - first + 1, 0)) AS passed,
            sum(CASE WHEN till < first THEN 0 ELSE
                5 * ((till + 1 - {monday}) / 7) + least((till + 1 - {monday}) %% 7, 5)
                - 5 * ((first - {monday}) / 7) - least((first - {monday}) %% 7, 5) END) AS workdays
        FROM served GROUP BY cadre_id
    ),
    counted AS (
        SELECT cadre_id, sum(in_village) AS in_village, sum(official) AS official,
            sum(leave) AS leave, sum(absent) AS absent, sum(workdays) AS workdays
        FROM teams_presencemonth JOIN people ON people.id = cadre_id
        WHERE month BETWEEN %(first)s AND %(last)s GROUP BY cadre_id
    ),
    outside AS (
        SELECT cadre_id, unnest(
            datemultirange(daterange(%(first)s, %(last)s, '[]')) - range_agg(
                CASE WHEN till < first THEN 'empty' ELSE daterange(first, till, '[]') END
            )) AS days
        FROM served GROUP BY cadre_id
    ),
    idle AS (
        SELECT cadre_id, sum(in_village) AS in_village, sum(official) AS official,
            sum(leave) AS leave, sum(absent) AS absent, sum(workdays) AS workdays
        FROM outside CROSS JOIN LATERAL (
            SELECT count(*) FILTER (WHERE status = 'in_village') AS in_village,
                count(*) FILTER (WHERE status = 'official') AS official,
                count(*) FILTER (WHERE status = 'leave') AS leave,
                count(*) FILTER (WHERE status = 'absent') AS absent,
                count(*) FILTER (WHERE (day - {monday}) %% 7 < 5) AS workdays
            FROM teams_presence AS presence WHERE presence.cadre_id = outside.cadre_id
                AND day >= lower(outside.days) AND day < upper(outside.days)
        ) AS days GROUP BY cadre_id
    )
    SELECT spans.cadre_id, spans.village, spans.post, spans.served::int, spans.passed::int,
        (coalesce(counted.in_village, 0) - coalesce(idle.in_village, 0))::int,
        (coalesce(counted.official, 0) - coalesce(idle.official, 0))::int,
        (coalesce(counted.leave, 0) - coalesce(idle.leave, 0))::int,
        (coalesce(counted.absent, 0) - coalesce(idle.absent, 0))::int,
        (spans.workdays - coalesce(counted.workdays, 0) + coalesce(idle.workdays, 0))::int
    FROM spans LEFT JOIN counted ON counted.cadre_id = spans.cadre_id
        LEFT JOIN idle ON idle.cadre_id = spans.cadre_id
    ORDER BY spans.village, spans.cadre_id
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


Cadres = QuerySet[Cadre] | Iterable[int]


def year_totals(cadres: Cadres, year: int, today: date) -> dict[int, Totals]:
    """The totals of a year by cadre, for those of the given ones who served in it."""
    return _totals(cadres, year_span(year), today, PRESENCE_YEAR_DAYS)


def month_totals(cadres: Cadres, month: date, today: date) -> dict[int, Totals]:
    """The same of the calendar month of a day."""
    return _totals(cadres, month_span(month), today, PRESENCE_MONTH_DAYS)


def cadres_in(code: str, window: Span) -> QuerySet[Cadre]:
    """Whoever served within a division on a day of the closed window.

    For a place that the caller has found to lie within the officer's posting.
    """
    first, last = window.first, window.last or window.first
    return Cadre.everywhere.filter(
        pk__in=Term.everywhere.within(code).meeting(first, last).values("cadre")
    )


def _totals(cadres: Cadres, window: Span, today: date, key: str) -> dict[int, Totals]:
    last = window.last or today
    people, given = _people(cadres)
    statement = TOTALS.format(people=people, monday=A_MONDAY)
    values = {"first": window.first, "last": last, "till": min(last, today)} | given
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows = cursor.fetchall()
    wanted = _Wanted(key, window.first.year)
    found = {}
    for cadre, village, post, served, passed, *days in rows:
        whole = wanted.of(village)
        wants = (share_of(each, window.days, whole) for each in (served, passed))
        found[cadre] = Totals(cadre, village, post, served, *days, *wants)
    return found


def _people(cadres: Cadres) -> tuple[str, dict[str, Any]]:
    """The statement of the keys and its values; those of a queryset get names of their own."""
    if not isinstance(cadres, QuerySet):
        return "SELECT unnest(%(cadres)s::bigint[]) AS id", {"cadres": list(cadres)}
    statement, values = cadres.order_by().values("pk").query.sql_with_params()
    names = [f"people_{number}" for number in range(len(values))]
    return (
        f"SELECT id FROM ({statement % tuple(f'%({name})s' for name in names)}) AS cadres (id)",  # noqa: S608
        dict(zip(names, values, strict=True)),
    )


class _Wanted:
    """The days that a whole year or month wants, by county: each place that speaks is read once."""

    def __init__(self, key: str, year: int):
        rows = PolicyParameter.objects.filter(key=key, year__lte=year)
        ordered = rows.order_by("division_id", "-year", "-version").distinct("division_id")
        self.said = dict(ordered.values_list("division_id", "value"))
        self.known: dict[str, int] = {}

    def of(self, village: str) -> int:
        county = village[:COUNTY_DIGITS]
        if county not in self.known:
            speaker = next(c for c in reversed(speakers_for(county)) if c in self.said)
            self.known[county] = int(self.said[speaker])
        return self.known[county]
