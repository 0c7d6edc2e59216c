"""How long PostgreSQL takes for the lists of plans and measures, by EXPLAIN ANALYZE.

Started by benchmarks.orders; the servers are empty.
"""

import django

django.setup()

import re  # noqa: E402
from collections.abc import Mapping  # noqa: E402
from typing import Any  # noqa: E402

from django.db import connection, transaction  # noqa: E402
from django.db.models import Q, QuerySet  # noqa: E402

from assistance.models import Item, Plan  # noqa: E402
from assistance.queries.due import deliveries_due  # noqa: E402
from benchmarks.gap_rows import write_province  # noqa: E402
from benchmarks.measuring import manage, timed  # noqa: E402
from benchmarks.roster_rows import PROVINCE  # noqa: E402
from benchmarks.run import machine  # noqa: E402

COUNTY, MIDDLE, ROWS, TIMES = "960525", "960525104206", 101, 3
MILLISECONDS = re.compile(r"Execution Time: ([\d.]+) ms")
VILLAGE_ITEMS = """
    INSERT INTO assistance_plan (uuid, village_id, year, signing_way, created_by_id, version)
    SELECT gen_random_uuid(), code, 2019, '', (SELECT min(id) FROM officers_officer), 1
    FROM divisions_division WHERE level = 5 AND code LIKE '96%';
    INSERT INTO assistance_item (uuid, plan_id, village_id, measure_id, code, category, unit,
        content, planned, delivered, funding, starts_on, due_on, status, origin, reasons, confirmed,
        group_claim, once_claim, agreed_on, stop_reason, stop_note, version)
    SELECT gen_random_uuid(), p.id, p.village_id, e.id, e.code, e.category, e.unit, '', 1000, 0, '',
        '2019-01-01', '2019-12-31', 'agreed', 'added', '{}', true, '', '', '2019-01-01', '', '', 1
    FROM assistance_plan p JOIN assistance_measure e ON e.code = 'INF-ROAD'
    WHERE p.household_id IS NULL;
    ANALYZE
"""
"""A measure of each village, of which the province of benchmarks.gaps has none."""


def lists() -> Mapping[str, QuerySet[Any]]:
    """What is read, as the pages and the door read it."""
    order, due = ("village_id", "pk"), ("due", "pk")
    behind = Q(village_id__gte=MIDDLE) & (Q(village_id__gt=MIDDLE) | Q(pk__gt=0))
    items = Item.everywhere.within(PROVINCE)
    plans = Plan.everywhere.within(PROVINCE).order_by(*order)
    county = Item.everywhere.within(COUNTY)
    return {
        "door, first page of plans": plans[:ROWS],
        "door, a page of plans in the middle": plans.filter(behind)[:ROWS],
        "door, first page of measures": items.order_by(*order)[:ROWS],
        "door, a page of measures in the middle": items.filter(behind).order_by(*order)[:ROWS],
        "measures of villages, all": items.standing().filter(household=None).order_by(*order),
        "what is due of a county": deliveries_due(county).order_by(*due)[:ROWS],
        "what is due of a province, which no page asks for": deliveries_due(items).order_by(*due)[
            :ROWS
        ],
    }


def main() -> None:
    """Fill the database, explain each list, print the table."""
    manage("migrate", "-v0")
    print(f"{machine()}\nwritten in {timed(write_province):.0f} s\n", flush=True)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(VILLAGE_ITEMS)
    print("| list | execution time |\n|---|---|")
    for name, rows in lists().items():
        best = min(_milliseconds(rows) for _time in range(TIMES))
        print(f"| {name} | {best:,.1f} ms |", flush=True)


def _milliseconds(rows: QuerySet[Any]) -> float:
    found = MILLISECONDS.search(rows.explain(analyze=True))
    return float(found.group(1)) if found else 0.0


if __name__ == "__main__":
    main()
