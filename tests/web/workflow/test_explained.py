"""Any past decision: told from its beginning to its end, and made again from what it kept."""

from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from households.rules import State
from registry.pages.cases.explained import compared, decisions_of_year
from tests import factories as make
from tests.procedures import carry, open_for, take
from trail.dates import business_date
from trail.models import Change
from trail.rules import digest
from workflow.actions import dismiss_objection, record_objection

TO_NOTICE = ("plan", "appraise", "verify", "confirm", "post")


@pytest.fixture
def case(tree, cast, calendar):
    household = make.make_household(state=State.POOR, persons=2)
    make.make_survey(household, 2019, wage_income=Decimal(20_000))
    return open_for(household, "exit", by=cast.county_clerk)


@pytest.fixture
def decided(case, cast):
    carry(case, cast, *TO_NOTICE)
    objection = record_objection(
        case.pk, by=cast.village_official, received_on=business_date(), text="家中有车"
    )
    dismiss_objection(objection.pk, by=cast.township_reviewer, finding="车为邻居所有")
    carry(case, cast, "check", "approve", "announce")
    return case


def page_of(client, case, method="get"):
    return getattr(client, method)(reverse("pages:case_explained", args=[case.pk]))


def tampered(case, change):
    """The decision's snapshot as somebody with the keys of the database might leave it."""
    event = case.events.get(step="approve")
    facts = event.facts
    change(facts)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE workflow_caseevent DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE workflow_caseevent SET facts = %s, facts_hash = %s WHERE id = %s",
            [connection.ops.adapt_json_value(facts, None), digest(facts), event.pk],
        )
        cursor.execute("ALTER TABLE workflow_caseevent ENABLE TRIGGER USER")


def test_the_page_tells_facts_signers_votes_notice_objection_and_hash(
    decided, cast, signed_in, in_english
):
    text = page_of(signed_in(cast.auditor), decided).text
    event = decided.events.get(step="approve")
    for said in (
        "Nothing is lacking, nothing is unknown, and the income is above the line.",
        f"Standard no. {decided.facts['standard']['number']}",
        cast.first_secretary.name,
        "Votes for",
        "for 7 days",
        "家中有车",
        "车为邻居所有",
        event.facts_hash,
    ):
        assert said in text, said


def test_one_click_makes_the_decisions_again(decided, cast, signed_in, in_english):
    page = page_of(signed_in(cast.auditor), decided, "post")
    assert [one.event.step for one in page.context["again"]] == ["plan", "approve"]
    assert page.context["all_same"]
    assert "everything comes out the same" in page.text


@pytest.mark.parametrize(
    ("change", "label"),
    [
        (lambda facts: facts["facts"].update(wage_income="1.00"), "Net income"),
        (lambda facts: facts["finding"].update(lacks=["food"]), "What is lacking"),
        (lambda facts: facts["standard"].update(hash="0" * 64), "Standard"),
        (lambda facts: facts["facts"].update(water=9), "Safe drinking water"),
        (lambda facts: facts.update(persons=1), "People"),
    ],
)
def test_what_was_changed_since_is_named(decided, cast, signed_in, in_english, change, label):
    tampered(decided, change)
    page = page_of(signed_in(cast.auditor), decided, "post")
    [again] = [one for one in page.context["again"] if one.event.step == "approve"]
    assert label in {one.label for one in again.values if not one.is_same}
    assert "something comes out differently" in page.text


def test_an_approval_that_the_facts_do_not_allow_is_named(decided, in_english):
    tampered(decided, lambda facts: facts["facts"].update(wage_income="6436.00"))
    events = list(decisions_of_year(make.COUNTY, business_date().year))
    wrong = {one.label for values in compared(events) for one in values if not one.is_same}
    assert "The facts allow the exit" in wrong


def test_what_people_wrote_is_not_for_a_role_without_names(decided, cast, signed_in):
    text = page_of(signed_in(cast.city_reviewer), decided).text
    assert "家中有车" not in text
    assert "陈大山" not in text


def test_a_case_that_nobody_decided_says_so(case, cast, signed_in, in_english):
    assert (
        "Nothing has been decided in this case yet."
        in page_of(signed_in(cast.county_clerk), case).text
    )


def test_a_rejection_is_explained_too(case, cast, signed_in):
    take(case, "reject", by=cast.county_approver, note="今年不安排")
    page = page_of(signed_in(cast.county_clerk), case, "post")
    assert [one.is_same for one in page.context["again"]] == [True]


def test_a_decision_without_findings_is_compared_by_its_digest(cast, tree):
    household = make.make_household(state=State.POOR)
    event = make.make_case(household).events.get()
    [values] = compared([event])
    assert [one.is_same for one in values] == [True]


def test_the_case_file_is_printed_and_the_trace_says_by_whom(decided, cast, signed_in, in_english):
    answer = signed_in(cast.county_clerk).get(reverse("pages:print_case_file", args=[decided.pk]))
    assert answer.status_code == 200
    assert "Case file" in answer.text
    assert "车为邻居所有" in answer.text
    change = Change.objects.filter(action="print").latest("pk")
    assert (change.actor_id, change.after) == (cast.county_clerk.pk, {"sheet": "case_file"})


def test_the_case_page_leads_to_the_explanation(decided, cast, signed_in):
    page = signed_in(cast.county_clerk).get(reverse("pages:case", args=[decided.pk])).text
    assert reverse("pages:case_explained", args=[decided.pk]) in page


def verify(**options):
    said = StringIO()
    year = business_date().year
    call_command("verify_decisions", division=make.COUNTY, year=year, stdout=said, **options)
    return said.getvalue()


def test_a_year_of_decisions_comes_out_the_same(decided, in_english):
    assert "2 decisions made again, 0 differ." in verify()


def test_a_changed_decision_ends_the_command_with_one(decided, in_english):
    tampered(decided, lambda facts: facts["facts"].update(wage_income="1.00"))
    with pytest.raises(SystemExit) as end:
        verify()
    assert end.value.code == 1


def test_an_unknown_place_ends_the_command_with_two(tree):
    with pytest.raises(CommandError) as end:
        call_command("verify_decisions", division="999999", year=2020)
    assert end.value.returncode == 2


def test_many_decisions_are_made_again_in_three_queries(decided, django_assert_num_queries):
    events = list(decisions_of_year(make.COUNTY, business_date().year))
    with django_assert_num_queries(3):
        assert len(list(compared(events))) == 2
