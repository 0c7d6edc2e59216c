"""Where else a helper shows: the household's page, its case, its booklet, the home page, a term."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from households.rules import State
from identification.models import Application
from registry.pages.cases.identifying import ahead_of
from tests import factories as make
from trail.dates import business_date
from trail.sealing import seal

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def today(cast) -> date:
    return business_date()


@pytest.fixture
def helper(cast):
    """Somebody with a phone."""
    one = make.make_cadre(name="周助理")
    one.phone_sealed = seal("13800138000", field="teams.cadre.phone", row=one.uuid)
    one.save()
    return one


def page_of(client, household) -> str:
    return client.get(reverse("pages:household", args=[household.number])).text


def test_the_household_tells_who_helps_since_when_and_who_did(cast, signed_in, household, helper):
    make.make_pairing(household, make.make_cadre(name="前助理"), last_day=date(2020, 1, 31))
    make.make_pairing(household, helper, starts_on=date(2020, 2, 1))
    page = page_of(signed_in(cast.county_clerk), household)
    part = page[page.index('id="helper"') : page.index('id="visits"')]
    assert "周助理" in part
    assert "2020-02-01" in part
    assert part.index("Helpers before") < part.index("前助理")


@pytest.mark.parametrize(
    ("who", "sees"),
    [("village_official", True), ("auditor", True), ("helper", False), ("reader", False)],
)
def test_the_phone_of_the_helper_is_for_the_field_and_asks_for_a_reason(
    cast, signed_in, household, helper, who, sees
):
    make.make_pairing(household, helper)
    client = signed_in(getattr(cast, who))
    address = reverse("teams:cadre_phone", args=[helper.number])
    page = page_of(client, household)
    assert (address in page) is sees
    assert "13800138000" not in page
    if sees:
        assert "13800138000" not in client.get(address).text
        assert "13800138000" in client.post(address, {"reason": "走访联系"}).text


def test_a_household_without_a_helper_says_so(cast, signed_in, household):
    assert "Nobody now." in page_of(signed_in(cast.village_official), household)
    free = make.make_household()
    assert "Nobody now." not in page_of(signed_in(cast.village_official), free)


def test_the_booklet_names_the_helper(cast, signed_in, household, helper):
    make.make_pairing(household, helper)
    address = reverse("pages:print_sheet", args=[household.number, "booklet"])
    page = signed_in(cast.village_official).get(address).text
    part = page[page.index("b-helper") : page.index("p-members")]
    assert "周助理" in part
    assert helper.unit.name in part
    assert "2019-03-01" in part


def test_the_booklet_of_a_household_without_a_helper_has_a_blank(cast, signed_in, household):
    address = reverse("pages:print_sheet", args=[household.number, "booklet"])
    assert signed_in(cast.village_official).get(address).status_code == 200


def test_the_case_of_a_registered_household_names_its_helper_once_it_has_one(
    cast, household, helper, today
):
    case = make.make_case(household, "identification", state="registered")
    application = Application.objects.create(
        case=case, applied_on=today, applicant="head", registration_number="R1",
        helper_due_on=today, plan_due_on=today,
    )  # fmt: skip
    assert "A helper is due by" in ahead_of(case, application, today)[1]
    make.make_pairing(household, helper)
    assert ahead_of(case, application, today)[1] == "Helper: 周助理 since 2019-03-01."


def cards(answer) -> dict[str, tuple[int, str]]:
    return {str(task.title): (task.count, url) for task, url in answer.context["tasks"]}


@pytest.mark.parametrize("who", ["village_official", "township_reviewer", "county_clerk"])
def test_home_counts_the_households_without_a_helper(cast, signed_in, household, who):
    make.make_pairing(make.make_household(state=State.POOR))
    found = cards(signed_in(getattr(cast, who)).get("/"))
    assert found["Households without a helper"] == (1, reverse("pages:unhelped"))


@pytest.mark.parametrize("who", ["county_approver", "helper", "reader"])
def test_home_tells_nobody_else(cast, signed_in, household, who):
    assert "Households without a helper" not in cards(signed_in(getattr(cast, who)).get("/"))


def test_home_tells_the_clerk_of_helpers_who_left(cast, signed_in, household, helper, today):
    make.make_pairing(household, helper)
    make.make_term(helper, last_day=today - timedelta(days=1))
    client = signed_in(cast.county_clerk)
    count, url = cards(client.get("/"))["Helpers who left, still with households"]
    assert count == 1
    assert "周助理" in client.get(url).text


def test_whoever_ends_a_term_sees_the_households_that_are_to_be_handed_on(
    cast, signed_in, household, helper
):
    make.make_pairing(household, helper)
    term = make.make_term(helper)
    page = signed_in(cast.county_clerk).get(reverse("teams:term_end", args=[term.pk])).text
    assert "This person helps 1 household" in page
    assert reverse("pages:household", args=[household.number]) in page
    assert reverse("teams:helper_hand_on", args=[helper.number]) in page
