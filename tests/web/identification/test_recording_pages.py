"""What is recorded on the page of an identification, by whom, and who reads it."""

import pytest
from django.urls import reverse

from identification.actions import record_appeal, record_red_line
from tests.procedures import (
    IDENTIFIED,
    carry,
    move_date,
    open_for,
    sample_evidence,
    take,
    wait_for_notice,
)
from trail.dates import business_date
from workflow.procedures import machine_of

TO_NOTICE = IDENTIFIED[: IDENTIFIED.index("review")]
PAGE_QUERIES = 55
"""Seven of them put three years and the middle of the village beside each other."""


def url(case, name="case", *more):
    return reverse(f"pages:{name}", args=[case.pk, *more])


def hit_on(case, by, rule="vehicle"):
    return record_red_line(case.pk, by=by, rule=rule, member=None, found="名下有一辆轿车")


def test_an_answer_is_recorded_on_the_page(case, cast, signed_in):
    day = business_date().isoformat()
    entries = {"department": "housing", "result": "explained", "explanation": "已售出", "on": day}
    answer = signed_in(cast.township_reviewer).post(url(case, "case_comparison"), entries)
    assert answer.status_code == 302
    assert case.comparisons.get().explanation == "已售出"


def test_a_hit_without_explanation_is_told_at_its_field(case, cast, signed_in):
    day = business_date().isoformat()
    entries = {"department": "housing", "result": "confirmed", "explanation": "", "on": day}
    answer = signed_in(cast.township_reviewer).post(url(case, "case_comparison"), entries)
    assert answer.status_code == 400
    assert 'id="id_explanation_error"' in answer.content.decode()
    assert not case.comparisons.exists()


def test_a_red_line_goes_its_way_on_the_pages(case, cast, signed_in):
    carry(case, cast, "apply", "visit")
    signed_in(cast.county_clerk).post(
        url(case, "case_red_line"), {"rule": "vehicle", "member": "", "found": "有轿车"}
    )
    hit = case.red_line_hits.get()
    signed_in(cast.village_official).post(
        url(case, "case_hit", hit.pk, "explain"), {"explanation": "已报废"}
    )
    signed_in(cast.township_reviewer).post(url(case, "case_hit", hit.pk, "accept"))
    hit.refresh_from_db()
    assert (hit.explanation, hit.accepted_by) == ("已报废", cast.township_reviewer)


@pytest.mark.parametrize(
    ("part", "acts"),
    [
        ("village_official", ("explain",)),
        ("township_reviewer", ("explain", "withdraw")),
        ("county_approver", ("withdraw",)),
        ("auditor", ()),
    ],
)
def test_the_page_offers_each_role_its_acts_on_a_red_line(case, cast, signed_in, part, acts):
    hit_on(case, cast.county_clerk)
    sheet = signed_in(getattr(cast, part)).get(url(case)).context["sheet"]
    assert sheet.hits[0].acts == acts


def test_a_role_without_names_reads_no_free_text(case, cast, signed_in):
    take(case, "apply", by=cast.village_official, statement="儿子在外打工失联")
    hit_on(case, cast.county_clerk)
    page = signed_in(cast.city_reviewer).get(url(case)).content.decode()
    assert "一辆轿车" not in page
    assert "失联" not in page
    assert "一辆轿车" in signed_in(cast.auditor).get(url(case)).content.decode()


def test_an_appeal_is_resolved_on_the_page(case, cast, signed_in):
    carry(case, cast, *TO_NOTICE)
    move_date(8)
    take(case, "reject", by=cast.township_reviewer, note="有商品房")
    appeal = record_appeal(
        case.pk, by=cast.village_official, level="county", appellant="applicant",
        received_on=business_date(), text="房屋已拆除",
    )  # fmt: skip
    answer = signed_in(cast.county_approver).post(
        url(case, "case_appeal_result", appeal.pk), {"finding": "属实", "result": "uphold"}
    )
    assert answer.status_code == 302
    case.refresh_from_db()
    assert case.state == "applied"


def test_a_return_carries_its_remarks_from_the_page_to_the_fields(case, cast, signed_in):
    carry(case, cast, *TO_NOTICE)
    wait_for_notice(case)
    client = signed_in(cast.township_reviewer)
    entries = {"version": case.version, "note": "补正"}
    one = {"remark_field_0": "incomes.wage_income", "remark_text_0": "与流水不符"}
    page = client.post(url(case, "case_step", "return"), entries | {"remark_text_1": "缺照片"})
    assert page.status_code == 400
    assert 'id="id_remark_field_1_error"' in page.content.decode()
    assert client.post(url(case, "case_step", "return"), entries | one).status_code == 302
    page = signed_in(cast.village_official).get(url(case)).content.decode()
    assert "与流水不符" in page
    assert reverse("registering:update", args=[case.subject]) in page


def test_an_identification_is_carried_to_its_end_on_the_pages(case, cast, signed_in):
    hands = {"compare": cast.county_clerk, "review": cast.township_reviewer}
    hands |= {"recheck": cast.county_clerk, "approve": cast.county_approver}
    for name in IDENTIFIED:
        wait_for_notice(case)
        officer = hands.get(name, cast.village_official)
        if name == "compare":
            signed_in(officer).post(
                url(case, "case_comparison"),
                {"department": "water", "result": "no_hit", "on": business_date().isoformat()},
            )
        case.refresh_from_db()
        step = machine_of(case.kind).step(case.state, name)
        entries = {"version": case.version, "note": ""} | sample_evidence(step)
        answer = signed_in(officer).post(url(case, "case_step", name), entries)
        assert answer.status_code == 302, (name, answer.content.decode())
    case.refresh_from_db()
    assert case.state == "registered"
    page = signed_in(cast.village_official).get(url(case)).content.decode()
    assert case.application.registration_number in page


def test_the_acts_of_an_appeal_are_not_offered_as_steps(case, cast, signed_in):
    carry(case, cast, *TO_NOTICE)
    wait_for_notice(case)
    view = signed_in(cast.township_reviewer).get(url(case)).context["view"]
    offered = {choice.step.name for choice in (*view.can, *view.cannot)}
    assert offered.isdisjoint({"reopen", "confirm"})


def test_another_procedure_has_no_red_lines(cast, household, calendar, signed_in):
    from_exit = open_for(household, "exit", by=cast.county_clerk)
    client = signed_in(cast.county_clerk)
    assert client.get(url(from_exit, "case_red_line")).status_code == 404
    assert client.get(url(from_exit)).context["sheet"] is None


def test_the_page_asks_a_fixed_number_of_queries(case, cast, signed_in, django_assert_num_queries):
    carry(case, cast, *TO_NOTICE)
    client = signed_in(cast.township_reviewer)
    for rule in ("house", "cadre", "absent"):
        hit_on(case, cast.county_clerk, rule)
        with django_assert_num_queries(PAGE_QUERIES):
            client.get(url(case))
