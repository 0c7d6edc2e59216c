from collections.abc import Callable
from decimal import Decimal

import pytest
from django.utils import timezone

from divisions.models import Division
from households.models import Household, Standard
from households.rules import State
from reviews.actions.accepting import accept_proposals
from reviews.actions.chunks import drive
from reviews.actions.proposing import commit_review, propose_review
from reviews.actions.standards import prepare_standard
from reviews.models import Proposal, Review
from tests import factories as make
from tests.web.reviews.readiness import missing, surveyed
from tests.web.reviews.standards import HIGHER
from workflow.models import PolicyParameter

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


@pytest.fixture
def many(household_of) -> list:
    """Households of every sort, in three villages of two townships."""
    villages = (make.VILLAGE, make.NEXT_VILLAGE, make.OTHER_TOWNSHIP_VILLAGE)
    return [
        household_of(state, wage, village=village, **facts)
        for village in villages
        for state in (State.POOR, State.EXITED, State.ORDINARY, State.RELAPSED)
        for wage, facts in (
            (GOOD_INCOME, {}),
            (POOR_INCOME, {"housing": 0}),
            (RISKY_INCOME, {}),
            (None, {"water": None}),
        )
    ]


@pytest.fixture
def review_of_many(many, committed) -> Review:
    """The review of them, committed."""
    return committed()


@pytest.fixture
def one_of_each(household_of):
    """One of each sort, in two townships, one without a survey."""
    found = [
        household_of(State.POOR, GOOD_INCOME),
        household_of(State.EXITED, POOR_INCOME, housing=0),
        household_of(State.ORDINARY, RISKY_INCOME),
        household_of(State.POOR, None, village=make.OTHER_TOWNSHIP_VILLAGE),
        make.make_household(state=State.POOR, persons=2),
    ]
    household_of(State.ORDINARY, GOOD_INCOME)
    return found


@pytest.fixture
def review_of_each(one_of_each, proposed) -> Review:
    """The review of them, finished."""
    return proposed()


@pytest.fixture
def accepted_of_each(cast, one_of_each, committed) -> Proposal:
    """The one to re-include among them, accepted."""
    review = committed()
    proposal = Proposal.everywhere.get(review=review, household=one_of_each[1])
    accept_proposals(review.pk, [proposal.pk], by=cast.county_clerk)
    proposal.refresh_from_db()
    return proposal


@pytest.fixture
def half_surveyed(cast):
    """Three villages of two townships, and one household of another county."""
    surveyed()
    missing()
    surveyed(make.NEXT_VILLAGE, water=None)
    surveyed(make.OTHER_TOWNSHIP_VILLAGE, wage_income=None, water=None)
    missing(make.OTHER_TOWNSHIP_VILLAGE)
    missing(make.OTHER_COUNTY_VILLAGE)


@pytest.fixture
def begun(cast, county, household_of) -> Review:
    """A review of two villages in two parts, proposed and not driven."""
    PolicyParameter.objects.create(
        division_id=make.PROVINCE, year=2014, key="review.chunk_households", value=1, source="test"
    )
    household_of()
    household_of(village=make.OTHER_TOWNSHIP_VILLAGE)
    return propose_review(root=county, year=2019, by=cast.county_clerk)


@pytest.fixture
def draft(cast) -> Standard:
    return prepare_standard(HIGHER, by=cast.province_officer)


def change_state(household: Household, state: State) -> None:
    """As a case would have done it."""
    household.state_changes.create(
        from_state=household.state, to_state=state, on=timezone.localdate(),
        case=make.make_case(household),
    )  # fmt: skip
    Household.everywhere.filter(pk=household.pk).update(state=state)
