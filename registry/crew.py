"""Celery workers that one command starts for itself, on a queue of its own."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from registry.celery import app
from registry.embedded.servers import dying_with_parent, end

MOST_STARTS = 30
LAST_LINES = 15


class CrewFailed(Exception):
    """The workers do not stay up; the message ends with what they wrote last."""


class Crew:
    """One Celery worker process with a pool of `size`; it dies with this process."""

    def __init__(self, queue: str, size: int):
        self.queue, self.size = queue, size
        self.starts = 0
        self.log = tempfile.TemporaryFile()  # noqa: SIM115 - closed by stop()
        self.worker: subprocess.Popen[bytes] | None = None

    def keep(self) -> None:
        """Start the worker, also again after it was killed. Raises CrewFailed after many starts."""
        if self.worker and self.worker.poll() is None:
            return
        if self.starts == MOST_STARTS:
            raise CrewFailed(self._last_words())
        self.starts += 1
        command = ["-m", "celery", "-A", "registry", "worker", "-Q", self.queue]
        command += ["-c", str(self.size), "-n", f"{self.queue}-{os.getpid()}@%h", "-l", "WARNING"]
        command += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        self.worker = subprocess.Popen(
            [sys.executable, *command],
            cwd=settings.BASE_DIR,
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
            preexec_fn=dying_with_parent(signal.SIGTERM),
        )

    def _last_words(self) -> str:
        self.log.seek(0)
        lines = self.log.read().decode(errors="replace").splitlines()
        return "\n".join(["The workers do not stay up.", *lines[-LAST_LINES:]])

    def stop(self) -> None:
        if self.worker:
            end(self.worker, signal.SIGQUIT)
        with app.connection_for_write() as broker:
            broker.default_channel.queue_delete(self.queue)
        self.log.close()


@contextmanager
def crew(queue: str, size: int) -> Iterator[Crew]:
    """A crew that has started, stopped at the end whatever happens."""
    own = Crew(queue, size)
    try:
        own.keep()
        yield own
    finally:
        own.stop()
