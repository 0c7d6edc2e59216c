from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from households.models import IncomeLine, Survey
from households.rules import Kind, State
from tests import factories as make
from trail.actions import record

pytestmark = pytest.mark.django_db
QUERIES = 31


@pytest.fixture
def clerk(cast, signed_in):
    return signed_in(cast.county_clerk)


def url(household, query=""):
    return f"/households/{household.number}/{query}"


def show(client, household, query=""):
    return client.get(url(household, query), HTTP_ACCEPT_LANGUAGE="en")


def recorded(household, year: int, *, when: int, **facts) -> Survey:
    """A survey of `year` that was recorded in the middle of the year `when`."""
    moment = datetime(when, 6, 15, tzinfo=UTC)
    return make.make_survey(household, year, recorded_at=moment, **facts)


@pytest.mark.parametrize(
    "part",
    ["village_official", "first_secretary", "helper", "township_reviewer", "county_clerk",
     "county_approver", "city_reviewer", "province_officer", "reader", "auditor"],
)  # fmt: skip
def test_every_role_of_the_place_opens_the_household(cast, signed_in, household, part):
    assert show(signed_in(getattr(cast, part)), household).status_code == 200


@pytest.mark.parametrize("part", ["stranger", "nobody", "account_admin"])
@pytest.mark.parametrize("page", ["", "phone/", "members/{member}/"])
def test_whoever_may_not_see_the_household_finds_no_page(cast, signed_in, household, part, page):
    member = household.members.first()
    path = url(household) + page.format(member=member.pk)
    assert signed_in(getattr(cast, part)).get(path).status_code == 404


def test_a_withdrawn_household_has_no_page(clerk, household):
    household.withdrawn_at = household.created_at
    household.save(update_fields=["withdrawn_at"])
    assert show(clerk, household).status_code == 404


def test_the_lines_behind_the_sum_are_those_of_the_survey_that_is_shown(clerk, household):
    for year, text in ((2017, "煤矿"), (2018, "砖厂")):
        survey = make.make_survey(household, year, wage_income=Decimal(9000))
        IncomeLine.objects.create(
            survey=survey, position=1, kind="wage_income", item="wage", text=text,
            quantity=Decimal(6), unit_price=Decimal(1500), coefficient_percent=100,
            amount=Decimal(9000),
        )  # fmt: skip
    page = show(clerk, household, "?year=2017")
    assert "煤矿" in page.text
    assert "砖厂" not in page.text


def test_the_finding_stands_there_as_people_sum_it_up(clerk, household):
    make.make_survey(household, 2018, wage_income=Decimal("7000.50"), business_expense=Decimal(10))
    body = show(clerk, household, "?year=2018").content.decode()
    for figure in ("7,000.50", "6,990.50", "3,495.25", "2,995.00 × 2", "5,990.00"):
        assert figure in body


def test_the_latest_year_is_shown_first(clerk, household):
    make.make_survey(household, 2020)
    assert show(clerk, household).context["finding"].year == 2020


def test_a_correction_counts_now_and_not_then(clerk, household):
    first = recorded(household, 2017, when=2018, wage_income=1000)
    recorded(household, 2017, when=2019, wage_income=9000, corrects=first)
    then = show(clerk, household, "?year=2017&known=2018-12-31").context["finding"]
    now = show(clerk, household, "?year=2017").context["finding"]
    assert then.explanation.net_fen == 100_000
    assert now.explanation.net_fen == 900_000
    assert then.later == now.survey


def test_a_withdrawn_survey_was_known_then_and_is_not_now(clerk, household):
    survey = recorded(household, 2017, when=2018, wage_income=1000)
    Survey.objects.filter(pk=survey.pk).update(withdrawn_at=datetime(2019, 6, 1, tzinfo=UTC))
    again = recorded(household, 2017, when=2020, wage_income=2000)
    for day, known in (("2018-12-31", survey), ("2019-12-31", None)):
        finding = show(clerk, household, f"?year=2017&known={day}").context["finding"]
        assert finding.survey == known
    assert show(clerk, household, "?year=2017").context["finding"].survey == again


def test_nothing_was_known_before_the_first_survey(clerk, household):
    recorded(household, 2017, when=2018)
    finding = show(clerk, household, "?year=2017&known=2017-12-31").context["finding"]
    assert finding.survey is None
    assert finding.explanation.gross_fen is None


def test_a_day_in_the_future_is_refused_at_the_field_and_now_is_shown(clerk, household):
    response = show(clerk, household, "?year=2019&known=2999-01-01")
    assert "known" in response.context["form"].errors
    assert not response.context["finding"].known.is_past


def test_the_finding_of_a_review_uses_its_moment_and_its_standard(clerk, household):
    survey = recorded(household, 2018, when=2018, wage_income=1000)
    recorded(household, 2018, when=2020, wage_income=9000, corrects=survey)
    standard = make.make_standard(2018, line="100.00")
    review = make.make_review(
        year=2018, standard=standard, facts_at=datetime(2019, 1, 1, tzinfo=UTC)
    )
    make.make_proposal(review, household, Kind.KEEP)
    finding = show(clerk, household, f"?year=2018&review={review.pk}").context["finding"]
    assert finding.explanation.net_fen == 100_000
    assert finding.explanation.line_fen == 10_000


def test_a_review_without_a_proposal_for_the_household_is_no_page(clerk, household):
    assert show(clerk, household, "?year=2018&review=4711").status_code == 404


def test_a_year_without_a_standard_says_who_publishes_one(clerk, household):
    make.make_survey(household, 2001)
    assert (
        "No standard is published for 2001" in show(clerk, household, "?year=2001").content.decode()
    )


def test_the_provinces_standard_comes_before_the_nations(clerk, household):
    make.make_standard(2019, line="3500.00")
    assert show(clerk, household, "?year=2019").context["finding"].explanation.line_fen == 350_000


def test_a_household_without_survey_says_what_to_do(clerk, tree):
    household = make.make_household(state=State.POOR)
    body = show(clerk, household).content.decode()
    assert "Import or record the survey first." in body
    assert "No survey is recorded yet." in body


def test_an_id_number_is_masked(clerk, household):
    number = make.make_id_number()
    make.make_member(household, id_number=number)
    body = show(clerk, household).content.decode()
    assert number not in body
    assert f"{number[:6]}********{number[14:]}" in body


@pytest.mark.parametrize(
    ("part", "sees"),
    [("township_reviewer", True), ("auditor", True), ("helper", False), ("city_reviewer", False),
     ("reader", False), ("province_officer", False)],
)  # fmt: skip
def test_health_is_shown_to_the_roles_that_work_with_it(cast, signed_in, household, part, sees):
    make.make_member(household, health="03", labour="03", relation="03")
    body = show(signed_in(getattr(cast, part)), household).content.decode()
    assert ("serious illness" in body) is sees
    assert ("lost labour capacity" in body) is sees


def test_a_role_without_names_reads_neither_name_nor_id_number(cast, signed_in, household):
    body = show(signed_in(cast.city_reviewer), household).content.decode()
    assert "陈**" in body
    assert "陈大山" not in body
    assert "********" not in body


def test_the_trace_names_act_officer_role_and_reason(cast, clerk, household):
    record(by=cast.county_clerk, action="reveal_phone", subject=household, reason="call about snow")
    entry = show(clerk, household).context["trace"][0]
    assert entry.what == "Phone number shown in full"
    assert entry.note == "call about snow"
    assert entry.who == f"{cast.county_clerk.name} (county clerk)"


def test_an_open_case_stands_on_the_page_in_words(clerk, household):
    make.make_case(household, "exit")
    lines = show(clerk, household).context["cases"]
    assert [line.case.kind for line in lines] == ["exit"]


def test_a_change_by_half_is_marked_between_years(clerk, household):
    make.make_survey(household, 2017, wage_income=1000)
    make.make_survey(household, 2018, wage_income=1500)
    rows = {label: cells for label, _, cells in show(clerk, household).context["years"].rows}
    assert [cell.jump for cell in rows["Wage income"]] == [None, 50, -100]


def test_the_page_stays_light(clerk, household):
    for year in range(2010, 2019):
        make.make_survey(household, year, wage_income=year)
    assert len(show(clerk, household).content) < 60_000


def test_the_number_of_queries_does_not_grow_with_people_years_and_cases(clerk, household):
    show(clerk, household)
    for year in range(2010, 2019):
        make.make_survey(household, year)
    for _ in range(4):
        make.make_member(household, relation="03")
    with CaptureQueriesContext(connection) as queries:
        show(clerk, household)
    assert len(queries) == QUERIES, [query["sql"][:90] for query in queries]


def test_the_trace_of_a_change_of_state_names_both_states(cast, clerk, household):
    record(
        by=cast.county_clerk,
        action="change_state",
        subject=household,
        before={"state": State.POOR, "exit_year": None},
        after={"state": State.PLANNED_EXIT, "exit_year": None},
    )
    assert show(clerk, household).context["trace"][0].note == "poor → planned exit"


def test_the_trace_of_an_import_names_the_columns_and_no_value(cast, clerk, household):
    record(
        by=cast.county_clerk,
        action="import",
        subject=household,
        before={"group": "secret group", "phone": {"sealed": "x"}},
        after={"group": "other"},
    )
    response = show(clerk, household)
    assert response.context["trace"][0].note == "group, phone"
    assert "secret group" not in response.content.decode()
