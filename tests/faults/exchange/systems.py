"""Registries beside each other, each with database, keys, folder and officers of its own."""

import base64
import os
import random
import signal
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen

from django.test import override_settings
from registry_client import Door

from divisions.models import Division
from households.actions.numbering import begin_numbers
from officers.actions import KeyTerms, create_client
from officers.models import Officer
from officers.rules import Role, Scope
from tests import factories as make
from tests.cast import Cast, hire_all
from tests.faults.exchange.cutting import BadLine
from tests.processes import Processes, children_of, copied_database, used_database
from workflow.models import PolicyParameter

UP_SECONDS = 60
PATIENCE = 60
WARM_SITE = "tests.faults.exchange.warm_site"

KEEPER = ThreadPoolExecutor(1)
"""The thread that starts sites: they die with it, so it lives as long as the test."""


@dataclass
class System:
    """One registry: its site, the bad line to it, its officers, and how it is started again."""

    name: str
    processes: Processes
    environment: dict[str, str]
    port: int
    key: str
    line: BadLine
    cast: Cast
    reviewers: dict[str, Officer]
    """Who decides in each township."""

    site: Popen[bytes] | None = None

    def start(self) -> None:
        """Start the site; it may take a while until it answers."""
        arguments = ("-m", "gunicorn", "--preload", "-c", "python:registry.gunicorn_conf")
        self.site = KEEPER.submit(
            self.processes.start, *arguments, WARM_SITE, **self.environment
        ).result()

    def wait(self) -> None:
        """Until the site answers."""
        until = time.monotonic() + UP_SECONDS
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=5):  # noqa: S310 ours
                    return
            except (OSError, urllib.error.URLError):
                time.sleep(0.1)
        assert self.site is not None
        raise AssertionError(self.processes.log_of(self.site))

    def kill_worker(self) -> None:
        """End the process that answers, amid whatever it does; the site makes another one."""
        assert self.site is not None
        for worker in children_of(self.site.pid):
            os.kill(worker, signal.SIGKILL)

    def kill_site(self) -> None:
        """End the whole site, and start it again."""
        assert self.site is not None
        os.killpg(self.site.pid, signal.SIGKILL)
        self.site.wait()
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def door(self) -> Door:
        """The site without the bad line."""
        return Door(self.url, self.key, patience=PATIENCE)

    def far_door(self) -> Door:
        """The site at the other end of the bad line."""
        return Door(self.line.url, self.key, patience=PATIENCE)

    @contextmanager
    def inside(self) -> Iterator[Cast]:
        """Act in this process as the system's own officers."""
        with (
            used_database(self.environment["DATABASE_URL"]),
            override_settings(FIELD_KEYS=self.environment["FIELD_KEYS"]),
        ):
            yield self.cast


@contextmanager
def registry(
    name: str,
    processes: Processes,
    folder: Path,
    *,
    owners: dict[str, str],
    first_number: int,
    luck: random.Random,
) -> Iterator[System]:
    """A registry on a copy of the database; its site is not started.

    `owners` by group; the numbers of households and people that it gives begin at `first_number`.
    """
    keys = ";blind:".join(base64.b64encode(os.urandom(32)).decode() for _ in range(2))
    with copied_database(name) as url:
        with used_database(url):
            make.plant_tree()
            cast = hire_all()
            reviewers = {make.TOWNSHIP: cast.township_reviewer} | {
                code: make.make_officer(Role.TOWNSHIP_REVIEWER, code)
                for code in (make.OTHER_TOWNSHIP,)
            }
            _own(owners)
            begin_numbers(first_number, by=cast.operator)
            key = create_client(
                username=f"relay-{name}",
                name="对方系统",
                division=Division.objects.get(pk=make.COUNTY),
                terms=KeyTerms([Scope.READ, Scope.WRITE, Scope.IDENTITY], 30),
                by=make.the_operator(),
            ).text
        port = free_port()
        environment = {
            "DJANGO_SETTINGS_MODULE": "registry.settings",
            "DATABASE_URL": url,
            "FIELD_KEYS": f"1:{keys}",
            "SECRET_KEY": f"of {name} " + "x" * 50,
            "STATE_DIR": str(folder / name),
            "PLAIN_HTTP": "true",
            "BIND": f"127.0.0.1:{port}",
            "WEB_CONCURRENCY": "1",
        }
        line = BadLine(port, luck)
        yield System(name, processes, environment, port, key, line, cast, reviewers)
        line.close()


def _own(owners: dict[str, str]) -> None:
    PolicyParameter.objects.bulk_create(
        PolicyParameter(
            division_id=make.PROVINCE, key=f"exchange.owner.{group}", year=2014, value=owner,
            source="省级通知", set_by=make.the_operator(),
        )
        for group, owner in owners.items()
    )  # fmt: skip


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
