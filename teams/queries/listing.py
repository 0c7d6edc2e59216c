"""The roster for other systems: villages behind a place in the list, as many as are asked for."""

from datetime import date

from django.db import connection

from teams.queries.need import needed_on, values_for
from teams.queries.policies import policies_in
from teams.queries.roster import JUDGED, NEEDED, UNNEEDED, Row, rows_of


def villages_behind(place: str, on: date, *, today: date, after: str, limit: int) -> list[Row]:
    """The villages with a team or in need of one on a day, in code order behind `after`.

    The place lies within the asking officer's posting. One query for the codes, and those of
    `rows_of`.
    """
    policies = policies_in(place, on.year)
    statement = f"""
        WITH {needed_on(policies, on, today=today)}, {JUDGED}
        SELECT village || CASE WHEN needed THEN '{NEEDED}' ELSE '{UNNEEDED}' END
        FROM judged WHERE village > %(after)s ORDER BY village LIMIT %(limit)s
    """  # noqa: S608 - parts of these modules
    values = values_for(place, policies, on) | {"after": after, "limit": limit}
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        marked = [one for (one,) in cursor.fetchall()]
    return rows_of(marked, on, policies)
