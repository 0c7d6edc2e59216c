"""Two officers decide one exit at a time, over HTTP, at a site of two processes: one decision each.

The loser is told who was first, and when.
"""

import re
import socket
import urllib.error
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from threading import Barrier
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.test import Client

from assistance.models import Item, ItemStatus, Plan
from households.models import Household, Standard, Survey
from households.rules import EXPENSE, GUARANTEES, INCOMES, MET, State
from households.snapshot import snapshots
from officers.models import Officer
from officers.rules import Role
from tests import factories as make
from tests.cast import Cast, hire_all
from tests.procedures import post_all, reach_year_after
from tests.processes import Processes, wait_for
from trail.rules import digest
from workflow.models import Case

RACES = 1000
SECRET = "a" * 32
UP_SECONDS = 60


class Unredirected(urllib.request.HTTPRedirectHandler):
    """An answer that leads elsewhere is an answer."""

    def redirect_request(self, *_args: object) -> None:
        return None


OPENER = urllib.request.build_opener(Unredirected)


@dataclass(frozen=True)
class Desk:
    """Somebody signed in at the site."""

    officer: Officer
    site: str
    cookie: str

    @classmethod
    def of(cls, officer: Officer, site: str) -> "Desk":
        client = Client()
        client.force_login(officer, "django.contrib.auth.backends.ModelBackend")
        return cls(officer, site, f"sessionid={client.cookies['sessionid'].value}")

    def ask(self, path: str, **entries: str) -> tuple[int, str]:
        """Status and page of a POST, or of a GET without entries."""
        token = {"csrfmiddlewaretoken": SECRET}
        data = urlencode(entries | token).encode() if entries else None
        request = urllib.request.Request(f"{self.site}{path}", data)  # noqa: S310 our own site
        request.add_header("Cookie", f"{self.cookie}; csrftoken={SECRET}; django_language=en")
        try:
            with OPENER.open(request, timeout=60) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as answer:
            return answer.code, answer.read().decode()

    def step(self, case: Case, name: str, **entries: str) -> tuple[int, str]:
        """Take a step of a case at the version that was made."""
        return self.ask(f"/cases/{case.pk}/steps/{name}/", version="1", note="原因", **entries)

    def batch(self, case: Case) -> tuple[int, str]:
        """Approve the case in a batch of one; the page that tells what became of it."""
        path = f"/inbox/{case.division_id}/exit/checked/"
        status, page = self.ask(path, case=f"{case.pk}:1", note="")
        return self.ask(path) if status == 302 else (status, page)


@pytest.fixture
def cast(real_database: str, calendar: None) -> Cast:
    reach_year_after(2019)
    make.plant_tree()
    return hire_all()


@pytest.fixture
def races(full_counts: bool) -> int:
    return RACES if full_counts else RACES // 20


@pytest.fixture
def site(cast: Cast, processes: Processes) -> str:
    """The address of a site of two web processes on the database of the test."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    processes.start(
        "-m", "gunicorn", "-c", "python:registry.gunicorn_conf", "registry.wsgi",
        BIND=f"127.0.0.1:{port}", DJANGO_SETTINGS_MODULE="tests.settings", DEMO="true",
    )  # fmt: skip

    def answers() -> bool:
        try:
            return OPENER.open(f"{address}/healthz", timeout=5).status == 200
        except OSError:
            return False

    wait_for(answers, seconds=UP_SECONDS)
    return address


@transaction.atomic
def checked_exits(count: int) -> list[Case]:
    """Exits that wait for the county: helped households on the plan, far above the line."""
    households = Household.everywhere.bulk_create(
        Household(number=f"H{place}", village_id=make.VILLAGE, state=State.PLANNED_EXIT)
        for place in range(count)
    )
    facts = dict.fromkeys((*INCOMES, EXPENSE), Decimal(0)) | dict.fromkeys(GUARANTEES, MET)
    facts["wage_income"] = Decimal(10_000)
    operator = make.the_operator()
    Survey.objects.bulk_create(
        Survey(household=one, village_id=one.village_id, year=2019, persons=1,
               member_digest=one.uuid, recorded_by=operator, **facts)
        for one in households
    )  # fmt: skip
    example = make.make_help(make.make_household())
    plans = Plan.everywhere.bulk_create(
        Plan(household=one, village_id=one.village_id, year=2019, created_by=operator)
        for one in households
    )
    Item.everywhere.bulk_create(
        Item(plan=plan, village_id=plan.village_id, household_id=plan.household_id,
             measure=example.measure, code=example.code, category=example.category,
             planned=1, delivered=1, starts_on=example.starts_on, due_on=example.due_on,
             status=ItemStatus.DONE, ended_on=example.ended_on, agreed_on=example.agreed_on,
             unit=example.unit)
        for plan in plans
    )  # fmt: skip
    standard = Standard.objects.holding(make.VILLAGE, 2019).get(division_id="0")
    made = snapshots(households, year=2019, standard=standard)
    cases = [
        make.make_case(one, state="checked", facts=made[one.pk], facts_hash=digest(made[one.pk]))
        for one in households
    ]
    post_all(cases)
    return cases


def together(*acts: Callable[[], tuple[int, str]]) -> list[tuple[int, str]]:
    """The answers to acts that begin at one moment."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], tuple[int, str]]) -> tuple[int, str]:
        barrier.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_of_two_who_decide_one_exit_one_is_told_who_was_first_and_when(cast, site, races):
    first = Desk.of(cast.county_approver, site)
    second = Desk.of(make.make_officer(Role.COUNTY_APPROVER), site)
    clerk = Desk.of(cast.county_clerk, site)
    rivals: list[tuple[Desk, Callable[[Case], tuple[int, str]]]] = [
        (second, lambda case: second.step(case, "approve")),
        (second, lambda case: second.step(case, "reject", reason="figures")),
        (clerk, lambda case: clerk.step(case, "withdraw")),
        (second, second.batch),
    ]
    for place, case in enumerate(checked_exits(races)):
        rival, act = rivals[place % len(rivals)]
        pages = together(lambda c=case: first.step(c, "approve"), partial(act, case))
        [decision] = case.events.filter(seq__gt=1)
        won = first.officer.pk == decision.actor_id
        assert won or decision.actor_id == rival.officer.pk
        status, page = pages[1 if won else 0]
        assert status == (200 if won and act == second.batch else 409), (status, page)
        assert decision.actor_name in page
        if status == 409:
            assert re.search(r"\d\d:\d\d", page)
        case.refresh_from_db()
        assert (case.version, case.state) == (2, decision.to_state)
        left = Household.everywhere.get(number=case.subject).state == State.EXITED
        assert left is (decision.to_state == "approved")
