"""Somebody objects to a household on a notice: the notice is not over before that is answered."""

import pytest

from households.rules import State
from tests import factories as make
from tests.browser.exits.desk import ways
from tests.procedures import carry, open_for, wait_for_notice
from workflow.models import Case

SAID, FOUND = "家中有小轿车", "车已于去年报废，有注销证明"
OPINION = {"Opinion": "属实"}
CHECK = "Record the township's check"


@pytest.fixture
def noticed(officers) -> Case:
    household = make.make_household(state=State.POOR, persons=2)
    make.make_survey(household, 2019, wage_income=20_000)
    case = open_for(household, "exit", by=officers.county_clerk)
    carry(case, officers, "plan", "appraise", "verify", "confirm", "post")
    return case


@pytest.fixture
def objected(desk_of, officers, noticed) -> Case:
    """The objection was received by the village, on the page."""
    village = desk_of(officers.village_official)
    village.open(noticed)
    village.link("Record an objection").click()
    village.look()
    village.fill({"What is said": SAID})
    village.button("Record the objection").click()
    village.shows(SAID)
    assert village.link("Resolve this objection").count() == 0
    return noticed


@pytest.mark.parametrize(("locale", "width"), ways("zh-CN", 360))
def test_a_notice_is_not_over_before_the_objection_is_answered(desk_of, officers, objected):
    village, township = desk_of(officers.village_official), desk_of(officers.township_reviewer)
    wait_for_notice(objected)
    township.open(objected)
    township.reads("You may not take this step")
    assert township.button(CHECK).count() == 0
    township.open(objected, on="steps/check/")
    township.look()
    township.link("Look at the case as it stands").click()
    township.link("Resolve this objection").click()
    township.look()
    township.fill({"What the inquiry found": FOUND})
    township.field("The objection is not right: the case goes on").check()
    township.button("Resolve the objection").click()
    township.reads("No objection is open.")
    township.act(objected, CHECK, OPINION)
    village.open(objected)
    village.shows(FOUND)
