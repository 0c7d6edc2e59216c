"""Decisions of another system: reported by a machine, recorded by two officers as what they are."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from exchange.actions.decisions import advance, receive_decision, take_in
from exchange.models import ForeignDecision
from exchange.queries.decisions import untaken
from exits.models import Tracking
from households.models import Household
from households.rules import State
from officers.models import Officer
from officers.rules import Role
from tests import factories as make
from tests.procedures import open_for, take
from tests.web.exchange.reporting import SIGNERS, decides, platform, report
from trail.errors import NotAllowed, Refused
from workflow.models import Case


@pytest.fixture
def machine(tree) -> Officer:
    return platform()


@pytest.fixture
def household(tree) -> Household:
    household = make.make_household(state=State.POOR)
    make.make_survey(household, 2019)
    return household


@pytest.fixture
def reported(machine, household) -> ForeignDecision:
    decides("province-platform")
    return receive_decision(household, report(), by=machine)


@pytest.fixture
def taken_in(reported, cast) -> Case:
    return take_in(reported, by=cast.county_clerk)


def test_a_report_changes_nothing_by_itself(reported, household):
    household.refresh_from_db()
    assert household.state == State.POOR
    assert not Case.everywhere.exists()


def test_recorded_by_the_approver_it_does_what_it_says(taken_in, household, cast):
    advance(
        taken_in.pk, "record", by=cast.county_approver, version=1, evidence={"compared": "批复"}
    )
    household.refresh_from_db()
    assert (household.state, household.exit_year) == (State.EXITED, 2019)
    assert household.state_changes.get().case == taken_in
    assert Tracking.everywhere.get(household=household).case == taken_in


def test_the_case_keeps_the_other_systems_case_signers_and_hash(taken_in):
    kept = taken_in.facts["foreign"]
    assert (kept["case"], kept["signers"], kept["evidence_hash"]) == (
        "2020-000117",
        SIGNERS,
        "ab" * 32,
    )


def test_disputed_it_changes_nothing(taken_in, household, cast):
    advance(taken_in.pk, "dispute", by=cast.county_approver, version=1, note="无此批复")
    household.refresh_from_db()
    assert household.state == State.POOR


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        ("identification", State.ORDINARY, State.POOR),
        ("reinclusion", State.EXITED, State.RELAPSED),
        ("removal", State.POOR, State.CLEARED),
    ],
)
def test_each_kind_of_decision_moves_the_household(machine, cast, tree, kind, before, after):
    decides("province-platform")
    exit_year = {"exit_year": 2018} if before == State.EXITED else {}
    household = make.make_household(state=before, **exit_year)
    make.make_survey(household, 2019)
    case = take_in(receive_decision(household, report(kind=kind), by=machine), by=cast.county_clerk)
    advance(case.pk, "record", by=cast.county_approver, version=1, evidence={"compared": "批复"})
    household.refresh_from_db()
    assert household.state == after


def test_the_clerk_who_took_it_in_does_not_record_it_in_another_role(taken_in, cast):
    cast.county_clerk.postings.update(role=Role.COUNTY_APPROVER)
    with pytest.raises(NotAllowed) as refused:
        advance(
            taken_in.pk, "record", by=cast.county_clerk, version=1, evidence={"compared": "批复"}
        )
    assert refused.value.code == "same_hand"


def test_a_machine_neither_takes_in_nor_records(reported, machine):
    with pytest.raises(NotAllowed):
        take_in(reported, by=machine)


def test_a_system_that_does_not_decide_there_is_refused(machine, household):
    with pytest.raises(Refused) as refused:
        receive_decision(household, report(), by=machine)
    assert refused.value.code == "decides_elsewhere"


def test_where_another_system_decides_no_officer_decides_here(machine, household, cast, calendar):
    case = open_for(household, "exit", by=cast.county_clerk)
    decides("province-platform")
    with pytest.raises(Refused) as refused:
        take(case, "plan", by=cast.county_approver)
    assert refused.value.code == "decides_elsewhere"


def test_the_same_report_again_is_the_one_on_record(reported, machine, household):
    assert receive_decision(household, report(), by=machine) == reported
    assert ForeignDecision.everywhere.count() == 1


def test_something_else_under_a_used_reference_is_refused(reported, machine, household):
    with pytest.raises(Refused) as refused:
        receive_decision(household, report(year=2020), by=machine)
    assert refused.value.code == "used_reference"


def test_a_decision_that_the_households_state_does_not_have_is_refused(machine, tree):
    decides("province-platform")
    with pytest.raises(Refused) as refused:
        receive_decision(make.make_household(), report(), by=machine)
    assert refused.value.code == "other_state"


def test_one_withdrawn_by_mistake_is_taken_in_again(taken_in, reported, cast):
    advance(taken_in.pk, "withdraw", by=cast.county_clerk, version=1, note="点错")
    assert take_in(reported, by=cast.county_clerk) != taken_in


def test_a_report_is_never_changed(reported):
    with pytest.raises(IntegrityError), transaction.atomic():
        ForeignDecision.everywhere.filter(pk=reported.pk).update(year=2018)


def test_the_clerk_takes_it_in_on_the_page(reported, cast, signed_in):
    clerk = signed_in(cast.county_clerk)
    page = clerk.get("/exchange/decisions/").content.decode()
    assert "2020-000117" in page
    answer = clerk.post(f"/exchange/decisions/{reported.uuid}/take-in/")
    case = Case.everywhere.get(kind="foreign")
    assert answer["Location"] == f"/cases/{case.pk}/"
    assert clerk.get(answer["Location"]).status_code == 200


def test_the_approver_sees_on_the_case_who_signed_there(taken_in, cast, signed_in):
    page = signed_in(cast.county_approver).get(f"/cases/{taken_in.pk}/").content.decode()
    assert "周审批" in page
    assert "2020-000117" in page


def test_another_county_finds_no_report(reported, cast, signed_in):
    stranger = signed_in(make.make_officer(Role.COUNTY_CLERK, make.OTHER_COUNTY))
    assert "2020-000117" not in stranger.get("/exchange/decisions/").content.decode()
    assert stranger.post(f"/exchange/decisions/{reported.uuid}/take-in/").status_code == 404


def test_a_report_waits_at_home_until_it_is_taken_in_and_again_when_its_case_is_withdrawn(
    reported, cast
):
    assert untaken(cast.county_clerk).count() == 1
    case = take_in(reported, by=cast.county_clerk)
    assert not untaken(cast.county_clerk).exists()
    advance(case.pk, "withdraw", by=cast.county_clerk, version=1, note="误收")
    assert untaken(cast.county_clerk).count() == 1


def test_the_page_of_the_case_says_that_another_system_decides(
    machine, household, cast, calendar, signed_in, in_english
):
    case = open_for(household, "exit", by=cast.county_clerk)
    page = signed_in(cast.county_approver).get(reverse("pages:case", args=[case.pk]))
    assert "Another system decides" not in page.text
    decides("province-platform")
    page = signed_in(cast.county_approver).get(reverse("pages:case", args=[case.pk]))
    assert "Another system decides in this county" in page.text
