"""A search for policy gaps in the clerk's county, so that its list has something to answer."""

from assistance.actions.gap_runs import ask_search, drive
from assistance.models import GapRun
from divisions.models import Division
from officers.models import Officer
from registry.demo.accounts import COUNTY
from trail.dates import business_date


def search_gaps() -> int:
    """Search the county of the demonstration for this year; how many gaps there are."""
    clerk = Officer.objects.get(username="clerk")
    run = ask_search(Division.objects.get(pk=COUNTY), business_date().year, by=clerk)
    drive(run.pk)
    return sum(GapRun.everywhere.get(pk=run.pk).totals.values())
