"""Pages answer while the broker is dead, stopped or full: the real web server, over HTTP."""

import http.client
import socket
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, closing, nullcontext
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.urls import reverse

from divisions.models import Division
from households.rules import State
from reviews.actions.chunks import drive
from reviews.actions.proposing import commit_review, propose_review
from reviews.models import BatchAcceptance, Proposal, Review
from reviews.queries.acting import CAN_BE_ACCEPTED, chosen_proposals
from reviews.queries.proposals import Wanted
from tests import factories as make
from tests.cast import Cast, hire_all
from tests.processes import wait_for
from tests.servers import Servers

POSTS, LONGER_SECONDS = 20, 1.0
FEW_POSTS, MUCH_LONGER_SECONDS = 3, 5.0  # on a busy machine; who waits for the broker waits longer
TOKEN = "t" * 32


@pytest.fixture
def cast(servers: Servers) -> Cast:
    make.plant_tree()
    return hire_all()


@pytest.fixture
def review(cast) -> Review:
    """A committed review with forty exits to accept."""
    for _ in range(40):
        make.make_survey(make.make_household(state=State.POOR), 2019, wage_income=9000)
    proposed = propose_review(
        root=Division.objects.get(pk=make.COUNTY), year=2019, by=cast.county_clerk
    )
    drive(proposed.pk)
    return commit_review(proposed.pk, by=cast.county_approver)


@pytest.fixture
def post(cast, own_processes, signed_in) -> Callable[..., float]:
    """Posts a form to a running web server as the clerk; returns the seconds until the answer."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        place = probe.getsockname()
    arguments = ("-c", "python:registry.gunicorn_conf", "registry.wsgi")
    own_processes.start("-m", "gunicorn", *arguments, BIND=f"{place[0]}:{place[1]}")
    cookies = signed_in(cast.county_clerk).cookies
    known = {name: cookie.value for name, cookie in cookies.items()}
    known[settings.CSRF_COOKIE_NAME] = TOKEN
    headers = {
        "Cookie": "; ".join(f"{name}={value}" for name, value in known.items()),
        "Content-Type": "application/x-www-form-urlencoded",
    }

    def posted(path: str, **data: str) -> float:
        begun = time.monotonic()
        with closing(http.client.HTTPConnection(*place, timeout=200)) as web:
            web.request("POST", path, urlencode({"csrfmiddlewaretoken": TOKEN, **data}), headers)
            answer = web.getresponse()
            text = answer.read().decode()
        assert answer.status == 302, text
        return time.monotonic() - begun

    def listens() -> bool:
        with socket.socket() as client:
            return client.connect_ex(place) == 0

    wait_for(listens, seconds=60)
    return posted


@pytest.fixture
def acts(cast, review, post) -> dict[str, Callable[[], float]]:
    chosen = chosen_proposals(cast.county_clerk, review, Wanted(), CAN_BE_ACCEPTED)
    waiting = iter(Proposal.everywhere.filter(review=review).values_list("pk", flat=True))
    own = {"year": "2019", "division": make.COUNTY, "dry_run": "on"}

    def save() -> float:
        path = reverse("reviews:answer", args=[review.pk, next(waiting), "refuse"])
        return post(path, reason="unstable")

    return {
        "propose": lambda: post(reverse("reviews:propose"), **own),
        "confirm": lambda: post(
            reverse("reviews:accept_batch", args=[review.pk]), seen=chosen.seen
        ),
        "save": save,
    }


def slow(act: Callable[[], float], times: int) -> float:
    """Seconds of the slowest but one: of twenty, the 95th percentile."""
    return sorted(act() for _ in range(times))[-2]


def dead(servers: Servers) -> AbstractContextManager[None]:
    servers.kill_broker()
    return nullcontext()


BREAK = {"dead": dead, "stopped": Servers.broker_stopped, "full": Servers.broker_full}


@pytest.mark.parametrize("how", BREAK)
def test_pages_answer_without_the_broker(how, acts, servers, full_counts):
    times, most = (POSTS, LONGER_SECONDS) if full_counts else (FEW_POSTS, MUCH_LONGER_SECONDS)
    sound = {name: slow(act, times) for name, act in acts.items()}
    with BREAK[how](servers):
        broken = {name: slow(act, times) for name, act in acts.items()}
    sys.stdout.write(f"\n{how}: sound {sound}, broken {broken}\n")
    assert all(broken[name] - sound[name] <= most for name in acts)
    assert Review.everywhere.filter(dry_run=True).count() == 2 * times
    assert BatchAcceptance.everywhere.count() == 1
    assert Proposal.everywhere.exclude(answer=None).count() == 2 * times
