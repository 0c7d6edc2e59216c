"""The process that owns the servers of one STATE_DIR, and stops them when nobody uses them.

It is detached from whoever started it. Killed, it takes the servers with it (the kernel signals
them), and the next user starts a new one.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from registry.embedded import locks
from registry.embedded.broker import Broker
from registry.embedded.folder import Folder
from registry.embedded.postgres import Postgres
from registry.embedded.servers import Server, Unsuitable

POLL_SECONDS = 0.4


class Stop(Exception):
    """Somebody asked the supervisor to end."""


def main(argv: list[str]) -> None:
    """The first process returns once the lock is held, so that its caller can wait for it."""
    folder = Folder(Path(argv[0]))
    lock = locks.try_alone(folder.supervisor_lock)
    if lock is None or os.fork():
        return
    os.setsid()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, _stop)
    try:
        supervise(folder, argv[1:], release=lambda: os.close(lock))
    except Unsuitable as problem:
        sys.exit(str(problem))


def _stop(number: int, frame: FrameType | None) -> None:
    raise Stop


def supervise(folder: Folder, postgres_options: list[str], *, release: Callable[[], None]) -> None:
    """Start the servers, keep them up while there are users, stop them.

    `release` gives up the supervisor's lock; the users' lock is still held alone then, so nobody
    finds a supervisor that is about to go.
    """
    servers: list[Server] = [Postgres(folder, postgres_options), Broker(folder)]
    try:
        _start(folder, servers)
        _serve_users(folder, servers)
    except Stop:
        print("Asked to stop.", flush=True)  # noqa: T201 - into the supervisor's log
    finally:
        folder.addresses.unlink(missing_ok=True)
        for server in reversed(servers):
            server.stop()
        release()


def _start(folder: Folder, servers: list[Server]) -> None:
    """Whoever comes meanwhile finds no addresses and waits for them."""
    folder.addresses.unlink(missing_ok=True)
    for server in servers:
        if not server.is_running():
            server.start()
    addresses = {name: url for server in servers for name, url in server.address()}
    unfinished = folder.addresses.with_suffix(".new")
    unfinished.write_text(json.dumps(addresses))
    unfinished.rename(folder.addresses)


def _serve_users(folder: Folder, servers: list[Server]) -> int:
    """Returns the users' lock, held alone, when the last user has gone."""
    while (users := locks.try_alone(folder.users_lock)) is None:
        if not all(server.is_running() for server in servers):
            _start(folder, servers)
        time.sleep(POLL_SECONDS)
    return users


if __name__ == "__main__":
    main(sys.argv[1:])
