import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.processes import command_lines, wait_for

GONE_SECONDS = 10


def servers_of(state: Path) -> list[str]:
    """Command lines of living processes that name the folder."""
    return [command for command in command_lines().values() if str(state) in command]


@contextmanager
def folder() -> Iterator[Path]:
    """An empty folder that everybody may traverse; afterwards nothing runs in it."""
    path = Path("/var/tmp") / f"registry-test-{os.getpid()}-{time.monotonic_ns()}"
    path.mkdir(mode=0o755)
    yield path
    wait_for(lambda: not servers_of(path), seconds=GONE_SECONDS)
    shutil.rmtree(path)


@pytest.fixture
def state() -> Iterator[Path]:
    """An empty STATE_DIR."""
    with folder() as path:
        yield path


@pytest.fixture(scope="module")
def demo() -> Iterator[Path]:
    """A STATE_DIR that the first demonstration fills and the next ones find filled."""
    with folder() as path:
        yield path
