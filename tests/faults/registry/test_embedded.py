"""The embedded servers come up for whoever needs them, and never outlive their last user."""

import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from registry.embedded.folder import Folder
from tests.faults.registry.conftest import GONE_SECONDS, servers_of
from tests.processes import PROJECT, children_of, command_lines, fresh_environment, wait_for

BOTH_ANSWER = """
import os, psycopg2, redis
connection = psycopg2.connect(os.environ["DATABASE_URL"])
cursor = connection.cursor()
cursor.execute("SELECT 1")
assert redis.Redis.from_url(os.environ["REDIS_URL"]).ping()
print(os.environ["DATABASE_URL"], os.environ["SECRET_KEY"], flush=True)
"""
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has more than one way to run")


def supervisor_of(state: Path) -> int:
    wanted = f"registry.embedded.supervisor {state} "
    return next(pid for pid, command in command_lines().items() if wanted in f"{command} ")


def command_line(code: str, *, python: str = sys.executable) -> list[str]:
    return [python, "-m", "registry.embedded", "--", python, "-c", code]


def run(
    state: Path,
    code: str = BOTH_ANSWER,
    *,
    prefix: tuple[str, ...] = (),
    python: str = sys.executable,
) -> str:
    ran = subprocess.run(
        [*prefix, *command_line(code, python=python)],
        cwd=PROJECT,
        env=fresh_environment(state),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@pytest.fixture
def user(state: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A command that keeps the servers for as long as it lives."""
    process = hold(state)
    yield process
    process.kill()
    process.wait()


def hold(state: Path) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        command_line(BOTH_ANSWER + "import time; time.sleep(600)"),
        cwd=PROJECT,
        env=fresh_environment(state),
        stdout=subprocess.PIPE,
    )
    assert process.stdout
    assert process.stdout.readline(), "the command ended early"
    process.stdout.close()
    return process


def test_commands_that_start_together_share_one_database_and_one_key(state):
    with ThreadPoolExecutor(4) as pool:
        answers = set(pool.map(run, [state] * 4))
    assert len(answers) == 1


def test_nothing_runs_once_the_last_command_has_ended(state):
    run(state)
    wait_for(lambda: not servers_of(state), seconds=GONE_SECONDS)


def test_servers_stay_while_one_of_two_users_remains(state, user):
    second = hold(state)
    second.kill()
    second.wait()
    time.sleep(2)
    assert run(state)
    assert len(servers_of(state)) >= 3


@pytest.mark.parametrize("victim", ["user", "supervisor", "postgres"])
def test_a_kill_leaves_nothing_behind_and_the_next_command_works(state, user, victim):
    if victim == "supervisor":
        os.kill(supervisor_of(state), signal.SIGKILL)
    if victim == "postgres":
        pid_file = state / "postgres" / "postmaster.pid"
        os.kill(int(pid_file.read_text().split()[0]), signal.SIGKILL)
    user.kill()
    user.wait()
    wait_for(lambda: not servers_of(state), seconds=GONE_SECONDS)
    assert run(state)


def test_a_new_command_brings_the_servers_back_after_their_supervisor_was_killed(state, user):
    os.kill(supervisor_of(state), signal.SIGKILL)
    assert run(state)


@pytest.mark.parametrize("name", ["postgres", "valkey-server"])
def test_a_killed_server_comes_back_while_it_has_users(state, user, name):
    [command] = pids_named(name, state)
    os.kill(command, signal.SIGKILL)
    wait_for(lambda: pids_named(name, state) not in ([], [command]))
    assert run(state)


def pids_named(name: str, state: Path) -> list[int]:
    """Servers whose parent is the supervisor, by the name of their program."""
    servers = children_of(supervisor_of(state))
    return [pid for pid in servers if Path(f"/proc/{pid}/comm").read_text().strip() == name]


def test_a_pid_file_that_names_a_stranger_is_no_obstacle(state):
    run(state)
    wait_for(lambda: not servers_of(state), seconds=GONE_SECONDS)
    pid_file = state / "postgres" / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{state}/postgres\n0\n5432\n\n\n\n\n")
    assert run(state)


def test_an_interrupted_first_start_does_not_spoil_the_folder(state):
    (state / "postgres.new").mkdir()
    (state / "postgres.new" / "PG_VERSION").write_text("18\n")
    assert run(state)


def test_a_long_path_gets_a_short_socket(state):
    deep = state / ("a" * 60) / ("b" * 60)
    deep.mkdir(parents=True)
    assert run(deep)
    wait_for(lambda: not servers_of(deep), seconds=GONE_SECONDS)
    shutil.rmtree(Folder(deep).aside())


def test_the_keys_are_readable_by_their_owner_only(state):
    run(state)
    assert (state / "development-keys.json").stat().st_mode & 0o777 == 0o600


def test_nothing_is_started_where_a_database_is_named(state):
    ran = subprocess.run(
        command_line("import os; print(os.environ['DATABASE_URL'])"),
        cwd=PROJECT,
        env=fresh_environment(state) | {"DATABASE_URL": "postgresql://elsewhere/registry"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout == "postgresql://elsewhere/registry\n"
    assert list(state.iterdir()) == []


QUERY = """
import os, psycopg2
connection = psycopg2.connect(os.environ["DATABASE_URL"])
connection.autocommit = True
cursor = connection.cursor()
cursor.execute(STATEMENT)
print(*(cursor.fetchone() if cursor.description else ()))
"""


def ask(state: Path, statement: str) -> list[str]:
    return run(state, QUERY.replace("STATEMENT", repr(statement))).split()


def test_chinese_text_is_split_and_ordered_alike_everywhere(state):
    statement = "SELECT datlocprovider, datlocale FROM pg_database WHERE datname = 'registry'"
    assert ask(state, statement) == ["b", "C.UTF-8"]
    assert ask(state, r"SELECT '张三丰' ~ '^\w+$'") == ["True"]


def test_what_was_committed_is_there_after_a_stop(state):
    assert ask(state, "SELECT current_setting('fsync')") == ["on"]
    ask(state, "CREATE TABLE kept AS SELECT 41 + 1 AS answer")
    wait_for(lambda: not servers_of(state), seconds=GONE_SECONDS)
    assert ask(state, "TABLE kept") == ["42"]


def test_a_command_that_needs_no_database_starts_nothing(state):
    command = [sys.executable, "manage.py", "check"]
    subprocess.run(command, cwd=PROJECT, env=fresh_environment(state), check=True)
    assert list(state.iterdir()) == []


@as_root
def test_root_works_below_a_folder_closed_to_others(state):
    closed = state / "closed"
    closed.mkdir(mode=0o700)
    assert run(closed / "state")
    assert (closed / "state" / "postgres").stat().st_uid == 0


@as_root
def test_a_folder_that_is_closed_later_changes_its_owner_and_keeps_its_data(state):
    place = state / "place"
    place.mkdir(mode=0o755)
    assert run(place)
    assert (place / "postgres").stat().st_uid != 0
    wait_for(lambda: not servers_of(place), seconds=GONE_SECONDS)
    place.chmod(0o700)
    assert run(place)
    wait_for(lambda: not servers_of(place), seconds=GONE_SECONDS)
    place.chmod(0o755)
    assert run(place)


@as_root
def test_root_without_user_namespaces_runs_from_a_copy(state, tmp_path, monkeypatch):
    """As in containers that forbid them: `unshare` fails."""
    refusing = tmp_path / "bin"
    refusing.mkdir()
    (refusing / "unshare").write_text("#!/bin/sh\nexit 1\n")
    (refusing / "unshare").chmod(0o755)
    monkeypatch.setenv("PATH", f"{refusing}:{os.environ['PATH']}")
    closed = state / "closed"
    closed.mkdir(mode=0o700)
    answer = run(closed / "state")
    aside = Path(answer.split("host=")[1].split()[0]).parent
    assert aside.stat().st_uid == 0
    wait_for(lambda: not servers_of(aside), seconds=GONE_SECONDS)
    shutil.rmtree(aside)


ORDINARY = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")


def python_for_everybody() -> str:
    """An interpreter that an ordinary user can run with the project's packages."""
    proof = "import subprocess, sys, psycopg2; subprocess.run([sys.executable, '-V'], check=True)"
    for python in (sys.executable, "/usr/bin/python3"):
        tried = subprocess.run([*ORDINARY, python, "-c", proof], cwd=PROJECT, capture_output=True)
        if tried.returncode == 0:
            return python
    pytest.skip("this virtual environment is closed to ordinary users")


@as_root
def test_an_ordinary_user_runs_everything_as_himself(state, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", sysconfig.get_path("purelib"))
    python = python_for_everybody()
    mine = state / "mine"
    mine.mkdir()
    os.chown(mine, 65534, 65534)
    query = QUERY.replace("STATEMENT", "'SELECT 1'")
    assert run(mine, query, prefix=ORDINARY, python=python) == "1\n"
    assert (mine / "postgres").stat().st_uid == 65534
