"""The policy parameters of a division: what holds, where it comes from, and setting one."""

from datetime import date

import pytest

from officers.rules import Role
from registry.pages.parameters.queries import value_in_words
from tests import factories as make
from tests.procedures import move_to
from trail.dates import business_date
from workflow.actions import set_parameter
from workflow.models import PolicyParameter
from workflow.parameters import (
    EXIT_INCIDENCE_LIMIT,
    EXIT_VILLAGE_DAYS,
    FIELD_WORK,
    FREEZE,
    PARAMETERS,
    QUORUM,
)
from workflow.queries import parameter

pytestmark = pytest.mark.django_db
LIST, ONE = "/parameters/", "/parameters/one/?key="
QUERIES = 9
READERS = ["village_official", "first_secretary", "township_reviewer", "county_clerk",
           "city_reviewer", "province_officer", "reader", "auditor"]  # fmt: skip


@pytest.fixture
def approver(cast, signed_in, in_english):
    return signed_in(cast.county_approver)


def put(client, key, **data):
    defaults = {"year": str(business_date().year), "source": "县扶贫办通知"}
    return client.post(ONE + key, defaults | data)


def held(client, key, url=LIST):
    groups = client.get(url).context["groups"]
    return next(one for group in groups for one in group.parameters if one.key == key)


def test_every_parameter_stands_on_the_page_once(approver):
    groups = approver.get(LIST).context["groups"]
    keys = [one.key for group in groups for one in group.parameters]
    assert sorted(keys) == sorted(PARAMETERS)


def test_the_page_says_where_a_value_comes_from(cast, approver):
    assert held(approver, FIELD_WORK).row.division_id == "0"
    set_parameter(
        make.PROVINCE, FIELD_WORK, year=2020, value=["09-10", "10-20"], source="省通知",
        by=cast.province_approver,
    )  # fmt: skip
    one = held(approver, FIELD_WORK)
    assert (one.row.division_id, one.row.year, one.row.version) == (make.PROVINCE, 2020, 1)
    assert (one.value, one.row.source) == ("09-10 to 10-20", "省通知")
    assert held(approver, FIELD_WORK, f"{LIST}?year=2019").row.division_id == "0"


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [(EXIT_VILLAGE_DAYS, 7, "7"), (QUORUM, [2, 3], "2 of 3"), (FREEZE, "12-31", "12-31"),
     (FIELD_WORK, ["10-01", "10-31"], "10-01 to 10-31")],
)  # fmt: skip
def test_a_value_reads_like_people_write_it(in_english, key, value, words):
    assert value_in_words(PARAMETERS[key], value) == words


@pytest.mark.parametrize(
    ("key", "data", "value"),
    [
        (EXIT_VILLAGE_DAYS, {"number": "10"}, 10),
        (QUORUM, {"part": "3", "whole": "4"}, [3, 4]),
        (FIELD_WORK, {"first_day": "09-15", "last_day": "10-15"}, ["09-15", "10-15"]),
        (FIELD_WORK, {"first_day": "9/5", "last_day": "10月5日"}, ["09-05", "10-05"]),
        (FREEZE, {"day": "12.15"}, "12-15"),
    ],
)
def test_the_approver_sets_each_sort_for_his_county(approver, key, data, value):
    response = put(approver, key, **data)
    assert response.status_code == 302
    year = business_date().year
    assert parameter(key, make.VILLAGE, year) == value
    assert parameter(key, make.VILLAGE, year - 1) != value
    assert parameter(key, make.OTHER_COUNTY_VILLAGE, year) != value


@pytest.mark.parametrize("part", ["province_approver", "county_approver"])
def test_the_form_stands_there_for_the_decider_of_the_division(cast, signed_in, part):
    response = signed_in(getattr(cast, part)).get(ONE + FREEZE)
    assert response.context["why_not_set"] == ""
    assert 'name="day"' in response.text


def test_the_city_reviewer_sets_for_the_city(cast, signed_in):
    client = signed_in(cast.city_reviewer)
    assert put(client, FREEZE, day="12-20").status_code == 302
    assert parameter(FREEZE, make.VILLAGE, business_date().year) == "12-20"


@pytest.mark.parametrize("part", sorted(set(READERS) - {"city_reviewer"}))
def test_others_read_and_are_told_who_sets_it(cast, signed_in, in_english, part):
    client = signed_in(getattr(cast, part))
    for url in (LIST, ONE + FREEZE):
        text = client.get(url).text
        assert "the county approver set parameters" in text
        assert 'name="day"' not in text
    assert put(client, FREEZE, day="12-20").status_code == 403
    assert not PolicyParameter.objects.exclude(division="0").exists()


def test_an_approver_of_a_township_alone_sets_nothing(cast, signed_in):
    client = signed_in(make.make_officer(Role.COUNTY_APPROVER, make.TOWNSHIP))
    assert client.get(ONE + FREEZE).context["why_not_set"]
    assert put(client, FREEZE, day="12-20").status_code == 403


@pytest.mark.parametrize(
    ("key", "data", "field"),
    [
        (EXIT_VILLAGE_DAYS, {"number": ""}, "number"),
        (EXIT_VILLAGE_DAYS, {"number": "sieben"}, "number"),
        (EXIT_VILLAGE_DAYS, {"number": "0"}, "number"),
        (EXIT_VILLAGE_DAYS, {"number": "91"}, "number"),
        (QUORUM, {"part": "4", "whole": "3"}, "part"),
        (QUORUM, {"part": "2", "whole": ""}, "whole"),
        (FIELD_WORK, {"first_day": "10-31", "last_day": "10-01"}, "first_day"),
        (FIELD_WORK, {"first_day": "02-29", "last_day": "10-01"}, "first_day"),
        (FIELD_WORK, {"first_day": "10-01", "last_day": "13-01"}, "last_day"),
        (FREEZE, {"day": "soon"}, "day"),
        (FREEZE, {"day": "12-31", "source": " "}, "source"),
        (FREEZE, {"day": "12-31", "source": "x" * 201}, "source"),
        (FREEZE, {"day": "12-31", "year": "1999"}, "year"),
    ],
)
def test_a_fault_stands_at_its_field_and_what_was_typed_stays(approver, key, data, field):
    response = put(approver, key, **data)
    assert response.status_code == 400
    assert list(response.context["form"].errors) == [field]
    assert not PolicyParameter.objects.exclude(division="0").exists()
    typed = [value for name, value in data.items() if value.strip() and name != "year"]
    assert all(f'value="{value}"' in response.text for value in typed)


def test_every_version_is_kept_and_the_one_that_holds_is_marked(approver, cast):
    put(approver, FREEZE, day="12-20")
    put(approver, FREEZE, day="12-22")
    response = approver.get(ONE + FREEZE)
    values = [
        (one.row.division_id, one.row.version, one.value) for one in response.context["history"]
    ]
    assert values == [
        (make.COUNTY, 2, "12-22"),
        (make.COUNTY, 1, "12-20"),
        ("0", 1, "12-31"),
    ]
    assert response.context["held"].row.version == 2
    assert cast.county_approver.name in response.text


def test_the_province_writes_a_limit_and_another_officer_confirms_it(cast, signed_in, in_english):
    writer = signed_in(cast.province_officer)
    assert put(writer, EXIT_INCIDENCE_LIMIT, number="300").status_code == 302
    page = writer.get(ONE + EXIT_INCIDENCE_LIMIT)
    assert (page.context["held"].value, page.context["confirmable"]) == ("200", [])
    approver = signed_in(cast.province_approver)
    assert [one.value for one in approver.get(LIST).context["waiting"]] == ["300"]
    [waiting] = approver.get(ONE + EXIT_INCIDENCE_LIMIT).context["confirmable"]
    target = f"/parameters/confirm/{waiting.row.pk}/"
    assert approver.post(target).status_code == 302
    page = approver.get(ONE + EXIT_INCIDENCE_LIMIT)
    assert page.context["held"].value == "300"
    assert f"confirmed by {cast.province_approver.name}" in page.text
    again = approver.post(target)
    assert again.status_code == 409
    assert "does not wait" in again.text


def test_a_county_reads_who_sets_what_it_is_judged_by(approver):
    page = approver.get(ONE + EXIT_INCIDENCE_LIMIT)
    assert "Counties are judged by this" in page.text
    assert 'name="number"' not in page.text
    assert put(approver, EXIT_INCIDENCE_LIMIT, number="300").status_code == 403


def test_versions_of_other_counties_are_not_shown(cast, approver):
    other = make.make_officer(Role.COUNTY_APPROVER, make.OTHER_COUNTY)
    set_parameter(make.OTHER_COUNTY, FREEZE, year=2020, value="12-01", source="x", by=other)
    history = approver.get(ONE + FREEZE).context["history"]
    assert [one.row.division_id for one in history] == ["0"]


@pytest.mark.parametrize("key", ["", "no.such", "calendar"])
def test_an_unknown_key_is_not_found(approver, key):
    assert approver.get(ONE + key).status_code == 404


def test_a_faulty_year_is_named(approver):
    response = approver.get(f"{LIST}?year=1066")
    assert response.status_code == 400
    assert "Choose one of the years." in response.text


def test_the_new_days_hold_on_the_readiness_page(approver, cast, calendar, signed_in):
    move_to(date(2020, 9, 1))
    put(approver, FIELD_WORK, first_day="08-15", last_day="09-10")
    deadlines = (
        signed_in(cast.village_official).get("/reviews/readiness/?year=2020").context["deadlines"]
    )
    assert deadlines[0].term.end == date(2020, 9, 10)
    assert deadlines[0].term.days_left == 9


def test_the_list_costs_the_same_however_much_was_set(cast, approver, django_assert_num_queries):
    with django_assert_num_queries(QUERIES):
        approver.get(LIST)
    put(approver, FREEZE, day="12-20")
    put(approver, QUORUM, part="3", whole="4")
    approver.get(LIST)
    with django_assert_num_queries(QUERIES):
        approver.get(LIST)


def test_the_page_speaks_chinese(cast, signed_in):
    text = signed_in(cast.county_approver).get(LIST, HTTP_ACCEPT_LANGUAGE="zh-hans").text
    assert "10月1日至10月31日" in text
    assert "3分之2" in text
