"""Who came back onto the register, with the exit before and its signers."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from exchange.actions.decisions import advance as advance_foreign
from exchange.actions.decisions import receive_decision, take_in
from exits.actions.following import resolve_appeal
from exits.actions.opening import propose_revocation
from households.models import Household
from households.rules import State
from identification.actions import record_appeal
from officers.rules import Role
from tests import factories as make
from tests.procedures import IDENTIFIED, carry, move_to, open_for, take, wait_for_notice
from tests.web.exchange.reporting import SIGNERS, decides, platform, report
from tests.web.households.changes.changed import done, wanted
from trail.dates import business_date
from trail.errors import Refused

EXITED = ("plan", "appraise", "verify", "confirm", "post", "check", "approve", "announce")
TO_ANNOUNCEMENT = IDENTIFIED[: IDENTIFIED.index("announce") + 1]
RETURNS = "/exits/returns/"


@pytest.fixture
def household(tree):
    household = make.make_household(state=State.POOR, persons=2)
    make.make_survey(household, 2019, wage_income=Decimal(20_000))
    return household


@pytest.fixture
def machine(tree):
    return platform()


@pytest.fixture
def returned(cast, calendar, household):
    carry(open_for(household, "exit", by=cast.county_clerk), cast, *EXITED)
    make.make_survey(household, 2019, water=0, corrects=household.surveys.get())
    household = Household.everywhere.get(pk=household.pk)
    case = open_for(household, "reinclusion", by=cast.county_clerk)
    carry(case, cast, *IDENTIFIED)
    return case


def test_a_return_is_counted_with_who_approved_the_exit(returned, cast, signed_in):
    found = signed_in(cast.county_approver).get(RETURNS).context["found"]
    assert found.whole == "1"
    assert [(row.label, row.count) for row in found.by_approver] == [
        (cast.county_approver.name, "1")
    ]
    [row] = found.rows
    assert row.change.case == returned
    signers = {act.step: act.actor_name for act in row.exit.acts}
    assert signers["verify"] == cast.first_secretary.name


def test_its_case_page_shows_the_exit_and_its_signers(returned, cast, signed_in, in_english):
    page = signed_in(cast.county_clerk).get(reverse("pages:case", args=[returned.pk])).text
    assert "The exit of 2019 and who signed it" in page
    assert cast.first_secretary.name in page


def test_a_return_after_loaded_history_names_no_approver(cast, calendar, signed_in, tree):
    household = make.make_household(state=State.EXITED)
    make.make_survey(household, 2019, water=0)
    carry(open_for(household, "reinclusion", by=cast.county_clerk), cast, *IDENTIFIED)
    found = signed_in(cast.county_approver).get(RETURNS).context["found"]
    assert [(row.label, row.count) for row in found.by_approver] == [("", "1")]
    assert found.rows[0].exit is None


def test_few_are_hidden_from_a_role_without_names(returned, cast, signed_in):
    found = signed_in(cast.province_officer).get(RETURNS).context["found"]
    assert found.whole == "<5"
    assert {row.count for row in found.by_approver} <= {"<5", "0"}
    assert found.rows == []


def poor_again(household):
    make.make_survey(household, 2019, water=0, corrects=household.surveys.get())
    return Household.everywhere.get(pk=household.pk)


def found_by(client):
    return client.get(RETURNS).context["found"]


@pytest.fixture
def announced(cast, calendar, household):
    """A re-inclusion whose approval is announced and may still be taken back."""
    carry(open_for(household, "exit", by=cast.county_clerk), cast, *EXITED)
    case = open_for(poor_again(household), "reinclusion", by=cast.county_clerk)
    carry(case, cast, *TO_ANNOUNCEMENT)
    return case


def taken_back(case):
    wait_for_notice(case)
    second = make.make_officer(Role.COUNTY_APPROVER)
    take(case, "return", by=second, note="程序有误", remarks={})


def test_a_return_that_was_taken_back_is_not_counted(announced, cast, signed_in):
    assert found_by(signed_in(cast.county_approver)).whole == "1"
    taken_back(announced)
    found = found_by(signed_in(cast.county_approver))
    assert (found.whole, found.rows) == ("0", [])


def test_a_return_that_an_upheld_appeal_took_back_is_not_counted(announced, cast, signed_in):
    appeal = record_appeal(
        announced.pk, by=cast.village_official, level="county", appellant="applicant",
        received_on=business_date(), text="请复核",
    )  # fmt: skip
    second = make.make_officer(Role.COUNTY_APPROVER)
    resolve_appeal(appeal.pk, by=second, result="uphold", finding="属实")
    assert found_by(signed_in(cast.county_approver)).whole == "0"


def test_approved_again_it_is_counted_once_with_the_exit_before(announced, cast, signed_in):
    taken_back(announced)
    carry(announced, cast, *IDENTIFIED[1:])
    found = found_by(signed_in(cast.county_approver))
    assert found.whole == "1"
    [row] = found.rows
    assert "verify" in {act.step for act in row.exit.acts}


def test_a_revoked_exit_is_no_return(cast, calendar, signed_in, tree):
    household = make.make_household(state=State.RELAPSED, exit_year=2016, persons=2)
    make.make_survey(household, 2019, wage_income=Decimal(20_000))
    carry(open_for(household, "exit", by=cast.county_clerk), cast, *EXITED)
    household.refresh_from_db()
    case = propose_revocation(household, by=cast.county_clerk, reason="核实有误")
    reviewer = make.make_officer(Role.TOWNSHIP_REVIEWER, make.TOWNSHIP)
    take(case, "check", by=reviewer, cause="income", finding="工资未发")
    take(case, "revoke_first", by=make.make_officer(Role.COUNTY_APPROVER), note="收入不实")
    take(case, "revoke", by=make.make_officer(Role.COUNTY_APPROVER), note="同意")
    household.refresh_from_db()
    assert household.state == State.RELAPSED
    assert found_by(signed_in(cast.county_approver)).whole == "0"


def test_a_return_of_who_split_off_names_the_exit_of_the_household_it_came_from(
    cast, calendar, household, signed_in
):
    carry(open_for(household, "exit", by=cast.county_clerk), cast, *EXITED)
    son = household.members.exclude(relation="01").first()
    done(household, wanted("split", goes=frozenset({son.pk}), relations={son.pk: "01"}), cast)
    fresh = Household.everywhere.get(split_from=household)
    make.make_survey(fresh, 2019, water=0)
    case = open_for(fresh, "reinclusion", by=cast.county_clerk)
    carry(case, cast, *IDENTIFIED[: IDENTIFIED.index("approve")])
    take(case, "approve", by=cast.county_approver, note="户籍资料待补，不影响认定")
    [row] = found_by(signed_in(cast.county_approver)).rows
    assert row.exit.case.subject == household.number
    assert [act.step for act in row.exit.acts][-1] == "approve"


@pytest.mark.usefixtures("calendar")
def test_what_another_system_decided_is_counted_with_who_signed_there(
    cast, household, machine, signed_in
):
    decides("province-platform")
    for number, kind in enumerate(("exit", "reinclusion")):
        fresh = Household.everywhere.get(pk=household.pk)
        reported = receive_decision(fresh, report(kind=kind, reference=f"P-{number}"), by=machine)
        case = take_in(reported, by=cast.county_clerk)
        advance_foreign(
            case.pk, "record", by=cast.county_approver, version=1, evidence={"compared": "批复"}
        )
    client = signed_in(cast.county_approver)
    found = found_by(client)
    assert [(row.label, row.count) for row in found.by_approver] == [("省级平台", "1")]
    assert found.rows[0].exit.signers == SIGNERS
    assert SIGNERS[0]["name"] in client.get(RETURNS).text


def test_an_exit_decided_elsewhere_is_not_revoked_here(cast, household, machine, calendar):
    carry(open_for(household, "exit", by=cast.county_clerk), cast, *EXITED)
    carry(open_for(poor_again(household), "reinclusion", by=cast.county_clerk), cast, *IDENTIFIED)
    move_to(localdate())
    decides("province-platform")
    fresh = Household.everywhere.get(pk=household.pk)
    case = take_in(receive_decision(fresh, report(), by=machine), by=cast.county_clerk)
    advance_foreign(
        case.pk, "record", by=cast.county_approver, version=1, evidence={"compared": "批复"}
    )
    fresh.refresh_from_db()
    with pytest.raises(Refused) as refusal:
        propose_revocation(fresh, by=cast.county_clerk, reason="核实有误")
    assert refusal.value.code == "no_exit"
