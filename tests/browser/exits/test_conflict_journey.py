"""Two officers on one case: the second reads who was first and what he did, and loses no word."""

import pytest
from playwright.sync_api import expect

from households.rules import State
from officers.rules import Role
from tests import factories as make
from tests.browser.exits.desk import ways
from tests.procedures import carry, open_for
from workflow.models import Case

ASK = "Ask another approver for a second look"
DOUBT, WORDS = "工资证明只有一个月", "缺少银行流水，请补充后再报"


@pytest.fixture
def checked(officers) -> Case:
    household = make.make_household(state=State.POOR, persons=2)
    make.make_survey(household, 2019, wage_income=20_000)
    case = open_for(household, "exit", by=officers.county_clerk)
    carry(case, officers, "plan", "appraise", "verify", "confirm", "post", "check")
    return case


@pytest.mark.parametrize(("locale", "width"), ways("en-GB", 1280))
def test_the_slower_of_two_approvers_reads_who_was_first_and_sends_his_words_again(
    desk_of, officers, checked
):
    other = make.make_officer(Role.COUNTY_APPROVER, make.COUNTY)
    slow, fast = desk_of(officers.county_approver), desk_of(other)
    slow.open(checked)
    slow.link("Return to the village").click()
    slow.choose("Reason", "evidence is missing")
    slow.fill({"Reason in words": WORDS})
    fast.act(checked, ASK, {"Reason": DOUBT})
    with slow.page.expect_response(lambda answer: answer.request.method == "POST") as answered:
        slow.button("Return to the village").click()
    assert answered.value.status == 409
    for words in (other.name, DOUBT, slow.said(ASK), slow.said("waits for a second look")):
        slow.shows(words)
    slow.look()
    expect(slow.field("Reason in words")).to_have_value(WORDS)
    slow.button("Return to the village").click()
    slow.reads("Recorded: %(step)s.", step=slow.said("Return to the village"))
    slow.shows(WORDS)
    checked.refresh_from_db()
    assert checked.state == "planned"
