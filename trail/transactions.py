"""Acts that PostgreSQL asked to do again."""

import random
import time
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import OperationalError, connection

P = ParamSpec("P")
R = TypeVar("R")
SERIALIZATION_FAILURE, DEADLOCK = "40001", "40P01"
TRIES = 4
PAUSE_SECONDS = 0.05


def retried(act: Callable[P, R]) -> Callable[P, R]:
    """Do `act`, a whole transaction, up to three times more after a deadlock or a lost race.

    Inside an outer transaction it runs once: only the outermost one can be done again.
    """

    @wraps(act)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        tries_left = 1 if connection.in_atomic_block else TRIES
        while True:
            tries_left -= 1
            try:
                return act(*args, **kwargs)
            except OperationalError as error:
                if not tries_left or not is_passing(error):
                    raise
            time.sleep(random.uniform(0, PAUSE_SECONDS))  # noqa: S311 - no secret

    return run


def is_passing(error: OperationalError) -> bool:
    """Whether the same act may succeed when it is done again."""
    return getattr(error.__cause__, "pgcode", "") in (SERIALIZATION_FAILURE, DEADLOCK)
