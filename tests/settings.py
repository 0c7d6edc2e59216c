"""The settings under test: a fast hasher, plain static files, servers of the suite's own.

The servers live below STATE_DIR/tests and do without fsync; DATABASE_URL (with REDIS_URL) names
others. Processes that a test or pytest-xdist starts inherit the addresses; the workers of
pytest-xdist each have their own database of PostgreSQL and their own number of the broker's.
"""

import base64
import os
from pathlib import Path

from registry import embedded
from tests.broker import numbered

if "DATABASE_URL" not in os.environ:
    os.environ["STATE_DIR"] = str(Path(os.environ.get("STATE_DIR", ".data")).absolute() / "tests")
    embedded.enter(*embedded.VOLATILE)
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
