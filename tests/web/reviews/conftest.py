from collections.abc import Callable
from decimal import Decimal

import pytest
from django.utils import timezone

from divisions.models import Division
from households.models import Household
from households.rules import State
from reviews.actions.chunks import drive
from reviews.actions.proposing import commit_review, propose_review
from reviews.models import Review
from tests import factories as make

POOR_INCOME, RISKY_INCOME, GOOD_INCOME = Decimal(1000), Decimal(4000), Decimal(9000)


@pytest.fixture
def county(cast) -> Division:
    return Division.objects.get(pk=make.COUNTY)


@pytest.fixture
def household_of(cast) -> Callable[..., Household]:
    """Makes a surveyed household in `state` with `wage` yuan a year; facts override."""

    def make_one(
        state: State = State.POOR, wage: Decimal | None = GOOD_INCOME, village: str = make.VILLAGE,
        **facts: object,
    ) -> Household:  # fmt: skip
        household = make.make_household(village, state=state)
        make.make_survey(household, 2019, wage_income=wage, **facts)
        return household

    return make_one


@pytest.fixture
def proposed(cast, county) -> Callable[..., Review]:
    """Proposes the review of 2019 of the county and drives it to its end."""

    def finished(root: Division = county) -> Review:
        review = propose_review(root=root, year=2019, by=cast.county_clerk)
        drive(review.pk)
        return Review.everywhere.get(pk=review.pk)

    return finished


@pytest.fixture
def committed(cast, proposed) -> Callable[..., Review]:
    """The same, committed by the county approver."""

    def done() -> Review:
        return commit_review(proposed().pk, by=cast.county_approver)

    return done


@pytest.fixture
def resurvey() -> Callable[..., object]:
    """Corrects the survey of 2019 of a household."""

    def correct(household: Household, **facts: object) -> object:
        last = household.surveys.get(year=2019, withdrawn_at=None)
        return make.make_survey(household, 2019, corrects=last, recorded_at=timezone.now(), **facts)

    return correct


def change_state(household: Household, state: State) -> None:
    """As a case would have done it."""
    household.state_changes.create(
        from_state=household.state, to_state=state, on=timezone.localdate(),
        case=make.make_case(household),
    )  # fmt: skip
    Household.everywhere.filter(pk=household.pk).update(state=state)
