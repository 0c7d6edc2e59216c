from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from exits.rules.household import PAPERS
from households.rules import State
from tests import factories as make
from tests.procedures import carry, kept_at, move_date, open_for, sample_evidence, take
from workflow.models import Case, Objection
from workflow.procedures import machine_of

CASE_QUERIES = 51


@pytest.fixture
def household(tree):
    household = make.make_household(state=State.POOR, persons=2)
    make.make_survey(household, 2019, wage_income=Decimal(10_000))
    return household


@pytest.fixture
def case(household, cast, calendar):
    return open_for(household, "exit", by=cast.county_clerk)


def url(case, name="case", *more):
    return reverse(f"pages:{name}", args=[case.pk, *more])


def entries(case, name, **more):
    case.refresh_from_db()
    step = machine_of(case.kind).step(case.state, name)
    return {"version": case.version} | sample_evidence(step) | more


def test_the_page_offers_the_approver_to_plan(case, cast, signed_in):
    response = signed_in(cast.county_approver).get(url(case))
    assert response.status_code == 200
    assert response.context["forward"].name == "plan"


def test_the_page_tells_another_role_for_whom_the_case_waits(case, cast, signed_in):
    view = signed_in(cast.village_official).get(url(case)).context["view"]
    assert [choice.step.name for choice in view.can] == ["withdraw"]
    [waiting] = view.cannot
    assert "county" in waiting.reason or "县" in waiting.reason


def test_a_step_is_taken_on_the_page(case, cast, signed_in, household):
    response = signed_in(cast.county_approver).post(
        url(case, "case_step", "plan"), entries(case, "plan")
    )
    assert response.status_code == 302
    household.refresh_from_db()
    assert household.state == State.PLANNED_EXIT


def test_a_case_is_carried_to_its_end_on_the_pages(case, cast, signed_in, household):
    def post(officer, name):
        if name in PAPERS:
            kept_at(case, PAPERS[name], by=officer)
        answer = signed_in(officer).post(url(case, "case_step", name), entries(case, name))
        assert answer.status_code == 302, answer.content.decode()

    post(cast.county_approver, "plan")
    post(cast.village_official, "appraise")
    post(cast.first_secretary, "verify")
    post(cast.village_official, "confirm")
    post(cast.village_official, "post")
    move_date(8)
    post(cast.township_reviewer, "check")
    post(cast.county_approver, "approve")
    post(cast.village_official, "announce")
    household.refresh_from_db()
    assert (household.state, household.exit_year) == (State.EXITED, 2019)
    page = signed_in(cast.auditor).get(url(case))
    assert page.context["view"].can == []


def test_a_missing_entry_is_named_at_its_field_and_nothing_is_saved(case, cast, signed_in):
    carry(case, cast, "plan")
    data = entries(case, "appraise", present="")
    response = signed_in(cast.village_official).post(url(case, "case_step", "appraise"), data)
    assert response.status_code == 400
    form = response.context["form"]
    assert list(form.errors) == ["present"]
    assert str(form["present"].label) in form.errors["present"][0]
    assert Case.everywhere.get().state == "planned"


def test_a_meeting_below_the_quorum_is_named_at_its_field(case, cast, signed_in):
    carry(case, cast, "plan")
    kept_at(case, "appraisal", by=cast.village_official)
    data = entries(case, "appraise", present=19, votes_for=19, votes_against=0, abstentions=0)
    response = signed_in(cast.village_official).post(url(case, "case_step", "appraise"), data)
    assert list(response.context["form"].errors) == ["present"]


def test_a_rejection_without_a_reason_is_refused_at_the_note(case, cast, signed_in):
    data = entries(case, "reject", note=" ")
    response = signed_in(cast.county_approver).post(url(case, "case_step", "reject"), data)
    assert list(response.context["form"].errors) == ["note"]


def test_who_was_slower_sees_the_difference_and_what_he_had_typed(case, cast, signed_in):
    data = entries(case, "reject", note="收入不稳定")
    take(case, "plan", by=cast.county_approver)
    response = signed_in(cast.county_approver).post(url(case, "case_step", "reject"), data)
    assert response.status_code == 409
    page = response.content.decode()
    assert "收入不稳定" in page
    assert response.context["refusal"].details["differences"]


def test_the_hand_that_appraised_gets_the_reason_why_he_cannot_verify(case, cast, signed_in):
    carry(case, cast, "plan")
    take(case, "appraise", by=cast.first_secretary)
    view = signed_in(cast.first_secretary).get(url(case)).context["view"]
    [choice] = [one for one in view.cannot if one.step.name == "verify"]
    assert choice.reason
    response = signed_in(cast.first_secretary).post(
        url(case, "case_step", "verify"), entries(case, "verify")
    )
    assert response.status_code == 403


def test_the_notice_shows_its_days_and_holds_the_check(case, cast, signed_in):
    carry(case, cast, "plan", "appraise", "verify", "confirm", "post")
    move_date(3)
    view = signed_in(cast.township_reviewer).get(url(case)).context["view"]
    assert [posted.days_left for posted in view.posted] == [5]
    assert [choice.step.name for choice in view.can] == []


def test_an_objection_is_recorded_and_resolved_on_the_pages(case, cast, signed_in):
    carry(case, cast, "plan", "appraise", "verify", "confirm", "post")
    village, township = signed_in(cast.village_official), signed_in(cast.township_reviewer)
    received = case.notice_lines.get().notice.posted_on
    answer = village.post(
        url(case, "case_objection"), {"received_on": received, "text": "家中有小轿车"}
    )
    assert answer.status_code == 302
    objection = Objection.objects.get()
    answer = township.post(
        url(case, "case_resolution", objection.pk), {"finding": "车已报废", "result": "dismiss"}
    )
    assert answer.status_code == 302
    objection.refresh_from_db()
    assert objection.upheld is False


def test_changed_facts_are_shown_and_taken_over_on_the_page(case, cast, signed_in, household):
    make.make_survey(household, 2019, wage_income=Decimal(9_000), corrects=household.surveys.get())
    clerk = signed_in(cast.county_clerk)
    page = clerk.get(url(case))
    assert [one["after"] for one in page.context["view"].changes if one["after"] == "9,000.00"]
    answer = clerk.post(url(case, "case_facts"), {"version": case.version, "note": "更正工资"})
    assert answer.status_code == 302
    assert clerk.get(url(case)).context["view"].changes == []


def test_facts_on_notice_are_not_taken_over_and_the_page_says_why(case, cast, signed_in, household):
    carry(case, cast, "plan", "appraise", "verify", "confirm", "post")
    make.make_survey(household, 2019, wage_income=Decimal(9_000), corrects=household.surveys.get())
    page = signed_in(cast.county_clerk).get(url(case))
    assert page.context["view"].changes
    assert not page.context["view"].may_take_over
    assert page.context["view"].why_facts_stay in page.text


def test_a_plan_alone_is_no_change_of_facts(case, cast, signed_in):
    carry(case, cast, "plan")
    assert signed_in(cast.county_clerk).get(url(case)).context["view"].changes == []


@pytest.mark.parametrize(
    "name",
    [
        ("case",),
        ("case_step", "plan"),
        ("case_facts",),
        ("case_objection",),
        ("case_resolution", 1),
    ],
)
def test_a_stranger_finds_no_case(case, cast, signed_in, name):
    assert signed_in(cast.stranger).get(url(case, *name)).status_code == 404


def test_an_account_administrator_finds_no_case(case, cast, signed_in):
    assert signed_in(cast.account_admin).get(url(case)).status_code == 404


@pytest.mark.parametrize(
    ("part", "name"), [("county_approver", "approve"), ("county_clerk", "plan")]
)
def test_the_form_of_a_step_that_is_not_possible_says_why(case, cast, signed_in, part, name):
    response = signed_in(getattr(cast, part)).get(url(case, "case_step", name))
    assert response.status_code == 409
    assert response.context["refusal"].message


def test_a_step_that_no_procedure_has_is_not_found(case, cast, signed_in):
    client = signed_in(cast.county_approver)
    assert client.get(url(case, "case_step", "abolish")).status_code == 404


def test_the_page_of_a_case_asks_a_fixed_number_of_queries(
    case, cast, signed_in, django_assert_max_num_queries
):
    carry(case, cast, "plan", "appraise", "verify", "confirm", "post")
    client = signed_in(cast.township_reviewer)
    with django_assert_max_num_queries(CASE_QUERIES):
        client.get(url(case))


def test_what_the_officer_may_and_the_household_are_read_once_for_all_steps(case, cast, signed_in):
    carry(case, cast, "plan", "appraise", "verify", "confirm", "post", "check")
    client = signed_in(cast.county_approver)
    with CaptureQueriesContext(connection) as asked:
        view = client.get(url(case)).context["view"]
    assert len(view.can) + len(view.cannot) > 4
    read = [one["sql"] for one in asked if "SELECT" in one["sql"]]
    assert sum('FROM "officers_posting"' in one for one in read) == 3  # sign-in, rights, menu
    whole = '"households_household"."search"'
    assert sum(whole in one and 'FROM "households_household"' in one for one in read) == 1


@pytest.mark.parametrize("part", ["helper", "reader"])
def test_a_role_without_cases_in_its_menu_finds_no_case(case, cast, signed_in, part, household):
    client = signed_in(getattr(cast, part))
    assert client.get(url(case)).status_code == 404
    page = client.get(reverse("pages:household", args=[household.number]))
    assert page.status_code == 200
    assert url(case) not in page.text


@pytest.fixture
def written(case, cast, signed_in, household):
    """The case under a posted notice; names and texts were written into every part of it."""
    household.members.filter(relation="01").update(name="欧阳山河")
    planned = entries(case, "plan", note="邻居赵六说明")
    signed_in(cast.county_approver).post(url(case, "case_step", "plan"), planned)
    carry(case, cast, "appraise", "verify", "confirm", "post")
    signed_in(cast.village_official).post(
        url(case, "case_objection"),
        {"received_on": case.notice_lines.get().notice.posted_on, "text": "家中有小轿车"},
    )
    return case


WRITTEN = ("欧阳山河", "王建国", "赵六", "小轿车")


@pytest.mark.parametrize("part", ["city_reviewer", "province_officer", "province_approver"])
def test_a_role_without_names_reads_no_name_and_no_text(written, cast, signed_in, part):
    client = signed_in(getattr(cast, part))
    page = client.get(url(written))
    assert [word for word in WRITTEN if word in page.text] == []
    assert "欧**" in page.text
    objection = Objection.objects.get()
    assert client.get(url(written, "case_resolution", objection.pk)).status_code == 404


def test_a_role_with_names_reads_what_was_written(written, cast, signed_in):
    page = signed_in(cast.auditor).get(url(written)).text
    assert [word for word in WRITTEN if word not in page] == []
