"""A household leaves the register at the hands of five people, and though it refused to sign.

In the short run each journey is made one way, at full counts in both languages and sizes.
"""

import pytest

from exits.rules.household import MINUTES, MISSING
from households.models import Household
from households.rules import State
from officers.rules import Role
from tests import factories as make
from tests.browser.exits.desk import ways
from tests.cast import Cast
from tests.procedures import carry, open_for, reach_year_after
from workflow.models import Case

MEETING = {
    "Villagers' representatives entitled to attend": "30",
    "Representatives present": "24",
    "Votes for": "20",
    "Votes against": "3",
    "Abstentions": "1",
}
VISIT = {"Visitors": "王建国, 李芳"}
PLACE = {"Place of posting": "村务公开栏"}
OPINION = {"Opinion": "属实"}
ANSWER = "一、退出后低保按标准继续享受，不因退出取消。" * 8
WHY = {"Note": "政策已当面说明，收入稳定"}


@pytest.fixture
def household(officers: Cast) -> Household:
    reach_year_after(2019)
    household = make.make_household(state=State.POOR, persons=2)
    make.make_survey(household, 2019, wage_income=20_000)
    make.make_help(household)
    return household


@pytest.mark.parametrize(("locale", "width"), ways("zh-CN", 360))
def test_a_household_exits_from_proposal_to_announcement_through_five_people(
    desk_of, officers, household
):
    clerk, village = desk_of(officers.county_clerk), desk_of(officers.village_official)
    secretary, township = desk_of(officers.first_secretary), desk_of(officers.township_reviewer)
    approver = desk_of(officers.county_approver)

    clerk.go(f"/households/{household.number}/")
    clerk.link("Propose its exit").click()
    clerk.look()
    clerk.button("Propose the exit").click()
    case = Case.everywhere.get(kind="exit")
    approver.act(case, "Put on the plan of exits")
    village.open(case)
    village.reads(MISSING[MINUTES])
    village.keep(case, "Appraisal meeting and its minutes")
    village.act(case, "Record the villagers' appraisal", MEETING)
    secretary.act(case, "Record the verification on site", VISIT)
    case.refresh_from_db()
    village.keep(case, "Signature of the household")
    village.look()
    village.open(case)
    village.choose("Kept as", "signed slip, kept in the files")
    village.fill({"Who signed": "户主本人"})
    village.button("Record that the household agrees").click()
    village.act(case, "Post the notice in the village", PLACE)
    township.act(case, "Record the township's check", OPINION)
    approver.open(case)
    approver.reads("One decides: the household confirmed its exit.")
    approver.look()
    approver.act(case, "Approve the exit")
    village.act(case, "Record the announcement", PLACE)

    household.refresh_from_db()
    assert (household.state, household.exit_year) == (State.EXITED, 2019)
    village.go("/exits/tracking/")
    village.shows(household.number)
    approver.open(case, on="explained/")
    approver.button("Make the decisions again").click()
    approver.reads("Made again from what was kept: everything comes out the same.")
    approver.look()


@pytest.mark.parametrize(("locale", "width"), ways("en-GB", 360))
def test_a_refusal_is_answered_and_decided_by_two_approvers(desk_of, officers, household):
    second_township = make.make_officer(Role.TOWNSHIP_REVIEWER, make.TOWNSHIP)
    second = make.make_officer(Role.COUNTY_APPROVER)
    village, approver = desk_of(officers.village_official), desk_of(officers.county_approver)
    case = open_for(household, "exit", by=officers.county_clerk)
    carry(case, officers, "plan", "appraise", "verify")

    refusal = {"What the household says": "担心取消低保"}
    village.act(case, "Record that the household refuses to sign", refusal)
    answer = {"Answer to each point": ANSWER}
    township = desk_of(officers.township_reviewer)
    township.act(case, "Record the answer to the refusal", answer)
    township.look()
    village.act(case, "Post the notice in the village", PLACE)
    desk_of(second_township).act(case, "Record the township's check", OPINION)
    approver.open(case)
    approver.reads("Two decide, because the household refused to sign. You would be the first.")
    approver.act(case, "Approve; a second approver decides", WHY)
    approver.reads("You may decide: no")
    desk_of(second).act(case, "Approve the exit", WHY)
    household.refresh_from_db()
    assert household.state == State.EXITED
