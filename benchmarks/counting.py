"""The summary that feeds counts above the county, and what a million households take on disk."""

from django.db import connection

from benchmarks.measuring import Line, timed
from benchmarks.reviewing import PROVINCE
from households.counting import recount
from households.models import Household, VillageCount
from households.queries import Wanted, counted
from officers.models import Officer

LARGEST = """
    SELECT relname, pg_total_relation_size(oid), pg_indexes_size(oid)
    FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
    ORDER BY 2 DESC LIMIT 7
"""


def measure() -> list[Line]:
    """Count a province into the summary, read it back as a page does, and weigh the tables."""
    seconds = timed(lambda: recount(PROVINCE))
    officer = Officer.objects.get(username="province")
    reading = timed(lambda: counted(officer, Wanted()))
    rows = timed(lambda: Household.everywhere.standing().within(PROVINCE).count())
    written = VillageCount.everywhere.within(PROVINCE).count()
    with connection.cursor() as cursor:
        cursor.execute(LARGEST)
        tables = [
            f"{name} {whole / 2**20:,.0f} MiB ({indexes / 2**20:,.0f} of it indexes)"
            for name, whole, indexes in cursor.fetchall()
        ]
    return [
        Line(
            "summary of a province by village, state and cause",
            f"{seconds:.1f} s, {written:,} rows; read as a page does {reading * 1000:.0f} ms, "
            f"where counting the rows takes {rows * 1000:.0f} ms",
        ),
        Line("on disk", "; ".join(tables)),
    ]
