"""Wall time and peak memory of commands and of what they start; COPY as the floor."""

import io
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import connection

POLL_SECONDS = 0.1


class Failed(Exception):
    """A measured command ended with an error; its output is the argument."""


@dataclass(frozen=True)
class Line:
    """One line of the table; `budget` is empty where the design names none."""

    what: str
    measured: str
    budget: str = ""


@dataclass
class Run:
    """One finished command."""

    seconds: float
    output: str
    peaks_mib: dict[int, float] = field(default_factory=dict)
    """Peak resident memory of the command's process and of its descendants, by process id."""

    pid: int = 0

    @property
    def own_peak_mib(self) -> float:
        return self.peaks_mib.get(self.pid, 0.0)

    @property
    def descendants_peak_mib(self) -> float:
        return max((peak for pid, peak in self.peaks_mib.items() if pid != self.pid), default=0.0)


def run_module(*arguments: str | int | Path) -> Run:
    """Run `python ARGUMENTS` to its end. Raises Failed."""
    began = time.monotonic()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            [sys.executable, *map(str, arguments)],
            cwd=settings.BASE_DIR,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
        )
        run = Run(0, "", pid=process.pid)
        watcher = threading.Thread(target=_watch, args=(process, run.peaks_mib))
        watcher.start()
        process.wait()
        run.seconds = time.monotonic() - began
        watcher.join()
        output.seek(0)
        run.output = output.read().decode(errors="replace")
    if process.returncode:
        raise Failed(f"{' '.join(map(str, arguments))}:\n{run.output[-4000:]}")
    return run


def manage(*arguments: str | int | Path) -> Run:
    """Run a command of manage.py."""
    return run_module("manage.py", *arguments)


def timed(act: Callable[[], object]) -> float:
    """Seconds that `act` takes."""
    began = time.monotonic()
    act()
    return time.monotonic() - began


def _watch(process: subprocess.Popen[bytes], peaks: dict[int, float]) -> None:
    while process.poll() is None:
        for pid, peak in peaks_of(process.pid).items():
            peaks[pid] = max(peaks.get(pid, 0.0), peak)
        time.sleep(POLL_SECONDS)


def peaks_of(pid: int) -> dict[int, float]:
    """Peak resident memory in MiB so far of a process and of its descendants, by process id."""
    return {one: _peak_mib(one) for one in (pid, *_descendants(pid))}


def _descendants(pid: int) -> list[int]:
    found = []
    for tasks in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = [int(child) for child in tasks.read_text().split()]
        except OSError:
            continue
        found += [one for child in children for one in (child, *_descendants(child))]
    return found


def _peak_mib(pid: int) -> float:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    peak = next((line for line in status.splitlines() if line.startswith("VmHWM:")), "VmHWM: 0 kB")
    return int(peak.split()[1]) / 1024


def copy_out(query: str, file: io.BufferedIOBase) -> float:
    """Seconds that COPY of a query's rows to a file takes."""
    with connection.cursor() as cursor:
        return timed(lambda: cursor.copy_expert(f"COPY ({query}) TO STDOUT", file))


def copy_in(table: str, file: io.BufferedIOBase) -> float:
    """Seconds that COPY of a file into an empty twin of `table`, with its indexes, takes."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"DROP TABLE IF EXISTS bench_twin; CREATE TABLE bench_twin (LIKE {table} INCLUDING ALL)"
        )
        file.seek(0)
        seconds = timed(lambda: cursor.copy_expert("COPY bench_twin FROM STDIN", file))
        cursor.execute("DROP TABLE bench_twin")
    return seconds


def copied_again(table: str, where: str) -> float:
    """Seconds that plain COPY takes to write the rows of `table` that meet `where`."""
    with tempfile.TemporaryFile() as file:
        copy_out(f"SELECT * FROM {table} WHERE {where}", file)
        return copy_in(table, file)
