"""The standing cast: one officer for each part, posted in the sample tree since 2014.

A test asks for the fixture `cast` and names whom it needs: `cast.county_clerk`. The `stranger` is a
clerk of another county; `nobody` has no posting; `operator` is the account of the migrations.

    tree        the divisions of the sample            signed_in(officer)   a client, signed in
    cast        the tree and everybody                 household            in VILLAGE, poor, two
    calendar    the business date can be moved         persons, surveyed for 2019
    in_english  sentences as the source has them
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from django.test import Client
from django.utils import translation
from pytest_django import Settings

from households.models import Household
from households.rules import State
from officers.models import Officer, Posting
from officers.rules import Role
from tests import factories as make


@dataclass(frozen=True)
class Cast:
    village_official: Officer
    first_secretary: Officer
    helper: Officer
    township_reviewer: Officer
    county_clerk: Officer
    county_approver: Officer
    city_reviewer: Officer
    province_officer: Officer
    province_approver: Officer
    reader: Officer
    auditor: Officer
    account_admin: Officer
    second_account_admin: Officer
    stranger: Officer
    nobody: Officer
    operator: Officer


PARTS = {
    "village_official": (Role.VILLAGE_OFFICIAL, make.VILLAGE),
    "first_secretary": (Role.TEAM_MEMBER, make.VILLAGE),
    "helper": (Role.HELPER, make.VILLAGE),
    "township_reviewer": (Role.TOWNSHIP_REVIEWER, make.TOWNSHIP),
    "county_clerk": (Role.COUNTY_CLERK, make.COUNTY),
    "county_approver": (Role.COUNTY_APPROVER, make.COUNTY),
    "city_reviewer": (Role.CITY_REVIEWER, make.CITY),
    "province_officer": (Role.PROVINCE_OFFICER, make.PROVINCE),
    "province_approver": (Role.PROVINCE_APPROVER, make.PROVINCE),
    "reader": (Role.READER, make.COUNTY),
    "auditor": (Role.AUDITOR, make.COUNTY),
    "account_admin": (Role.ACCOUNT_ADMIN, make.COUNTY),
    "second_account_admin": (Role.ACCOUNT_ADMIN, make.CITY),
    "stranger": (Role.COUNTY_CLERK, make.OTHER_COUNTY),
}


def hire_all() -> Cast:
    """Everybody of the cast, in three queries; the tree must stand."""
    officers = {
        part: make.officer_row(username=part.replace("_", "-"), home_id=division[:6])
        for part, (_, division) in PARTS.items()
    }
    officers["nobody"] = make.officer_row(username="nobody")
    Officer.objects.bulk_create(officers.values())
    Posting.objects.bulk_create(
        make.posting_row(officers[part], role, division) for part, (role, division) in PARTS.items()
    )
    return Cast(**officers, operator=make.the_operator())


@pytest.fixture
def tree(db: None) -> None:
    make.plant_tree()


@pytest.fixture
def cast(tree: None) -> Cast:
    return hire_all()


@pytest.fixture
def household(tree: None) -> Household:
    household = make.make_household(state=State.POOR, persons=2)
    make.make_survey(household, 2019)
    return household


@pytest.fixture
def signed_in() -> Callable[[Officer], Client]:
    def client_of(officer: Officer) -> Client:
        client = Client()
        client.force_login(officer, "django.contrib.auth.backends.ModelBackend")
        return client

    return client_of


@pytest.fixture
def calendar(settings: Settings) -> None:
    """The business date can be moved: see tests.procedures.move_date."""
    settings.DEMO = True


@pytest.fixture
def in_english(settings: Settings) -> Iterator[None]:
    """Sentences in the language of the source, so that a test may quote them."""
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield
