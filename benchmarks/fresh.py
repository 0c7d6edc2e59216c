"""Servers that start empty in a folder of their own, for one module, and are removed after it."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from registry.embedded import locks
from registry.embedded.folder import Folder

FOREIGN = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "FIELD_KEYS", "DEMO")
STOP_SECONDS = 60


def run(module: str, *arguments: str) -> int:
    """Run `python -m MODULE ARGUMENTS` on servers of its own; returns its exit code."""
    with tempfile.TemporaryDirectory(prefix="registry-bench-") as folder:
        own = {name: value for name, value in os.environ.items() if name not in FOREIGN}
        own |= {"STATE_DIR": folder, "PLAIN_HTTP": "true"}
        own |= {"DJANGO_SETTINGS_MODULE": "registry.settings"}
        command = [sys.executable, "-m", "registry.embedded", "--", sys.executable]
        try:
            return subprocess.call([*command, "-m", module, *arguments], env=own)
        finally:
            _wait_for_the_servers(Folder(Path(folder)))


def _wait_for_the_servers(folder: Folder) -> None:
    """They stop by themselves once nobody uses them."""
    deadline = time.monotonic() + STOP_SECONDS
    while locks.is_held(folder.supervisor_lock) and time.monotonic() < deadline:
        time.sleep(0.1)
