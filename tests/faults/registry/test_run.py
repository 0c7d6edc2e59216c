"""`make run` serves within a minute, and leaves nothing behind however it ends."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.registry.conftest import GONE_SECONDS
from tests.processes import PROJECT, children_of, command_lines, fresh_environment, wait_for

UP_SECONDS = 240


@pytest.fixture
def runner(demo: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A demonstration with few households, up and answering."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with (demo / "run.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "registry.run"],
            cwd=PROJECT,
            env=fresh_environment(demo) | {"PORT": str(port), "DEMO_HOUSEHOLDS": "100"},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    said = demo / "run.log"
    wait_for(
        lambda: "registry runs at" in said.read_text() or process.poll() is not None,
        seconds=UP_SECONDS,
    )
    assert process.poll() is None, said.read_text()
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz") as answer:
        assert answer.status == 200
    yield process
    process.kill()
    process.wait()


def family(pid: int) -> list[int]:
    return [pid, *(member for child in children_of(pid) for member in family(child))]


def whole_family(pid: int) -> list[int]:
    """The runner, gunicorn and its two, the worker and its two, beat."""
    wait_for(lambda: len(family(pid)) >= 8)
    return family(pid)


def living(pids: list[int]) -> list[str]:
    return [command for pid, command in command_lines().items() if pid in pids]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_cleanly_when_asked(runner, number):
    started = whole_family(runner.pid)
    runner.send_signal(number)
    assert runner.wait(GONE_SECONDS) == 0
    assert living(started) == []


def test_a_kill_takes_web_server_worker_beat_and_their_children_along(runner):
    started = whole_family(runner.pid)
    runner.kill()
    runner.wait()
    wait_for(lambda: living(started) == [], seconds=GONE_SECONDS)


def test_a_killed_worker_is_started_again(runner):
    first = workers_of(runner.pid)
    os.kill(*first, signal.SIGKILL)
    wait_for(lambda: len(workers_of(runner.pid) - first) == 1)


def workers_of(pid: int) -> set[int]:
    running = command_lines()
    return {child for child in children_of(pid) if "registry worker" in running.get(child, "")}


def test_a_taken_port_is_named_before_anything_is_started(state):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        ran = subprocess.run(
            [sys.executable, "-m", "registry.run"],
            cwd=PROJECT,
            env=fresh_environment(state) | {"PORT": port},
            capture_output=True,
            text=True,
            check=False,
        )
    assert ran.returncode == 1
    assert f"Port {port} is taken" in ran.stderr
    assert list(state.iterdir()) == []
