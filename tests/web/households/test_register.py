import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from households.queries import PAGE_ROWS
from households.rules import State
from tests import factories as make

pytestmark = pytest.mark.django_db
URL = "/households/"
QUERIES = 13


@pytest.fixture
def clerk(cast, signed_in):
    return signed_in(cast.county_clerk)


def numbers(response) -> list[str]:
    return [row.household.number for row in response.context["page"].rows]


def find(client, term):
    return client.post(URL, {"term": term}, follow=True)


def test_the_register_lists_households_of_the_posting_alone(clerk):
    mine, theirs = make.make_household(), make.make_household(make.OTHER_COUNTY_VILLAGE)
    assert mine.number in numbers(clerk.get(URL))
    assert theirs.number not in numbers(clerk.get(URL))


def test_a_withdrawn_household_is_not_listed(clerk, household):
    household.withdrawn_at = household.created_at
    household.save(update_fields=["withdrawn_at"])
    assert numbers(clerk.get(URL)) == []


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("division=970123100", {"TOWN", "VILLAGE"}),
        ("division=970123100200", {"VILLAGE"}),
        ("state=1", {"OTHER"}),
        ("cause=01", {"TOWN"}),
        ("division=970123100&cause=01", {"TOWN"}),
        ("state=1&cause=01", set()),
    ],
)
def test_the_register_is_filtered_by_place_state_and_cause(clerk, query, expected):
    make.make_household(make.VILLAGE, number="VILLAGE", state=State.POOR)
    make.make_household(make.NEXT_VILLAGE, number="TOWN", state=State.POOR, main_cause="01")
    make.make_household(make.OTHER_TOWNSHIP_VILLAGE, number="OTHER", state=State.EXITED)
    assert set(numbers(clerk.get(f"{URL}?{query}"))) == expected


def test_a_place_outside_the_posting_is_an_error_at_the_field_and_does_not_narrow(clerk, household):
    response = clerk.get(f"{URL}?division={make.OTHER_COUNTY}")
    assert "division" in response.context["filters"].errors
    assert numbers(response) == [household.number]


def test_an_account_administrator_sees_no_register(cast, signed_in):
    assert signed_in(cast.account_admin).get(URL).status_code == 403


def test_a_visitor_is_asked_to_sign_in(client, tree):
    assert client.get(URL).headers["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("term", ["罗海", "罗海燕", "luohaiyan", "lhy", "海燕", "LHY"])
def test_a_household_is_found_by_name_prefix_pinyin_and_initials(clerk, term):
    found = make.make_household()
    make.make_member(found, name="罗海燕", relation="03")
    make.make_household()
    response = find(clerk, term)
    assert response.redirect_chain[-1][0] == f"/households/{found.number}/"


def test_a_household_is_found_by_the_whole_id_number_of_a_member(clerk):
    found, number = make.make_household(), make.make_id_number()
    make.make_member(found, id_number=number)
    assert find(clerk, number).redirect_chain[-1][0] == f"/households/{found.number}/"


def test_a_certificate_finds_the_person_of_the_id_number(clerk):
    found, number = make.make_household(), make.make_id_number()
    make.make_member(found, id_number=number)
    assert find(clerk, f"{number}41").redirect_chain[-1][0] == f"/households/{found.number}/"


def test_a_household_is_found_by_its_number(clerk, household):
    assert find(clerk, household.number).redirect_chain[-1][0] == f"/households/{household.number}/"


def test_a_household_outside_the_posting_is_not_found_by_any_word(clerk):
    theirs = make.make_household(make.OTHER_COUNTY_VILLAGE)
    make.make_member(theirs, name="罗海燕")
    for term in (theirs.number, "罗海燕", "lhy"):
        assert numbers(find(clerk, term)) == []


def test_several_hits_are_listed_and_the_address_carries_no_word(clerk):
    for _ in range(2):
        make.make_member(make.make_household(), name="罗海燕")
    response = find(clerk, "罗海燕")
    address = response.redirect_chain[-1][0]
    assert len(numbers(response)) == 2
    assert re.fullmatch(r"/households/\?search=[0-9a-f-]{36}", address)


def test_the_session_holds_a_search_word_sealed(clerk):
    for _ in range(2):
        make.make_member(make.make_household(), name="罗海燕")
    find(clerk, "罗海燕")
    assert "罗海" not in str(dict(clerk.session))


def test_a_search_of_another_session_is_said_to_have_ended(clerk, household):
    response = clerk.get(f"{URL}?search=00000000-0000-0000-0000-000000000000")
    assert response.context["term_forgotten"]


def test_a_single_character_is_refused_with_advice(clerk):
    response = clerk.post(URL, {"term": "欧"})
    assert response.context["search"].errors["term"]
    assert "id_term_error" in response.content.decode()


def test_a_role_without_names_finds_by_number_alone(cast, signed_in, household):
    client = signed_in(cast.city_reviewer)
    assert numbers(find(client, "陈大山")) == []
    assert find(client, household.number).redirect_chain[-1][0].endswith(f"/{household.number}/")


def test_a_role_without_names_reads_the_family_name_alone(cast, signed_in, household):
    body = signed_in(cast.city_reviewer).get(URL).content.decode()
    assert "陈**" in body
    assert "陈大山" not in body


def test_the_pages_follow_each_other_without_gap_or_repetition(clerk):
    made = {make.make_household(number=f"N{i:03d}").number for i in range(PAGE_ROWS + 7)}
    first = clerk.get(URL)
    second = clerk.get(URL + first.context["next_url"])
    assert len(numbers(first)) == PAGE_ROWS
    assert set(numbers(first)) | set(numbers(second)) == made
    assert len(numbers(first)) + len(numbers(second)) == len(made)
    assert second.context["next_url"] == ""
    assert numbers(clerk.get(URL + second.context["previous_url"])) == numbers(first)


@pytest.mark.parametrize("place", ["x.1", "970123100200", "970123100200.x", ".", "1." + "9" * 40])
def test_a_mangled_page_address_shows_a_page(clerk, household, place):
    assert clerk.get(f"{URL}?after={place}").status_code == 200


def test_the_last_two_survey_years_stand_with_an_arrow(clerk, household):
    make.make_survey(household, 2020, wage_income=2000, business_expense=1)
    body = clerk.get(URL, HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "999.50" in body
    assert "more than before" in body


def test_an_unknown_figure_shows_no_income(clerk, household):
    make.make_survey(household, 2020, wage_income=None)
    page = clerk.get(URL).context["page"]
    assert page.years == (2019, 2020)
    assert (page.rows[0].earlier, page.rows[0].latest) == (0, None)


def test_the_number_of_queries_does_not_grow_with_the_rows(clerk, household):
    clerk.get(URL)
    for _ in range(5):
        make.make_survey(make.make_household(persons=3), 2019)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        clerk.get(URL)
    assert len(queries) == QUERIES, [query["sql"][:90] for query in queries]
