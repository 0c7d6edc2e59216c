"""The rows that other tests stand on."""

import pytest

from divisions.models import Division
from households.models import Household, Survey
from households.rules import State
from reviews.models import Proposal
from tests import factories as make
from workflow.models import Case

pytestmark = pytest.mark.django_db


def test_the_sample_tree_has_thirty_divisions_below_the_nation(tree):
    assert Division.objects.filter(level__gt=0).count() == 30


def test_the_cast_is_posted(cast):
    assert cast.county_clerk.posting.division_id == make.COUNTY
    assert cast.operator.posting.division_id == "0"
    assert cast.nobody.posting is None


def test_a_household_comes_with_head_survey_case_and_proposal(tree):
    household = make.make_household(state=State.POOR, persons=3)
    make.make_survey(household, 2019)
    make.make_case(household)
    make.make_batch()
    make.make_proposal(make.make_review(), household)
    make.make_standard()
    assert household.members.active().count() == 3
    assert Survey.objects.get().persons == 3
    assert Case.everywhere.get().subject == household.number
    assert Proposal.everywhere.get().household == Household.everywhere.get()
