"""Help at the REST door: read within the posting, names masked; deliveries recorded by the verb."""

from datetime import date
from decimal import Decimal

import pytest

from assistance.models import ItemStatus
from officers.rules import Scope
from tests import factories as make
from trail.models import Change

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
    item = make.make_item(plan, "EDU-YULU", member, content="小明的学费")
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


class TestDeliver:
    """The verb, by which other systems record what was delivered."""

    SENT = {"day": "2019-06-30", "kind": "cash", "amount": "400.00", "reference": "fin-1"}

    @pytest.fixture
    def sender(self, open_door):
        return open_door(make.COUNTY, Scope.HELP_WRITE)

    @pytest.fixture
    def item(self, plan):
        return make.make_item(plan, "IND-OWN")

    @staticmethod
    def send(door, item, version: int | None = 1, **changes):
        body = {name: value for name, value in (TestDeliver.SENT | changes).items() if value}
        headers = {} if version is None else {"If_Match": f'"{version}"'}
        return door.post(f"measures/{item.uuid}/deliver/", body, **headers)

    def test_a_delivery_is_recorded_as_sent_by_another_system(self, sender, item):
        answer = self.send(sender, item, voucher="2019-15")
        assert (answer.status_code, answer["ETag"]) == (201, '"2"')
        assert (answer.body["status"], answer.body["delivered"]) == ("ongoing", "400.00")
        [delivery] = item.deliveries.all()
        assert (delivery.source, delivery.voucher, delivery.reference) == (
            "api", "2019-15", "fin-1",
        )  # fmt: skip
        assert Change.objects.filter(action="record_delivery", origin="api").exists()

    def test_the_last_of_the_planned_amount_lets_it_be_done(self, sender, item):
        assert self.send(sender, item, amount="1000").body["status"] == "done"

    def test_the_same_reference_again_records_nothing_more(self, sender, item):
        first, again = self.send(sender, item), self.send(sender, item)
        assert (first.status_code, again.status_code) == (201, 200)
        assert again.body == first.body
        assert item.deliveries.count() == 1

    def test_another_delivery_under_the_same_reference_is_refused(self, sender, item):
        self.send(sender, item)
        answer = self.send(sender, item, amount="100")
        assert (answer.status_code, answer.body["code"]) == (409, "used_reference")

    def test_without_if_match_nothing_is_recorded(self, sender, item):
        assert self.send(sender, item, None).status_code == 428

    def test_another_version_is_refused_and_told(self, sender, item):
        self.send(sender, item)
        answer = self.send(sender, item, reference="fin-2")
        assert (answer.status_code, answer["ETag"]) == (412, '"2"')
        assert item.deliveries.count() == 1

    @pytest.mark.parametrize(
        ("code", "fields", "told"),
        [
            ("IND-OWN", {"status": ItemStatus.DRAFT, "agreed_on": None}, "not_live"),
            ("LOAN-MICRO", {}, "is_a_loan"),
        ],
    )
    def test_what_takes_no_delivery_is_refused(self, sender, plan, code, fields, told):
        answer = self.send(sender, make.make_item(plan, code, **fields))
        assert (answer.status_code, answer.body["code"]) == (409, told)

    def test_a_client_of_another_county_finds_nothing(self, open_door, item):
        assert self.send(open_door(make.OTHER_COUNTY, *Scope), item).status_code == 404

    def test_a_key_that_only_reads_records_nothing(self, reader, item):
        assert self.send(reader, item).body["code"] == "no_scope"

    @pytest.mark.parametrize("name", ["day", "kind", "amount", "reference"])
    def test_what_is_needed_is_asked_for(self, sender, item, name):
        answer = self.send(sender, item, **{name: None})
        (error,) = answer.body["errors"]
        assert (error["pointer"], error["code"]) == (f"/{name}", "required")

    @pytest.mark.parametrize(("name", "value"), [("amount", 400), ("finishes", "yes"), ("day", 3)])
    def test_another_type_is_refused(self, sender, item, name, value):
        answer = self.send(sender, item, **{name: value})
        assert (answer.status_code, answer.body["errors"][0]["pointer"]) == (400, f"/{name}")

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("day", "2019-02-30"),
            ("day", "2999-01-01"),
            ("day", "2018-12-31"),
            ("kind", "wine"),
            ("amount", "1000.01"),
            ("amount", "0"),
            ("amount", "-1"),
            ("amount", "1.234"),
            ("amount", "many"),
            ("quantity", "x" * 61),
            ("voucher", "x" * 61),
        ],
    )
    def test_both_doors_refuse_the_same_at_the_same_field_in_the_same_words(
        self, sender, item, cast, signed_in, in_english, name, value
    ):
        answer = self.send(sender, item, **{name: value})
        page = signed_in(cast.village_official).post(
            f"/assistance/items/{item.uuid}/deliver/",
            {**self.SENT, name: value, "key": "7d0e6f3a-1111-4000-8000-000000000001"},
        )
        assert (answer.status_code, page.status_code) == (400, 400)
        form = page.context["form"]

        def bare(at: str, text: str) -> tuple[str, str]:
            return at, text.removeprefix(f"{form.fields[at].label}: ")

        told = {bare(one["pointer"][1:], one["detail"]) for one in answer.body["errors"]}
        assert told == {bare(at, one) for at, texts in form.errors.items() for one in texts}
        assert {at for at, _text in told} == {name}
