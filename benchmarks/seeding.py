"""Made-up households by the demonstration's own command; nothing is budgeted here."""

from django.db import connection

from benchmarks.measuring import Line, manage
from households.models import Household, Member, Survey
from officers.models import Officer
from registry.demo.accounts import open_accounts

YEARS = "2015-2020"


def measure(households: int) -> list[Line]:
    """Fill province 97 with households of six years, in shuffled physical order; open accounts."""
    run = manage("seed_demo", "--households", str(households), "--years", YEARS)
    open_accounts(by=Officer.objects.get(username="operator"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        (size,) = cursor.fetchone()
    what = (
        f"made-up data: {households:,} households; the database now holds "
        f"{Household.everywhere.count():,} with {Member.objects.count():,} members and "
        f"{Survey.objects.count():,} surveys"
    )
    return [Line(what, f"{run.seconds:.1f} s, {run.own_peak_mib:.0f} MiB; {size / 2**30:.1f} GiB")]
