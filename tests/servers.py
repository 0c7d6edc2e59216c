"""PostgreSQL and Valkey of one test's own, to be broken without harm to its neighbours."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from django.conf import settings
from django.db import connection, connections
from redis import Redis

from registry.embedded.broker import Broker
from registry.embedded.folder import Folder
from registry.embedded.postgres import Postgres

OPTIONS = ["fsync=off", "shared_buffers=128MB"]  # only a power cut asks for fsync
PLACE = ("NAME", "USER", "PASSWORD", "HOST", "PORT")
BACK_SECONDS = 60


class Servers:
    """Both servers, started, with a copy of the migrated database.

    Start them in the main thread: they die with the thread that started them.
    """

    def __init__(self, path: Path):
        folder = Folder(path)
        self.postgres = Postgres(folder, OPTIONS)
        self.broker = Broker(folder)
        self.postgres.start()
        self.broker.start()
        [(_, self.database_url)] = self.postgres.address()
        [(_, self.redis_url)] = self.broker.address()
        self._copy(_address_of_the_migrated_database())

    def _copy(self, url: str) -> None:
        binaries = self.postgres.identity.binaries
        dump = subprocess.run(
            [binaries / "pg_dump", "--no-owner", url], capture_output=True, check=True
        )
        subprocess.run(
            [binaries / "psql", "-q", "-v", "ON_ERROR_STOP=1", self.database_url],
            input=dump.stdout,
            capture_output=True,
            check=True,
        )

    def ask(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """The rows of one statement on a connection of its own; waits while the server is down."""
        deadline = time.monotonic() + BACK_SECONDS
        while True:
            try:
                return self._asked(statement, values)
            except psycopg2.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def _asked(self, statement: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        database = psycopg2.connect(self.database_url, application_name="harness")
        database.autocommit = True
        try:
            with database.cursor() as cursor:
                cursor.execute(statement, values or None)
                return cursor.fetchall() if cursor.description else []
        finally:
            database.close()

    def restart_postgres(self) -> None:
        """An immediate shutdown, as by a crash: no checkpoint, every client cut off."""
        assert self.postgres.process
        os.kill(self.postgres.process.pid, signal.SIGQUIT)
        self.postgres.process.wait()
        self.postgres.start()

    def restart_broker(self) -> None:
        """Killed, and started with nothing of what it held."""
        self.kill_broker()
        self.broker.start()

    def kill_broker(self) -> None:
        assert self.broker.process
        self.broker.process.kill()
        self.broker.process.wait()

    def redis(self) -> Redis:
        return Redis.from_url(self.redis_url)

    @contextmanager
    def broker_stopped(self) -> Iterator[None]:
        """It takes connections and answers nobody."""
        assert self.broker.process
        os.kill(self.broker.process.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self.broker.process.pid, signal.SIGCONT)

    @contextmanager
    def broker_full(self) -> Iterator[None]:
        """It answers every write with an out-of-memory error."""
        with self.redis() as client:
            client.config_set("maxmemory", 1)
            try:
                yield
            finally:
                client.config_set("maxmemory", 0)

    def stop(self) -> None:
        self.broker.stop()
        self.postgres.stop()


def _address_of_the_migrated_database() -> str:
    parts = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(parts._replace(path=f"/{connection.settings_dict['NAME']}"))


@contextmanager
def used(servers: Servers) -> Iterator[None]:
    """This process and those it starts use these servers."""
    known = {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL")}
    place = {name: connection.settings_dict[name] for name in PLACE}
    parameters = psycopg2.extensions.parse_dsn(servers.database_url)
    os.environ |= {"DATABASE_URL": servers.database_url, "REDIS_URL": servers.redis_url}
    _go_to(
        {
            "NAME": parameters["dbname"],
            "USER": parameters["user"],
            "PASSWORD": "",
            "HOST": parameters["host"],
            "PORT": "",
        }
    )
    try:
        yield
    finally:
        os.environ |= known
        _go_to(place)


def _go_to(place: dict[str, str]) -> None:
    connections.close_all()
    settings.DATABASES["default"] |= place
    connection.settings_dict |= place
