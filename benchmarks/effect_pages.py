"""How long the page of the effect takes, whole requests included, in this process.

Started by benchmarks.effect; the servers are empty.
"""

import django

django.setup()

import logging  # noqa: E402
from datetime import date  # noqa: E402
from urllib.parse import urlencode  # noqa: E402

from django.conf import settings  # noqa: E402
from django.test import Client  # noqa: E402

from benchmarks.effect_rows import COUNTY, PROVINCE, write_province  # noqa: E402
from benchmarks.measuring import manage, timed  # noqa: E402
from benchmarks.pages import DASHBOARD, Request, measured  # noqa: E402
from benchmarks.run import machine, table  # noqa: E402
from officers.models import Officer, Posting  # noqa: E402
from officers.rules import Role  # noqa: E402


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
    """A province officer, signed in: his page hides what would tell of few, too."""
    officer = Officer.objects.create(username="bench", name="测试", home_id=COUNTY)
    Posting.objects.create(
        officer=officer,
        role=Role.PROVINCE_OFFICER,
        division_id=PROVINCE,
        starts_on=date(2014, 1, 1),
    )
    client = Client()
    client.force_login(officer, backend=settings.AUTHENTICATION_BACKENDS[1])
    return client


def _requests() -> dict[str, Request]:
    """The pages by what they show: address and budget."""
    year = date.today().year  # noqa: DTZ011 - the rows are of the year of the calendar
    return {
        "effect in a county, this year": Request(_address(COUNTY, year=year), DASHBOARD),
        "effect in a county, last year": Request(_address(COUNTY, year=year - 1), DASHBOARD),
        "effect in a county, all years": Request(_address(COUNTY), DASHBOARD),
        "effect in a county, a category with who may have it": Request(
            _address(COUNTY, year=year, category="IND"), DASHBOARD
        ),
        "effect in a township": Request(_address(f"{COUNTY}100", year=year), DASHBOARD),
        "effect in a province of 100,000 households": Request(_address(PROVINCE, year=year), ""),
    }


def _address(division: str, **asked: object) -> str:
    return f"/assistance/effect/?{urlencode({'division': division, **asked})}"


if __name__ == "__main__":
    main()
