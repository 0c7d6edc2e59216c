"""Red lines, departments' answers, kin of officials and the share of checks on site."""

from contextlib import nullcontext

import pytest
from django.utils import timezone

from identification.actions import (
    accept_explanation,
    explain_red_line,
    record_comparison,
    record_red_line,
    withdraw_red_line,
)
from identification.models import Comparison
from officers.rules import Role
from tests import factories as make
from tests.procedures import IDENTIFIED, answer, carry, move_date, open_for, take
from trail.dates import business_date
from trail.errors import NotAllowed, Refused
from workflow.actions import set_parameter
from workflow.errors import Incomplete

BEFORE_NOTICE = IDENTIFIED[: IDENTIFIED.index("post")]
TO_NOTICE = IDENTIFIED[: IDENTIFIED.index("review")]
TO_REVIEW = IDENTIFIED[: IDENTIFIED.index("recheck")]
TO_COUNTY = IDENTIFIED[: IDENTIFIED.index("approve")]


def hit_on(case, by, rule="vehicle", member=None):
    return record_red_line(case.pk, by=by, rule=rule, member=member, found="名下有一辆轿车")


def explained(hit, by):
    return explain_red_line(hit.pk, by=by, explanation="车已报废")


def test_an_unexplained_red_line_keeps_the_case_off_the_notice(case, cast):
    carry(case, cast, *BEFORE_NOTICE)
    hit = hit_on(case, cast.county_clerk)
    with pytest.raises(Refused):
        take(case, "post", by=cast.village_official)
    explained(hit, cast.village_official)
    with pytest.raises(Refused):
        take(case, "post", by=cast.village_official)
    accept_explanation(hit.pk, by=cast.township_reviewer)
    take(case, "post", by=cast.village_official)


@pytest.mark.parametrize("rule", ["vehicle", "residence"])
def test_a_red_line_found_late_blocks_the_approval(case, cast, rule):
    carry(case, cast, *TO_COUNTY)
    hit_on(case, cast.township_reviewer, rule)
    with pytest.raises(Refused) as refusal:
        take(case, "approve", by=cast.county_approver)
    assert refusal.value.code == "not_now"


def test_a_red_line_that_rejects_cannot_be_explained(case, cast):
    hit = hit_on(case, cast.county_clerk, "residence")
    with pytest.raises(Refused) as refusal:
        explained(hit, cast.village_official)
    assert refusal.value.code == "no_explanation"


def test_a_case_is_rejected_by_a_red_line_only_where_one_stands(case, cast):
    carry(case, cast, "apply", "visit")
    with pytest.raises(Refused):
        take(case, "refuse_red_line", by=cast.township_reviewer, note="有车")
    hit_on(case, cast.county_clerk)
    take(case, "refuse_red_line", by=cast.township_reviewer, note="有车")
    assert case.state == "refused"


def test_a_red_line_has_one_explanation(case, cast):
    hit = hit_on(case, cast.county_clerk)
    explained(hit, cast.village_official)
    with pytest.raises(Refused) as refusal:
        explained(hit, cast.first_secretary)
    assert refusal.value.code == "explained"


def test_nobody_accepts_what_he_recorded_or_explained(case, cast):
    hit = hit_on(case, cast.county_clerk)
    explained(hit, cast.township_reviewer)
    for officer in (cast.county_clerk, cast.township_reviewer):
        with pytest.raises(NotAllowed):
            accept_explanation(hit.pk, by=officer)
    with pytest.raises(NotAllowed):
        accept_explanation(hit.pk, by=cast.village_official)
    accept_explanation(hit.pk, by=cast.county_approver)


def test_who_accepted_an_explanation_does_not_approve_the_case(case, cast):
    hit = hit_on(case, cast.county_clerk)
    explained(hit, cast.village_official)
    accept_explanation(hit.pk, by=cast.county_approver)
    carry(case, cast, *TO_COUNTY)
    with pytest.raises(NotAllowed):
        take(case, "approve", by=cast.county_approver)
    take(case, "approve", by=make.make_officer(Role.COUNTY_APPROVER, make.COUNTY))


def test_a_red_line_is_recorded_once_and_names_a_member_of_the_household(case, cast, poor_of):
    member = make.Household.everywhere.get(number=case.subject).members.first()
    hit_on(case, cast.county_clerk, member=member.pk)
    with pytest.raises(Refused) as refusal:
        hit_on(case, cast.county_clerk, member=member.pk)
    assert refusal.value.code == "hit_stands"
    with pytest.raises(Incomplete) as wrong:
        hit_on(case, cast.county_clerk, member=poor_of().members.first().pk)
    assert list(wrong.value.details["fields"]) == ["member"]


def test_a_red_line_that_the_county_turned_off_is_not_asked(case, cast):
    year = business_date().year
    set_parameter(
        make.COUNTY, "redline.vehicle", year=year, value="off", source="县规定",
        by=cast.county_approver,
    )  # fmt: skip
    with pytest.raises(Incomplete) as refusal:
        hit_on(case, cast.county_clerk)
    assert list(refusal.value.details["fields"]) == ["rule"]


def test_a_withdrawn_red_line_blocks_nothing(case, cast):
    hit = hit_on(case, cast.county_clerk, "residence")
    with pytest.raises(NotAllowed):
        withdraw_red_line(hit.pk, by=cast.county_clerk, reason="重名")
    withdraw_red_line(hit.pk, by=cast.township_reviewer, reason="重名")
    carry(case, cast, *TO_NOTICE)


def test_who_lifts_a_red_line_does_not_approve_the_case(case, cast):
    carry(case, cast, *TO_COUNTY)
    hit = hit_on(case, cast.county_clerk, "residence")
    withdraw_red_line(hit.pk, by=cast.county_approver, reason="重名")
    with pytest.raises(NotAllowed) as refusal:
        take(case, "approve", by=cast.county_approver)
    assert refusal.value.code == "same_hand"
    take(case, "approve", by=make.make_officer(Role.COUNTY_APPROVER, make.COUNTY))


def test_a_member_is_found_though_an_import_with_the_same_number_was_withdrawn(case, cast):
    make.make_household(number=case.subject, withdrawn_at=timezone.now())
    head = make.Household.everywhere.standing().get(number=case.subject).members.get(relation="01")
    assert hit_on(case, cast.county_clerk, member=head.pk).member == head


@pytest.mark.parametrize("part", ["stranger", "auditor", "helper", "reader"])
def test_others_record_no_red_line_and_no_answer(case, cast, part):
    officer = getattr(cast, part)
    with pytest.raises(NotAllowed):
        hit_on(case, officer)
    with pytest.raises(NotAllowed):
        answer(case, by=officer)


@pytest.mark.parametrize("result", [key for key, _label in Comparison.RESULTS])
def test_every_hit_of_a_department_needs_its_explanation(case, cast, result):
    context = nullcontext() if result == "no_hit" else pytest.raises(Incomplete)
    with context:
        answer(case, by=cast.county_clerk, result=result)
    answer(case, by=cast.county_clerk, result=result, explanation="已核实")


def test_the_village_records_no_answer_of_a_department(case, cast):
    with pytest.raises(NotAllowed):
        record_comparison(
            case.pk, by=cast.village_official, department="civil_affairs", result="no_hit",
            explanation="", on=business_date(),
        )  # fmt: skip


def test_kin_of_an_official_needs_a_filing_note_at_the_recheck(case, cast):
    take(case, "apply", by=cast.village_official, kin_of_official="yes")
    carry(case, cast, *TO_REVIEW[1:])
    move_date(8)
    with pytest.raises(Incomplete) as refusal:
        take(case, "recheck", by=cast.county_clerk, filing="")
    assert list(refusal.value.details["fields"]) == ["filing"]
    take(case, "recheck", by=cast.county_clerk, filing="备案 2020-7 号")


def test_a_check_on_site_names_its_day_and_its_people(case, cast):
    carry(case, cast, *TO_NOTICE)
    move_date(8)
    with pytest.raises(Incomplete) as refusal:
        take(case, "review", by=cast.township_reviewer, checked_by="", checked_on=None)
    assert set(refusal.value.details["fields"]) == {"checked_on", "checked_by"}


def test_the_township_checks_its_share_of_the_year_on_site(poor_of, cast, calendar):
    cases = [open_for(poor_of(), "identification", by=cast.county_clerk) for _ in range(6)]
    for case in cases:
        carry(case, cast, *TO_NOTICE)
    move_date(8)

    def review(case, checked):
        take(case, "review", by=cast.township_reviewer, checked=checked)

    with pytest.raises(Incomplete) as refusal:
        review(cases[0], "no")
    assert list(refusal.value.details["fields"]) == ["checked"]
    review(cases[0], "yes")
    for case in cases[1:5]:
        review(case, "no")
    with pytest.raises(Incomplete):
        review(cases[5], "no")
    review(cases[5], "yes")


def test_the_facts_that_the_township_reviews_are_those_that_stand(case, cast):
    carry(case, cast, *TO_NOTICE)
    move_date(8)
    household = make.Household.everywhere.get(number=case.subject)
    make.make_survey(household, 2019, water=0, corrects=household.surveys.get())
    with pytest.raises(Refused) as refusal:
        take(case, "review", by=cast.township_reviewer)
    assert refusal.value.code == "facts_changed"
