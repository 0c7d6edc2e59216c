"""Lists: pages, filters, what a list costs, and what nobody finds out by it."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone

from households.models import Household
from households.rules import State
from officers.rules import Scope
from tests import factories as make
from trail.api import cursor_at

pytestmark = pytest.mark.django_db


def numbers(answer) -> list[str]:
    return [one["number"] for one in answer.body["results"]]


def all_pages(door, path: str) -> list[str]:
    found: list[str] = []
    while path:
        answer = door.get(path)
        assert answer.status_code == 200, answer.body
        found += numbers(answer)
        path = (answer.body["next"] or "").removeprefix("http://testserver")
    return found


@pytest.fixture
def seven(tree) -> list[Household]:
    """Households in list order: three in VILLAGE, then four that were saved before them."""
    later = [make.make_household(make.NEXT_VILLAGE) for _ in range(4)]
    return [make.make_household() for _ in range(3)] + later


def test_pages_hold_every_household_once_by_village_and_age(door, seven):
    assert all_pages(door, "households/?limit=2") == [one.number for one in seven]


def test_a_household_that_comes_meanwhile_hides_no_other(door, seven):
    first = door.get("households/?limit=2")
    make.make_household()
    rest = all_pages(door, first.body["next"].removeprefix("http://testserver"))
    assert set(rest) >= {one.number for one in seven[2:]}
    assert not set(rest) & set(numbers(first))


def test_the_next_page_keeps_the_filter(door, seven):
    path = f"households/?limit=2&division={make.NEXT_VILLAGE}"
    assert all_pages(door, path) == [one.number for one in seven[3:]]


@pytest.mark.parametrize("limit", ["0", "101", "-1", "x", "1.5"])
def test_a_page_has_1_to_100_rows(door, limit):
    answer = door.get(f"households/?limit={limit}")
    assert answer.status_code == 400
    assert answer.body["errors"][0]["parameter"] == "limit"


@pytest.mark.parametrize("cursor", ["", "x", "WyJhIiwxXQ", "[]:sig"])
def test_a_made_up_cursor_is_refused(door, cursor):
    answer = door.get(f"households/?cursor={cursor}")
    assert answer.status_code == 400
    assert answer.body["errors"][0]["parameter"] == "cursor"


LISTS = (
    "households/", "divisions/", "standards/", "reviews/", "teams/", "terms/", "catalogue/",
    "plans/", "exits/", "sync/uploads/", "sync/decisions/",
)  # fmt: skip


@pytest.mark.parametrize("path", LISTS)
def test_a_cursor_of_another_list_is_refused(open_door, tree, path):
    door = open_door(make.COUNTY, *Scope)
    for place, of in (([1], "x"), (["a", 1], "y"), ([make.VILLAGE], "z")):
        answer = door.get(f"{path}?cursor={cursor_at(place, of=of)}")
        assert (answer.status_code, answer.body["errors"][0]["code"]) == (400, "bad_cursor")


def test_the_next_page_of_one_list_begins_no_other(door, seven):
    following = door.get(f"divisions/?limit=1&parent={make.TOWNSHIP}").body["next"]
    cursor = parse_qs(urlsplit(following).query)["cursor"][0]
    assert door.get(f"households/?cursor={cursor}").status_code == 400


def test_households_are_listed_by_place_status_year_and_change(door, tree):
    poor = make.make_household(state=State.POOR)
    other = make.make_household(make.OTHER_TOWNSHIP_VILLAGE)
    make.make_survey(other, 2018)
    old = timezone.now() - timedelta(days=9)
    Household.everywhere.filter(pk=poor.pk).update(updated_at=old)
    since = (timezone.now() - timedelta(days=1)).isoformat().replace("+", "%2B")
    asked = {
        f"division={make.OTHER_TOWNSHIP}": [other],
        f"division={make.COUNTY}000000": [poor, other],
        f"division={make.OTHER_COUNTY}": [],
        "status=0": [poor],
        "year=2018": [other],
        "year=2019": [],
        f"updated_since={since}": [other],
    }
    found = {query: numbers(door.get(f"households/?{query}")) for query in asked}
    assert found == {query: [one.number for one in rows] for query, rows in asked.items()}


@pytest.mark.parametrize(
    ("query", "parameter", "code"),
    [
        ("division=999999", "division", "unknown_division"),
        ("division=97012x", "division", "bad_parameter"),
        ("status=7", "status", "not_offered"),
        ("status=poor", "status", "not_offered"),
        ("year=now", "year", "bad_parameter"),
        ("updated_since=2020-01-01", "updated_since", "bad_moment"),
        ("updated_since=2020-01-01T00:00:00", "updated_since", "bad_moment"),
        ("status=0&status=1", "status", "repeated_parameter"),
        ("ordering=id_number", "ordering", "unknown_parameter"),
        ("search=970123", "search", "unknown_parameter"),
        ("id_number=97012319650319041X", "id_number", "unknown_parameter"),
        ("members__id_blind__startswith=a", "members__id_blind__startswith", "unknown_parameter"),
        ("format=api", "format", "unknown_parameter"),
    ],
)
def test_a_parameter_that_is_wrong_or_unknown_is_named(door, query, parameter, code):
    answer = door.get(f"households/?{query}")
    assert answer.status_code == 400
    assert [(one["parameter"], one["code"]) for one in answer.body["errors"]] == [(parameter, code)]


@pytest.mark.parametrize("path", ["members/", "surveys/", ""])
def test_a_resource_without_parameters_takes_none(door, household, path):
    answer = door.get(f"households/{household.number}/{path}?year=2019")
    assert answer.body["errors"][0]["code"] == "unknown_parameter"


def test_a_list_costs_the_same_for_few_and_for_many(open_door, seven, django_assert_num_queries):
    door = open_door(make.COUNTY, Scope.READ)
    door.get("codes/")
    for limit in (1, 7):
        with django_assert_num_queries(4):  # key, posting, households, people
            assert len(numbers(door.get(f"households/?limit={limit}"))) == limit


def test_the_trace_of_a_page_in_full_costs_one_row_more(
    open_door, seven, django_assert_num_queries
):
    door = open_door(make.COUNTY, Scope.READ, Scope.IDENTITY)
    door.get("codes/")
    for limit in (1, 7):
        with django_assert_num_queries(5):
            door.get(f"households/?limit={limit}")


def test_one_household_costs_a_fixed_number_of_queries(
    open_door, household, django_assert_num_queries
):
    door = open_door(make.COUNTY, Scope.READ)
    door.get("codes/")
    path = f"households/{household.number}/"
    for below, queries in (("", 4), ("members/", 5), ("surveys/", 7)):
        with django_assert_num_queries(queries):
            assert door.get(path + below).status_code == 200


def test_divisions_are_walked_from_the_clients_own_downwards(door):
    own = door.get("divisions/").body["results"]
    assert [(one["code"], one["level"]) for one in own] == [(make.COUNTY, 3)]
    below = door.get(f"divisions/?parent={make.COUNTY}&limit=1")
    assert below.body["results"][0]["code"] == make.TOWNSHIP
    assert below.body["results"][0]["padded_code"] == f"{make.TOWNSHIP}000"
    assert below.body["next"]


@pytest.mark.parametrize("parent", [make.CITY, make.OTHER_COUNTY, "0", "999999"])
def test_a_division_outside_the_posting_is_not_found(door, parent):
    assert door.get(f"divisions/?parent={parent}").status_code == 404


def test_the_code_lists_hold_both_labels(door):
    lists = door.get("codes/").body
    assert {"code": "01", "zh": "户主", "en": "head"} in [
        {key: one[key] for key in ("code", "zh", "en")} for one in lists["relation"]
    ]
