"""PostgreSQL 18 from its wheel, or a system's of at least that version, on a unix socket.

PostgreSQL refuses to run as root. As root it runs as nobody where nobody can reach its files, else
in a user namespace of its own, else from a copy in a folder that everybody can traverse.
"""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path

import psycopg2

from registry.embedded.folder import Folder
from registry.embedded.identity import Identity, identity_for
from registry.embedded.installation import postgres_binaries
from registry.embedded.servers import STOP_SECONDS, Unsuitable, end, spawn, wait_until

DATABASE = "registry"
LOCALE = ["-E", "UTF8", "--locale=C.UTF-8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
LARGE_MEMORY_BYTES = 8 * 1024**3
OPTIONS = [
    "listen_addresses=",
    "unix_socket_permissions=0700",
    "timezone=UTC",
    "log_timezone=UTC",
    "log_min_error_statement=panic",  # a failed statement quotes people
    "log_error_verbosity=terse",
    "max_connections=100",
    "work_mem=32MB",
    "maintenance_work_mem=256MB",
    "max_wal_size=4GB",
    "jit=off",
]


def shared_buffers() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return "512MB" if memory >= LARGE_MEMORY_BYTES else "128MB"


class Postgres:
    def __init__(self, folder: Folder, options: list[str]):
        self.folder = folder
        self.options = [*OPTIONS, f"shared_buffers={shared_buffers()}", *options]
        self.identity: Identity = identity_for(postgres_binaries(), folder)
        self.cluster = self.identity.cluster
        self.process: subprocess.Popen[bytes] | None = None
        self.env = {**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC"}

    def start(self) -> None:
        self._make_cluster()
        self._settle_predecessor()
        self.identity.sockets.mkdir(mode=0o700, exist_ok=True)
        self.identity.own(self.identity.sockets)
        arguments: list[str | Path] = ["-D", self.cluster, "-k", self.identity.sockets]
        for option in self.options:
            arguments += ["-c", option]
        self.process = spawn(
            [*self.identity.prefix, self.identity.binaries / "postgres", *arguments],
            log=self.folder.postgres_log,
            dies_by=signal.SIGINT,
            env=self.env,
            identity=self.identity.credentials,
        )
        wait_until(self._is_ready, self.process, "PostgreSQL")
        self._make_database()

    def _make_cluster(self) -> None:
        """A cluster appears whole or not at all: initdb works beside it."""
        if (self.cluster / "PG_VERSION").exists():
            self.identity.own(self.cluster)
            return
        unfinished = self.cluster.with_suffix(".new")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        self.identity.own(unfinished)
        command: list[str | Path] = [*self.identity.prefix, self.identity.binaries / "initdb"]
        made = subprocess.run(
            [*command, "-D", unfinished, "-U", "app", "-A", "trust", *LOCALE, "--no-sync"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            cwd="/",
            env=self.env,
            check=False,
            **self.identity.credentials,
        )
        if made.returncode:
            raise Unsuitable(f"initdb failed:\n{made.stdout}{made.stderr}")
        unfinished.rename(self.cluster)

    def _settle_predecessor(self) -> None:
        """A server that lost its supervisor is given time to end; a stale pid file is removed."""
        pid_file = self.cluster / "postmaster.pid"
        deadline = time.monotonic() + STOP_SECONDS
        while pid_file.exists() and time.monotonic() < deadline:
            pid = int(pid_file.read_text().split("\n", 1)[0])
            if not _is_postgres_of(pid, self.cluster):
                pid_file.unlink(missing_ok=True)
                return
            os.kill(pid, signal.SIGINT)
            time.sleep(0.1)

    def _is_ready(self) -> bool:
        """PostgreSQL writes its state into the eighth line of its pid file."""
        try:
            lines = (self.cluster / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) >= 8 and lines[7].strip() == "ready"

    def _make_database(self) -> None:
        connection = psycopg2.connect(dbname="postgres", user="app", host=self.identity.sockets)
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if not cursor.fetchone():
                cursor.execute(f"CREATE DATABASE {DATABASE}")
        connection.close()

    def stop(self) -> None:
        if self.process:
            end(self.process, signal.SIGINT, signal.SIGQUIT)

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def address(self) -> Iterable[tuple[str, str]]:
        return [("DATABASE_URL", f"postgresql://app@/{DATABASE}?host={self.identity.sockets}")]


def _is_postgres_of(pid: int, cluster: Path) -> bool:
    try:
        return os.fsencode(cluster) in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
