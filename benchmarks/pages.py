"""How long the register's pages take, whole requests included, in this process."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random
from statistics import median
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection
from django.test import Client

from benchmarks.measuring import Line, timed
from benchmarks.reviewing import YEAR
from households.models import Household, Member
from households.rules import Kind
from officers.models import Officer
from reviews.models import Review

REQUESTS, FEW_REQUESTS = 60, 5
PROVINCE, COUNTY = "97", "970321"
BUDGET, DASHBOARD = "p95 ≤ 200 ms", "p95 ≤ 1 s"
SLOW_SECONDS = 2.0


class Request(NamedTuple):
    """A page to be asked for, and what it may take."""

    path: str
    budget: str


class Clock:
    """Adds up what the database takes."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.statements = 0

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, many: Any, context: Any
    ) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.seconds += time.perf_counter() - began
            self.statements += 1


def measure(*, seed: int = 1) -> list[Line]:
    """List, filters, search and household pages, as a county clerk and as a province officer."""
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    logging.getLogger("registry").setLevel(logging.WARNING)
    random = Random(seed)
    sample, names = _sample(random), _names()
    lines = []
    for username, reach in (("clerk", COUNTY), ("province", PROVINCE)):
        client = Client()
        officer = Officer.objects.get(username=username)
        client.force_login(officer, backend=settings.AUTHENTICATION_BACKENDS[1])
        own = [(number, village) for number, village in sample if village.startswith(reach)]
        for what, ask in _requests(client, random, own, names).items():
            lines.append(_line(f"{what} ({username})", ask, BUDGET))
        for what, (path, budget) in _console(reach).items():
            lines.append(_line(f"{what} ({username})", lambda: client.get(path), budget))  # noqa: B023 - called at once
    return lines


def _console(reach: str) -> dict[str, tuple[str, str]]:
    """Pages of the inbox and of the province's review: address and budget."""
    review = Review.everywhere.get(root_id=PROVINCE, year=YEAR, dry_run=False)
    here = f"/reviews/{review.pk}/"
    wanted = f"{here}proposals/?division={reach}"
    return {
        "home": ("/", BUDGET),
        "inbox": ("/inbox/", BUDGET),
        "inbox, flagged": ("/inbox/?tab=flagged", BUDGET),
        "inbox, near the deadline": ("/inbox/?tab=due", BUDGET),
        "inbox by distance from the line": ("/inbox/?order=margin", BUDGET),
        "reviews": ("/reviews/", BUDGET),
        "proposals, first page": (wanted, BUDGET),
        "proposals, exits alone": (f"{wanted}&kind={Kind.EXIT:d}", BUDGET),
        "proposals within 2.5 % of the line": (f"{wanted}&near=-1:0", BUDGET),
        "one review": (here, DASHBOARD),
        "figures of a review": (f"{here}figures/", DASHBOARD),
        "flow of the register": (f"{here}flow/", ""),
        "readiness": (f"/reviews/readiness/?year={YEAR}", ""),
    }


def _requests(
    client: Client, random: Random, sample: list[tuple[str, str]], names: list[str]
) -> dict[str, Callable[[], Any]]:
    """What a visitor asks for; each call asks for another village, household or name."""
    register = "/households/"

    def some(place: int) -> str:
        return random.choice(sample)[place]

    return {
        "list, first page": lambda: client.get(register),
        "list, one village": lambda: client.get(register, {"division": some(1)}),
        "list, one township": lambda: client.get(register, {"division": some(1)[:9]}),
        "list, one state": lambda: client.get(register, {"state": random.randint(0, 4)}),
        "household page": lambda: client.get(f"{register}{some(0)}/"),
        "search by name": lambda: client.post(
            register, {"term": random.choice(names)}, follow=True
        ),
    }


def _sample(random: Random) -> list[tuple[str, str]]:
    """Numbers and villages of some households of the province."""
    keys = list(Household.everywhere.within(PROVINCE).values_list("pk", flat=True)[::20])
    chosen = random.sample(keys, min(len(keys), 1000))
    return list(Household.everywhere.filter(pk__in=chosen).values_list("number", "village_id"))


def _names() -> list[str]:
    return list(Member.objects.order_by("-pk").values_list("name", flat=True)[:5000:50])


def measured(what: str, client: Client, request: Request) -> Line:
    """A page asked for again and again by one visitor."""
    return _line(what, lambda: client.get(request.path), request.budget)


def _line(what: str, ask: Callable[[], Any], budget: str) -> Line:
    requests = REQUESTS if timed(ask) < SLOW_SECONDS else FEW_REQUESTS
    walls, databases, statements = [], [], []
    for _ in range(requests):
        with _clock() as clock:
            began = time.perf_counter()
            response = ask()
            walls.append(time.perf_counter() - began)
        if response.status_code != 200:
            raise RuntimeError(f"{what}: {response.status_code}")
        databases.append(clock.seconds)
        statements.append(clock.statements)
    return Line(
        what,
        f"p95 {_p95(walls) * 1000:.0f} ms, median {median(walls) * 1000:.0f} ms; database median "
        f"{median(databases) * 1000:.0f} ms, {max(statements)} statements",
        budget,
    )


@contextmanager
def _clock() -> Iterator[Clock]:
    clock = Clock()
    with connection.execute_wrapper(clock):
        yield clock


def _p95(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.95) - 1]
