"""Everything that `make check` holds the project against. Runs all of it, then says what failed."""

import os
import subprocess
import sys
import time
from pathlib import Path

PROJECT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
PRODUCTION = {
    "SECRET_KEY": "of this check only, and as long as a real one: 0123456789 abcdef",
    "FIELD_KEYS": "unused",
    "ALLOWED_HOSTS": "registry.example",
    "DEBUG": "false",
    "DEMO": "false",
    "PLAIN_HTTP": "false",
}
MANAGE = [sys.executable, "manage.py"]
CHECKS: dict[str, list[str]] = {
    "formatting": [f"{BIN}/ruff", "format", "--check", "--quiet", "."],
    "lint": [f"{BIN}/ruff", "check", "--quiet", "."],
    "types": [f"{BIN}/mypy", "--no-error-summary"],
    "import contracts": [f"{BIN}/lint-imports", "--no-logo"],
    "migrations": [*MANAGE, "makemigrations", "--check", "--dry-run"],
    "deployment": [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"],
    "REST description": [
        *MANAGE,
        "spectacular",
        "--validate",
        "--fail-on-warn",
        "--file",
        os.devnull,
    ],
    "templates": [f"{BIN}/djlint", "--lint", "--quiet", "templates"],
    "Dockerfile": [f"{BIN}/hadolint", "Dockerfile"],
    "translations": [sys.executable, "scripts/check_translations.py"],
    "house, compose": [sys.executable, "-m", "pytest", "-q", "tests/unit/project"],
}


def passes(name: str, command: list[str]) -> bool:
    """Runs one check; prints what it said only when it failed."""
    began = time.monotonic()
    ran = subprocess.run(
        command,
        cwd=PROJECT,
        env=os.environ | (PRODUCTION if name == "deployment" else {}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    word = "FAILED" if ran.returncode else "ok"
    sys.stdout.write(f"{name:18} {word:7} {time.monotonic() - began:5.1f} s\n")
    if ran.returncode:
        sys.stdout.write(f"{ran.stdout}{ran.stderr}\n")
    sys.stdout.flush()
    return ran.returncode == 0


if __name__ == "__main__":
    failed = [name for name, command in CHECKS.items() if not passes(name, command)]
    sys.exit(f"Failed: {', '.join(failed)}" if failed else 0)
