"""The sheets of a household and of a meeting: what stands on them, who prints, what is kept."""

from decimal import Decimal

import pytest
from django.test import Client

from households.models.details import IncomeLine
from households.rules import State
from officers.rules import Role
from registry.pages.prints.sheets import SHEETS
from tests import factories as make
from trail.models import Change

pytestmark = pytest.mark.django_db
COUNTED = 28


@pytest.fixture
def surveyed(tree):
    """A poor household of two with all incomes known in 2019 and one income line."""
    household = make.make_household(state=State.POOR, persons=2, main_cause="01", needs=["EMP"])
    survey = make.make_survey(
        household, 2019, wage_income=Decimal(9000), business_expense=Decimal(1000), water=0
    )
    IncomeLine.objects.create(
        survey=survey, position=1, kind="wage_income", item="wage", text="砖厂",
        quantity=Decimal(6), unit_price=Decimal(1500), coefficient_percent=100,
        amount=Decimal(9000),
    )  # fmt: skip
    return household


def sheet_of(client: Client, household, name: str, query: str = "") -> str:
    response = client.get(f"/households/{household.number}/print/{name}/{query}")
    assert response.status_code == 200
    return response.text


@pytest.mark.parametrize("name", SHEETS)
def test_a_sheet_names_the_household_its_year_and_whoever_printed_it(
    cast, signed_in, surveyed, in_english, name
):
    text = sheet_of(signed_in(cast.village_official), surveyed, name)
    assert f"Household {surveyed.number}, year 2019" in text
    serial = Change.objects.get(action="print").pk
    assert f"Printed by {cast.village_official.name}" in text
    assert f"serial {serial}" in text


@pytest.mark.parametrize("name", SHEETS)
def test_no_sheet_shows_a_whole_id_number_or_phone(cast, signed_in, tree, name):
    household = make.make_household()
    number = make.make_id_number()
    make.make_member(household, id_number=number)
    text = sheet_of(signed_in(cast.county_clerk), household, name)
    assert number not in text


def test_the_registration_form_shows_the_lines_and_the_sum(cast, signed_in, surveyed, in_english):
    text = sheet_of(signed_in(cast.village_official), surveyed, "registration")
    for shown in ("砖厂", "1,500.00", "9,000.00", "8,000.00", "4,000.00", "employment"):
        assert shown in text


def test_the_verification_sheet_has_room_for_two_visitors(cast, signed_in, surveyed, in_english):
    text = sheet_of(signed_in(cast.first_secretary), surveyed, "verification")
    assert "First visitor" in text
    assert "Second visitor" in text
    assert text.count('class="box"') == 2 * 2 + 6 + 6 * 3


def test_a_part_without_data_is_left_out_of_the_handbook(cast, signed_in, tree, in_english):
    text = sheet_of(signed_in(cast.village_official), make.make_household(), "booklet")
    assert "Years side by side" not in text
    assert "History of the state" not in text
    assert "Confirmation of the exit" in text


def test_a_year_without_survey_is_a_form_to_fill_in(cast, signed_in, surveyed, in_english):
    path = f"?year={cast.village_official.posting.starts_on.year}"
    assert "year 2019" in sheet_of(signed_in(cast.village_official), surveyed, "slip", path)
    empty = make.make_household()
    text = sheet_of(signed_in(cast.village_official), empty, "registration")
    assert "Write the amounts by hand" in text


def test_every_print_is_kept_in_the_trace_without_what_it_showed(cast, signed_in, surveyed):
    client = signed_in(cast.county_clerk)
    sheet_of(client, surveyed, "booklet")
    sheet_of(client, surveyed, "booklet")
    kept = Change.objects.filter(action="print")
    assert [one.after for one in kept] == [{"sheet": "booklet", "year": 2019}] * 2
    assert {one.subject_id for one in kept} == {str(surveyed.pk)}


@pytest.mark.parametrize("role", [Role.READER, Role.CITY_REVIEWER, Role.HELPER])
def test_a_role_of_figures_prints_no_household(signed_in, surveyed, role):
    client = signed_in(make.make_officer(role))
    answer = client.get(f"/households/{surveyed.number}/print/slip/")
    assert answer.status_code == 403
    assert not Change.objects.filter(action="print").exists()
    assert "/print/slip/" not in client.get(f"/households/{surveyed.number}/print/").text


def test_an_unknown_sheet_is_not_found(cast, signed_in, surveyed):
    path = f"/households/{surveyed.number}/print/poster/"
    assert signed_in(cast.county_clerk).get(path).status_code == 404


def test_a_name_that_few_fonts_have_is_pointed_out(cast, signed_in, tree, in_english):
    household = make.make_household()
    text = sheet_of(signed_in(cast.village_official), household, "slip")
    assert "Few fonts" not in text
    household.members.update(name="陈\U00031350")
    assert "U+31350" in sheet_of(signed_in(cast.village_official), household, "slip")


def test_a_sheet_costs_a_fixed_number_of_queries(
    cast, signed_in, surveyed, django_assert_max_num_queries
):
    client = signed_in(cast.village_official)
    for _ in range(5):
        make.make_member(surveyed)
    with django_assert_max_num_queries(COUNTED):
        sheet_of(client, surveyed, "registration")


def test_the_minutes_name_who_is_judged_and_the_quorum(cast, signed_in, surveyed, in_english):
    case = make.make_case(surveyed, "identification", state="visited")
    text = signed_in(cast.village_official).get(f"/cases/{case.pk}/print/minutes/").text
    assert "<bdi>陈大山</bdi>" in text
    assert "at least 2 of 3 representatives" in text
    assert "Sign-in list" in text


def test_one_meeting_judges_all_cases_of_the_village_at_the_same_point(
    cast, signed_in, surveyed, in_english
):
    case = make.make_case(surveyed, "identification", state="visited")
    beside = make.make_case(make.make_household(), "identification", state="visited")
    for village, kind, state in (
        (make.VILLAGE, "identification", "proposed"),
        (make.VILLAGE, "exit", "visited"),
        (make.NEXT_VILLAGE, "identification", "visited"),
    ):
        make.make_case(make.make_household(village), kind, state=state)
    client = signed_in(cast.township_reviewer)
    page = client.get(f"/cases/{case.pk}/print/minutes/")
    assert page.context["waiting"] == 1
    assert page.text.count("<bdi>陈大山</bdi>") == 1
    together = client.get(f"/cases/{case.pk}/print/minutes/?all=yes")
    assert together.text.count("<bdi>陈大山</bdi>") == 2
    kept = Change.objects.filter(action="print", subject_id=str(beside.pk))
    assert kept.get().origin.startswith("print ")
