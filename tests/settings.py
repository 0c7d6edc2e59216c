"""The settings under test: a fast hasher, plain static files, servers of the suite's own.

The servers live below STATE_DIR/tests and do without fsync; DATABASE_URL (with REDIS_URL) names
others. Processes that a test or pytest-xdist starts inherit the addresses.
"""

import base64
import os
from pathlib import Path

from registry import embedded

if "DATABASE_URL" not in os.environ:
    os.environ["STATE_DIR"] = str(Path(os.environ.get("STATE_DIR", ".data")).absolute() / "tests")
    embedded.enter(*embedded.VOLATILE)
os.environ["PLAIN_HTTP"] = "true"
os.environ.setdefault("SECRET_KEY", "of the test suite only, and long enough: 0123456789abcdef")
TEST_KEY = base64.b64encode(b"of the test suite only 012345678").decode()
os.environ.setdefault("FIELD_KEYS", f"1:{TEST_KEY};blind:{TEST_KEY}")

from registry.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
