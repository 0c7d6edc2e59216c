"""Who helps which household: team members a few, officials of the county the others."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from households.models import Household
from officers.models import Officer
from registry.demo.accounts import VILLAGE
from registry.demo.teams.people import People
from registry.demo.teams.terms import Service
from teams.models import Cadre, Pairing, Rank, Term
from teams.rules.helping import needs_helper
from teams.rules.terms import ONE_DAY, Post, Span

HELPED, LEFT_ALONE = 0.96, 0.5
"""The share of households with a helper, and of the others the share that had one who left."""

OF_TEAM, MOST, OF_ACCOUNT = 2, 5, 4
HANDED_ON = 0.1
LEADERS = {0: Rank.PROVINCE_LEADER} | {
    place: Rank.CITY_LEADER if place % 60 == 3 else Rank.COUNTY_LEADER
    for place in range(3, 150, 20)
}
LEADER_EVERY = 150
"""Of so many helpers of a run these are leaders, by their place among them."""


@dataclass(frozen=True)
class Home:
    """A household that must have a helper."""

    pk: int
    village: str


def homes_to_help(villages: Sequence[str], year: int, *, support_years: int) -> list[Home]:
    """On the register, or out of it for no longer than the support lasts, by number."""
    found = Household.everywhere.filter(village_id__in=villages).order_by("number")
    return [
        Home(pk, village)
        for pk, village, state, left in found.values_list("pk", "village_id", "state", "exit_year")
        if needs_helper(state, left, year=year, support_years=support_years)
    ]


class Matchmaker:
    """Draws the pairings of one village after the other; `by` are who records them, by county."""

    def __init__(self, random: Random, people: People, cast: Mapping[str, Officer]):
        self.random, self.people, self.cast = random, people, cast
        self.helpers = 0

    def pair(self, service: Service, homes: Sequence[Home], *, by: Officer) -> list[Pairing]:
        """The pairings of a village: who helps now, and who helped before."""
        random = self.random
        pairings: list[Pairing] = []
        free = self._places(service)
        own: list[Cadre] = []
        for home in homes:
            if random.random() < HELPED:
                cadre = next(free)
                own = own if cadre in own else [*own, cadre]
                pairings += self._helped(home, cadre, own, by)
            elif own and random.random() < LEFT_ALONE:
                last = self.people.today - timedelta(days=random.randint(20, 60))
                gone = self._pairing(home, random.choice(own), by, random.randint(400, 1300))
                gone.last_day, gone.end_reason = last, Pairing.EndReason.OTHER
                pairings.append(gone)
        return pairings

    def _helped(
        self, home: Home, cadre: Cadre, own: Sequence[Cadre], by: Officer
    ) -> Iterator[Pairing]:
        current = self._pairing(home, cadre, by, self.random.randint(200, 700))
        yield current
        if len(own) > 1 and self.random.random() < HANDED_ON:
            before = own[0] if own[0] != cadre else own[1]
            former = self._pairing(home, before, by, self.random.randint(800, 1300))
            former.last_day = current.starts_on - ONE_DAY
            former.end_reason = Pairing.EndReason.REASSIGNED
            yield former

    def _pairing(self, home: Home, cadre: Cadre, by: Officer, days: int) -> Pairing:
        return Pairing(
            cadre=cadre, household_id=home.pk, village_id=home.village, paired_by=by,
            starts_on=self.people.today - timedelta(days=days),
        )  # fmt: skip

    def _just_gone(self, service: Service) -> list[Term]:
        """First secretaries who went without a successor: nobody has taken their households yet."""
        lately = Span(self.people.today - timedelta(days=80), self.people.today)
        gone = [term for term in service.terms if term.last_day and lately.holds(term.last_day)]
        return [term for term in gone if term.post == Post.FIRST_SECRETARY]

    def _places(self, service: Service) -> Iterator[Cadre]:
        """Helpers, each as often as he has a place: the demo account's four households first."""
        county = service.village[:6]
        if service.village == VILLAGE and "helper" in self.cast:
            helper = self.people.official(county, name=self.cast["helper"].name)
            helper.account = self.cast["helper"]
            yield from [helper] * OF_ACCOUNT
        for term in [*service.serving(self.people.today), *self._just_gone(service)]:
            yield from [term.cadre] * OF_TEAM
        while True:
            rank = LEADERS.get(self.helpers % LEADER_EVERY)
            self.helpers += 1
            helper = self.people.leader(county, rank) if rank else self.people.official(county)
            yield from [helper] * (OF_TEAM if rank else self.random.randint(3, MOST))
