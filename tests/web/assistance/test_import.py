"""Import and export of measures: what is saved, what stays, what is told, who may."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from assistance.importing.reasons import say
from assistance.importing.running import Table, check, import_table
from assistance.importing.template import COLUMNS, EXAMPLES
from assistance.models import Delivery, Item, ItemStatus, Origin, Plan, PlanCase
from households.rules import State
from tests import factories as make
from trail.errors import NotAllowed
from trail.models import Change
from workflow.actions import open_case

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
KEYS = [column.key for column in COLUMNS]
WHOLE = {"year": "2019", "measure": "IND-OWN", "planned": "3000", "starts_on": "2019-03-01",
         "due_on": "2019-11-30"}  # fmt: skip


@pytest.fixture
def clerk(cast):
    return cast.county_clerk


@pytest.fixture
def household(tree):
    return make.make_household(state=State.POOR, persons=2)


@pytest.fixture
def person(household):
    return household.members.order_by("relation", "pk")[1]


def row_of(household, **changes: str) -> dict[str, str]:
    """A row of the template; a sound one unless changed."""
    return {"household_number": household.number} | WHOLE | changes


def table_of(*rows: dict[str, str]) -> Table:
    cells = [[row.get(key, "") for key in KEYS] for row in rows]
    return Table(tuple(KEYS), [*enumerate(cells, start=2)])


def bring_in(clerk, *rows: dict[str, str], choice: str = "all"):
    return import_table(table_of(*rows), by=clerk, choice=choice)


def faults(clerk, *rows: dict[str, str]) -> list[tuple[int, str, str]]:
    """(row, column, code) of every fault."""
    found = check(table_of(*rows), by=clerk).faults
    for one in found:
        assert say(one.code, one.params)
    return [(one.record, one.column, one.code) for one in found]


class TestSaving:
    """What an import writes."""

    def test_a_row_makes_a_plan_and_an_agreed_measure(self, clerk, household):
        saved = bring_in(clerk, row_of(household, funding="县级专项资金", content="牛两头")).saved
        assert vars(saved) == {"plans": 1, "measures": 1, "changed": 0, "deliveries": 0}
        item = Item.everywhere.select_related("plan").get()
        assert (item.plan.household, item.plan.year) == (household, 2019)
        assert item.plan.approved_on
        assert (item.origin, item.status) == (Origin.IMPORTED, ItemStatus.AGREED)
        assert (item.funding, item.content, item.planned) == ("county", "牛两头", Decimal(3000))
        assert item.agreed_on == date(2019, 3, 1)

    def test_a_second_row_of_the_year_belongs_to_the_same_plan(self, clerk, household, person):
        bring_in(clerk, row_of(household))
        bring_in(clerk, row_of(household, measure="Contract with a family doctor", planned="0",
                               person_number=person.person_number))  # fmt: skip
        assert Plan.everywhere.count() == 1
        assert set(Item.everywhere.values_list("code", "member")) == {
            ("IND-OWN", None), ("HEA-DOCTOR", person.pk),
        }  # fmt: skip

    @pytest.mark.parametrize(
        ("cells", "status", "delivered"),
        [
            ({"delivered": "1200", "delivered_on": "2019-06-01"}, "ongoing", 1200),
            ({"delivered": "3000", "delivered_on": "2019-06-01"}, "done", 3000),
            ({"delivered": "1200", "delivered_on": "2019-06-01", "status": "已完成"}, "done", 1200),
            ({"status": "under way"}, "ongoing", 0),
        ],
    )
    def test_the_status_is_what_the_row_says(self, clerk, household, cells, status, delivered):
        bring_in(clerk, row_of(household, **cells))
        item = Item.everywhere.get()
        assert (item.status, item.delivered) == (status, delivered)
        assert sum(one.amount for one in item.deliveries.all()) == delivered
        assert (item.ended_on == date(2019, 6, 1)) == (status == "done")
        assert {one.source for one in item.deliveries.all()} <= {"file"}

    def test_claims_are_those_of_an_agreement(self, clerk, household, person):
        number = person.person_number
        bring_in(
            clerk,
            row_of(household, measure="PUB-POST", planned="6000", person_number=number),
            row_of(household, measure="HEA-PREMIUM", planned="220", person_number=number,
                   delivered="220", delivered_on="2019-04-01"),
        )  # fmt: skip
        found = dict(Item.everywhere.values_list("code", "group_claim"))
        assert found == {"PUB-POST": "post", "HEA-PREMIUM": ""}
        assert Item.everywhere.get(code="HEA-PREMIUM").once_claim == "2019"

    def test_every_row_has_its_line_in_the_trace_and_the_import_one_of_its_own(
        self, clerk, household
    ):
        bring_in(clerk, row_of(household, delivered="10", delivered_on="2019-06-01"))
        actions = set(Change.objects.values_list("action", flat=True))
        assert {"import_plan", "import_measure", "record_delivery", "import_measures"} <= actions

    def test_faulty_rows_are_left_out_or_keep_everything_back(self, clerk, household):
        rows = [row_of(household), row_of(household, planned="many")]
        assert bring_in(clerk, *rows).saved is None
        assert bring_in(clerk, *rows, choice="sound").saved.measures == 1

    def test_the_same_file_again_changes_nothing(self, clerk, household):
        row = row_of(household, delivered="1200", delivered_on="2019-06-01", funding="county")
        bring_in(clerk, row)
        again = bring_in(clerk, row)
        assert dict(again.counts) == {"unchanged": 1}
        assert Delivery.everywhere.count() == 1

    def test_a_higher_amount_records_what_was_delivered_since(self, clerk, household):
        bring_in(clerk, row_of(household, delivered="1200", delivered_on="2019-06-01"))
        outcome = bring_in(clerk, row_of(household, delivered="3000", delivered_on="2019-09-01"))
        assert (outcome.saved.changed, outcome.saved.deliveries) == (1, 1)
        item = Item.everywhere.get()
        assert (item.status, item.delivered) == (ItemStatus.DONE, Decimal(3000))
        assert [one.amount for one in item.deliveries.all()] == [1200, 1800]

    def test_words_of_an_agreed_measure_can_change(self, clerk, household):
        bring_in(clerk, row_of(household, content="牛两头"))
        assert bring_in(clerk, row_of(household, content="羊十只")).saved.changed == 1
        assert Item.everywhere.get().content == "羊十只"
        told = Change.objects.get(action="describe_measure")
        assert told.before["content"] != told.after["content"]
        assert "牛" not in str([told.before, told.after])


class TestFaults:
    """What is told of a row, with how to mend it."""

    @pytest.mark.parametrize(
        ("cells", "column", "code"),
        [
            ({"household_number": "1"}, "household_number", "household_unknown"),
            ({"household_number": "户 1"}, "household_number", "number_form"),
            ({"measure": "IND-NONE"}, "measure", "measure_unknown"),
            ({"measure": "INF-ROAD"}, "measure", "measure_village"),
            ({"measure": "HEA-DOCTOR"}, "person_number", "person_missing"),
            ({"measure": "HEA-DOCTOR", "person_number": "9"}, "person_number", "person_unknown"),
            ({"person_number": "9"}, "person_number", "person_surplus"),
            ({"year": "2013"}, "year", "year_range"),
            ({"year": "19"}, "year", "year_form"),
            ({"planned": "-1"}, "planned", "money"),
            ({"planned": ""}, "planned", "blank"),
            ({"planned": "10000.01"}, "planned", "rule"),
            ({"starts_on": "2019-02-30"}, "starts_on", "date_form"),
            ({"starts_on": "2018-12-31"}, "starts_on", "rule"),
            ({"due_on": "2019-02-01"}, "due_on", "rule"),
            ({"due_on": "2020-01-01"}, "due_on", "rule"),
            ({"funding": "lottery"}, "funding", "not_listed"),
            ({"status": "begun"}, "status", "not_listed"),
            ({"delivered": "3001", "delivered_on": "2019-06-01"}, "delivered", "delivered_over"),
            ({"delivered": "100"}, "delivered_on", "delivered_day_missing"),
            ({"delivered": "100", "delivered_on": "2999-01-01"}, "delivered_on", "date_future"),
            ({"delivered": "100", "delivered_on": "2019-02-01"}, "delivered_on", "delivered_early"),
            ({"delivered_on": "2019-06-01"}, "delivered_on", "nothing_delivered"),
            ({"status": "done"}, "status", "status_done"),
            ({"status": "stopped"}, "status", "status_stopped"),
            ({"delivered": "1", "delivered_on": "2019-06-01", "status": "agreed"}, "status",
             "status_agreed"),
            ({"measure": "LOAN-MICRO", "delivered": "3000", "delivered_on": "2019-06-01"},
             "delivered", "loan_page"),
            ({"item": "7d0e6f3a-1111-4000-8000-000000000001"}, "item", "item_unknown"),
        ],
    )  # fmt: skip
    def test_a_row_is_left_out(self, clerk, household, cells, column, code):
        assert (2, column, code) in faults(clerk, row_of(household, **cells))
        assert bring_in(clerk, row_of(household, **cells), choice="sound").saved.measures == 0

    def test_a_household_outside_the_posting_is_unknown(self, clerk, tree):
        other = make.make_household(make.OTHER_COUNTY_VILLAGE)
        assert faults(clerk, row_of(other)) == [(2, "household_number", "household_unknown")]

    def test_a_measure_that_is_not_offered_in_the_county_is_unknown(self, clerk, household):
        measure = make.catalogue_of(household.village_id, 2019)["IND-OWN"]
        measure.pk, measure.division_id, measure.offered = None, make.COUNTY, False
        measure.save(force_insert=True)
        assert faults(clerk, row_of(household)) == [(2, "measure", "measure_unknown")]

    def test_the_same_row_twice_is_told_with_the_other(self, clerk, household):
        assert faults(clerk, row_of(household), row_of(household)) == [(3, "measure", "row_twice")]

    def test_a_cap_holds_over_the_rows_of_the_file(self, clerk, household):
        rows = [row_of(household, planned="6000"),
                row_of(household, planned="6000", starts_on="2019-05-01")]  # fmt: skip
        assert faults(clerk, *rows) == [(3, "planned", "rule")]

    def test_a_cap_of_all_years_holds_over_the_years_of_the_file(self, clerk, household):
        def loan(year):
            return row_of(household, measure="LOAN-MICRO", planned="30000", year=str(year),
                          starts_on=f"{year}-03-01", due_on=f"{year}-12-31")  # fmt: skip

        assert (3, "measure", "rule") in faults(clerk, loan(2018), loan(2019))

    def test_measures_that_shut_each_other_out_are_told(self, clerk, household, person):
        number = person.person_number
        rows = [row_of(household, measure=code, planned="5000", person_number=number)
                for code in ("PUB-POST", "ECO-RANGER")]  # fmt: skip
        assert faults(clerk, *rows) == [(3, "measure", "rule")]

    def test_what_comes_once_does_not_come_again(self, clerk, household):
        make.make_item(make.make_plan(household, 2018), "HOU-C", status=ItemStatus.DONE,
                       ended_on=date(2018, 6, 1), delivered=Decimal(1000), once_claim="ever",
                       group_claim="house")  # fmt: skip
        assert (2, "measure", "rule") in faults(clerk, row_of(household, measure="HOU-C"))

    def test_somebody_who_had_left_gets_nothing(self, clerk, household, person):
        person.end_reason, person.end_date = "02", date(2018, 6, 1)
        person.save()
        row = row_of(household, measure="HEA-DOCTOR", person_number=person.person_number)
        assert faults(clerk, row) == [(2, "person_number", "person_left")]

    def test_a_plan_that_is_being_decided_is_left_alone(self, clerk, cast, household):
        plan = make.make_plan(household, 2019)
        case = open_case("plan", household.number, household.village_id, {"state": 0},
                         by=cast.village_official)  # fmt: skip
        PlanCase.objects.create(case=case, plan=plan)
        assert faults(clerk, row_of(household)) == [(2, "year", "plan_open")]

    @pytest.mark.parametrize(
        ("cells", "column", "code"),
        [
            ({"planned": "2000"}, "planned", "agreed_differs"),
            ({"due_on": "2019-12-31"}, "due_on", "agreed_differs"),
            ({"delivered": "100"}, "delivered", "delivered_less"),
            ({"delivered_on": "2019-07-01"}, "delivered_on", "agreed_differs"),
            ({"status": "agreed"}, "status", "status_back"),
            ({"delivered": "2000", "delivered_on": "2019-01-01"}, "delivered_on", "rule"),
        ],
    )
    def test_what_was_agreed_goes_by_its_own_pages(self, clerk, household, cells, column, code):
        row = row_of(household, delivered="1200", delivered_on="2019-06-01")
        bring_in(clerk, row)
        assert faults(clerk, row | cells) == [(2, column, code)]


class TestFiles:
    """Files that are taken away."""

    @pytest.fixture
    def client(self, clerk, signed_in):
        return signed_in(clerk)

    def test_what_the_export_writes_can_be_imported_without_a_change(
        self, clerk, client, cast, household, person
    ):
        bring_in(clerk, row_of(household, delivered="1200", delivered_on="2019-06-01"))
        plan = Plan.everywhere.get()
        make.make_item(plan, "HEA-DOCTOR", person, planned=Decimal(0))
        make.make_item(plan, "COM-BUY", status=ItemStatus.STOPPED, stop_reason="declined",
                       ended_on=date(2019, 5, 1))  # fmt: skip
        make.make_item(plan, "COM-BUY", status=ItemStatus.DONE, ended_on=date(2019, 5, 1))
        make.make_item(plan, "PAI-HELP", status=ItemStatus.DRAFT, agreed_on=None)
        for form in ("csv", "xlsx"):
            url = reverse(f"assistance:import_measures_{form}")
            content = client.get(f"{url}?year=2019").content
            file = SimpleUploadedFile(f"measures.{form}", content)
            answer = client.post(reverse("assistance:import"), {"file": file})
            counts = {name: answer.context[name] for name in ("rows", "unchanged", "faulty")}
            assert counts == {"rows": 4, "unchanged": 4, "faulty": 0}, answer.context["faults"]

    def test_nobody_else_takes_measures_away_and_the_trace_tells_of_it(
        self, client, household, clerk
    ):
        make.make_item(make.make_plan(make.make_household(make.OTHER_COUNTY_VILLAGE)), "IND-OWN")
        url = reverse("assistance:import_measures_csv")
        content = client.get(f"{url}?year=2019").content.decode("utf-8-sig")
        assert list(csv.reader(io.StringIO(content))) == [KEYS]
        assert Change.objects.get(action="download_measures").after == {"year": 2019, "rows": 0}

    def test_the_template_has_examples_and_the_codes_of_the_catalogue(self, client, household):
        content = client.get(reverse("assistance:import_template_xlsx")).content
        book = load_workbook(io.BytesIO(content))
        first, examples, codes = book.worksheets
        assert [cell.value for cell in first[1]] == KEYS
        assert first.max_row == 1
        assert examples.max_row == 4
        listed = {row[0].value for row in codes.iter_rows(min_row=2)}
        assert "IND-OWN" in listed
        assert "INF-ROAD" not in listed

    def test_the_examples_can_be_imported_where_such_households_are(self, clerk, tree):
        for number in ("9701231002000001", "9701231002000002"):
            home = make.make_household(number=number)
            for place in (1, 2):
                make.make_member(home, person_number=f"{number}-{place}")
        assert faults(clerk, *EXAMPLES) == []

    def test_the_faulty_rows_come_back_with_their_reasons(self, client, household):
        row = row_of(household, planned="many")
        text = io.StringIO()
        csv.writer(text).writerows([KEYS, [row.get(key, "") for key in KEYS]])
        file = SimpleUploadedFile("measures.csv", text.getvalue().encode())
        page = client.post(reverse("assistance:import"), {"file": file})
        assert page.context["faulty"] == 1
        answer = client.post(
            reverse("assistance:import_faulty_csv"), {"rows": page.context["carried"]}
        )
        assert "many" in answer.content.decode("utf-8-sig")
        assert "write yuan from 0" in answer.content.decode("utf-8-sig")

    def test_the_rows_are_judged_anew_when_they_are_saved(self, client, household):
        text = io.StringIO()
        row = row_of(household)
        csv.writer(text).writerows([KEYS, [row.get(key, "") for key in KEYS]])
        file = SimpleUploadedFile("measures.csv", text.getvalue().encode())
        page = client.post(reverse("assistance:import"), {"file": file})
        assert not Item.everywhere.exists()
        type(household).everywhere.update(withdrawn_at="2020-01-01T00:00Z")
        saved = client.post(
            reverse("assistance:import_save"), {"rows": page.context["carried"], "choice": "all"}
        )
        assert saved.status_code == 409
        assert not Item.everywhere.exists()

    def test_rows_of_somebody_else_are_refused(self, client):
        answer = client.post(reverse("assistance:import_save"), {"rows": "x"})
        assert answer.status_code == 409


@pytest.mark.parametrize("part", ["village_official", "helper", "township_reviewer", "reader"])
def test_only_county_and_province_import(cast, signed_in, part):
    for name in ("import", "import_template_csv", "import_measures_csv"):
        answer = signed_in(getattr(cast, part)).get(reverse(f"assistance:{name}"))
        assert answer.status_code == 403
    with pytest.raises(NotAllowed):
        check(table_of(), by=getattr(cast, part))


def test_a_file_takes_as_many_queries_however_many_rows(clerk, tree, django_assert_max_num_queries):
    homes = [make.make_household() for _ in range(6)]
    with django_assert_max_num_queries(30):
        bring_in(clerk, *(row_of(one, delivered="5", delivered_on="2019-06-01") for one in homes))
    assert Item.everywhere.count() == 6
