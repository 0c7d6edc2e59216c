"""The inbox of township and county: what is shown, flagged, due and returned."""

from decimal import Decimal

import pytest

from households.models.issues import QualityIssue
from identification.actions import record_red_line
from tests import factories as make
from tests.procedures import IDENTIFIED, carry, move_date, open_for, take
from trail.dates import business_date
from workflow.actions import record_objection, weigh_about

URL = "/inbox/"
TO_NOTICE = IDENTIFIED[: IDENTIFIED.index("review")]
PAGE_QUERIES = 24


@pytest.fixture
def noticed(poor_of, cast, calendar):
    """A case on notice in the village: the township is to review it."""

    def of(**said):
        case = open_for(poor_of(**said), "identification", by=cast.county_clerk)
        carry(case, cast, *TO_NOTICE)
        return case

    return of


def rows(client, query=""):
    return client.get(URL + query).context["page"].rows


def keys(client, query=""):
    return [row.case.pk for row in rows(client, query)]


def test_a_row_shows_incomes_line_margin_notice_and_deadline(noticed, cast, signed_in):
    case = noticed(income=6_000)
    household = make.Household.everywhere.get(number=case.subject)
    make.make_survey(household, 2018, wage_income=Decimal(4_500))
    [row] = rows(signed_in(cast.township_reviewer))
    assert (row.earlier, row.per_capita) == (Decimal("1500.00"), Decimal("2000.00"))
    assert row.margin == row.per_capita - row.line < 0
    assert row.held_until == case.notice_lines.get().notice.last_day
    assert (row.due_on - case.entered_state_on).days == 10
    assert (row.days, row.is_late, row.flags) == (0, False, [])


def test_an_unknown_income_shows_no_figure(poor_of, cast, calendar, signed_in):
    open_for(poor_of(transfer_income=None), "identification", by=cast.county_clerk)
    [row] = rows(signed_in(cast.village_official))
    assert (row.per_capita, row.margin) == (None, None)


def test_the_nearest_deadline_comes_first_and_a_late_case_is_named(noticed, cast, signed_in):
    late = noticed()
    move_date(11)
    fresh = noticed()
    client = signed_in(cast.township_reviewer)
    assert keys(client) == [late.pk, fresh.pk]
    assert [row.is_late for row in rows(client)] == [True, False]
    assert keys(client, "?tab=due") == [late.pk]


def test_the_inbox_is_ordered_by_the_distance_from_the_line(noticed, cast, signed_in):
    near, far = noticed(income=9_000), noticed(income=3_000)
    assert keys(signed_in(cast.township_reviewer), "?order=margin") == [far.pk, near.pk]


def test_the_inbox_is_narrowed_to_a_village(poor_of, noticed, cast, signed_in):
    here = noticed()
    client = signed_in(cast.township_reviewer)
    assert keys(client, f"?village={make.VILLAGE}") == [here.pk]
    assert keys(client, "?village=970123100201") == [here.pk], "an odd village narrows nothing"


def red_line(case, cast):
    record_red_line(case.pk, by=cast.county_clerk, rule="vehicle", member=None, found="名下有车")


def objection(case, cast):
    record_objection(
        case.pk, by=cast.village_official, received_on=business_date(), text="有商品房"
    )


def issue(case, cast):
    household = make.Household.everywhere.get(number=case.subject)
    QualityIssue.everywhere.create(
        household=household, village_id=household.village_id, year=2019, rule="S1", severity=2
    )
    weigh_about([case.subject])


def minor_issue(case, cast):
    household = make.Household.everywhere.get(number=case.subject)
    QualityIssue.everywhere.create(
        household=household, village_id=household.village_id, year=2019, rule="S1", severity=3
    )
    weigh_about([case.subject])


@pytest.mark.parametrize(
    ("mark", "flags"),
    [
        (red_line, ["red_line"]),
        (objection, ["objection"]),
        (issue, ["issue"]),
        (minor_issue, []),
    ],
)
def test_what_stands_against_a_case_flags_it(noticed, cast, signed_in, mark, flags):
    plain, case = noticed(), noticed()
    mark(case, cast)
    client = signed_in(cast.township_reviewer)
    found = {row.case.pk: [flag.code for flag in row.flags] for row in rows(client)}
    assert found == {plain.pk: [], case.pk: flags}
    assert keys(client, "?tab=flagged") == ([case.pk] if flags else [])


@pytest.mark.parametrize(("income", "near"), [(9_654, True), (9_840, True), (9_300, False)])
def test_an_income_close_to_the_line_is_flagged(noticed, cast, signed_in, income, near):
    case = noticed(income=income)
    client = signed_in(cast.township_reviewer)
    [row] = rows(client)
    assert [flag.code for flag in row.flags] == (["near"] if near else [])
    assert keys(client, "?tab=flagged") == ([case.pk] if near else [])


def test_kin_of_an_official_is_flagged(poor_of, cast, calendar, signed_in):
    case = open_for(poor_of(), "identification", by=cast.county_clerk)
    take(case, "apply", by=cast.village_official, kin_of_official="yes")
    [row] = rows(signed_in(cast.village_official))
    assert [flag.code for flag in row.flags] == ["kin"]


def test_a_returned_case_is_found_by_all_until_it_is_mended(noticed, cast, signed_in):
    case = noticed()
    move_date(8)
    take(case, "return", by=cast.township_reviewer, note="补正", remarks={})
    for officer in (cast.township_reviewer, cast.village_official, cast.county_approver):
        assert keys(signed_in(officer), "?tab=returned") == [case.pk]
    [row] = rows(signed_in(cast.village_official), "?tab=returned")
    assert (row.due_on - business_date()).days == 7
    take(case, "visit", by=cast.village_official)
    assert keys(signed_in(cast.township_reviewer), "?tab=returned") == []


def test_another_county_finds_nothing_in_any_tab(noticed, cast, signed_in):
    red_line(noticed(), cast)
    for tab in ("all", "flagged", "due", "returned"):
        assert keys(signed_in(cast.stranger), f"?tab={tab}") == []


def test_the_township_reads_how_many_it_must_check_on_site(noticed, cast, signed_in, in_english):
    for _ in range(6):
        noticed()
    page = signed_in(cast.township_reviewer).get(URL)
    checks = page.context["checks"]
    assert (checks.waiting, checks.due, checks.done) == (6, 2, 0)
    assert "2 at least must be checked on site" in page.content.decode()


@pytest.mark.parametrize("query", ["?tab=x", "?village=97", "?order=1", "?tab=due&page=2"])
def test_an_odd_filter_shows_a_page(cast, signed_in, query):
    assert signed_in(cast.township_reviewer).get(URL + query).status_code == 200


def test_the_page_asks_the_same_queries_for_any_number_of_rows(
    noticed, cast, signed_in, django_assert_num_queries
):
    client = signed_in(cast.township_reviewer)
    for _ in range(2):
        noticed()
        with django_assert_num_queries(PAGE_QUERIES):
            client.get(URL)
