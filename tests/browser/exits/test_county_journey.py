"""A county leaves the list of poor counties, from its own proposal to the province's decision."""

import pytest

from households.rules import State
from tests import factories as make
from tests.browser.exits.desk import Desk, ways
from tests.web.exits.listed import YEAR, eligible_county
from workflow.models import Case

CHECK = {"Opinion": "属实"}
SAMPLE = {
    "exited_sampled": 1000,
    "wrongly_exited": 3,
    "unregistered_sampled": 1000,
    "missed": 5,
    "households_asked": 2000,
    "households_approving": 1800,
    "remaining_poor": 400,
    "exited_total": 9000,
    "unregistered_total": 52000,
    "rural_population": 65000,
}

SAID, FOUND = "自来水入户率与实际不符", "抽查三个乡镇，均已通水"
WHY = "评估口径含常住未登记人口"


def object_and_resolve(county: Desk, approver: Desk, case: Case) -> None:
    """The county passes on what is said against it; who had no hand in it looks into it."""
    county.open(case)
    county.link("Record an objection").click()
    county.fill({"What is said": SAID})
    county.button("Record the objection").click()
    county.shows(SAID)
    assert county.link("Resolve this objection").count() == 0
    approver.open(case)
    approver.shows(SAID)
    approver.link("Resolve this objection").click()
    approver.fill({"What the inquiry found": FOUND})
    approver.field("The objection is not right: the case goes on").check()
    approver.button("Resolve the objection").click()


@pytest.mark.parametrize(("locale", "width"), ways("en-GB", 1280))
def test_a_county_exits_from_its_proposal_to_the_provinces_decision(desk_of, officers):
    make.make_household(state=State.POOR, persons=19)
    county = eligible_county(officers)
    clerk, city = desk_of(officers.county_clerk), desk_of(officers.city_reviewer)
    province, approver = desk_of(officers.province_officer), desk_of(officers.province_approver)

    clerk.go(f"/exits/counties/{make.COUNTY}/?year={YEAR}")
    clerk.reads("It may be proposed.")
    clerk.look()
    clerk.button("Propose the exit on these figures").click()
    case = Case.everywhere.get(kind="county_exit")
    clerk.reads("The exit is proposed. The city reviews it now.")
    city.act(case, "Record the city's first review", CHECK)
    province.act(case, "Record the province's verification", CHECK)
    province.act(case, "Post the public notice", {"Place of posting": "省政府网站"})
    object_and_resolve(clerk, approver, case)
    province.open(case)
    province.reads("The result of the special evaluation is not on record.")
    province.link("Record the special evaluation").click()
    province.look()
    province.fill({"Who evaluated": "省社科院", "Why the report differs from the register": WHY})
    for name, count in SAMPLE.items():
        province.main.locator(f"[name={name}]").fill(str(count))
    for name in ("first_day", "last_day"):
        province.main.locator(f"[name={name}]").fill(case.opened_on.isoformat())
    province.button("Record the result").click()
    province.reads("The result is recorded. Take it over into the case now.")
    province.act(case, "Take over the result of the special evaluation")
    approver.open(case)
    for formula in (
        "(400 + 260 + 27) ÷ 65,000 = 1.06 %",
        "3 ÷ 1,000 = 0.30 %",
        "5 ÷ 1,000 = 0.50 %",
        "1,800 ÷ 2,000 = 90.00 %",
    ):
        approver.shows(formula)
    for words in (CHECK["Opinion"], SAID, FOUND, WHY):
        approver.shows(words)
    approver.reads("You may decide: yes")
    approver.look()
    approver.act(case, "Approve the exit of the county")
    county.refresh_from_db()
    assert (county.exit_year, county.case) == (YEAR, case)
    clerk.go(f"/exits/counties/{make.COUNTY}/?year={YEAR}")
    clerk.shows("(400 + 260 + 27) ÷ 65,000 = 1.06 %")
    clerk.look()
