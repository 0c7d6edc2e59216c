"""How long the pages of the roster take for a province, whole requests included, in this process.

Started by benchmarks.teams; the servers are empty.
"""

import django

django.setup()

import logging  # noqa: E402
from datetime import date, timedelta  # noqa: E402
from urllib.parse import urlencode  # noqa: E402

from django.conf import settings  # noqa: E402
from django.test import Client  # noqa: E402

from benchmarks.measuring import manage, timed  # noqa: E402
from benchmarks.pages import BUDGET, DASHBOARD, Request, measured  # noqa: E402
from benchmarks.roster_rows import PROVINCE, write_province  # noqa: E402
from benchmarks.run import machine, table  # noqa: E402
from divisions.models import Division  # noqa: E402
from officers.models import Officer, Posting  # noqa: E402
from officers.rules import Role  # noqa: E402
from teams.queries.gaps import Gap  # noqa: E402

FIRST = date(2014, 1, 1)
MIDDLE = "960525105202"


def main() -> None:
    """Fill the database, ask for each page, print the table."""
    manage("migrate", "-v0")
    manage("collectstatic", "-v0", "--no-input")
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    logging.getLogger("registry").setLevel(logging.WARNING)
    print(f"{machine()}\n\nthe province is written in {timed(write_province):.0f} s\n", flush=True)
    client = _client()
    lines = []
    for what, request in _requests().items():
        lines.append(measured(what, client, request))
        print(f"{what}: {lines[-1].measured}  [{request.budget}]", flush=True)
    print("\n".join(["", *table(lines)]))


def _client() -> Client:
    """A province officer, signed in."""
    officer = Officer.objects.create(username="bench", name="测试", home_id=PROVINCE)
    Posting.objects.create(
        officer=officer, role=Role.PROVINCE_OFFICER, division_id=PROVINCE, starts_on=FIRST
    )
    client = Client()
    client.force_login(officer, backend=settings.AUTHENTICATION_BACKENDS[1])
    return client


def _requests() -> dict[str, Request]:
    """The pages by what they show: address and budget."""
    roster, coverage, gaps = "/teams/", "/teams/coverage/", "/teams/gaps/"
    day = (date.today() - timedelta(days=200)).isoformat()  # noqa: DTZ011 - a day of the past
    county = Division.objects.get(pk=MIDDLE[:6])
    return {
        "roster of a province, first page": Request(roster, BUDGET),
        "roster of a province, a page in the middle": Request(
            _address(roster, after=MIDDLE), BUDGET
        ),
        "roster of a province, villages without a team": Request(
            _address(roster, lack="no_team"), BUDGET
        ),
        "roster of a province, overdue terms": Request(_address(roster, lack="overdue"), BUDGET),
        "roster of a province, one unit": Request(_address(roster, unit="第77局"), BUDGET),
        "roster of a province, half a year ago": Request(_address(roster, on=day), BUDGET),
        "roster of a county": Request(_address(roster, division=county.pk), BUDGET),
        "coverage of a province": Request(coverage, DASHBOARD),
        "coverage of a province, half a year ago": Request(_address(coverage, on=day), DASHBOARD),
        "coverage of a county": Request(_address(coverage, division=county.pk), DASHBOARD),
        **{
            f"gaps of a province, {kind}": Request(_address(gaps, kind=kind.value), DASHBOARD)
            for kind in (Gap.VACANT, Gap.ENDING, Gap.HANDOVER)
        },
        "calendar of a province": Request("/teams/calendar/", DASHBOARD),
    }


def _address(page: str, **asked: str) -> str:
    return f"{page}?{urlencode(asked)}"


if __name__ == "__main__":
    main()
