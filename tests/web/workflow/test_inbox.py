from datetime import timedelta
from decimal import Decimal

import pytest

from households.rules import State
from registry.pages.cases.inbox import PAGE_ROWS
from tests import factories as make
from tests.procedures import carry, move_date, open_for, take
from workflow.deadlines import deadline_of

URL = "/inbox/"
QUERIES = 24


@pytest.fixture
def poor(tree):
    def of(village=make.VILLAGE):
        household = make.make_household(village, state=State.POOR)
        make.make_survey(household, 2019, wage_income=Decimal(10_000))
        return household

    return of


def waiting(client, query=""):
    return [row.case.pk for row in client.get(URL + query).context["page"].rows]


def test_a_case_waits_for_the_role_that_moves_it_on(poor, cast, calendar, signed_in):
    case = open_for(poor(), "exit", by=cast.county_clerk)
    assert waiting(signed_in(cast.county_approver)) == [case.pk]
    assert waiting(signed_in(cast.village_official)) == []
    carry(case, cast, "plan")
    assert waiting(signed_in(cast.county_approver)) == []
    assert waiting(signed_in(cast.village_official)) == [case.pk]


def test_the_longest_waiting_comes_first(poor, cast, calendar, signed_in):
    first = open_for(poor(), "exit", by=cast.county_clerk)
    move_date(2)
    second = open_for(poor(), "exit", by=cast.county_clerk)
    client = signed_in(cast.county_approver)
    assert waiting(client) == [first.pk, second.pk]
    assert [row.days for row in client.get(URL).context["page"].rows] == [2, 0]


def test_the_inbox_is_narrowed_by_procedure(cast, poor, calendar, signed_in):
    open_for(poor(), "exit", by=cast.county_clerk)
    ordinary = make.make_household()
    make.make_survey(ordinary, 2019, water=0)
    case = open_for(ordinary, "identification", by=cast.county_clerk)
    assert waiting(signed_in(cast.village_official), "?kind=identification") == [case.pk]
    assert waiting(signed_in(cast.county_approver), "?kind=identification") == []


def test_the_filter_shows_the_village_that_was_chosen(poor, cast, calendar, signed_in):
    open_for(poor(), "exit", by=cast.county_clerk)
    page = signed_in(cast.county_approver).get(f"{URL}?village={make.VILLAGE}")
    assert f'<option value="{make.VILLAGE}" selected>' in page.text
    assert page.context["form"].wanted().village == make.VILLAGE


def test_a_case_of_another_county_does_not_wait_here(poor, cast, calendar, signed_in):
    stranger = make.make_officer(make.Role.COUNTY_CLERK, make.OTHER_COUNTY)
    open_for(poor(make.OTHER_COUNTY_VILLAGE), "exit", by=stranger)
    assert waiting(signed_in(cast.county_approver)) == []


def test_a_closed_case_waits_for_nobody(poor, cast, calendar, signed_in):
    case = open_for(poor(), "exit", by=cast.county_clerk)
    take(case, "withdraw", by=cast.county_clerk, note="撤回")
    assert waiting(signed_in(cast.county_approver)) == []


def test_a_household_under_watch_waits_for_nobody(cast, calendar, signed_in):
    ordinary = make.make_household()
    make.make_survey(ordinary, 2019, wage_income=Decimal(4_000))
    case = open_for(ordinary, "watch", by=cast.county_clerk)
    carry(case, cast, "verify", "appraise", "post", "review", "approve")
    assert case.state == "monitored"
    assert waiting(signed_in(cast.village_official)) == []


def test_a_running_notice_is_shown_with_its_last_day(poor, cast, calendar, signed_in):
    case = open_for(poor(), "exit", by=cast.county_clerk)
    carry(case, cast, "plan", "appraise", "verify", "confirm", "post")
    [row] = signed_in(cast.township_reviewer).get(URL).context["page"].rows
    assert row.held_until == case.notice_lines.get().notice.last_day


def test_an_account_administrator_has_no_cases(poor, cast, calendar, signed_in):
    open_for(poor(), "exit", by=cast.county_clerk)
    assert waiting(signed_in(cast.account_admin)) == []


@pytest.mark.parametrize("query", ["?page=0", "?page=x", "?page=99999999", "?kind=%20", "?kind=x"])
def test_an_odd_address_shows_a_page(cast, signed_in, query):
    assert signed_in(cast.county_approver).get(URL + query).status_code == 200


def test_an_exit_near_its_deadline_is_urgent_and_a_late_one_comes_first(
    poor, cast, calendar, signed_in
):
    late = open_for(poor(), "exit", by=cast.county_clerk)
    move_date(3)
    near = open_for(poor(), "exit", by=cast.county_clerk)
    client = signed_in(cast.county_approver)
    assert waiting(client, "?tab=due") == []
    move_date(28)
    assert waiting(client, "?tab=due") == [late.pk, near.pk]
    rows = client.get(URL + "?tab=due").context["page"].rows
    assert [(row.is_late, row.is_near) for row in rows] == [(True, True), (False, True)]


def test_an_exit_that_was_returned_has_the_days_of_a_correction(poor, cast, calendar, signed_in):
    case = open_for(poor(), "exit", by=cast.county_clerk)
    carry(case, cast, "plan", "appraise", "verify")
    take(case, "disagree", by=cast.village_official, note="户主不同意")
    [row] = signed_in(cast.village_official).get(URL).context["page"].rows
    assert (row.due_on - case.entered_state_on).days == 7
    assert deadline_of(case) == row.due_on


def test_the_page_of_an_exit_says_by_when_it_is_to_move_on(
    poor, cast, calendar, signed_in, in_english
):
    case = open_for(poor(), "exit", by=cast.county_clerk)
    client = signed_in(cast.county_approver)
    page = client.get(f"/cases/{case.pk}/")
    assert page.context["view"].due_on == case.entered_state_on + timedelta(days=30)
    assert "The next step is due by" in page.text
    assert "</svg>late</span>" not in page.text
    move_date(31)
    assert "</svg>late</span>" in client.get(f"/cases/{case.pk}/").text


def test_the_number_of_queries_does_not_grow_with_the_rows(
    poor, cast, calendar, signed_in, django_assert_max_num_queries
):
    for _ in range(PAGE_ROWS // 10):
        open_for(poor(), "exit", by=cast.county_clerk)
    client = signed_in(cast.county_approver)
    with django_assert_max_num_queries(QUERIES):
        assert len(waiting(client)) == PAGE_ROWS // 10
