"""Where the pieces of a STATE_DIR are."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

LONGEST_SOCKET_PATH = 107  # bytes, by the kernel
SOCKETS_OF_POSTGRES = "postgres.sockets"


@dataclass(frozen=True)
class Folder:
    path: Path

    @property
    def users_lock(self) -> Path:
        return self.path / "users.lock"

    @property
    def start_lock(self) -> Path:
        return self.path / "start.lock"

    @property
    def supervisor_lock(self) -> Path:
        return self.path / "supervisor.lock"

    @property
    def keys(self) -> Path:
        return self.path / "development-keys.json"

    @property
    def addresses(self) -> Path:
        return self.path / "servers.json"

    @property
    def log(self) -> Path:
        return self.path / "supervisor.log"

    @property
    def postgres_log(self) -> Path:
        return self.path / "postgres.log"

    @property
    def broker_log(self) -> Path:
        return self.path / "broker.log"

    @property
    def cluster(self) -> Path:
        """PostgreSQL's data."""
        return self.path / "postgres"

    @property
    def sockets(self) -> Path:
        """The folder itself, or a short one aside where its path is too long for a socket."""
        longest = self.path / SOCKETS_OF_POSTGRES / ".s.PGSQL.5432"
        return self.path if len(os.fsencode(longest)) <= LONGEST_SOCKET_PATH else self.aside()

    def aside(self) -> Path:
        """A folder of our own that everybody may traverse, the same for every user of this one.

        Raises PermissionError where somebody else made it.
        """
        digest = hashlib.sha256(os.fsencode(self.path)).hexdigest()[:12]
        path = Path(f"/var/tmp/poverty-registry-{os.geteuid()}-{digest}")  # noqa: S108 - owner checked below
        path.mkdir(mode=0o711, exist_ok=True)
        if path.is_symlink() or path.stat().st_uid != os.geteuid():
            raise PermissionError(f"{path} belongs to somebody else; remove it.")
        return path
