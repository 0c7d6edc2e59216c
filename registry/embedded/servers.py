"""What the embedded servers have in common: a process that never outlives the supervisor."""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Protocol

PR_SET_PDEATHSIG = 1
START_SECONDS = 60
STOP_SECONDS = 20


class Unsuitable(Exception):
    """No server here can serve; the message says what to install or set."""


class Server(Protocol):
    def start(self) -> None: ...

    def stop(self) -> None: ...

    def is_running(self) -> bool: ...

    def address(self) -> Iterable[tuple[str, str]]:
        """The environment variable that names the server, and its value."""


def dying_with_parent(number: int) -> Callable[[], None]:
    """For `preexec_fn`: the kernel sends this signal when the parent dies, even by SIGKILL."""
    libc = ctypes.CDLL(None)
    parent = os.getpid()

    def ask_the_kernel() -> None:
        if hasattr(libc, "prctl"):
            libc.prctl(PR_SET_PDEATHSIG, number)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)

    return ask_the_kernel


def spawn(
    command: list[str | Path],
    *,
    log: Path,
    dies_by: int,
    env: Mapping[str, str] | None = None,
    identity: Mapping[str, Any] | None = None,
) -> subprocess.Popen[bytes]:
    """A server process in its own session, writing to its log only."""
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            env=env,
            start_new_session=True,
            preexec_fn=dying_with_parent(dies_by),
            **(identity or {}),
        )


def wait_until(ready: Callable[[], bool], process: subprocess.Popen[bytes], name: str) -> None:
    """Raises Unsuitable when the process ends, or is not ready in time."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if ready():
            return
        if process.poll() is not None:
            raise Unsuitable(f"{name} ended with code {process.returncode}; see its log.")
        time.sleep(0.02)
    raise Unsuitable(f"{name} was not ready after {START_SECONDS} s; see its log.")


def end(process: subprocess.Popen[bytes], *signals: int) -> None:
    """Ask with each signal in turn, at last with SIGKILL, until the process is gone."""
    for number in (*signals, signal.SIGKILL):
        if process.poll() is not None:
            return
        process.send_signal(number)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            continue
