"""Who acts in the places of the demonstration: its accounts, and officers without a password."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from django.contrib.auth.hashers import make_password
from django.db import transaction

from divisions.models import Division, Level
from officers.models import Officer, Posting
from officers.rules import Role
from registry.demo.accounts import CITY, COUNTY, DEMO_ACCOUNTS, POSTED_FROM, TOWNSHIP, VILLAGE
from registry.demo.names import HAN, SURNAMES, name_of
from registry.demo.seeding import FIRST_GENERATED, PAST_GENERATED

MOST_VILLAGES, COUNTIES = 12, 3
"""So many villages of the clerk's county, and so many counties, have exits that people signed."""

YOUNGEST, OLDEST = 30, 56
SEED = 13

Seat = tuple[str, Role, str]
"""User name, role, division."""


@dataclass(frozen=True)
class Hands:
    """Officers by user name; places by their codes."""

    officers: Mapping[str, Officer]
    villages: Sequence[str]
    counties: Sequence[str]

    def __getitem__(self, username: str) -> Officer:
        return self.officers[username]

    def official(self, village: str) -> Officer:
        """The village official."""
        return self[official_of(village)]

    def verifier(self, village: str) -> Officer:
        """Who verifies on site and had no hand in the village's appraisal."""
        return self["secretary" if village == VILLAGE else f"station-{village[:9]}"]

    def station(self, place: str) -> Officer:
        """The second officer of the township of a place."""
        return self[f"station-{place[:9]}"]

    def township(self, place: str) -> Officer:
        """Who checks for the township of a place."""
        return self[_township(place[:9])]

    def clerk(self, place: str) -> Officer:
        """The clerk of the county of a place."""
        return self["clerk" if place[:6] == COUNTY else f"clerk-{place[:6]}"]

    def approver(self, place: str) -> Officer:
        """The first approver of the county of a place."""
        return self["approver" if place[:6] == COUNTY else f"approver-{place[:6]}"]

    @property
    def second(self) -> Officer:
        """The second approver of the clerk's county."""
        return self["second-approver"]


def official_of(village: str) -> str:
    """The user name of a village official."""
    return "village" if village == VILLAGE else f"village-{village}"


def _township(code: str) -> str:
    return "township" if code == TOWNSHIP else f"township-{code}"


@transaction.atomic
def join_hands(*, by: Officer) -> Hands:
    """The demo accounts, and beside them the officers that are missing; nobody signs in as these.

    Needs the demo accounts and the generated places.
    """
    villages, counties = _places()
    last = _last_village(counties[-1])
    wanted = list(_seats(sorted({*villages, last}), counties))
    _open(wanted, by=by)
    names = {account.username for account in DEMO_ACCOUNTS} | {seat[0] for seat in wanted}
    found = Officer.objects.filter(username__in=names)
    return Hands({one.username: one for one in found}, villages, counties)


def _places() -> tuple[list[str], list[str]]:
    """The first villages of the clerk's county, and the first counties of the generated part."""
    made = Division.objects.filter(code__gte=FIRST_GENERATED, code__lt=PAST_GENERATED)
    villages = made.filter(level=Level.VILLAGE, code__startswith=COUNTY).order_by("code")
    counties = made.filter(level=Level.COUNTY).order_by("code")
    return (
        list(villages.values_list("code", flat=True)[:MOST_VILLAGES]),
        list(counties.values_list("code", flat=True)[:COUNTIES]),
    )


def _last_village(county: str) -> str:
    own = Division.objects.filter(level=Level.VILLAGE, code__startswith=county)
    code: str = own.order_by("-code").values_list("code", flat=True)[0]
    return code


def _seats(villages: Sequence[str], counties: Sequence[str]) -> Iterator[Seat]:
    yield f"city-{CITY}", Role.CITY_REVIEWER, CITY
    for county in counties:
        if county != COUNTY:
            yield f"approver-{county}", Role.COUNTY_APPROVER, county
            yield f"clerk-{county}", Role.COUNTY_CLERK, county
    for township in sorted({one[:9] for one in villages}):
        if township != TOWNSHIP:
            yield _township(township), Role.TOWNSHIP_REVIEWER, township
        yield f"station-{township}", Role.TOWNSHIP_REVIEWER, township
    for village in villages:
        if village != VILLAGE:
            yield official_of(village), Role.VILLAGE_OFFICIAL, village


def _open(seats: Iterable[Seat], *, by: Officer) -> None:
    there = set(Officer.objects.values_list("username", flat=True))
    random = Random(SEED)  # noqa: S311 - made-up names, nothing secret
    new = [(seat, _name(random)) for seat in seats]
    officers = [
        Officer(username=username, name=name, home_id=division[:6], password=make_password(None))
        for (username, _role, division), name in new
        if username not in there
    ]
    Officer.objects.bulk_create(officers)
    made = {one.username: one for one in officers}
    Posting.objects.bulk_create(
        Posting(
            officer=made[username], role=role, division_id=division, starts_on=POSTED_FROM,
            granted_by=by,
        )
        for (username, role, division), _name in new
        if username in made
    )  # fmt: skip


def _name(random: Random) -> str:
    lots = (random.random(), random.random(), random.random())
    surname = random.choice(SURNAMES)
    return name_of(surname, HAN, random.random() < 0.7, random.randint(YOUNGEST, OLDEST), lots)
