"""Real processes on a database of their own, for what a rolled-back transaction cannot show."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from django.conf import settings
from django.db import connection, connections
from psycopg2 import extensions

from registry.embedded.servers import dying_with_parent

PROJECT = Path(__file__).parent.parent
OTHERS_OUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}'"


def server() -> extensions.connection:
    """A connection to the server's own database, each statement a transaction of its own."""
    parameters = connection.get_connection_params() | {"dbname": "postgres"}
    parameters.pop("cursor_factory", None)
    opened = psycopg2.connect(**parameters)
    opened.autocommit = True
    return opened


def _execute(statement: str) -> None:
    with closing(server()) as alone, alone.cursor() as cursor:
        cursor.execute(statement)


def let_nobody_in(name: str) -> None:
    """End every connection to a database: a thread of an earlier test may have left one behind."""
    connections.close_all()
    _execute(OTHERS_OUT.format(name))


@contextmanager
def copied_database(suffix: str) -> Iterator[str]:
    """A copy of the migrated test database, which nobody uses yet. Yields its address.

    Drops the copy afterwards, whoever is still connected.
    """
    template = connection.settings_dict["NAME"]
    copy = f"{template}_{suffix}"
    let_nobody_in(template)
    _execute(f'DROP DATABASE IF EXISTS "{copy}" WITH (FORCE)')
    _execute(f'CREATE DATABASE "{copy}" TEMPLATE "{template}" STRATEGY FILE_COPY')
    try:
        yield urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{copy}"))
    finally:
        _execute(f'DROP DATABASE IF EXISTS "{copy}" WITH (FORCE)')


@contextmanager
def used_database(url: str) -> Iterator[None]:
    """Point this process and those it starts at another database of the server."""
    own_url, own_name = os.environ["DATABASE_URL"], connection.settings_dict["NAME"]
    os.environ["DATABASE_URL"] = url
    try:
        _use(urlsplit(url).path[1:])
        yield
    finally:
        os.environ["DATABASE_URL"] = own_url
        _use(own_name)


@contextmanager
def cloned_database() -> Iterator[str]:
    """Point this process and those it starts at a copy of the migrated test database.

    Commits are real. Yields the address; drops the copy afterwards, whoever is still connected.
    """
    with copied_database("clone") as url, used_database(url):
        yield url


def _use(name: str) -> None:
    connections.close_all()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


class Processes:
    """Starts commands of the project, each in a process group of its own."""

    def __init__(self, logs: Path):
        self.logs = logs
        self.running: list[subprocess.Popen[bytes]] = []

    def start(self, *command: str, **env: str) -> subprocess.Popen[bytes]:
        """`command` is what follows `python`: "-m", "celery", … or "manage.py", …"""
        with (self.logs / f"{len(self.running)}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, *command],
                cwd=PROJECT,
                env={**os.environ, **env},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=dying_with_parent(signal.SIGKILL),
            )
        self.running.append(process)
        return process

    def start_worker(self, *, concurrency: int = 1, **env: str) -> subprocess.Popen[bytes]:
        """A Celery worker with a pool; its log is in `logs`."""
        arguments = ("-c", str(concurrency), "-n", f"{len(self.running)}@%h", "-l", "INFO")
        return self.start("-m", "celery", "-A", "registry", "worker", *arguments, **env)

    def log_of(self, process: subprocess.Popen[bytes]) -> str:
        return (self.logs / f"{self.running.index(process)}.log").read_text(errors="replace")

    def kill_all(self) -> None:
        for process in self.running:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


OF_THIS_RUN = {
    "DATABASE_URL", "DJANGO_SETTINGS_MODULE", "FIELD_KEYS", "MAKELEVEL", "PLAIN_HTTP",
    "PYTEST_XDIST_WORKER", "REDIS_URL", "SECRET_KEY",
}  # fmt: skip


def fresh_environment(state: Path) -> dict[str, str]:
    """The environment of somebody who knows nothing of this run, with a STATE_DIR of his own."""
    kept = {name: value for name, value in os.environ.items() if name not in OF_THIS_RUN}
    return kept | {"STATE_DIR": str(state)}


def command_lines() -> dict[int, str]:
    """Every living process and its command line."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            words = (process / "cmdline").read_bytes().split(b"\0")
            found[int(process.name)] = b" ".join(words).decode(errors="replace").strip()
    return found


def children_of(pid: int) -> list[int]:
    """Living direct children, from /proc."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]


def wait_for(condition: Callable[[], object], *, seconds: float = 30) -> None:
    """Raises AssertionError when the condition does not come true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s: {condition}"
        time.sleep(0.05)
