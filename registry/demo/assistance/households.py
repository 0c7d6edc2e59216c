"""Which measures the plans of a household hold, year by year."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from random import Random

from assistance.models import ItemStatus
from assistance.rules.posts import age_on
from registry.demo.assistance.extras import lend, move, post, train
from registry.demo.assistance.helps import Giver, Help
from registry.demo.assistance.homes import ALLOWANCE, Home, Person
from registry.demo.assistance.quotas import OLDEST_WORKER, TOO_OLD_AGES, Quotas

EDUCATION = {
    "02": ("EDU-PRE",),
    "03": ("EDU-MEAL",), "04": ("EDU-BOARD",), "05": ("EDU-BOARD",), "06": ("EDU-BOARD",),
    "07": ("EDU-HIGH",), "08": ("EDU-HIGH",), "09": ("EDU-HIGH",),
    **dict.fromkeys(("10", "11", "12", "13", "14", "15"), ("EDU-YULU",)),
    "16": ("EDU-COLLEGE",),
}  # fmt: skip
ILL, DISABLED, SERIOUS = ("02", "03"), "04", "03"
OUTSIDE = ("02", "03", "04")
GIVEN, SCHOOLED, COVERED = 0.97, 0.97, 0.96
"""What is due is given to so many; the others are for the search of policy gaps."""

FIRST_YEARS = (2015, 2016)
MOVED_SHARE, LOAN_LAST_YEAR, POST_LAST_YEAR, POST_THIS_YEAR = 0.025, 0.6, 0.4, 0.9
AFTER_DEATH = 0.5


class Planner:
    """Draws what each household got in its first plan, last year and this year."""

    def __init__(self, random: Random, quotas: Quotas, today: date):
        self.random, self.quotas, self.today = random, quotas, today
        self.borrowed: set[int] = set()
        self.posted: dict[int, Person] = {}
        self.givers = {
            year: Giver(random, year, today) for year in (*FIRST_YEARS, today.year - 1, today.year)
        }

    def plans(self, home: Home, *, waits: bool) -> dict[int, list[Help]]:
        """The measures by the year of their plan; without this year's where its plan waits."""
        if home.pk in self.quotas.nothing:
            return {}
        first, last, now = self._first_year(home), self.today.year - 1, self.today.year
        found = {first: [*self._first(home, self.givers[first])]}
        found[last] = [*self._last_year(home, self.givers[last])]
        if not waits:
            found[now] = [*self._this_year(home, self.givers[now])]
        return {year: helps for year, helps in found.items() if helps}

    def _first_year(self, home: Home) -> int:
        early = home.left is not None and home.left <= FIRST_YEARS[0]
        return FIRST_YEARS[0] if early or self.random.random() < 0.2 else FIRST_YEARS[1]

    def _first(self, home: Home, giver: Giver) -> Iterator[Help]:
        """What brought a household out of poverty, or was to: industry, work, a new house."""
        on = giver.agreed_on()
        if home.pk in self.quotas.industry:
            code = "IND-INS" if home.is_hardship else "IND-LINK"
            yield giver.give("IND-OWN" if home.workers else code, on)
        adult = home.youngest_adult(self.today)
        if home.pk in self.quotas.employment and adult:
            if self.random.random() < 0.4:
                yield giver.give("EMP-JOB", on, adult.pk)
            else:
                yield train(giver, giver.give("EMP-TRAIN", on, adult.pk))
        if home.grade not in ("C", "D") and self.random.random() < MOVED_SHARE:
            yield move(giver, giver.give("REL-MOVE", on), len(home.people))
        yield giver.give("HEA-PREMIUM", on, home.head.pk)

    def _last_year(self, home: Home, giver: Giver) -> Iterator[Help]:
        random, on = self.random, giver.agreed_on()
        yield giver.give("HEA-PREMIUM", on, home.head.pk)
        if home.pk in self.quotas.credit and random.random() < LOAN_LAST_YEAR:
            self.borrowed.add(home.pk)
            yield lend(giver, on)
        if home.pk in self.quotas.post and random.random() < POST_LAST_YEAR:
            yield self._post(home, giver, on)
        yield from self._once(home, giver, on)
        for one in home.people:
            if one.is_student and random.random() < 0.5:
                yield from self._schooling(one, giver, on)
        if home.attribute == ALLOWANCE and random.random() < COVERED:
            yield giver.give("SOC-DIBAO", on, home.head.pk)
        if not home.workers and home.pk in self.quotas.industry and random.random() < 0.3:
            yield giver.give("AST-SHARE", on)
        if random.random() < 0.08:
            yield giver.give("OTH-WILL", on)

    def _once(self, home: Home, giver: Giver, on: date) -> Iterator[Help]:
        """What comes once only: support for a start, a house mended."""
        grown = [one for one in home.workers if 18 <= age_on(one.born, on) <= 60]
        if grown and home.pk in self.quotas.employment and self.random.random() < 0.15:
            yield giver.give("EMP-START", on, self.random.choice(grown).pk)
        if home.grade in ("C", "D") and self.random.random() < 0.7:
            yield giver.give(f"HOU-{home.grade}", on)

    def _schooling(self, one: Person, giver: Giver, on: date) -> Iterator[Help]:
        yield from (giver.give(code, on, one.pk) for code in EDUCATION.get(one.in_school, ()))

    def _this_year(self, home: Home, giver: Giver) -> Iterator[Help]:
        random, on = self.random, giver.agreed_on()
        yield from self._work(home, giver, on)
        if home.pk in self.quotas.credit and home.pk not in self.borrowed:
            yield lend(giver, on)
        if home.pk in self.quotas.post and (
            home.pk not in self.posted or random.random() < POST_THIS_YEAR
        ):
            yield self._post(home, giver, on)
        for one in home.people:
            yield from self._personal(home, one, giver, on)
        yield from self._after_death(home, giver, on)
        if random.random() < 0.03:
            yield giver.give("SOC-RELIEF", on)
        if not home.workers and random.random() < 0.35:
            yield giver.give("AST-SHARE", on)
        if random.random() < 0.12:
            yield giver.give("COM-BUY", on)
        if random.random() < 0.15:
            yield giver.give("PAI-HELP", on)

    def _work(self, home: Home, giver: Giver, on: date) -> Iterator[Help]:
        """Industry for the household, work for whoever can; some who can get neither."""
        random = self.random
        is_of = home.pk in self.quotas.industry
        if not home.is_hardship and is_of and random.random() < (0.9 if home.workers else 0.4):
            yield giver.give("IND-OWN" if home.workers else "IND-LINK", on)
        if home.pk not in self.quotas.employment:
            return
        for one in home.workers:
            luck = random.random()
            if one.work_place in OUTSIDE and one.work_months and one.can_work(self.today):
                yield giver.give("EMP-TRAVEL", on, one.pk)
            elif luck < 0.25 and one.can_work(self.today):
                yield train(giver, giver.give("EMP-TRAIN", on, one.pk))
            elif luck < 0.6 and one.can_work(self.today):
                yield giver.give("EMP-JOB", on, one.pk)

    def _personal(self, home: Home, one: Person, giver: Giver, on: date) -> Iterator[Help]:
        """Health, school and allowances of a member."""
        random = self.random
        if one.is_insured and random.random() < GIVEN:
            yield giver.give("HEA-PREMIUM", on, one.pk)
        if one.health in ILL and random.random() < 0.6:
            yield giver.give("HEA-DOCTOR", on, one.pk)
        if one.health == SERIOUS and random.random() < 0.05:
            yield giver.give("HEA-SERIOUS", on, one.pk)
        if one.is_student and random.random() < SCHOOLED:
            yield from self._schooling(one, giver, on)
        if home.attribute == ALLOWANCE and one is home.head and random.random() < COVERED:
            yield giver.give("SOC-DIBAO", on, one.pk)
        if home.is_hardship and one.labour in ("03", "04") and random.random() < COVERED:
            yield giver.give("SOC-TEKUN", on, one.pk)
        if one.health == DISABLED and random.random() < COVERED:
            yield giver.give("SOC-DISLIVE", on, one.pk)

    def _after_death(self, home: Home, giver: Giver, on: date) -> Iterator[Help]:
        """An allowance that nobody stopped when its payee died: for the search of such."""
        for pk, day in home.died:
            if day.year != giver.year or self.random.random() >= AFTER_DEATH:
                continue
            found = giver.give("SOC-DISLIVE", min(on, day), pk)
            found.given = [replace(one, payee=pk) for one in found.given]
            if found.status not in (ItemStatus.DROPPED, ItemStatus.STOPPED):
                yield found

    def _post(self, home: Home, giver: Giver, on: date) -> Help:
        """The post of the same person as last year, or of somebody who can hold one."""
        if home.pk not in self.posted:
            old = [one for one in home.people if age_on(one.born, self.today) in TOO_OLD_AGES]
            able = [one for one in home.people if one.can_work(self.today, most=OLDEST_WORKER)]
            self.posted[home.pk] = (old if home.pk in self.quotas.too_old else able)[0]
        return post(giver, on, self.posted[home.pk].pk)
