"""Two registries of one county, each with keys, database and folder of its own, end equal.

Both are edited at random, their sites are killed, their lines are cut; what is relayed both ways
is done once, and in the end totals and hashes are the same.
"""

import base64
import json
import os
import random
import signal
import socket
import time
import urllib.error
import urllib.request
import uuid
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from registry_client import Copy, Door, Refusal, relay

from divisions.models import Division
from officers.actions import KeyTerms, create_client
from officers.rules import Scope
from tests import factories as make
from tests.api.conftest import new_person
from tests.processes import Processes, copied_database, used_database
from workflow.models import PolicyParameter

ROUNDS = 50
EDITS = 4
KILLED = 0.3
UP_SECONDS = 60
EQUAL_SECONDS = 180
PROVINCES, COUNTYS = ("members", "identity", "incomes", "living"), ("household", "causes")
"""Who owns which group of fields."""

KEEPER = ThreadPoolExecutor(1)
"""The thread that starts sites: they die with it, so it lives as long as the test."""


@dataclass
class System:
    """One registry: its site, and how it is started again."""

    name: str
    processes: Processes
    environment: dict[str, str]
    port: int
    key: str
    site: Any = None

    def start(self) -> None:
        arguments = ("-c", "python:registry.gunicorn_conf", "registry.wsgi")
        self.site = self.processes.start("-m", "gunicorn", *arguments, **self.environment)
        until = time.monotonic() + UP_SECONDS
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=5):  # noqa: S310 ours
                    return
            except (OSError, urllib.error.URLError):
                time.sleep(0.1)
        raise AssertionError(self.processes.log_of(self.site))

    def kill(self) -> None:
        os.killpg(self.site.pid, signal.SIGKILL)
        self.site.wait()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def door(self) -> Door:
        return Door(self.url, self.key, patience=60)


@contextmanager
def registry(name: str, processes: Processes, folder: Path) -> Iterator[System]:
    """A registry on a copy of the database, with keys of its own; its site is not started."""
    keys = ";blind:".join(base64.b64encode(os.urandom(32)).decode() for _ in range(2))
    with copied_database(name) as url:
        with used_database(url):
            make.plant_tree()
            owns(PROVINCES, "here" if name == "province" else "there")
            owns(COUNTYS, "there" if name == "province" else "here")
            key = create_client(
                username=f"relay-{name}",
                name="对方系统",
                division=Division.objects.get(pk=make.COUNTY),
                terms=KeyTerms([Scope.READ, Scope.WRITE, Scope.IDENTITY], 30),
                by=make.the_operator(),
            ).text
        port = free_port()
        environment = {
            "DATABASE_URL": url,
            "FIELD_KEYS": f"1:{keys}",
            "SECRET_KEY": f"of {name} " + "x" * 50,
            "STATE_DIR": str(folder / name),
            "PLAIN_HTTP": "true",
            "BIND": f"127.0.0.1:{port}",
            "WEB_CONCURRENCY": "1",
        }
        yield System(name, processes, environment, port, key)


def owns(groups: tuple[str, ...], owner: str) -> None:
    PolicyParameter.objects.bulk_create(
        PolicyParameter(
            division_id=make.PROVINCE, key=f"exchange.owner.{group}", year=2014, value=owner,
            source="省级通知", set_by=make.the_operator(),
        )
        for group in groups
    )  # fmt: skip


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture
def systems(
    django_db_setup: None, django_db_blocker: Any, tmp_path: Path
) -> Iterator[tuple[System, System]]:
    processes = Processes(tmp_path)
    with (
        django_db_blocker.unblock(),
        registry("province", processes, tmp_path) as province,
        registry("county", processes, tmp_path) as county,
    ):
        for system in (province, county):
            KEEPER.submit(system.start).result()
        yield province, county
        processes.kill_all()


def household(place: int) -> dict[str, Any]:
    return {
        "number": f"H{place:04d}",
        "village": make.VILLAGE,
        "group": "一组",
        "members": [new_person(person_number=f"P{place:04d}")],
        "surveys": [{"year": 2019, "wage_income": "8000.00", "food": "1"}],
    }


def edit(luck: random.Random, system: System, number: str) -> None:
    """Change what the system owns of a household, as its own people do, or register a new one."""
    with system.door() as door:
        if luck.random() < 0.3:
            register(door, household(luck.randrange(1000, 9999)))
        elif system.name == "county":
            group = luck.choice(["一组", "二组", "三组", None])
            change(door, "PATCH", number, {"group": group, "main_cause": luck.choice(["01", "02"])})
        else:
            facts = {"year": 2019, "wage_income": f"{luck.randrange(1, 90_000)}.00", "food": "1"}
            facts["reasons"] = {"wage_income": "务工变化"}
            change(door, "POST", f"{number}/surveys", facts)


def register(door: Door, item: dict[str, Any]) -> None:
    body = json.dumps({"households": [item]}).encode()
    (result,) = door.post("sync/batches/", body, key=uuid.uuid4().hex)["results"]
    assert result["result"] in ("created", "updated", "unchanged", "queued"), result


def change(door: Door, method: str, path: str, body: dict[str, Any]) -> None:
    """Change a household at the version that stands, if it is there already."""
    number = path.partition("/")[0]
    with suppress(Refusal):
        version = door.get(f"households/{number}/")["version"]
        headers = {"If-Match": f'"{version}"', "Content-Type": "application/json"}
        content = json.dumps(body).encode()
        door._send(method, f"households/{path}/", content=content, headers=headers)


def test_two_systems_end_equal_after_edits_kills_and_cut_lines(systems, tmp_path, full_counts):
    luck = random.Random(8)
    province, county = systems
    copies = {one.name: Copy(tmp_path / f"{one.name}.sqlite") for one in systems}
    with county.door() as door:
        for place in range(20):
            register(door, household(place))
    for _ in range(ROUNDS if full_counts else max(1, ROUNDS // 10)):
        for _ in range(EDITS):
            edit(luck, luck.choice(systems), f"H{luck.randrange(20):04d}")
        relay_both(luck, province, county, copies)
    until = time.monotonic() + EQUAL_SECONDS
    while not settle(province, county, copies) or totals(province) != totals(county):
        assert time.monotonic() < until, (totals(province), totals(county))
    assert totals(province)[0]["households"] >= 20


def relay_both(luck: random.Random, province: System, county: System, copies: dict) -> None:
    """Carry over both ways; now and then the target's site is killed while it works."""
    for source, target in ((county, province), (province, county)):
        wait = luck.uniform(0, 0.5) if luck.random() < KILLED else None
        killed = KEEPER.submit(again, target, wait) if wait is not None else None
        with source.door() as reading, target.door() as writing:
            relay(reading, writing, copies[source.name])
        if killed:
            killed.result()


def again(system: System, wait: float) -> None:
    time.sleep(wait)
    system.kill()
    system.start()


def settle(province: System, county: System, copies: dict) -> bool:
    """Carry over both ways; whether nothing changed any more by it."""
    counts: Counter[str] = Counter()
    for source, target in ((county, province), (province, county)):
        with source.door() as reading, target.door() as writing:
            counts += relay(reading, writing, copies[source.name])
    return not counts["updated"] + counts["created"] + counts["rejected"]


def totals(system: System) -> list[Any]:
    with system.door() as door:
        return door.get("sync/totals/", division=make.COUNTY, year=2019)["results"]
