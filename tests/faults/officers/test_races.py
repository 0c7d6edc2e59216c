"""Two account administrators at one moment: no officer ever holds two roles that clash."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connections

from divisions.models import Division
from officers.actions import Terms, confirm_posting, grant_posting, propose_posting
from officers.models import Officer, Posting
from officers.rules import Role
from tests import factories as make
from tests.cast import Cast, hire_all
from trail.dates import business_date
from trail.errors import Refused

RACES = 200


@pytest.fixture
def cast(real_database: str) -> Cast:
    make.plant_tree()
    return hire_all()


@pytest.fixture
def races(full_counts: bool) -> int:
    return RACES if full_counts else RACES // 20


def terms(role: Role, division: str) -> Terms:
    return Terms(role, Division.objects.get(pk=division), business_date())


def together(*acts):
    """How many of the acts were done; all begin at one moment."""
    barrier = Barrier(len(acts))

    def run(act):
        try:
            barrier.wait()
            act()
        except (ValidationError, Refused):
            return 0
        finally:
            connections.close_all()
        return 1

    with ThreadPoolExecutor(len(acts)) as pool:
        return sum(pool.map(run, acts))


def test_of_two_clashing_postings_granted_at_once_exactly_one_counts(cast, races):
    one = terms(Role.VILLAGE_OFFICIAL, make.VILLAGE)
    other = terms(Role.TOWNSHIP_REVIEWER, make.TOWNSHIP)
    for _ in range(races):
        officer = make.make_officer()
        done = together(
            lambda key=officer: grant_posting(
                Officer.objects.get(pk=key.pk), one, by=cast.account_admin
            ),
            lambda key=officer: grant_posting(
                Officer.objects.get(pk=key.pk), other, by=cast.second_account_admin
            ),
        )
        assert done == 1
        assert officer.postings.count() == 1


def test_a_request_that_two_administrators_confirm_at_once_is_granted_once(cast, races):
    third = make.make_officer(Role.ACCOUNT_ADMIN, make.CITY)
    for _ in range(races):
        officer = make.make_officer()
        request = propose_posting(officer, terms(Role.AUDITOR, make.COUNTY), by=cast.account_admin)
        done = together(
            lambda key=request: confirm_posting(key, by=cast.second_account_admin),
            lambda key=request: confirm_posting(key, by=third),
        )
        assert done == 1
        assert Posting.objects.filter(officer=officer).count() == 1
