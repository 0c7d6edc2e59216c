"""A bad line: every second connection breaks after so many bytes, at either side's word."""

import random
import socket
import threading
from contextlib import suppress

MOST_BYTES = 3_000
CHUNK = 65_536


class BadLine:
    """Carries bytes to and from a site; `cuts` counts the connections that it broke."""

    def __init__(self, port: int, luck: random.Random):
        self.site = ("127.0.0.1", port)
        self.luck = luck
        self.cuts = self.connections = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self.listener.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                self.connections += 1
                last = self.luck.randrange(MOST_BYTES) if self.connections % 2 else None
                threading.Thread(target=self._carry, args=(client, last), daemon=True).start()

    def _carry(self, client: socket.socket, last: int | None) -> None:
        """Both ways until one side ends, or until `last` bytes went over."""
        try:
            site = socket.create_connection(self.site)
        except OSError:
            client.close()
            return
        left = _Left(last)
        ways = ((client, site), (site, client))
        both = [threading.Thread(target=_pump, args=(*way, left), daemon=True) for way in ways]
        for one in both:
            one.start()
        for one in both:
            one.join()
        for end in (client, site):
            end.close()
        self.cuts += left.is_cut


class _Left:
    """How many bytes may still go over a connection, both ways together."""

    def __init__(self, count: int | None):
        self.count = count
        self.is_cut = False
        self.lock = threading.Lock()

    def take(self, content: bytes) -> bytes:
        """What of the content still goes over."""
        with self.lock:
            if self.count is None:
                return content
            passed = content[: self.count]
            self.count -= len(passed)
            self.is_cut = self.is_cut or len(passed) < len(content)
            return passed


def _pump(source: socket.socket, sink: socket.socket, left: _Left) -> None:
    with suppress(OSError):
        while content := source.recv(CHUNK):
            sink.sendall(left.take(content))
            if left.is_cut:
                break
    for end in (source, sink):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
