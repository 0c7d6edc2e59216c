"""Fill province 97 with made-up households, and with accounts and a review in a demonstration."""

import re
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from divisions.models import Division
from officers.models import Officer
from registry.demo import accounts, seeding, story
from registry.demo.assistance import giving
from registry.demo.assistance.cases import begin_plans
from registry.demo.assistance.searching import search_gaps
from registry.demo.exits.chapters import weigh_anew
from registry.demo.foreign import OPERATOR, refuse_foreign
from registry.demo.places import PROVINCE
from registry.demo.pushing import push_differences
from registry.demo.teams import cases, sending
from reviews.actions.counting import count_year
from trail.dates import business_date
from trail.errors import Refused

SPAN = re.compile(r"([0-9]{4})(?:-([0-9]{4}))?")
LAST_YEAR = 2020


def years_of(text: str) -> tuple[int, ...]:
    """2015-2020, one year, or how many years up to 2020."""
    if re.fullmatch(r"[0-9]{1,2}", text) and int(text):
        return tuple(range(LAST_YEAR - int(text) + 1, LAST_YEAR + 1))
    span = SPAN.fullmatch(text)
    first, last = (int(year) for year in (span[1], span[2] or span[1])) if span else (1, 0)
    if first > last:
        raise CommandError("Give --years as 2015-2020, one year, or how many years up to 2020.")
    return tuple(range(first, last + 1))


class Command(BaseCommand):
    help = (
        "Fills province 97, which exists nowhere, with made-up households: the same for the same "
        "seed. In a demonstration (DEMO=1) also opens an account for each role, lets the reviews "
        "of the last two years run, moves the business date there, sends teams to the villages "
        "and gives help to the households. Where demo households are already, none is added."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--households", type=int, default=2000)
        parser.add_argument(
            "--years",
            default="2015-2020",
            help="2015-2020, one year, or how many years up to 2020 (default: 2015-2020)",
        )
        parser.add_argument("--seed", type=int, default=2020)

    def handle(self, *args: Any, **options: Any) -> None:
        if PROVINCE not in settings.EXTRA_PROVINCES:
            raise CommandError(
                "This installation holds no demonstration: EXTRA_PROVINCES does not name 97."
            )
        try:
            if settings.DEMO:
                refuse_foreign()
            operator = Officer.objects.get(username=OPERATOR)
            self._seed(options, operator)
        except Refused as refused:
            raise CommandError(refused.message) from refused
        if settings.DEMO:
            accounts.open_accounts(by=operator)
            self._tell(options["seed"])
            self._send_teams(options["seed"])
            self._give_help(options["seed"])
            self._push(operator)
            self._count()
            self._show_accounts()

    def _seed(self, options: dict[str, Any], operator: Officer) -> None:
        there = seeding.households_there()
        if there:
            self.stdout.write(f"{there:,} demo households are here already; none was added.")
            return
        plan = seeding.plan_of(
            households=options["households"],
            years=years_of(options["years"]),
            seed=options["seed"],
        )
        seeded = seeding.seed(plan, by=operator, said=self._say)
        seeding.refresh_statistics()
        self.stdout.write(
            f"{seeded.households:,} households, {seeded.members:,} members, "
            f"{seeded.surveys:,} surveys in {seeded.villages:,} villages."
        )

    def _tell(self, seed: int) -> None:
        """Once: what the officers of the demonstration did with the years surveyed."""
        if story.has_begun():
            return
        opened = story.tell(seeding.surveyed_years(), seed=seed)
        self.stdout.write(
            f"One review committed with {len(opened)} cases open, another finished, a standard "
            f"drafted. The business date is {business_date()}; the yellow bar moves it."
        )

    def _send_teams(self, seed: int) -> None:
        """Once: who serves in the villages and helps the households, as of the business date."""
        if sending.are_there():
            return
        sent = sending.send_teams(seed=seed, today=business_date())
        waiting = cases.begin_cases()
        self.stdout.write(
            f"Teams in {sent.villages:,} villages: {sent.terms:,} terms, {sent.days:,} days, "
            f"{sent.pairings:,} pairings, {sent.visits:,} visits; {len(waiting)} cases wait."
        )

    def _give_help(self, seed: int) -> None:
        """Once: plans of help and what came of them, as of the business date."""
        if giving.is_given():
            return
        helped = giving.give_help(seed=seed, today=business_date())
        giving.refresh_statistics()
        weigh_anew()
        waiting = begin_plans()
        gaps = search_gaps()
        self.stdout.write(
            f"Help by {helped.plans:,} plans: {helped.items:,} measures, "
            f"{helped.deliveries:,} deliveries; {len(waiting)} plans of this year are under way, "
            f"{gaps:,} policy gaps are found."
        )

    def _push(self, operator: Officer) -> None:
        """Once: values of a provincial system that differ and wait for the county clerk."""
        if waiting := push_differences(by=operator):
            self.stdout.write(f"A provincial system pushed {waiting} values that differ.")

    def _count(self) -> None:
        """Let the readiness of the years that a visitor looks at be counted already."""
        for year in {*seeding.surveyed_years()[-1:], business_date().year}:
            count_year(PROVINCE, year)

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def _show_accounts(self) -> None:
        names = dict(Division.objects.values_list("code", "name"))
        self.stdout.write(f"\nSign in with the password {settings.DEMO_PASSWORD}\n\n")
        for account in accounts.DEMO_ACCOUNTS:
            places = ", ".join(f"{names[c]} {c}" for c in (account.division, *account.further))
            self.stdout.write(f"  {account.username:<18} {account.role:<18} {places}")
