"""`make run`: the demonstration on this machine, whole, until Ctrl-C.

One runner owns the web server, the Celery worker and beat. Each of them dies with it, and the
embedded servers notice that they have no user left: nothing survives a SIGKILL.
"""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import BinaryIO

from registry import embedded
from registry.embedded.servers import PR_SET_PDEATHSIG, dying_with_parent

HOST = "127.0.0.1"
READY_SECONDS = 60
STOP_SECONDS = 8
CALM_SECONDS = 5  # a program that ends itself sooner is broken; one that was killed, unlucky
PROJECT = Path(__file__).resolve().parent.parent
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stop(Exception):
    """Ctrl-C, or a signal to end."""


class Program:
    """One long-running part; started again when it ends by itself."""

    def __init__(self, name: str, command: Sequence[str], logs: Path, env: Mapping[str, str]):
        self.name = name
        self.command = [sys.executable, *command]
        self.log = logs / f"{name}.log"
        self.env = os.environ | env
        self.start()

    def start(self) -> None:
        self.began = time.monotonic()
        with self.log.open("ab") as output:
            self.process = spawn(self.command, env=self.env, output=output)

    def keep_up(self) -> None:
        """Raises SystemExit when the program cannot stay up."""
        if self.process.poll() is None:
            return
        if self.process.returncode >= 0 and time.monotonic() - self.began < CALM_SECONDS:
            tail = "\n".join(self.log.read_text(errors="replace").splitlines()[-20:])
            sys.exit(f"{self.name} ended with code {self.process.returncode}:\n{tail}")
        self.start()


def spawn(
    command: Sequence[str], *, env: Mapping[str, str], output: BinaryIO | None = None
) -> subprocess.Popen[bytes]:
    """A child that Ctrl-C does not reach and that dies with the runner."""
    return subprocess.Popen(
        command,
        cwd=PROJECT,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        start_new_session=True,
        preexec_fn=dying_with_parent(signal.SIGKILL),
    )


def main() -> None:
    for number in ENDING:
        signal.signal(number, _stop)
    if "MAKELEVEL" in os.environ:  # end when make is killed
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    try:
        run(int(os.environ.get("PORT") or 8000))
    except Stop:
        print("Stopped.", flush=True)
    except embedded.NoServers as problem:
        sys.exit(str(problem))


def _stop(number: int, frame: FrameType | None) -> None:
    for other in ENDING:
        signal.signal(other, signal.SIG_IGN)
    raise Stop


def run(port: int) -> None:
    """Serve until Stop."""
    refuse_taken_port(port)
    os.environ["DEMO"] = "true"
    embedded.enter()
    embedded.lend_keys()
    state = Path(os.environ["STATE_DIR"])
    programs: list[Program] = []
    try:
        prepare()
        for name, (command, env) in programs_of(port, state).items():
            programs.append(Program(name, command, state, env))
        wait_until_ready(port, programs)
        print(f"\nThe registry runs at http://{HOST}:{port}/  (Ctrl-C stops it)", flush=True)
        while True:
            time.sleep(1)
            for program in programs:
                program.keep_up()
    finally:
        stop([program.process for program in programs])


def refuse_taken_port(port: int) -> None:
    """Raises SystemExit, before anything is started."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            sys.exit(f"Port {port} is taken. Choose another: make run PORT=8001")


def prepare() -> None:
    """Tables, static files, demo data where there is none yet; raises SystemExit when it fails."""
    process = spawn([sys.executable, "manage.py", "prepare_demo"], env=os.environ)
    try:
        if process.wait():
            sys.exit("The demonstration could not be prepared; the reason is above.")
    finally:
        stop([process])


def programs_of(port: int, state: Path) -> dict[str, tuple[list[str], dict[str, str]]]:
    """What runs, and what it needs in its environment besides ours."""
    celery = ["-m", "celery", "-A", "registry"]
    quiet = ["--loglevel", "WARNING"]
    beat = ["beat", "--schedule", str(state / "beat-schedule"), "--pidfile="]
    gunicorn = ["-m", "gunicorn", "-c", "python:registry.gunicorn_conf", "registry.wsgi"]
    return {
        "web": (gunicorn, {"BIND": f"{HOST}:{port}", "STATEMENT_TIMEOUT_MS": "15000"}),
        "worker": ([*celery, "worker", "--concurrency", "2", *quiet], {}),
        "beat": ([*celery, *beat, *quiet], {}),
    }


def wait_until_ready(port: int, programs: Sequence[Program]) -> None:
    """Raises SystemExit when the site does not answer in time."""
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        for program in programs:
            program.keep_up()
        if answers(f"http://{HOST}:{port}/readyz"):
            return
        time.sleep(0.2)
    sys.exit(f"The site did not answer within {READY_SECONDS} s; see {programs[0].log}")


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5):  # noqa: S310 - our own address
            return True
    except OSError:
        return False


def stop(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    """Ask all, wait a little for all, kill the rest with what they started."""
    for process in processes:
        process.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for process in processes:
        try:
            process.wait(max(deadline - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


if __name__ == "__main__":
    main()
