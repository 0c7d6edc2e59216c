from decimal import Decimal

import pytest

from tests import factories as make
from tests.procedures import open_for


@pytest.fixture
def poor_of(tree):
    """A household of a village below the line, its house unsafe."""

    def of(village=make.VILLAGE, *, income=6_000, **facts):
        household = make.make_household(village, persons=3)
        make.make_survey(household, 2019, wage_income=Decimal(income), housing=0, **facts)
        return household

    return of


@pytest.fixture
def case(poor_of, cast, calendar):
    return open_for(poor_of(), "identification", by=cast.county_clerk)
