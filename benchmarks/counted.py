"""Runs one command of manage.py and says at the end how many statements it sent."""

import sys
from collections.abc import Callable
from typing import Any

import django
from django.core.management import call_command
from django.db import connection

MARK = "statements sent:"


class Counter:
    """Counts what goes through the connection; COPY, a few for each frame, is not seen."""

    def __init__(self) -> None:
        self.sent = 0

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, many: Any, context: Any
    ) -> Any:
        self.sent += 1
        return execute(sql, params, many, context)


def main() -> None:
    django.setup()
    counter = Counter()
    with connection.execute_wrapper(counter):
        call_command(*sys.argv[1:])
    print(MARK, counter.sent)


if __name__ == "__main__":
    main()
