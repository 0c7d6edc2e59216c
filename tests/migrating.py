"""The migrated database: of several workers of pytest-xdist the first migrates, the others copy."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from django.db import connection
from django.test.utils import setup_databases

from tests.processes import let_nobody_in, server

ONE_MIGRATES = 20_200_523


def migrated_databases(*, keep: bool) -> Any:
    """What `setup_databases` gives for a database of this worker's own; `keep` uses what is there.

    The copy that the first worker leaves for the others goes when the next run makes its own.
    """
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID")
    if keep or run is None:
        return setup_databases(verbosity=0, interactive=False, keepdb=keep)
    own, template = connection.settings_dict["TEST"]["NAME"], f"migrated_{run}"
    with one_at_a_time() as cursor:
        cursor.execute(r"SELECT datname FROM pg_database WHERE datname LIKE 'migrated\_%'")
        there = {name for (name,) in cursor.fetchall()}
        if template in there:
            cursor.execute(f'DROP DATABASE IF EXISTS "{own}" WITH (FORCE)')
            cursor.execute(f'CREATE DATABASE "{own}" TEMPLATE "{template}" STRATEGY FILE_COPY')
            return setup_databases(verbosity=0, interactive=False, keepdb=True)
        for name in there:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        made = setup_databases(verbosity=0, interactive=False)
        let_nobody_in(own)
        cursor.execute(f'CREATE DATABASE "{template}" TEMPLATE "{own}" STRATEGY FILE_COPY')
        return made


@contextmanager
def one_at_a_time() -> Iterator[Any]:
    """A cursor outside of any transaction; the other workers wait until it is done."""
    with closing(server()) as alone, alone.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [ONE_MIGRATES])
        yield cursor
