"""A village leaves the list of poor villages, carried by its people."""

import pytest

from exits.models import ListedPlace
from households.rules import State
from tests import factories as make
from tests.browser.exits.desk import ways
from trail.dates import business_date
from workflow.models import Case

FIGURES = {
    "households": "300",
    "population": "1050",
    "rural_population": "1000",
    "unsafe_water_households": "0",
    "dangerous_house_households": "0",
    "clinics": "1",
}


@pytest.mark.parametrize(("locale", "width"), ways("zh-CN", 360))
def test_a_village_exits_through_its_people(desk_of, officers):
    make.make_household(state=State.POOR, persons=19)
    year = business_date().year
    clerk, village = desk_of(officers.county_clerk), desk_of(officers.village_official)
    township, approver = desk_of(officers.township_reviewer), desk_of(officers.county_approver)

    clerk.go("/exits/villages/")
    clerk.link("List villages").first.click()
    clerk.fill({"Codes": make.VILLAGE, "Day of the decision": "2014-06-01", "Source": "名单"})
    clerk.button("Put them on the list").click()
    village.go(f"/exits/records/{make.VILLAGE}/")
    village.link("Record %(year)s", year=year).click()
    for name, value in FIGURES.items():
        village.main.locator(f"[name={name}]").fill(value)
    for name in ("road_paved", "production_power"):
        village.main.locator(f"[name={name}]").select_option("1")
    village.look()
    village.button("Keep the record").click()
    village.shows("1,050")

    township.go("/exits/villages/")
    township.look()
    township.main.get_by_role("table").get_by_role("link").first.click()
    township.shows("19 ÷ 1,000 = 1.90 %")
    township.look()
    township.button("Propose the exit on these figures").click()
    case = Case.everywhere.get(kind="village_exit")
    clerk.act(case, "Record the county's verification", {"Who verified": "李芳", "Opinion": "属实"})
    township.act(case, "Post the notice in the township", {"Place of posting": "乡镇政府公示栏"})
    approver.open(case)
    approver.look()
    approver.act(case, "Approve the exit of the village")
    assert ListedPlace.everywhere.get().exit_year == year
    township.act(case, "Record the announcement", {"Place of posting": "乡镇政府公示栏"})
    clerk.go("/exits/villages/")
    clerk.reads("exited in %(year)s", year=year)
