"""How a command comes to its servers."""

import base64
import json
import os
import secrets
import subprocess
import sys
import time
from pathlib import Path

from registry.embedded import locks
from registry.embedded.folder import Folder

START_SECONDS = 90
VOLATILE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")  # for tests
PROJECT = Path(__file__).resolve().parent.parent.parent


class NoServers(Exception):
    """The servers did not come up; the message says why."""


def enter(*postgres_options: str) -> None:
    """Put DATABASE_URL, REDIS_URL, SECRET_KEY and FIELD_KEYS into the environment.

    Does nothing where DATABASE_URL is set; what is set stays. `postgres_options` count for whoever
    starts the servers first. Raises NoServers.
    """
    if os.environ.get("DATABASE_URL") or os.environ.get("DATABASE_URL_FILE"):
        return
    folder = state_folder()
    locks.take_shared(folder.users_lock)
    with locks.alone(folder.start_lock):
        values = development_keys(folder) | addresses(folder, postgres_options)
    os.environ |= {name: value for name, value in values.items() if not os.environ.get(name)}
    os.environ["STATE_DIR"] = str(folder.path)


def state_folder() -> Folder:
    """STATE_DIR, made where it is missing."""
    folder = Folder(Path(os.environ.get("STATE_DIR") or PROJECT / ".data").absolute())
    folder.path.mkdir(parents=True, exist_ok=True)
    return folder


def lend_keys() -> None:
    """Development keys for a demonstration on a database that is not ours."""
    folder = state_folder()
    with locks.alone(folder.start_lock):
        keys = development_keys(folder)
    os.environ |= {name: value for name, value in keys.items() if not os.environ.get(name)}
    os.environ["STATE_DIR"] = str(folder.path)


def development_keys(folder: Folder) -> dict[str, str]:
    """The keys of this folder, made once; they protect made-up data only."""
    if not folder.keys.exists():
        keys = {
            "SECRET_KEY": secrets.token_urlsafe(50),
            "FIELD_KEYS": f"1:{_random_key()};blind:{_random_key()}",
        }
        unfinished = folder.keys.with_suffix(".new")
        unfinished.unlink(missing_ok=True)
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(keys, file)
        unfinished.rename(folder.keys)
    return json.loads(folder.keys.read_text())


def _random_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def addresses(folder: Folder, postgres_options: tuple[str, ...]) -> dict[str, str]:
    """DATABASE_URL and REDIS_URL of the running servers, started if need be."""
    if not locks.is_held(folder.supervisor_lock):
        _start_supervisor(folder, postgres_options)
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if folder.addresses.exists():
            return json.loads(folder.addresses.read_text())
        if not locks.is_held(folder.supervisor_lock):
            break
        time.sleep(0.02)
    raise NoServers(f"The embedded servers did not start.\n{_last_words(folder)}")


def _start_supervisor(folder: Folder, postgres_options: tuple[str, ...]) -> None:
    """The supervisor goes on by itself; what is waited for here is only its first process."""
    folder.addresses.unlink(missing_ok=True)
    command = [sys.executable, "-m", "registry.embedded.supervisor", str(folder.path)]
    with folder.log.open("wb") as log:
        subprocess.run(
            [*command, *postgres_options],
            cwd=PROJECT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            check=False,
        )


def _last_words(folder: Folder) -> str:
    logs = [path for path in (folder.log, folder.postgres_log, folder.broker_log) if path.exists()]
    tails = (path.read_text(errors="replace").splitlines()[-15:] for path in logs)
    return "\n".join(
        "\n  ".join([f"{path}:", *tail]) for path, tail in zip(logs, tails, strict=True) if tail
    )
