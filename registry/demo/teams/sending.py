"""Sending teams to every village of the demonstration, and letting them work: one transaction."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from random import Random
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from divisions.models import Division, Level
from divisions.scope import in_range
from households.importing.copying import copy_in
from officers.models import Officer, Posting
from officers.rules import Role
from registry.demo.accounts import COUNTY, DEMO_ACCOUNTS, POSTED_FROM, VILLAGE
from registry.demo.foreign import OPERATOR
from registry.demo.places import PROVINCE
from registry.demo.seeding import FIRST_GENERATED, PAST_GENERATED
from registry.demo.teams import days, grades
from registry.demo.teams.pairing import Home, Matchmaker, homes_to_help
from registry.demo.teams.people import People, draw_units
from registry.demo.teams.terms import Sender, Service, handovers, needs, situation_of
from registry.demo.teams.visits import Diary
from teams.models import (
    Assessment,
    Cadre,
    Handover,
    Incentive,
    LogEntry,
    Pairing,
    Presence,
    Score,
    Task,
    TeamVillage,
    Term,
    TrainingRecord,
    Unit,
    Visit,
)
from teams.queries.assessments import policy_of, weigh
from teams.queries.presence import year_totals
from teams.queries.served import main_terms
from teams.rules.terms import ONE_DAY, EndReason, Span
from trail.actions import record
from trail.errors import Refused
from workflow.models import Case, CaseEvent
from workflow.parameters import PAIRING_SUPPORT_YEARS
from workflow.queries import parameter

MOST_ALIVE = 100
"""In a register with more villages only the demonstration's county shows days and visits."""

AT_ONCE = 2000


@dataclass(frozen=True)
class Sent:
    """How many rows a run wrote."""

    villages: int
    cadres: int
    terms: int
    days: int
    pairings: int
    visits: int


def are_there() -> bool:
    """Whether the made-up villages have teams already."""
    made = {"village_id__gte": FIRST_GENERATED, "village_id__lt": PAST_GENERATED}
    return Term.everywhere.filter(**made).exists()


@transaction.atomic
def send_teams(*, seed: int, today: date) -> Sent:
    """Teams as they stand on `today` for every village with made-up households.

    Needs the demo accounts. Refused when teams are there already.
    """
    if are_there():
        raise Refused(_("The demo teams are here already."), code="seeded")
    return Run(seed, today).send()


class Run:
    """One run: what is drawn, in its order, and written table by table."""

    def __init__(self, seed: int, today: date):
        self.random = Random(seed * 1000 + 9)  # noqa: S311 - made-up people, nothing secret
        self.today = today
        names = [account.username for account in DEMO_ACCOUNTS]
        self.cast = {one.username: one for one in Officer.objects.filter(username__in=names)}
        self.operator = Officer.objects.get(username=OPERATOR)
        self.villages = _villages()
        self.counties = sorted({village[:6] for village in self.villages})
        self.alive = self.counties if len(self.villages) <= MOST_ALIVE else [COUNTY]
        self.workers: dict[str, list[Officer]] = {}

    def send(self) -> Sent:
        """Everything, in the order of the tables."""
        units = draw_units(dict(Division.objects.values_list("code", "name")), self.counties)
        self.people = People(self.random, units, _numbers(), today=self.today)
        services = self._serve()
        living = [one for one in services if one.village[:6] in self.alive]
        self._open_accounts(living)
        support = parameter(PAIRING_SUPPORT_YEARS, COUNTY, self.today.year)
        homes = homes_to_help([one.village for one in living], self.today.year,
                              support_years=support)  # fmt: skip
        pairings = self._pair(living, homes)
        Unit.everywhere.bulk_create(units)
        Cadre.everywhere.bulk_create(self._ready(), batch_size=AT_ONCE)
        TeamVillage.everywhere.bulk_create(needs(self.villages, today=self.today))
        terms = [term for one in services for term in reversed(one.terms)]
        Term.everywhere.bulk_create(self._known(terms), batch_size=AT_ONCE)
        _refer(pairings, "cadre")
        Pairing.everywhere.bulk_create(pairings, batch_size=AT_ONCE)
        self._hand_over(services)
        written = self._live(living)
        visits = self._visit(homes)
        self._grade(services)
        sent = Sent(len(services), len(self.people.drawn), len(terms), written, len(pairings),
                    visits)  # fmt: skip
        self._record(sent)
        return sent

    def _serve(self) -> list[Service]:
        sender = Sender(self.random, self.people, self.cast, today=self.today)
        services = []
        for _county, own in groupby(self.villages, key=lambda village: village[:6]):
            services += [
                sender.serve(village, situation_of(place)) for place, village in enumerate(own)
            ]
        return services

    def _open_accounts(self, services: Sequence[Service]) -> None:
        """An account for who leads each team; nobody signs in with it: it has no password."""
        leads = [serving[0] for one in services if (serving := one.serving(self.today))]
        new = [term for term in leads if term.cadre.account is None]
        accounts = [
            Officer(username=f"team-{term.village_id}", name=term.cadre.name,
                    home_id=term.village_id[:6], password=make_password(None))
            for term in new
        ]  # fmt: skip
        Officer.objects.bulk_create(accounts)
        postings = [
            Posting(officer=account, role=Role.TEAM_MEMBER, division_id=term.village_id,
                    starts_on=term.starts_on, granted_by=self.operator)
            for account, term in zip(accounts, new, strict=True)
        ]  # fmt: skip
        Posting.objects.bulk_create(postings)
        for account, posting, term in zip(accounts, postings, new, strict=True):
            term.cadre.account = account.act_as(posting)
        for term in leads:
            self.workers[term.village_id] = [one for one in [term.cadre.account] if one]
        if "village" in self.cast and VILLAGE in self.workers:
            self.workers[VILLAGE].append(self.cast["village"])

    def _pair(self, services: Sequence[Service], homes: Sequence[Home]) -> list[Pairing]:
        matchmaker = Matchmaker(self.random, self.people, self.cast)
        by_village: dict[str, list[Home]] = {}
        for home in homes:
            by_village.setdefault(home.village, []).append(home)
        pairings = []
        for one in services:
            own = by_village.get(one.village, [])
            pairings += matchmaker.pair(one, own, by=self._clerk(one.village))
        return pairings

    def _ready(self) -> list[Cadre]:
        _refer(self.people.drawn, "unit", "account")
        return self.people.drawn

    def _known(self, terms: list[Term]) -> list[Term]:
        _refer(terms, "cadre", "unit")
        return terms

    def _live(self, services: Sequence[Service]) -> int:
        """The days: of this year everywhere, of last year where the assessments rest on them."""
        calendar = days.Calendar(self.random, self._keeper, self._clerk(COUNTY))
        last_year, this_year = date(self.today.year - 1, 1, 1), date(self.today.year, 1, 1)
        rows: list[tuple[Any, ...]] = []
        for one in services:
            first = last_year if one.village.startswith(COUNTY) else this_year
            for term in reversed(one.terms):
                absences = days.FAILED_ABSENCES if term.end_reason == EndReason.RECALL else 0
                window = Span(first, self.today - ONE_DAY)
                rows += calendar.days(term, window, absences=absences)
        copy_in(Presence._meta.db_table, days.COLUMNS, rows)
        return len(rows)

    def _visit(self, homes: Sequence[Home]) -> int:
        diary = Diary(self.random, today=self.today)
        helped = set()
        if "helper" in self.cast:
            own = Pairing.everywhere.in_force(self.today).filter(cadre__account=self.cast["helper"])
            helped = set(own.values_list("household_id", flat=True))
        visits: list[Visit] = []
        for home in homes:
            workers = self.workers.get(home.village, [])
            by = [self.cast["helper"]] if home.pk in helped else workers
            visits += diary.visits(home, by)
        Visit.everywhere.bulk_create(visits, batch_size=AT_ONCE)
        tasks = [task for visit in visits if (task := diary.task(visit))]
        Task.everywhere.bulk_create(tasks)
        lines = [line for village in sorted(self.workers) for line in self._log(diary, village)]
        LogEntry.everywhere.bulk_create(lines)
        return len(visits)

    def _log(self, diary: Diary, village: str) -> Iterator[LogEntry]:
        return diary.log(village, self.workers[village])

    def _grade(self, services: Sequence[Service]) -> None:
        """The course, and the assessments of last year, of the clerk's county."""
        course, records = grades.draw_course(
            self.random, services, self.today, by=self.cast["clerk"]
        )
        course.save()
        _refer(records, "training", "cadre")
        TrainingRecord.objects.bulk_create(records)
        year = self.today.year - 1
        terms = main_terms(year, COUNTY, date(year, 12, 31))
        days_of = year_totals([term.cadre_id for term in terms], year, self.today)
        policy = policy_of(COUNTY, year)
        grader = grades.Grader(self.random, self.cast, self._townships(), policy)
        drawn = grader.assess(terms, days_of, year)
        Case.everywhere.bulk_create(drawn.cases)
        _refer(drawn.assessments, "case", "cadre", "term")
        Assessment.objects.bulk_create(drawn.assessments)
        _refer(drawn.scores, "assessment", "assessed")
        Score.objects.bulk_create(drawn.scores)
        events, incentives = grader.finish(drawn, weigh(drawn.assessments))
        Case.everywhere.bulk_update(drawn.cases, grades.MOVED)
        Assessment.objects.bulk_update(drawn.assessments, ["grade", "confirmed_on"])
        CaseEvent.objects.bulk_create(events)
        Incentive.objects.bulk_create(incentives)

    def _hand_over(self, services: Sequence[Service]) -> None:
        made = [
            handover
            for one in services
            for handover in handovers(self.random, one, by=self._clerk(one.village))
        ]
        _refer(made, "term", "to")
        Handover.objects.bulk_create(made)

    def _townships(self) -> dict[str, Officer]:
        """A reviewer of every township of the clerk's county, new where nobody is posted yet."""
        codes = sorted({village[:9] for village in self.villages if village.startswith(COUNTY)})
        in_county = in_range("division_id", COUNTY)
        posted = Posting.objects.filter(in_county, role=Role.TOWNSHIP_REVIEWER)
        found: dict[str, Officer] = {}
        for posting in posted.select_related("officer").order_by("pk"):
            found.setdefault(posting.division_id, posting.officer)
        for code in codes:
            if code in found:
                continue
            name = self.people.name_alone()
            account = Officer.objects.create(
                username=f"township-{code}", name=name, home_id=COUNTY, password=make_password(None)
            )
            Posting.objects.create(
                officer=account, role=Role.TOWNSHIP_REVIEWER, division_id=code,
                starts_on=POSTED_FROM, granted_by=self.operator,
            )  # fmt: skip
            found[code] = account
        return found

    def _clerk(self, village: str) -> Officer:
        """Who records things of the county of a village."""
        return self.cast["clerk"] if village.startswith(COUNTY) else self.operator

    def _keeper(self, term: Term) -> Officer:
        """Who keeps the list of days in the village of a term."""
        own = self.workers.get(term.village_id)
        return own[-1] if own else self._clerk(term.village_id)

    def _record(self, sent: Sent) -> None:
        record(
            by=self.operator, action="seed_teams", subject=Division.objects.get(pk=PROVINCE),
            division=PROVINCE, after={"villages": sent.villages, "terms": sent.terms},
        )  # fmt: skip


def _villages() -> list[str]:
    made = Division.objects.filter(
        level=Level.VILLAGE, code__gte=FIRST_GENERATED, code__lt=PAST_GENERATED
    )
    return list(made.order_by("code").values_list("code", flat=True))


def _numbers() -> Iterator[str]:
    """Numbers of cadres, a block of them at a time."""
    while True:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval('teams_cadre_number') FROM generate_series(1, 500)")
            yield from [f"C{number:08d}" for (number,) in cursor.fetchall()]


def _refer(rows: Sequence[Model], *names: str) -> None:
    """Let rows know the keys that the rows which they name have got since."""
    for row in rows:
        for name in names:
            setattr(row, name, getattr(row, name))
