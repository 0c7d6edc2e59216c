"""What a visitor of the demonstration finds going on."""

from datetime import date
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings

from assistance.models import Gap, GapRun, RunState
from households.models import Standard, YearFreeze
from officers.models import Officer, Posting
from registry.demo.accounts import COUNTY, DEMO_ACCOUNTS, VILLAGE
from registry.demo.places import PROVINCE
from registry.demo.story import SECOND_COUNTY
from reviews.models import Proposal, Review, ReviewState
from reviews.queries.flow import flow_within
from reviews.queries.standards import effect_of, refusal_to_publish, trial_of
from trail.dates import business_date
from workflow.models import Case, CaseEvent, Notice

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def told(django_db_setup, django_db_blocker):
    """What the command prints in a demonstration; its rows are taken back at the module's end."""
    said = StringIO()
    with django_db_blocker.unblock(), override_settings(DEMO=True), transaction.atomic():
        call_command("seed_demo", households=400, years="2018-2020", stdout=said)
        yield said.getvalue()
        transaction.set_rollback(True)


def opened_of(year: int):
    """The cases about households that were opened on the facts of a year; plans have their own."""
    return Case.everywhere.filter(facts__year=year).exclude(kind__in=["assessment", "plan"])


def test_the_sign_ins_are_printed(told):
    assert settings.DEMO_PASSWORD in told
    assert all(f"{account.username} " in told for account in DEMO_ACCOUNTS)


def test_one_review_is_committed_by_a_second_officer_and_another_waits_for_one():
    first = Review.everywhere.get(root_id=COUNTY, year=2020)
    assert first.state == ReviewState.COMMITTED
    assert (first.proposed_by.username, first.committed_by.username) == ("clerk", "approver")
    second = Review.everywhere.get(root_id=SECOND_COUNTY, year=2020)
    assert second.state == ReviewState.FINISHED


def test_some_proposals_are_accepted_and_some_are_left_to_the_visitor():
    proposals = Proposal.everywhere.filter(review__root_id=COUNTY, review__year=2020)
    assert proposals.exclude(case=None).count() == opened_of(2020).count() > 8
    assert proposals.filter(case=None, kind__in=[2, 3, 5, 6]).exists()


def test_cases_stand_at_different_steps_and_one_is_on_notice():
    states = set(opened_of(2020).filter(kind="exit").values_list("state", flat=True))
    assert {"proposed", "planned", "appraised", "verified", "confirmed", "noticed"} == states
    assert Notice.everywhere.filter(division_id=VILLAGE).exists()


def test_the_year_before_is_reviewed_decided_and_frozen():
    review = Review.everywhere.get(root_id=COUNTY, year=2019)
    assert review.state == ReviewState.COMMITTED
    assert {(case.kind, case.state) for case in opened_of(2019)} == {
        ("watch", "monitored"), ("identification", "registered"), ("reinclusion", "registered"),
    }  # fmt: skip
    frozen = YearFreeze.objects.values_list("year", "division_id", "frozen_by__username")
    assert sorted(frozen) == [
        (2018, PROVINCE, "province-approver"), (2019, COUNTY, "approver"),
    ]  # fmt: skip


def test_the_business_date_stands_in_december_of_the_last_year():
    assert business_date() == date(2020, 12, 10)


@pytest.mark.parametrize("year", [2018, 2019, 2020])
def test_the_flow_of_every_year_is_explained_to_the_last_household(year):
    for place in (PROVINCE, COUNTY, SECOND_COUNTY, VILLAGE):
        flow = flow_within(place, year)
        assert flow.opening.households
        assert flow.is_explained


def test_a_higher_line_is_drafted_tried_and_ready_for_the_approver():
    draft = Standard.objects.drafts().get()
    approver = Officer.objects.get(username="province-approver")
    trial = trial_of(approver, draft)
    assert trial.is_sound
    assert not effect_of(approver, trial).changes_nothing
    assert refusal_to_publish(approver, draft, trial) is None


def test_every_step_was_taken_by_a_demo_account_on_the_business_date():
    names = {account.username: account.name for account in DEMO_ACCOUNTS}
    story = CaseEvent.objects.exclude(case__kind="plan")
    assert set(story.values_list("actor_name", flat=True)) <= set(names.values())


def test_plans_of_help_were_drafted_and_approved_by_people_with_an_account():
    actors = set(CaseEvent.objects.filter(case__kind="plan").values_list("actor_id", flat=True))
    posted = Posting.objects.filter(officer__in=actors).values_list("officer", flat=True)
    assert actors == set(posted)


def test_a_second_run_tells_nothing_anew():
    cases, officers = Case.everywhere.count(), Officer.objects.count()
    call_command("seed_demo", households=400, years="2018-2020", stdout=StringIO())
    assert (Case.everywhere.count(), Officer.objects.count()) == (cases, officers)


def test_the_work_is_cut_into_parts_whose_progress_can_be_seen():
    whole = Review.everywhere.filter(root_id=PROVINCE, year=2020).first()
    assert whole.chunks.count() > 1


def test_a_leave_waits_for_the_township_and_a_candidate_for_the_county():
    leave = Case.everywhere.get(kind="absence")
    assert (leave.division_id, leave.state, leave.facts["needs_county"]) == (
        VILLAGE, "asked", False,
    )  # fmt: skip
    assert leave.proposed_by.username == "secretary"
    proposed = Case.everywhere.filter(kind="dispatch")
    assert set(proposed.values_list("state", flat=True)) <= {"proposed", "checked"}


def test_the_county_was_searched_for_policy_gaps_and_some_wait_for_an_answer():
    run = GapRun.everywhere.get(root_id=COUNTY)
    assert run.state == RunState.FINISHED
    assert Gap.everywhere.filter(last_run=run, resolution="").exists()
