"""File locks. The kernel drops them when their holder dies, however it dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def opened(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def take_shared(path: Path) -> int:
    """Waits for the lock; the descriptor holds it, in this process and through exec."""
    descriptor = opened(path)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    os.set_inheritable(descriptor, True)  # noqa: FBT003
    return descriptor


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Waits until nobody else holds the lock, and holds it meanwhile."""
    descriptor = opened(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def try_alone(path: Path) -> int | None:
    """The descriptor that holds the lock alone, or None when somebody else holds it."""
    descriptor = opened(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def is_held(path: Path) -> bool:
    descriptor = try_alone(path)
    if descriptor is None:
        return True
    os.close(descriptor)
    return False
