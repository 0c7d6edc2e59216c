"""A plan drafted from what is recommended."""

from decimal import Decimal

import pytest

from assistance.actions.planning import Chosen, Frame, draft_from_recommendation
from assistance.models import Item, Plan
from teams.refusals import EntryRefused
from tests.web.assistance.planned import GOAL, make_poor, signed, this_year, worker_of
from trail.errors import Refused


@pytest.fixture
def household(tree):
    return make_poor()


def test_a_recommendation_is_drafted_at_once(cast, household, in_english):
    worker = worker_of(household)
    plan = draft_from_recommendation(
        household.pk,
        this_year(),
        Frame(GOAL),
        [Chosen("IND-OWN", None, ("cause_06",)), Chosen("EMP-TRAIN", worker.pk)],
        by=cast.village_official,
    )
    found = Item.everywhere.filter(plan=plan).order_by("pk")
    assert [(one.code, one.origin, one.planned, one.reasons) for one in found] == [
        ("IND-OWN", "recommended", Decimal(1000), ["cause_06"]),
        ("EMP-TRAIN", "recommended", Decimal(500), []),
    ]
    with pytest.raises(Refused, match="confirm"):
        signed(plan, cast.village_official)
    assert Plan.everywhere.count() == 1


@pytest.mark.parametrize("code", ["INF-ROAD", "EDU-YULU"])
def test_no_measure_of_a_village_or_a_person_is_drafted_for_a_household(cast, household, code):
    with pytest.raises(EntryRefused):
        draft_from_recommendation(
            household.pk,
            this_year(),
            Frame(GOAL),
            [Chosen(code, None, ())],
            by=cast.village_official,
        )
