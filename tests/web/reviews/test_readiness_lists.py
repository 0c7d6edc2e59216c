"""What a year still lacks: the households of a place, one by one, and the file of its parts."""

import csv
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook

from reviews.queries import unready
from tests import factories as make
from tests.web.reviews.readiness import FILE, HOUSEHOLDS, at, missing
from trail.models import Change

pytestmark = pytest.mark.django_db
LIST_QUERIES = 21


def test_a_faulty_kind_is_named_at_its_field(cast, signed_in, in_english):
    response = signed_in(cast.county_clerk).get(at(url=HOUSEHOLDS, kind="gap_nothing"))
    assert response.status_code == 400
    assert "Choose one of the kinds." in response.text


def test_a_list_leads_to_the_household_and_says_what_clears_it(
    half_surveyed, cast, signed_in, in_english
):
    response = signed_in(cast.village_official).get(at(make.VILLAGE, url=HOUSEHOLDS))
    [row] = response.context["page"].rows
    assert f"/households/{row.household.number}/" in response.text
    assert row.head == "陈大山"
    assert "Visit the household, fill in the survey" in response.text


def test_a_list_names_all_that_is_unknown_of_a_household(
    half_surveyed, cast, signed_in, in_english
):
    response = signed_in(cast.county_clerk).get(
        at(make.OTHER_TOWNSHIP, url=HOUSEHOLDS, kind="gap_water")
    )
    assert "Unknown: Wage income, Safe drinking water" in response.text


def test_a_list_is_masked_for_a_role_without_names(half_surveyed, cast, signed_in):
    response = signed_in(cast.city_reviewer).get(at(url=HOUSEHOLDS))
    assert {one.head for one in response.context["page"].rows} == {"陈**"}
    assert "陈大山" not in response.text


def test_a_place_above_the_county_lists_no_households(half_surveyed, cast, signed_in, in_english):
    response = signed_in(cast.province_officer).get(at(make.PROVINCE, url=HOUSEHOLDS))
    assert "Households are listed for a county" in response.text


def test_the_list_turns_its_pages_in_both_directions(cast, signed_in, monkeypatch):
    monkeypatch.setattr(unready, "PAGE_ROWS", 2)
    villages = [
        make.NEXT_VILLAGE,
        make.VILLAGE,
        make.VILLAGE,
        make.OTHER_TOWNSHIP_VILLAGE,
        make.VILLAGE,
    ]
    made = sorted((village, missing(village).pk) for village in villages)
    client = signed_in(cast.county_clerk)
    seen, url = [], at(url=HOUSEHOLDS)
    while url:
        context = client.get(url).context
        seen += [(one.household.village_id, one.household.pk) for one in context["page"].rows]
        last, url = context, context["next_url"] and HOUSEHOLDS + context["next_url"]
    assert seen == made
    back = client.get(HOUSEHOLDS + last["previous_url"]).context
    assert [one.household.pk for one in back["page"].rows] == [pk for _village, pk in made[2:4]]
    first = client.get(HOUSEHOLDS + back["previous_url"]).context
    assert [one.household.pk for one in first["page"].rows] == [pk for _village, pk in made[:2]]
    assert first["previous_url"] == ""


def test_the_file_holds_the_rows_shown_and_leaves_a_trace(
    half_surveyed, cast, signed_in, in_english
):
    response = signed_in(cast.county_clerk).get(at(url=FILE, form="csv"))
    rows = list(csv.DictReader(StringIO(response.getvalue().decode("utf-8-sig"))))
    assert [(row["Code"], row["To be surveyed"], row["No survey yet"]) for row in rows] == [
        (make.TOWNSHIP, "3", "1"),
        (make.OTHER_TOWNSHIP, "2", "1"),
        (make.COUNTY, "5", "2"),
    ]
    assert rows[1]["Safe drinking water"] == "1"
    trace = Change.objects.get(action="download_readiness")
    assert (trace.actor_id, trace.division_code, trace.after) == (
        cast.county_clerk.pk, make.COUNTY, {"year": 2019, "rows": 3},
    )  # fmt: skip


def test_the_workbook_hides_what_the_page_hides(half_surveyed, cast, signed_in, in_english):
    response = signed_in(cast.city_reviewer).get(at(url=FILE, form="xlsx"))
    sheet = load_workbook(BytesIO(response.content)).worksheets[0]
    heading, *rows = sheet.iter_rows(values_only=True)
    column = heading.index("No survey yet")
    assert [row[column] for row in rows] == ["<5", "<5", "<5"]


def test_the_list_asks_no_more_queries_for_more_households(
    cast, signed_in, django_assert_num_queries
):
    client = signed_in(cast.county_clerk)
    missing()
    with django_assert_num_queries(LIST_QUERIES):
        client.get(at(url=HOUSEHOLDS))
    for _ in range(5):
        missing()
    with django_assert_num_queries(LIST_QUERIES):
        client.get(at(url=HOUSEHOLDS))
