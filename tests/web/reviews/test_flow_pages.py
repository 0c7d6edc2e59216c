"""The flow of a year on its pages: the sum, the households of a line, files, who sees what."""

import csv
from datetime import date
from io import StringIO

import pytest
from django.urls import reverse

from households.models import StateChange
from households.rules import State
from reviews.models import Review
from reviews.queries.flow import flow_within
from tests import factories as make
from tests.web.reviews.conftest import GOOD_INCOME
from trail.models import Change

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(household_of, proposed) -> Review:
    """One household exited in the year, one fell back, one lost a member without a record."""
    leaving = household_of(State.EXITED, GOOD_INCOME)
    leaving.exit_year = 2019
    leaving.save(update_fields=["exit_year"])
    relapsed = household_of(State.RELAPSED, GOOD_INCOME, village=make.NEXT_VILLAGE)
    decided(relapsed, State.EXITED, State.RELAPSED)
    unclear = household_of(State.POOR, GOOD_INCOME, village=make.OTHER_TOWNSHIP_VILLAGE)
    make.make_survey(unclear, 2018, persons=3)
    household_of(State.POOR, GOOD_INCOME)
    return proposed()


def decided(household, before: State, after: State) -> None:
    case = make.make_case(household, "reinclusion", facts={"year": 2019, "exit_year": 2017})
    StateChange.objects.create(
        household=household, from_state=before, to_state=after, on=date(2020, 1, 9), case=case
    )


def flow_of(client, review, query=""):
    return client.get(reverse("reviews:flow", args=[review.pk]) + query)


def line_of(client, review, line, query=""):
    return client.get(reverse("reviews:flow_line", args=[review.pk, line]) + query)


def test_the_page_gives_opening_lines_and_closing_in_households_and_persons(
    cast, signed_in, review
):
    flow = flow_of(signed_in(cast.county_clerk), review).context["flow"]
    assert (flow.opening, flow.closing, flow.difference) == (("3", "5"), ("3", "3"), ("0", "0"))
    moving = {row.line: (row.households, row.persons) for row in flow.rows if row.persons != "0"}
    assert moving == {
        "relapsed": ("+1", "+1"), "exited": ("−1", "−1"), "unexplained": ("0", "−2"),
    }  # fmt: skip
    assert not flow.is_explained


def test_the_page_tells_what_the_review_would_make_of_the_register(cast, signed_in, review):
    page = flow_of(signed_in(cast.county_clerk), review)
    assert page.context["expected"] == "0"


def test_a_line_lists_its_households_with_the_reason(cast, signed_in, review):
    client = signed_in(cast.county_clerk)
    [exited] = line_of(client, review, "exited").context["page"].rows
    assert (exited.household.state, exited.households, exited.persons) == (1, "−1", "−1")
    [unclear] = line_of(client, review, "unexplained").context["page"].rows
    assert unclear.household.village_id == make.OTHER_TOWNSHIP_VILLAGE
    assert (unclear.households, unclear.persons) == ("0", "−2")
    assert "3" in unclear.reason
    assert line_of(client, review, "new").context["page"].rows == []


def test_a_household_that_a_case_brought_in_names_the_case_and_the_day(cast, signed_in, review):
    answer = line_of(signed_in(cast.county_clerk), review, "relapsed")
    [row] = answer.context["page"].rows
    change = StateChange.objects.get()
    assert row.case_id == change.case_id
    assert "2020-01-09" in row.reason
    assert reverse("pages:case", args=[change.case_id]) in answer.text


def test_a_household_without_a_case_rests_on_the_records(cast, signed_in, review):
    [row] = line_of(signed_in(cast.county_clerk), review, "exited").context["page"].rows
    assert (row.case_id, row.reason) == (None, "据接收的原有档案。")


def test_the_households_of_a_line_make_its_sum(cast, signed_in, review):
    client = signed_in(cast.county_clerk)
    for line, count in flow_within(make.COUNTY, 2019).lines.items():
        page = line_of(client, review, line).context["page"]
        persons = sum(int(row.persons.replace("−", "-")) for row in page.rows)
        assert persons == count.persons


def test_a_line_is_narrowed_to_a_place(cast, signed_in, review):
    client = signed_in(cast.county_clerk)
    assert line_of(client, review, "exited", f"?division={make.TOWNSHIP}").context["page"].rows
    elsewhere = line_of(client, review, "exited", f"?division={make.OTHER_TOWNSHIP}")
    assert elsewhere.context["page"].rows == []


def test_pages_of_a_line_follow_each_other(cast, signed_in, household_of, proposed, monkeypatch):
    monkeypatch.setattr("reviews.queries.flow_pages.PAGE_ROWS", 2)
    for _ in range(5):
        household = household_of(State.EXITED, GOOD_INCOME)
        household.exit_year = 2019
        household.save(update_fields=["exit_year"])
    review, client = proposed(), signed_in(cast.county_clerk)
    pages = [line_of(client, review, "exited", f"?page={n}").context["page"] for n in (1, 2, 3)]
    assert [len(page.rows) for page in pages] == [2, 2, 1]
    assert len({row.household.pk for page in pages for row in page.rows}) == 5
    assert [page.next for page in pages] == [2, 3, None]
    assert line_of(client, review, "exited", "?page=x").context["page"].page == 1
    assert line_of(client, review, "exited", "?page=99").context["page"].page == 3


def test_a_household_that_moved_out_of_the_posting_is_counted_and_not_listed(
    cast, signed_in, household_of, proposed
):
    household_of(State.POOR, GOOD_INCOME)
    mover = household_of(State.POOR, GOOD_INCOME)
    review = proposed()
    mover.village_id = make.OTHER_COUNTY_VILLAGE
    mover.save(update_fields=["village"])
    Change.objects.create(
        business_date=date(2019, 10, 1), actor_id=1, actor_name="测试", role="operator",
        posted_to="0", action="move", subject_kind="households.household",
        subject_id=str(mover.pk), before={"village_code": make.VILLAGE},
        after={"village_code": make.OTHER_COUNTY_VILLAGE},
    )  # fmt: skip
    page = line_of(signed_in(cast.county_clerk), review, "moved_out").context["page"]
    assert (page.rows, page.elsewhere, page.persons) == ([], "1", "−1")


def test_names_are_masked_and_few_hidden_for_a_role_without_names(cast, signed_in, review):
    client = signed_in(cast.city_reviewer)
    flow = flow_of(client, review).context["flow"]
    assert flow.opening == ("<5", "5")
    assert {row.households for row in flow.rows} == {"0", "+<5", "−<5"}
    answer = line_of(client, review, "exited")
    assert "陈大山" not in answer.text
    assert answer.context["page"].rows[0].head == "陈**"
    assert "陈大山" in line_of(signed_in(cast.county_clerk), review, "exited").text


def test_an_officer_sees_the_flow_of_his_own_part_alone(cast, signed_in, review):
    client = signed_in(cast.township_reviewer)
    assert flow_of(client, review).context["flow"].opening == ("2", "2")
    assert flow_of(client, review, f"?division={make.COUNTY}").status_code == 404
    assert line_of(client, review, "new", f"?division={make.COUNTY}").status_code == 404


def test_no_other_line_is_found(cast, signed_in, review):
    assert line_of(signed_in(cast.county_clerk), review, "nothing").status_code == 404


@pytest.fixture
def of_province(household_of, proposed, cast) -> Review:
    household_of(State.POOR, GOOD_INCOME)
    return make.make_review(make.PROVINCE, 2019, proposed_by=cast.county_clerk)


def test_the_flow_above_a_county_is_counted_when_asked_for(cast, signed_in, of_province):
    client = signed_in(cast.province_officer)
    first = flow_of(client, of_province)
    assert first.context["flow"] is None
    assert "count=1" in first.text
    asked = flow_of(client, of_province, "?count=1").context
    assert asked["flow"].opening == ("<5", "<5")
    assert line_of(client, of_province, "new").status_code == 404
    assert line_of(client, of_province, "new", f"?division={make.COUNTY}").status_code == 200


def test_the_flow_is_a_file_and_the_trace_tells_of_it(cast, signed_in, review):
    client = signed_in(cast.county_clerk)
    answer = client.get(reverse("reviews:flow_table", args=[review.pk, "csv"]))
    rows = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert [row[1:] for row in rows[1:]] == [
        ["3", "5"], ["0", "0"], ["1", "1"], ["0", "0"], ["0", "0"], ["-1", "-1"], ["0", "0"],
        ["0", "0"], ["0", "0"], ["0", "-2"], ["3", "3"], ["0", "0"],
    ]  # fmt: skip
    assert Change.objects.get(action="download_figures").after["filter"]["table"] == "flow"


def test_the_households_of_a_line_are_a_file_without_names(cast, signed_in, review):
    client = signed_in(cast.county_clerk)
    url = reverse("reviews:flow_line_file", args=[review.pk, "exited", "csv"])
    text = client.get(url).content.decode("utf-8-sig")
    _header, row = csv.reader(StringIO(text, newline=""))
    assert row[1] == make.VILLAGE
    assert row[3:5] == ["-1", "-1"]
    assert "陈" not in text


def test_the_list_of_a_line_costs_the_same_queries_for_any_number(
    cast, signed_in, household_of, proposed, django_assert_num_queries
):
    for _ in range(8):
        household = household_of(State.EXITED, GOOD_INCOME)
        household.exit_year = 2019
        household.save(update_fields=["exit_year"])
    review, client = proposed(), signed_in(cast.county_clerk)
    line_of(client, review, "exited")
    with django_assert_num_queries(15):
        assert len(line_of(client, review, "exited").context["page"].rows) == 8
