"""Help at the REST door: read within the posting, names masked; deliveries recorded by the verb."""

from datetime import date
from decimal import Decimal

import pytest

from assistance.models import ItemStatus
from officers.rules import Scope
from tests import factories as make

pytestmark = pytest.mark.django_db
LISTS = ("catalogue/", "plans/", "measures/")


@pytest.fixture
def reader(open_door):
    """A client of COUNTY that reads help and nothing else."""
    return open_door(make.COUNTY, Scope.HELP_READ)


@pytest.fixture
def plan(household):
    """The plan of 2019 of a household of VILLAGE."""
    return make.make_plan(household, 2019, target_income=Decimal(5000))


def all_rows(door, path: str) -> list:
    rows = []
    while path:
        answer = door.get(path)
        assert answer.status_code == 200, answer.body
        rows += answer.body["results"]
        path = (answer.body["next"] or "").removeprefix("http://testserver")
    return rows


class TestEveryList:
    """What the lists have in common."""

    @pytest.mark.parametrize("path", LISTS)
    def test_a_key_without_the_scope_reads_nothing(self, open_door, path):
        others = [one for one in Scope if one != Scope.HELP_READ]
        answer = open_door(make.COUNTY, *others).get(path)
        assert (answer.status_code, answer.body["code"]) == (403, "no_scope")

    @pytest.mark.parametrize("path", LISTS)
    @pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
    def test_nothing_is_written(self, reader, path, method):
        assert reader.send(method, path, {}).status_code == 405

    @pytest.mark.parametrize("path", LISTS)
    def test_an_unknown_division_is_refused(self, reader, path):
        answer = reader.get(f"{path}?division=999999")
        assert answer.body["errors"][0]["code"] == "unknown_division"

    @pytest.mark.parametrize("path", LISTS)
    def test_nothing_is_found_outside_the_posting(self, reader, path):
        assert reader.get(f"{path}?division={make.OTHER_COUNTY}").body["results"] == []

    @pytest.mark.parametrize("path", LISTS)
    def test_pages_of_two_rows_hold_every_row_once(self, reader, plan, path):
        for year in (2016, 2017, 2018):
            make.make_item(make.make_plan(plan.household, year), "IND-OWN")
        whole = all_rows(reader, path)
        assert all_rows(reader, f"{path}?limit=2") == whole
        assert len(whole) >= 3


def test_the_catalogue_is_that_of_the_place_and_year(reader):
    rows = {one["code"]: one for one in all_rows(reader, "catalogue/?year=2019")}
    assert len(rows) == 57
    assert rows["LOAN-MICRO"]["cap"] == "50000.00"
    assert rows["PUB-POST"]["group"] == rows["ECO-RANGER"]["group"] == "post"


def test_a_plan_tells_what_its_measures_add_up_to(reader, plan):
    make.make_item(plan, "IND-OWN", planned=Decimal(3000), delivered=Decimal(1000),
                   status=ItemStatus.ONGOING)  # fmt: skip
    make.make_item(plan, "COM-BUY", planned=Decimal(500))
    (row,) = all_rows(reader, f"plans/?year=2019&household={plan.household.number}")
    assert (row["measures"], row["planned"], row["delivered"]) == (2, "3500.00", "1000.00")
    one = reader.get(f"plans/{plan.uuid}/")
    assert (one.body, one["ETag"]) == (row, f'"{plan.version}"')


def test_a_measure_names_the_person_by_number_and_family_name_alone(reader, plan):
    member = make.make_member(plan.household, name="王小明")
    item = make.make_item(plan, "EDU-YULU", member)
    answer = reader.get(f"measures/{item.uuid}/")
    assert answer.body["person"] == {"number": member.person_number, "name": "王**"}
    assert "小明" not in answer.content.decode()
    assert answer["ETag"] == '"1"'


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("code=IND-OWN", {"IND-OWN"}),
        ("category=COM", {"COM-BUY"}),
        ("status=agreed", {"COM-BUY"}),
        ("due_before=2019-07-01", {"IND-OWN"}),
        ("year=2018", set()),
        ("household=nobody", set()),
        (f"division={make.NEXT_VILLAGE}", set()),
    ],
)
def test_measures_are_found_by(reader, plan, asked, found):
    make.make_item(plan, "IND-OWN", status=ItemStatus.ONGOING, due_on=date(2019, 6, 30))
    make.make_item(plan, "COM-BUY")
    assert {one["code"] for one in all_rows(reader, f"measures/?{asked}")} == found


def test_what_was_taken_out_of_a_draft_is_not_told(reader, plan):
    item = make.make_item(plan, "IND-OWN", status=ItemStatus.DROPPED, agreed_on=None)
    assert all_rows(reader, "measures/") == []
    assert reader.get(f"measures/{item.uuid}/").status_code == 404


class TestRows:
    """A plan and a measure, by their addresses."""

    @pytest.fixture(params=["plans", "measures"])
    def path(self, request, plan):
        item = make.make_item(plan, "IND-OWN")
        row = plan if request.param == "plans" else item
        return f"{request.param}/{row.uuid}/"

    def test_the_countys_own_client_finds_it(self, reader, path):
        assert reader.get(path).status_code == 200

    def test_a_stranger_does_not(self, open_door, path):
        assert open_door(make.OTHER_COUNTY, *Scope).get(path).status_code == 404

    def test_it_goes_with_a_withdrawn_household(self, reader, plan, path):
        household = type(plan.household).everywhere.filter(pk=plan.household_id)
        household.update(withdrawn_at="2020-01-01T00:00Z")
        assert reader.get(path).status_code == 404
        assert all_rows(reader, path.split("/")[0] + "/") == []

    def test_nobody_writes_it(self, reader, path):
        for method in ("PUT", "PATCH", "DELETE"):
            assert reader.send(method, path, {}).status_code == 405


@pytest.mark.parametrize("path", ["plans/", "measures/"])
def test_a_page_takes_as_many_queries_however_many_rows(
    reader, household, path, django_assert_max_num_queries
):
    for year in range(2015, 2020):
        member = make.make_member(household)
        make.make_item(make.make_plan(household, year), "HEA-DOCTOR", member)
    with django_assert_max_num_queries(12):
        assert len(reader.get(path).body["results"]) == 5
