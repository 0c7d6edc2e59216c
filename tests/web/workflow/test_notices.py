from datetime import timedelta
from decimal import Decimal

import pytest

from households.rules import State
from tests import factories as make
from tests.procedures import carry, move_date, open_for, sample_evidence, take, wait_for_notice
from trail.dates import business_date
from trail.errors import NotAllowed, Refused
from workflow.actions import (
    Line,
    Order,
    add_line,
    correct_line,
    dismiss_objection,
    record_objection,
    set_parameter,
    take_steps,
    uphold_objection,
    withdraw_line,
)
from workflow.errors import Incomplete
from workflow.models import Notice
from workflow.parameters import EXIT_VILLAGE_DAYS
from workflow.procedures import machine_of

UP_TO_THE_NOTICE = ("plan", "appraise", "verify", "confirm")
LINE = Line("一组", "王大山", 3)


@pytest.fixture
def confirmed(cast, calendar):
    def one(village=make.VILLAGE):
        household = make.make_household(village, state=State.POOR, persons=2)
        make.make_survey(household, 2019, wage_income=Decimal(10_000))
        case = open_for(household, "exit", by=cast.county_clerk)
        carry(case, cast, *UP_TO_THE_NOTICE)
        return case

    return one


@pytest.fixture
def case(confirmed, cast):
    case = confirmed()
    carry(case, cast, "post")
    return case


def notice_of(case):
    return Notice.everywhere.get(lines__case=case)


def line_of(case):
    return case.notice_lines.standing().get()


def post_list(cast, *cases):
    evidence = sample_evidence(machine_of("exit").step("confirmed", "post"))
    orders = [Order(case.pk, case.version) for case in cases]
    lines = {case.pk: LINE for case in cases}
    return take_steps(orders, "post", by=cast.village_official, evidence=evidence, lines=lines)


def test_the_notice_copies_group_householder_and_people(case):
    line = line_of(case)
    assert (line.serial, line.group, line.householder, line.people) == (1, "一组", "陈大山", 2)


def test_seven_days_without_the_day_of_posting(case):
    notice = notice_of(case)
    assert notice.posted_on == business_date()
    assert notice.last_day - notice.posted_on == timedelta(days=7)


def test_cases_of_one_village_are_posted_as_one_list(confirmed, cast):
    post_list(cast, confirmed(), confirmed())
    assert [line.serial for line in Notice.everywhere.get().lines.all()] == [1, 2]


def test_a_county_may_ask_for_more_days(confirmed, cast):
    set_parameter(
        make.COUNTY,
        EXIT_VILLAGE_DAYS,
        year=2019,
        value=10,
        source="县办法",
        by=cast.county_approver,
    )
    case = confirmed()
    carry(case, cast, "post")
    assert notice_of(case).days == 10


def test_an_added_line_starts_the_days_of_the_whole_list_anew(case, confirmed, cast):
    late = confirmed()
    post_list(cast, late)
    line_of(late).notice.lines.update(removed_at=late.opened_at)
    move_date(4)
    add_line(notice_of(case).pk, late.pk, LINE, by=cast.village_official, reason="漏登")
    notice = notice_of(case)
    assert notice.counted_from - notice.posted_on == timedelta(days=4)
    move_date(7)
    with pytest.raises(Refused):
        take(case, "check", by=cast.township_reviewer)
    move_date(1)
    take(case, "check", by=cast.township_reviewer)


def test_a_case_from_elsewhere_is_not_added(case, confirmed, cast):
    with pytest.raises(Refused) as refusal:
        add_line(notice_of(case).pk, confirmed().pk, LINE, by=cast.village_official, reason="漏")
    assert refusal.value.code == "wrong_notice"


def test_a_corrected_line_keeps_its_serial_and_starts_the_days_anew(case, cast):
    old = line_of(case)
    move_date(4)
    new = correct_line(old.pk, LINE, by=cast.village_official, reason="户主姓名")
    old.refresh_from_db()
    assert (new.serial, new.householder, old.removed_at is None) == (1, "王大山", False)
    assert notice_of_line(new).last_day == business_date() + timedelta(days=7)


def notice_of_line(line):
    return Notice.everywhere.get(pk=line.notice_id)


def test_a_notice_that_has_run_out_takes_no_correction(case, cast):
    wait_for_notice(case)
    with pytest.raises(Refused) as refusal:
        correct_line(line_of(case).pk, LINE, by=cast.village_official, reason="户主姓名")
    assert refusal.value.code == "notice_over"


def test_a_withdrawn_line_restarts_nothing_and_the_others_go_on(confirmed, cast):
    first, second = confirmed(), confirmed()
    post_list(cast, first, second)
    last = line_of(second).notice.last_day
    move_date(4)
    withdraw_line(line_of(first).pk, by=cast.village_official, reason="错登")
    assert line_of(second).notice.last_day == last
    move_date(4)
    assert take(second, "check", by=cast.township_reviewer)


def test_a_withdrawal_of_the_case_takes_its_line_off(case, cast):
    take(case, "withdraw", by=cast.county_clerk, note="户主申请")
    assert not case.notice_lines.standing().exists()


def test_a_stranger_corrects_no_line(case, cast):
    with pytest.raises(NotAllowed):
        correct_line(line_of(case).pk, LINE, by=cast.stranger, reason="x")


def object_to(case, cast, **more):
    values = {"received_on": business_date(), "text": "家中有小轿车"} | more
    return record_objection(case.pk, by=cast.village_official, **values)


def test_an_open_objection_holds_the_case_after_the_last_day(case, cast):
    objection = object_to(case, cast)
    wait_for_notice(case)
    with pytest.raises(Refused):
        take(case, "check", by=cast.township_reviewer)
    dismiss_objection(objection.pk, by=cast.township_reviewer, finding="车已报废")
    take(case, "check", by=cast.township_reviewer)


def test_an_upheld_objection_removes_its_line_and_restarts_nothing(confirmed, cast):
    first, second = confirmed(), confirmed()
    post_list(cast, first, second)
    last = line_of(second).notice.last_day
    move_date(3)
    uphold_objection(object_to(first, cast).pk, by=cast.township_reviewer, finding="属实")
    assert not first.notice_lines.standing().exists()
    assert line_of(second).notice.last_day == last


def test_after_an_upheld_objection_the_case_goes_back_but_not_on(case, cast):
    uphold_objection(object_to(case, cast).pk, by=cast.township_reviewer, finding="属实")
    with pytest.raises(Refused):
        take(case, "check", by=cast.township_reviewer)
    take(case, "return", by=cast.township_reviewer, note="重新核实")
    assert case.state == "planned"


def test_nobody_resolves_his_own_objection(case, cast):
    objection = record_objection(
        case.pk, by=cast.township_reviewer, received_on=business_date(), text="有车"
    )
    with pytest.raises(NotAllowed):
        dismiss_objection(objection.pk, by=cast.township_reviewer, finding="无")


def test_the_village_resolves_no_objection(case, cast):
    with pytest.raises(NotAllowed):
        dismiss_objection(object_to(case, cast).pk, by=cast.first_secretary, finding="无")


def test_an_objection_is_resolved_once(case, cast):
    objection = object_to(case, cast)
    dismiss_objection(objection.pk, by=cast.township_reviewer, finding="无")
    with pytest.raises(Refused):
        uphold_objection(objection.pk, by=cast.county_approver, finding="有")


@pytest.mark.parametrize(("days", "ahead"), [(-1, 0), (1, 0), (9, 9)])
def test_an_objection_is_received_while_the_notice_stands(case, cast, days, ahead):
    day = business_date() + timedelta(days=days)
    move_date(ahead)
    with pytest.raises(Incomplete) as refusal:
        object_to(case, cast, received_on=day)
    assert list(refusal.value.details["fields"]) == ["received_on"]


def test_an_objection_received_in_time_may_be_typed_in_later(case, cast):
    day = business_date() + timedelta(days=7)
    move_date(9)
    assert object_to(case, cast, received_on=day)


def test_a_case_without_a_notice_takes_no_objection(confirmed, cast):
    with pytest.raises(Refused):
        object_to(confirmed(), cast)


def test_a_returned_case_is_posted_again_for_the_full_days(case, cast):
    uphold_objection(object_to(case, cast).pk, by=cast.township_reviewer, finding="属实")
    take(case, "return", by=cast.township_reviewer, note="重新核实")
    carry(case, cast, "appraise", "verify", "confirm")
    take(case, "post", by=cast.village_official)
    with pytest.raises(Refused):
        take(case, "check", by=cast.township_reviewer)
    move_date(8)
    take(case, "check", by=cast.township_reviewer)


def test_the_public_sees_running_notices_with_four_columns(case, django_assert_max_num_queries):
    today = business_date()
    with django_assert_max_num_queries(2):
        [notice] = Notice.objects.public(on=today)
        [line] = notice.public_lines
        shown = (line.serial, line.group, line.householder, line.people)
    assert shown == (1, "一组", "陈大山", 2)
    assert line.get_deferred_fields() == {"case_id", "removed_at"}


def test_the_public_sees_no_notice_before_its_posting_or_after_its_last_day(case):
    notice = notice_of(case)
    assert list(Notice.objects.public(on=notice.last_day)) == [notice]
    assert not Notice.objects.public(on=notice.last_day + timedelta(days=1))
    assert not Notice.objects.public(on=notice.posted_on - timedelta(days=1))


def test_the_public_sees_no_notice_whose_lines_are_gone(case, cast):
    withdraw_line(line_of(case).pk, by=cast.village_official, reason="错登")
    assert not Notice.objects.public(on=business_date())
