"""Gunicorn: threads for the many who wait, few processes. Requests are logged by our middleware."""

import ctypes
import os
import signal
from typing import Any

from registry.embedded.servers import PR_SET_PDEATHSIG

bind = os.environ.get("BIND", "0.0.0.0:8000")
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 4
worker_class = "gthread"
timeout = 60
graceful_timeout = 20
keepalive = 5
max_requests = 20_000
max_requests_jitter = 2_000
limit_request_line = 4094
accesslog = None
loglevel = "warning"
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108, PTH112


def post_fork(server: Any, worker: Any) -> None:
    """A worker must not go on alone when its master is killed."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
