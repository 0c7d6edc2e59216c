"""How long the inbox and the page of a case take at 100,000 open cases, whole requests included.

Started by benchmarks.inbox; the servers are empty. An approver decides for one county: his are
1,000 of the cases, in 120 villages.
"""

import django

django.setup()

import logging  # noqa: E402
from datetime import date  # noqa: E402

from django.conf import settings  # noqa: E402
from django.test import Client  # noqa: E402

from benchmarks.case_rows import CASES, write_province  # noqa: E402
from benchmarks.measuring import manage, timed  # noqa: E402
from benchmarks.pages import BUDGET, Request, measured  # noqa: E402
from benchmarks.run import machine, table  # noqa: E402
from officers.models import Officer, Posting  # noqa: E402
from officers.rules import Role  # noqa: E402
from workflow.models import Case  # noqa: E402

COUNTY = "960525"
PAGES = {
    "inbox": "",
    "inbox, a page further on": "?page=15",
    "inbox, new": "?tab=new",
    "inbox, flagged": "?tab=flagged",
    "inbox, near the deadline": "?tab=due",
    "inbox, second opinion": "?tab=seconds",
    "inbox, returned": "?tab=returned",
    "inbox by distance from the line": "?order=margin",
}


def main() -> None:
    """Fill the database, ask for each page, print the table."""
    manage("migrate", "-v0")
    manage("collectstatic", "-v0", "--no-input")
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    logging.getLogger("registry").setLevel(logging.WARNING)
    seconds = timed(write_province)
    count = Case.everywhere.open().count()
    if count != CASES:
        raise RuntimeError(f"{count} open cases")
    print(f"{machine()}\n\n{count:,} open cases are written in {seconds:.0f} s\n", flush=True)
    client, lines = _client(COUNTY), []
    case = Case.everywhere.within(COUNTY).filter(state="checked").earliest("pk")
    pages = {what: f"/inbox/{query}" for what, query in PAGES.items()} | {
        "page of a case": f"/cases/{case.pk}/",
        "batch of a village": f"/inbox/{case.division_id}/exit/checked/",
    }
    for what, path in pages.items():
        line = measured(what, client, Request(path, BUDGET))
        lines.append(line)
        print(f"{line.what}: {line.measured}  [{line.budget}]", flush=True)
    print("\n".join(["", *table(lines)]))


def _client(place: str) -> Client:
    """An approver of the place, signed in."""
    officer = Officer.objects.create(username=f"bench{place}", name="测试", home_id=place)
    Posting.objects.create(
        officer=officer, role=Role.COUNTY_APPROVER, division_id=place, starts_on=date(2014, 1, 1)
    )
    client = Client()
    client.force_login(officer, backend=settings.AUTHENTICATION_BACKENDS[1])
    return client


if __name__ == "__main__":
    main()
