"""The cast made once for a module: a test asks for `cast` and gets its own copy of it."""

from collections.abc import Iterator
from copy import deepcopy

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from tests import factories as make
from tests.cast import Cast, hire_all


@pytest.fixture(scope="module")
def standing(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Cast]:
    """The tree and the cast, taken back at the end of the module.

    The transaction of each test is a savepoint in this one: no test sees what another wrote.
    """
    with django_db_blocker.unblock():
        whole = transaction.atomic()
        whole.__enter__()
        make.plant_tree()
        made = hire_all()
    yield made
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        whole.__exit__(None, None, None)


@pytest.fixture
def cast(standing: Cast, db: None) -> Cast:
    """A test's own copy, so that no test keeps what another learnt of an officer."""
    return deepcopy(standing)
