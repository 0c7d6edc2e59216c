"""How long a search for policy gaps takes for a province, twice, and how much memory it needs.

Started by benchmarks.gaps; the servers are empty.
"""

import django

django.setup()

import logging  # noqa: E402
import re  # noqa: E402
from datetime import date  # noqa: E402

from django.conf import settings  # noqa: E402
from django.test import Client  # noqa: E402

from benchmarks.gap_rows import YEAR, write_province  # noqa: E402
from benchmarks.measuring import Line, Run, manage, timed  # noqa: E402
from benchmarks.pages import BUDGET, DASHBOARD, Request, measured  # noqa: E402
from benchmarks.roster_rows import PROVINCE  # noqa: E402
from benchmarks.run import machine, table  # noqa: E402
from officers.models import Officer, Posting  # noqa: E402
from officers.rules import Role  # noqa: E402

SECONDS, MIB = "≤ 30 s", "≤ 300 MiB"
FIRST, COUNTY = date(2014, 1, 1), "960525"
HASH = re.compile(r"\b[0-9a-f]{64}\b")


def main() -> None:
    """Fill the database, search twice, print the table."""
    manage("migrate", "-v0")
    print(f"{machine()}\n\nthe province is written in {timed(write_province):.0f} s\n", flush=True)
    lines, hashes = [], []
    for what in ("first search, everything is new", "second search, nothing changed"):
        run = _searched()
        hashes.append(_hash(run))
        lines.append(Line(f"{what}: time", f"{run.seconds:.1f} s", SECONDS))
        lines.append(Line(f"{what}: memory", f"{run.own_peak_mib:.0f} MiB", MIB))
        print(run.output, flush=True)
    same = "the same" if len(set(hashes)) == 1 else "DIFFERENT"
    lines.append(Line("result of both", same, "the same"))
    manage("collectstatic", "-v0", "--no-input")
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    logging.getLogger("registry").setLevel(logging.WARNING)
    pages, query = "/assistance/gaps/", f"?year={YEAR}"
    above = _client(Role.PROVINCE_OFFICER, PROVINCE)
    lines.append(measured("gaps of a province", above, Request(f"{pages}{query}", DASHBOARD)))
    county = _client(Role.COUNTY_CLERK, COUNTY)
    lines.append(measured("gaps of a county", county, Request(f"{pages}{query}", DASHBOARD)))
    lines.append(measured("list of a county", county, Request(f"{pages}list/{query}", BUDGET)))
    print("\n".join(table(lines)))


def _client(role: Role, code: str) -> Client:
    """An officer of the place, signed in."""
    officer = Officer.objects.create(username=role, name="测试", home_id=code)
    Posting.objects.create(officer=officer, role=role, division_id=code, starts_on=FIRST)
    client = Client()
    client.force_login(officer, backend=settings.AUTHENTICATION_BACKENDS[1])
    return client


def _searched() -> Run:
    return manage("find_gaps", "--division", PROVINCE, "--year", YEAR)


def _hash(run: Run) -> str:
    found = HASH.search(run.output)
    return found.group() if found else ""


if __name__ == "__main__":
    main()
