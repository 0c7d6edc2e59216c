"""The settings under test: a fast hasher, plain static files, servers of the suite's own.

The servers live in memory where /dev/shm has room, else below STATE_DIR/tests, and do without
fsync; DATABASE_URL (with REDIS_URL) names others. Processes that a test or pytest-xdist starts
inherit the addresses; the workers of pytest-xdist each have their own database of PostgreSQL and
their own number of the broker's.
"""

import base64
import hashlib
import os
import shutil
from pathlib import Path

from registry import embedded
from tests.broker import numbered

MEMORY = Path("/dev/shm")
ROOM_BYTES = 4 * 1024**3


def servers_folder() -> Path:
    """One for each user and STATE_DIR, kept from run to run; about 60 MB.

    A test with processes copies a database of 900 files and drops it. ext4 without a journal looks
    at every file that was deleted within a minute before it makes one: half a second for each copy.
    """
    folder = Path(os.environ.get("STATE_DIR", ".data")).absolute() / "tests"
    if not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free < ROOM_BYTES:
        return folder
    name = hashlib.sha256(f"{os.geteuid()}:{folder}".encode()).hexdigest()[:12]
    return MEMORY / f"registry-tests-{name}"


if "DATABASE_URL" not in os.environ:
    os.environ["STATE_DIR"] = str(servers_folder())
    embedded.enter(*embedded.VOLATILE, "max_wal_size=256MB")
if worker := os.environ.get("PYTEST_XDIST_WORKER", ""):
    os.environ["REDIS_URL"] = numbered(os.environ["REDIS_URL"], 1 + int(worker.removeprefix("gw")))
TEST_KEY = base64.b64encode(b"of the test suite only 012345678").decode()
os.environ |= {
    "DJANGO_ALLOW_ASYNC_UNSAFE": "true",  # the browser driver runs a loop in this thread
    "PLAIN_HTTP": "true",
    "SECRET_KEY": "of the test suite only, and long enough: 0123456789abcdef",
    "FIELD_KEYS": f"1:{TEST_KEY};blind:{TEST_KEY}",
}

from registry.settings import *  # noqa: E402, F403

WHITENOISE_AUTOREFRESH = True  # nothing is collected before
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
