"""Proposing the correction of a frozen year on its pages, and deciding it in its case."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse

from divisions.models import Division
from households.actions.corrections import advance, propose_correction
from households.actions.freezing import freeze_year
from households.models import Household, Survey
from households.rules import GUARANTEES, MONEY
from tests import factories as make
from trail.models import Change
from workflow.models import Case

pytestmark = pytest.mark.django_db
CASE_QUERIES = 30


@pytest.fixture
def frozen(cast, household) -> Household:
    county = Division.objects.get(pk=make.COUNTY)
    freeze_year(county, year=2019, reason="核对无误", by=cast.county_approver)
    return household


@pytest.fixture
def clerk(cast, signed_in, in_english):
    return signed_in(cast.county_clerk)


def url(household, year=2019) -> str:
    return reverse("households:correct", args=[household.number, year])


def in_force(household) -> Survey:
    return Survey.objects.filter(household=household, year=2019).in_force().get()


def entries(household, **changed) -> dict[str, object]:
    """What the form holds when it is opened, `changed` typed over it."""
    survey = in_force(household)
    typed: dict[str, object] = {"seen": survey.pk, "reason": "抄录有误", "proof": "工资单 2019-12"}
    for name in (*MONEY, *GUARANTEES):
        value = getattr(survey, name)
        typed[name] = "" if value is None else str(value)
    return typed | (changed or {"wage_income": "5000"})


def propose(client, household, **changed):
    return client.post(url(household), entries(household, **changed) | {"act": "propose"})


def correct(cast, household, **changed) -> Case:
    """A correction that another officer proposed and had approved."""
    survey = in_force(household)
    figures = {name: getattr(survey, name) for name in (*MONEY, *GUARANTEES)} | changed
    case = propose_correction(
        household, year=2019, seen=survey.pk, figures=figures, reason="x", proof="y",
        by=cast.village_official,
    )  # fmt: skip
    advance(case.pk, "approve", by=cast.county_approver, version=case.version)
    return case


@pytest.mark.parametrize("part", ["village_official", "county_clerk"])
def test_the_household_page_says_that_a_year_is_frozen_and_offers_a_correction(
    cast, signed_in, frozen, part, in_english
):
    page = signed_in(getattr(cast, part)).get(f"/households/{frozen.number}/?year=2019")
    text = page.content.decode()
    assert f"frozen for {Division.objects.get(pk=make.COUNTY).name}" in text
    assert url(frozen) in text


@pytest.mark.parametrize("part", ["county_approver", "township_reviewer", "auditor", "reader"])
def test_who_cannot_propose_reads_that_it_is_frozen_and_is_offered_nothing(
    cast, signed_in, frozen, part, in_english
):
    page = signed_in(getattr(cast, part)).get(f"/households/{frozen.number}/?year=2019")
    assert "are frozen for" in page.content.decode()
    assert url(frozen) not in page.content.decode()


def test_a_year_that_is_not_frozen_says_nothing_of_it(clerk, frozen):
    make.make_survey(frozen, 2018)
    page = clerk.get(f"/households/{frozen.number}/?year=2018").content.decode()
    assert "frozen" not in page


def test_while_a_correction_is_under_way_the_household_page_names_its_case(clerk, frozen):
    propose(clerk, frozen)
    case = Case.everywhere.get(kind="correction")
    page = clerk.get(f"/households/{frozen.number}/?year=2019").content.decode()
    assert f"case {case.pk}" in page
    assert url(frozen) not in page


def test_the_form_holds_the_figures_in_force_and_shows_them_beside(clerk, frozen):
    page = clerk.get(url(frozen))
    assert page.status_code == 200
    assert page.context["form"]["wage_income"].value() == Decimal("0.00")
    assert page.content.decode().count("In force: ") == 11


def test_the_form_of_a_year_that_nobody_surveyed_is_empty(cast, clerk):
    household = make.make_household()
    freeze_year(
        Division.objects.get(pk=make.COUNTY), year=2019, reason="x", by=cast.county_approver
    )
    assert clerk.get(url(household)).content.decode().count("In force: unknown") == 11


@pytest.mark.parametrize("part", ["county_approver", "township_reviewer", "auditor", "reader"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_others_are_told_who_proposes(cast, signed_in, frozen, part, method, in_english):
    answer = getattr(signed_in(getattr(cast, part)), method)(url(frozen))
    assert answer.status_code == 403
    assert "the county clerk proposes a correction" in answer.content.decode()


@pytest.mark.parametrize("year", [1999, 2030, 99999])
def test_an_impossible_year_is_not_found(clerk, frozen, year):
    assert clerk.get(url(frozen, year)).status_code == 404


def test_a_year_that_is_not_frozen_is_corrected_by_an_import(clerk, frozen):
    answer = clerk.get(url(frozen, 2018))
    assert answer.status_code == 409
    assert "Import the household" in answer.content.decode()


def test_the_check_shows_only_what_differs_with_the_finding_each_way(clerk, frozen):
    page = clerk.post(url(frozen), entries(frozen, wage_income="9000.5", water="0"))
    assert page.status_code == 200
    seen = page.context["weighed"]
    assert [(one["before"], one["after"]) for one in seen.changes] == [
        ("0.00", "9,000.50"),
        ("met", "not met"),
    ]
    assert "Income" in seen.before.verdict
    assert "Safe drinking water" in seen.after.verdict
    assert not Case.everywhere.exists()


def test_what_the_check_holds_back_opens_the_case_when_it_is_sent(cast, clerk, frozen):
    page = clerk.post(url(frozen), entries(frozen, wage_income="5000", water=""))
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.content.decode()))
    hidden.pop("csrfmiddlewaretoken", None)
    answer = clerk.post(url(frozen), hidden | {"act": "propose"})
    case = Case.everywhere.get()
    assert answer.url == reverse("pages:case", args=[case.pk])
    assert (case.kind, case.proposed_by) == ("correction", cast.county_clerk)
    assert (case.facts["after"]["wage_income"], case.facts["after"]["water"]) == ("5000.00", None)
    assert (case.facts["reason"], case.facts["proof"]) == ("抄录有误", "工资单 2019-12")


def test_from_the_check_one_goes_back_to_the_form_with_what_was_typed(clerk, frozen):
    page = clerk.post(url(frozen), entries(frozen, wage_income="77") | {"act": "change"})
    assert page.status_code == 200
    assert page.context["form"]["wage_income"].value() == "77"
    assert not Case.everywhere.exists()


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("wage_income", "1,000", "at most two decimals"),
        ("wage_income", "-1", "at most two decimals"),
        ("wage_income", "1e3", "at most two decimals"),
        ("wage_income", "1.005", "at most two decimals"),
        ("wage_income", "999999999", "at most two decimals"),
        ("wage_income", "１００", "half width"),
        ("water", "7", "Safe drinking water: choose one of those offered."),
        ("reason", "", "Say why."),
        ("reason", " ", "Say why."),
        ("reason", "x" * 201, "at most 200"),
        ("proof", "", "Name the proof."),
    ],
)
def test_bad_input_is_named_at_its_field_and_what_was_typed_stays(
    clerk, frozen, field, value, said
):
    for act in ("check", "propose"):
        page = clerk.post(url(frozen), entries(frozen, **{field: value}) | {"act": act})
        assert page.status_code == 400
        assert said in str(page.context["form"].errors[field])
        assert page.context["form"][field].value() == value
        assert page.context["form"]["housing"].value() == "1"
    assert not Case.everywhere.exists()


@pytest.mark.parametrize("act", ["check", "propose"])
def test_a_correction_without_a_difference_is_refused_on_the_page(clerk, frozen, act):
    page = clerk.post(url(frozen), entries(frozen, wage_income="0") | {"act": act})
    assert page.status_code in (400, 409)
    assert "No figure differs" in page.content.decode()


@pytest.mark.parametrize("act", ["check", "propose"])
def test_figures_that_moved_meanwhile_are_shown_and_what_was_typed_stays(cast, clerk, frozen, act):
    typed = entries(frozen, wage_income="5000")
    correct(cast, frozen, housing=0)
    page = clerk.post(url(frozen), typed | {"act": act})
    assert page.status_code == 409
    [moved] = page.context["moved"]
    assert (moved["before"], moved["after"]) == ("met", "not met")
    assert page.context["form"]["wage_income"].value() == "5000"
    assert page.context["form"]["seen"].value() == str(in_force(frozen).pk)
    assert Case.everywhere.count() == 1


def test_a_made_up_survey_is_stale(cast, clerk, frozen):
    other = make.make_survey(make.make_household(make.NEXT_VILLAGE), 2018)
    page = clerk.post(url(frozen), entries(frozen, seen=other.pk, wage_income="1"))
    assert page.status_code == 409


def test_a_second_proposal_names_the_open_case(clerk, frozen):
    propose(clerk, frozen)
    page = propose(clerk, frozen, wage_income="6000")
    assert page.status_code == 409
    assert f"number {Case.everywhere.get().pk}" in page.content.decode()
    assert page.context["form"]["wage_income"].value() == "6000"


@pytest.fixture
def case(clerk, frozen) -> Case:
    propose(clerk, frozen, wage_income="9000")
    return Case.everywhere.get()


def step(case: Case, name: str) -> str:
    return reverse("pages:case_step", args=[case.pk, name])


def test_the_case_page_shows_before_and_after_reason_and_proof(cast, signed_in, case):
    page = signed_in(cast.county_approver).get(reverse("pages:case", args=[case.pk]))
    text = page.content.decode()
    [change] = page.context["correction"].weighed.changes
    assert (change["before"], change["after"]) == ("0.00", "9,000.00")
    assert "抄录有误" in text
    assert "工资单 2019-12" in text
    assert page.context["forward"].name == "approve"


def test_a_role_without_names_reads_the_figures_but_not_what_people_wrote(cast, signed_in, case):
    page = signed_in(cast.city_reviewer).get(reverse("pages:case", args=[case.pk]))
    assert page.context["correction"].weighed.changes
    assert "抄录有误" not in page.content.decode()
    assert "工资单" not in page.content.decode()


def test_the_correction_waits_in_the_inbox_of_the_approver(cast, signed_in, case):
    page = signed_in(cast.county_approver).get("/inbox/?kind=correction").context["page"]
    assert [row.case.pk for row in page.rows] == [case.pk]


def test_the_approver_approves_on_the_case_page(cast, signed_in, case, frozen):
    answer = signed_in(cast.county_approver).post(step(case, "approve"), {"version": 1})
    assert answer.status_code == 302
    assert in_force(frozen).wage_income == Decimal(9000)


def test_the_approver_rejects_with_a_reason(cast, signed_in, case, frozen):
    client = signed_in(cast.county_approver)
    assert client.post(step(case, "reject"), {"version": 1}).status_code == 400
    assert client.post(step(case, "reject"), {"version": 1, "note": "证据不足"}).status_code == 302
    assert in_force(frozen).wage_income == 0


def test_the_clerk_withdraws_with_a_reason(clerk, case, frozen):
    answer = clerk.post(step(case, "withdraw"), {"version": 1, "note": "误提"})
    assert answer.status_code == 302
    case.refresh_from_db()
    assert case.state == "withdrawn"


def test_the_clerk_cannot_approve_his_own(clerk, case, frozen):
    assert clerk.post(step(case, "approve"), {"version": 1}).status_code == 403
    assert in_force(frozen).wage_income == 0


def test_a_closed_correction_still_tells_what_it_changed(cast, signed_in, case):
    client = signed_in(cast.county_approver)
    client.post(step(case, "approve"), {"version": 1})
    page = client.get(reverse("pages:case", args=[case.pk]))
    assert page.context["correction"].weighed.changes[0]["after"] == "9,000.00"


def test_neither_address_nor_trace_holds_a_name(cast, signed_in, case):
    signed_in(cast.county_approver).post(step(case, "approve"), {"version": 1})
    trace = str(list(Change.objects.values("before", "after", "reason", "subject_id")))
    assert "陈大山" not in trace + str(case.facts)


def test_the_case_page_of_a_correction_costs_a_fixed_number_of_queries(
    cast, signed_in, case, django_assert_max_num_queries
):
    client = signed_in(cast.county_approver)
    with django_assert_max_num_queries(CASE_QUERIES):
        client.get(reverse("pages:case", args=[case.pk]))


def test_in_chinese_the_form_says_what_is_in_force(cast, signed_in, frozen):
    page = signed_in(cast.county_clerk).get(url(frozen), HTTP_ACCEPT_LANGUAGE="zh-hans")
    assert "现行：" in page.content.decode()


@pytest.mark.parametrize(
    ("stated", "corrected", "change"),
    [(4000, 50000, ("yes", "no")), (50000, 4000, ("no", "yes"))],
)
def test_a_risk_that_comes_or_goes_changes_the_finding(
    cast, clerk, frozen, stated, corrected, change
):
    persons = in_force(frozen).persons
    correct(cast, frozen, wage_income=Decimal(stated * persons))
    page = clerk.post(url(frozen), entries(frozen, wage_income=str(corrected * persons)))
    weighed = page.context["weighed"]
    assert weighed.before.verdict == weighed.after.verdict
    [found] = weighed.finding_changes
    assert (found.before, found.after) == change
    assert "The finding stays the same." not in page.text
    assert f"Below the monitoring line: {change[0]} → {change[1]}" in page.text


def test_the_approver_reads_that_the_finding_stays_the_same_where_it_does(
    cast, signed_in, clerk, frozen, in_english
):
    correct(cast, frozen, wage_income=Decimal(50000))
    propose(clerk, frozen, wage_income="60000")
    case = Case.everywhere.get(closed_at=None)
    page = signed_in(cast.county_approver).get(reverse("pages:case", args=[case.pk]))
    assert page.context["correction"].weighed.finding_changes == []
    assert "The finding stays the same." in page.text
