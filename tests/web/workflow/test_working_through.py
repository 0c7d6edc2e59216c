"""Working through a list: the next case, what stands beside the decision, and who was faster."""

from decimal import Decimal

import pytest
from django.urls import reverse

from households.models.details import IncomeLine
from households.rules import State
from officers.rules import Role
from registry.pages.cases.batch import Place, goes_in_batches
from tests import factories as make
from tests.procedures import carry, move_date, open_for, sample_evidence, take
from trail.dates import business_date
from workflow.actions import record_objection
from workflow.models import Case
from workflow.procedures import machine_of

PREPARED = ("plan", "appraise", "verify", "confirm", "post")
CHECKED = 8


@pytest.fixture
def exits(tree, cast, calendar):
    """Exits of one village that wait for the county's decision."""

    def made(count, **facts):
        cases = []
        for _number in range(count):
            household = make.make_household(state=State.POOR, persons=2)
            make.make_survey(household, 2019, **{"wage_income": Decimal(20_000)} | facts)
            cases.append(open_for(household, "exit", by=cast.county_clerk))
            carry(cases[-1], cast, *PREPARED)
        move_date(CHECKED)
        for case in cases:
            take(case, "check", by=cast.township_reviewer)
        return cases

    return made


def url(case, query=""):
    return reverse("pages:case", args=[case.pk]) + query


def step(client, case, name="approve", query="", **more):
    case.refresh_from_db()
    known = machine_of(case.kind).step(case.state, name)
    entries = {"version": case.version} | sample_evidence(known) | more
    return client.post(reverse("pages:case_step", args=[case.pk, name]) + query, entries)


def test_deciding_leads_to_the_next_case_of_the_same_list(exits, cast, signed_in):
    first, second, third = exits(3)
    client = signed_in(cast.county_approver)
    query = f"?kind=exit&village={make.VILLAGE}"
    assert step(client, second, query=query, next="1")["Location"] == url(third, query)
    assert step(client, third, query=query, next="1")["Location"] == url(first, query)
    inbox = reverse("pages:inbox") + query
    assert step(client, first, query=query, next="1")["Location"] == inbox
    assert {one.state for one in Case.everywhere.all()} == {"approved"}


def test_deciding_alone_stays_at_the_case_and_keeps_the_list(exits, cast, signed_in):
    [case] = exits(1)
    answer = step(signed_in(cast.county_approver), case, query="?order=margin")
    assert answer["Location"] == url(case, "?order=margin")


def test_the_next_case_by_distance_from_the_line_is_the_next_farther_one(exits, cast, signed_in):
    [far] = exits(1, wage_income=Decimal(60_000))
    [near] = exits(1, wage_income=Decimal(20_000))
    answer = signed_in(cast.county_approver).get(
        reverse("pages:case_next", args=[near.pk]) + "?order=margin"
    )
    assert answer["Location"] == url(far, "?order=margin")


def test_the_next_case_passes_over_one_that_another_officer_must_decide(exits, cast, signed_in):
    first, second, third = exits(3)
    take(second, "doubt", by=cast.county_approver, note="看一看")
    answer = step(signed_in(cast.county_approver), first, next="1")
    assert answer["Location"] == url(third)


def test_an_odd_list_in_the_address_narrows_nothing(exits, cast, signed_in):
    [case] = exits(1)
    client = signed_in(cast.county_approver)
    assert client.get(url(case, "?tab=x&kind=%20&village=1&order=no")).context["in_list"] == ""


def test_the_tab_of_second_opinions_holds_what_one_approver_doubted(exits, cast, signed_in):
    doubted, _other = exits(2)
    take(doubted, "doubt", by=cast.county_approver, note="看一看")
    second = make.make_officer(Role.COUNTY_APPROVER, make.COUNTY)
    page = signed_in(second).get(reverse("pages:inbox") + "?tab=seconds").context["page"]
    assert [row.case.pk for row in page.rows] == [doubted.pk]


def test_the_tab_of_new_cases_holds_those_of_the_last_three_days(exits, cast, signed_in):
    [old] = exits(1)
    move_date(CHECKED + 4)
    household = make.make_household(state=State.POOR)
    make.make_survey(household, 2019, wage_income=Decimal(20_000))
    new = open_for(household, "exit", by=cast.county_clerk)
    page = signed_in(cast.county_approver).get(reverse("pages:inbox") + "?tab=new").context["page"]
    assert [row.case.pk for row in page.rows] == [new.pk]
    assert old.pk != new.pk


@pytest.mark.parametrize("state", ["doubted", "seconded"])
def test_what_waits_for_a_second_approver_goes_in_no_batch(state):
    assert goes_in_batches(Place(make.VILLAGE, "exit", "checked"))
    assert not goes_in_batches(Place(make.VILLAGE, "exit", state))
    assert not goes_in_batches(Place(make.VILLAGE, "village_exit", "proposed"))


def panel(client, case):
    return client.get(url(case)).context["view"].panel


def test_the_panel_says_yes_with_its_grounds(exits, cast, signed_in):
    [case] = exits(1)
    found = panel(signed_in(cast.county_approver), case)
    assert (found.may, found.decides) == (True, True)
    assert {point.mark for point in found.points} == {"good"}
    assert len(found.points) == 6


def test_the_panel_says_no_to_who_had_a_hand_in_the_case(exits, cast, signed_in):
    [case] = exits(1)
    take(case, "doubt", by=cast.county_approver, note="看一看")
    found = panel(signed_in(cast.county_approver), case)
    assert not found.may
    assert found.points[0].mark == "bad-mark"


def test_the_panel_says_no_while_facts_changed(exits, cast, signed_in):
    [case] = exits(1)
    household = make.Household.everywhere.get(number=case.subject)
    make.make_survey(household, 2019, wage_income=Decimal(9_000), corrects_id=case.facts["survey"])
    assert not panel(signed_in(cast.county_approver), case).may


def test_the_panel_says_no_during_the_notice(tree, cast, calendar, signed_in):
    household = make.make_household(state=State.POOR)
    make.make_survey(household, 2019, wage_income=Decimal(20_000))
    case = open_for(household, "exit", by=cast.county_clerk)
    carry(case, cast, *PREPARED)
    found = panel(signed_in(cast.township_reviewer), case)
    assert not found.may
    assert [point.mark for point in found.points].count("bad-mark") >= 1


def test_the_panel_tells_a_fault_of_the_notice_once(tree, cast, calendar, signed_in):
    household = make.make_household(state=State.POOR)
    make.make_survey(household, 2019, wage_income=Decimal(20_000))
    case = open_for(household, "exit", by=cast.county_clerk)
    carry(case, cast, *PREPARED)
    said = {"received_on": business_date(), "text": "家中有小轿车"}
    record_objection(case.pk, by=cast.village_official, **said)
    page = signed_in(cast.township_reviewer).get(url(case))
    found = page.context["view"].panel
    assert [point.mark for point in found.points].count("bad-mark") == 2
    assert found.step not in {one.label for one in page.context["view"].held}


def test_the_panel_counts_approvers_once_the_household_has_answered(
    tree, cast, calendar, signed_in
):
    household = make.make_household(state=State.POOR)
    make.make_survey(household, 2019, wage_income=Decimal(20_000))
    case = open_for(household, "exit", by=cast.county_clerk)
    carry(case, cast, "plan", "appraise", "verify")
    before = panel(signed_in(cast.village_official), case)
    take(case, "confirm", by=cast.village_official)
    after = panel(signed_in(cast.village_official), case)
    assert len(after.points) == len(before.points) + 1


def test_a_closed_case_has_no_panel(exits, cast, signed_in):
    [case] = exits(1)
    take(case, "withdraw", by=cast.county_clerk, note="撤回")
    assert panel(signed_in(cast.county_approver), case) is None


def test_the_years_stand_side_by_side_with_sign_percent_median_and_basis(
    tree, cast, calendar, signed_in
):
    household, other = (make.make_household(state=State.POOR, persons=2) for _ in range(2))
    make.make_survey(household, 2016, wage_income=Decimal(1))
    make.make_survey(household, 2018, wage_income=Decimal(10_000))
    survey = make.make_survey(household, 2019, wage_income=Decimal(12_345))
    make.make_survey(other, 2019, wage_income=Decimal(20_000))
    IncomeLine.objects.create(
        survey=survey, position=1, kind="wage_income", item="other", amount=Decimal(12_345)
    )
    case = open_for(household, "exit", by=cast.county_clerk)
    page = signed_in(cast.county_approver).get(url(case))
    found = page.context["compared"]
    assert [one.year for one in found.years] == [2018, 2019]
    wage = next(row for row in found.rows if row.cells[1].text == "12,345.00")
    before, after = wage.cells
    assert not before.changed
    assert (after.changed, after.change, after.rests_on) == (
        True,
        "+23.5 %",
        "rest-2019-wage_income",
    )
    assert wage.median == "16,172.50"
    assert found.households == "2"
    assert found.years[1].editor == survey.recorded_by.name
    assert 'id="rest-2019-wage_income"' in page.content.decode()


def test_a_role_without_names_reads_no_lines_and_no_median_of_few(exits, cast, signed_in):
    [case] = exits(1)
    found = signed_in(cast.city_reviewer).get(url(case)).context["compared"]
    assert (found.bases, found.households) == ([], "")


def test_who_was_slower_reads_who_did_what_with_which_reason(exits, cast, signed_in):
    [case] = exits(1)
    version = case.version
    other = make.make_officer(Role.COUNTY_APPROVER, make.COUNTY)
    take(case, "return", by=other, note="材料不全", reason="evidence")
    answer = signed_in(cast.county_approver).post(
        reverse("pages:case_step", args=[case.pk, "approve"]), {"version": version}
    )
    assert answer.status_code == 409
    [act] = answer.context["acts"]
    assert (act.event.actor_name, act.event.step, act.note) == (other.name, "return", "材料不全")
    assert len(act.evidence) == 1
