"""Rejections, returns, objections and appeals, and what they leave behind."""

import pytest

from households.models import StateChange
from households.rules import State
from identification.actions import advance, record_appeal, resolve_appeal
from identification.queries import remarks_for
from officers.rules import Role
from tests import factories as make
from tests.procedures import (
    IDENTIFIED,
    REJECTED_BY_VOTE,
    carry,
    move_date,
    take,
    wait_for_notice,
)
from trail.dates import business_date
from trail.errors import NotAllowed, Refused
from workflow.actions import dismiss_objection, record_objection, uphold_objection
from workflow.deadlines import deadline_of
from workflow.errors import Incomplete

TO_NOTICE = IDENTIFIED[: IDENTIFIED.index("review")]
TO_REVIEW = IDENTIFIED[: IDENTIFIED.index("recheck")]
TO_COUNTY = IDENTIFIED[: IDENTIFIED.index("approve")]
TO_ANNOUNCEMENT = IDENTIFIED[: IDENTIFIED.index("register")]


def appealed(case, by, level="township", appellant="applicant", **said):
    case.refresh_from_db()
    entries = {"level": level, "appellant": appellant, "received_on": business_date()}
    return record_appeal(case.pk, by=by, text="请复核", **entries | said)


def resolved(appeal, by, result):
    return resolve_appeal(appeal.pk, by=by, result=result, finding="已复查")


def household_of(case):
    return make.Household.everywhere.get(number=case.subject)


@pytest.fixture
def rejected(case, cast):
    carry(case, cast, *TO_NOTICE)
    move_date(8)
    take(case, "reject", by=cast.township_reviewer, note="有商品房")
    return case


def test_a_visit_that_shows_no_poverty_rejects_the_case(case, cast):
    carry(case, cast, "apply")
    take(case, "refuse_visit", by=cast.first_secretary, note="收入稳定")
    assert case.state == "refused"
    assert case.closed_at is None


def test_a_meeting_that_did_not_hear_the_comparison_does_not_count(case, cast):
    carry(case, cast, "apply", "visit", "compare")
    for name, votes in (("appraise", {}), ("vote_down", REJECTED_BY_VOTE)):
        with pytest.raises(Incomplete) as refusal:
            take(case, name, by=cast.village_official, note="—", read_out="no", **votes)
        assert list(refusal.value.details["fields"]) == ["read_out"]


def test_a_comparison_without_an_answer_is_not_closed(case, cast):
    carry(case, cast, "apply", "visit")
    with pytest.raises(Refused) as refusal:
        take(case, "compare", by=cast.county_clerk)
    assert refusal.value.code == "not_now"


def test_a_rejection_is_final_only_after_the_days_for_an_appeal(rejected, cast):
    move_date(7)
    with pytest.raises(Refused):
        take(rejected, "close", by=cast.township_reviewer)
    move_date(1)
    take(rejected, "close", by=cast.township_reviewer)
    assert rejected.state == "rejected"


def test_an_open_appeal_holds_a_rejected_case(rejected, cast):
    appealed(rejected, cast.village_official, level="county")
    move_date(9)
    with pytest.raises(Refused):
        take(rejected, "close", by=cast.township_reviewer)


def test_a_dismissed_appeal_makes_the_rejection_final(rejected, cast):
    appeal = appealed(rejected, cast.village_official, level="county")
    resolved(appeal, cast.county_approver, "dismiss")
    rejected.refresh_from_db()
    assert rejected.state == "rejected"
    assert rejected.closed_at


def test_an_upheld_appeal_sends_the_case_back_to_the_visit(rejected, cast):
    appeal = appealed(rejected, cast.village_official, level="county")
    resolved(appeal, cast.county_approver, "uphold")
    rejected.refresh_from_db()
    assert rejected.state == "applied"
    with pytest.raises(Refused):
        resolved(appeal, cast.county_approver, "dismiss")


def test_nobody_resolves_an_appeal_against_his_own_rejection(rejected, cast):
    appeal = appealed(rejected, cast.village_official)
    with pytest.raises(NotAllowed):
        resolved(appeal, cast.township_reviewer, "dismiss")
    other = make.make_officer(Role.TOWNSHIP_REVIEWER, make.TOWNSHIP)
    resolved(appeal, other, "dismiss")


def test_nobody_dismisses_an_appeal_against_his_own_review(case, cast):
    carry(case, cast, *TO_REVIEW)
    appeal = appealed(case, cast.village_official)
    with pytest.raises(NotAllowed) as refusal:
        resolved(appeal, cast.township_reviewer, "dismiss")
    assert refusal.value.code == "same_hand"
    resolved(appeal, make.make_officer(Role.TOWNSHIP_REVIEWER, make.TOWNSHIP), "dismiss")


def test_nobody_dismisses_an_appeal_against_his_own_approval(case, cast):
    carry(case, cast, *TO_ANNOUNCEMENT)
    appeal = appealed(case, cast.village_official, level="county")
    with pytest.raises(NotAllowed) as refusal:
        resolved(appeal, cast.county_approver, "dismiss")
    assert refusal.value.code == "same_hand"
    resolved(appeal, make.make_officer(Role.COUNTY_APPROVER, make.COUNTY), "dismiss")


def test_nobody_resolves_an_appeal_that_he_recorded(rejected, cast):
    appeal = appealed(rejected, cast.county_approver, level="county")
    with pytest.raises(NotAllowed):
        resolved(appeal, cast.county_approver, "dismiss")


def test_an_appeal_of_the_other_level_is_not_resolved(rejected, cast):
    appeal = appealed(rejected, cast.village_official, level="county")
    with pytest.raises(NotAllowed):
        resolved(appeal, make.make_officer(Role.TOWNSHIP_REVIEWER, make.TOWNSHIP), "uphold")


def test_an_appeal_after_its_days_comes_too_late(rejected, cast):
    move_date(8)
    with pytest.raises(Incomplete) as refusal:
        appealed(rejected, cast.village_official)
    assert list(refusal.value.details["fields"]) == ["received_on"]


def test_what_the_county_rejected_is_appealed_at_the_county(case, cast):
    carry(case, cast, *TO_COUNTY)
    take(case, "reject", by=cast.county_approver, note="有商品房")
    with pytest.raises(Incomplete) as refusal:
        appealed(case, cast.village_official, level="township")
    assert list(refusal.value.details["fields"]) == ["level"]
    appealed(case, cast.village_official, level="county")


def test_an_objector_appeals_only_where_somebody_objected(case, cast):
    carry(case, cast, *TO_NOTICE)
    with pytest.raises(Incomplete) as refusal:
        appealed(case, cast.village_official, appellant="objector")
    assert list(refusal.value.details["fields"]) == ["appellant"]


def test_an_upheld_appeal_of_an_objector_takes_the_case_off_its_notice(case, cast):
    carry(case, cast, *TO_NOTICE)
    objection = record_objection(
        case.pk, by=cast.village_official, received_on=business_date(), text="有车"
    )
    dismiss_objection(objection.pk, by=cast.township_reviewer, finding="无车")
    appeal = appealed(case, cast.village_official, level="county", appellant="objector")
    resolved(appeal, cast.county_approver, "uphold")
    case.refresh_from_db()
    assert case.state == "applied"
    assert not case.notice_lines.standing().exists()


@pytest.mark.parametrize(("name", "state"), [("return", "applied"), ("reject", "refused")])
def test_an_upheld_objection_lets_the_case_go_back_or_be_rejected(case, cast, name, state):
    carry(case, cast, *TO_NOTICE)
    objection = record_objection(
        case.pk, by=cast.village_official, received_on=business_date(), text="有车"
    )
    uphold_objection(objection.pk, by=cast.township_reviewer, finding="属实")
    move_date(8)
    with pytest.raises(Refused):
        take(case, "review", by=cast.township_reviewer)
    take(case, name, by=cast.township_reviewer, note="异议属实")
    assert case.state == state


@pytest.mark.parametrize(("name", "state"), [("return", "applied"), ("reject", "refused")])
def test_an_objection_to_the_announcement_takes_the_approval_back(case, cast, name, state):
    carry(case, cast, *TO_ANNOUNCEMENT)
    objection = record_objection(
        case.pk, by=cast.village_official, received_on=business_date(), text="有车"
    )
    uphold_objection(objection.pk, by=cast.township_reviewer, finding="属实")
    with pytest.raises(NotAllowed):
        take(case, name, by=cast.county_approver, note="异议属实")
    second = make.make_officer(Role.COUNTY_APPROVER, make.COUNTY)
    take(case, name, by=second, note="异议属实")
    assert case.state == state
    assert household_of(case).state == State.ORDINARY
    assert StateChange.objects.filter(case=case).count() == 2


def test_the_remarks_of_a_return_stand_at_the_fields_until_the_next_visit(case, cast):
    carry(case, cast, *TO_COUNTY)
    remarks = {"incomes.wage_income": "与银行流水不符", "members.education": "请核实"}
    take(case, "return", by=cast.county_clerk, note="补正", remarks=remarks)
    said = remarks_for(household_of(case), cast.village_official)
    assert (said.fields, said.note, said.times) == (remarks, "补正", 1)
    assert (said.due_on - said.on).days == 7
    assert deadline_of(case) == said.due_on
    take(case, "visit", by=cast.village_official)
    assert remarks_for(household_of(case), cast.village_official) is None


def test_a_remark_at_a_field_that_no_form_has_is_refused(case, cast):
    carry(case, cast, *TO_NOTICE)
    wait_for_notice(case)
    with pytest.raises(Incomplete) as refusal:
        take(case, "return", by=cast.township_reviewer, note="补正", remarks={"shoe_size": "大"})
    assert list(refusal.value.details["fields"]) == ["remarks"]


def test_a_stranger_reads_no_remarks(case, cast):
    carry(case, cast, "apply", "visit")
    take(case, "return", by=cast.county_clerk, note="补正", remarks={"household.group": "写错"})
    assert remarks_for(household_of(case), cast.stranger) is None


def test_returns_are_counted(case, cast):
    for _ in range(2):
        carry(case, cast, *(("apply",) if case.state == "proposed" else ()), "visit")
        take(case, "return", by=cast.county_clerk, note="补正", remarks={})
    assert remarks_for(household_of(case), cast.village_official).times == 2


def test_a_household_withdraws_while_an_appeal_is_open(case, cast):
    carry(case, cast, *TO_REVIEW)
    appealed(case, cast.village_official)
    take(case, "withdraw", by=cast.village_official, note="户主撤回")
    assert case.state == "withdrawn"


def test_nobody_opens_a_case_again_without_an_appeal(rejected, cast):
    with pytest.raises(Refused):
        advance(
            rejected.pk, "reopen", by=cast.county_approver, version=rejected.version, note="再看"
        )
