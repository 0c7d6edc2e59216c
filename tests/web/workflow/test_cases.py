from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import OperationalError

from households.rules import State
from officers.rules import Role
from tests import factories as make
from tests.procedures import carry, kept_at, move_date, open_for, sample_evidence, take
from trail.errors import NotAllowed, Refused, Stale
from trail.rules import digest
from trail.transactions import retried
from workflow.actions import Opening, Order, amend, open_case, open_cases, take_steps
from workflow.errors import AlreadyOpen, Incomplete
from workflow.models import Case, CaseEvent, Notice
from workflow.procedures import machine_of

POOR = {"state": int(State.POOR)}


def opening(subject="T1", kind="exit", division=make.VILLAGE, **facts):
    return Opening(kind, subject, division, POOR | facts)


@pytest.fixture
def poor(tree):
    household = make.make_household(state=State.POOR)
    make.make_survey(household, 2019, wage_income=Decimal(10_000))
    return household


@pytest.fixture
def case(poor, cast, calendar):
    return open_for(poor, "exit", by=cast.county_clerk)


def test_an_opened_case_has_its_first_event_with_facts_and_hash(cast):
    case = open_case("exit", "T1", make.VILLAGE, POOR, by=cast.county_clerk)
    [event] = case.events.all()
    assert (event.seq, event.step, event.to_state) == (1, "open", "proposed")
    assert (event.facts, event.facts_hash) == (POOR, digest(POOR))
    assert (event.role, event.posted_to) == (Role.COUNTY_CLERK, make.COUNTY)


def test_a_second_open_case_of_the_kind_is_refused_naming_the_first(cast):
    first = open_case("exit", "T1", make.VILLAGE, POOR, by=cast.county_clerk)
    with pytest.raises(AlreadyOpen) as refusal:
        open_case("exit", "T1", make.VILLAGE, POOR, by=cast.county_clerk)
    assert refusal.value.details["cases"] == {"T1": first.pk}
    assert str(first.pk) in refusal.value.message


def test_a_case_can_be_opened_again_after_the_first_is_closed(case, poor, cast):
    take(case, "withdraw", by=cast.county_clerk, note="撤回")
    assert open_for(poor, "exit", by=cast.county_clerk).pk != case.pk


def test_cases_open_all_or_none(cast):
    open_case("exit", "T2", make.VILLAGE, POOR, by=cast.county_clerk)
    with pytest.raises(AlreadyOpen):
        open_cases([opening("T1"), opening("T2")], by=cast.county_clerk)
    assert Case.everywhere.filter(subject="T1").count() == 0


def test_cases_come_back_in_the_order_asked_for(cast):
    cases = open_cases([opening("T2"), opening("T1")], by=cast.county_clerk)
    assert [case.subject for case in cases] == ["T2", "T1"]


def test_a_household_in_a_state_without_such_a_case_is_refused(cast):
    with pytest.raises(Refused) as refusal:
        open_cases([opening(state=int(State.CLEARED))], by=cast.county_clerk)
    assert refusal.value.code == "wrong_state"


@pytest.mark.parametrize("part", ["county_approver", "reader", "operator", "nobody", "helper"])
def test_a_role_that_does_not_propose_opens_no_case(cast, part):
    with pytest.raises(NotAllowed):
        open_case("exit", "T1", make.VILLAGE, POOR, by=getattr(cast, part))


def test_no_case_is_opened_outside_the_posting(cast):
    with pytest.raises(NotAllowed):
        open_case("exit", "T1", make.OTHER_COUNTY_VILLAGE, POOR, by=cast.county_clerk)


def test_a_hundred_cases_open_with_a_handful_of_queries(cast, django_assert_max_num_queries):
    openings = [opening(f"T{number:03d}") for number in range(100)]
    with django_assert_max_num_queries(12):
        open_cases(openings, by=cast.county_clerk)
    assert CaseEvent.objects.count() == 100


def test_a_step_at_an_old_version_is_stale_and_says_who_and_what(case, cast):
    version = case.version
    take(case, "plan", by=cast.county_approver)
    with pytest.raises(Stale) as refusal:
        take_steps_one(case, "plan", version, by=cast.county_approver)
    assert cast.county_approver.name in refusal.value.message
    [where, *_rest] = refusal.value.details["differences"]
    assert where["before"] != where["after"]


def take_steps_one(case, step, version, *, by, **more):
    outcome = take_steps([Order(case.pk, version)], step, by=by, **more)
    for refusal in outcome.refused.values():
        raise refusal
    return outcome.events


def test_a_step_from_another_state_is_refused(case, cast):
    with pytest.raises(Refused) as refusal:
        take(case, "approve", by=cast.county_approver)
    assert refusal.value.code == "illegal_step"


def test_a_closed_case_takes_no_step_and_no_facts(case, cast):
    take(case, "withdraw", by=cast.county_clerk, note="撤回")
    with pytest.raises(Refused) as refusal:
        take(case, "plan", by=cast.county_approver)
    assert refusal.value.code == "closed"
    with pytest.raises(Refused) as refusal:
        amend(case.pk, by=cast.county_clerk, facts=POOR, version=case.version, note="x")
    assert refusal.value.code == "closed"


def test_a_posting_that_ended_yesterday_counts_no_more(case, cast):
    cast.county_approver.postings.update(ends_on=case.opened_on.replace(year=2019))
    with pytest.raises(NotAllowed):
        take(case, "plan", by=cast.county_approver)


def test_who_changed_the_facts_cannot_decide(case, cast):
    both = make.make_officer(Role.COUNTY_CLERK)
    amend(case.pk, by=both, facts=case.facts | {"x": 1}, version=case.version, note="更正")
    both.postings.update(ends_on=case.opened_on.replace(year=2019))
    make.make_posting(both, Role.COUNTY_APPROVER)
    del both.posting
    with pytest.raises(NotAllowed) as refusal:
        take(case, "plan", by=both)
    assert refusal.value.code == "same_hand"


def test_who_recorded_the_survey_cannot_decide(cast, calendar, tree):
    household = make.make_household(state=State.POOR)
    make.make_survey(household, 2019, recorded_by=cast.county_approver)
    case = open_for(household, "exit", by=cast.county_clerk)
    with pytest.raises(NotAllowed) as refusal:
        take(case, "plan", by=cast.county_approver)
    assert refusal.value.code == "same_hand"


def test_the_database_refuses_a_decision_by_the_proposer(case, cast):
    event = {"case": case, "to_state": "approved", "posted_to": "0", "on": case.opened_on}
    with pytest.raises(IntegrityError), transaction.atomic():
        CaseEvent.objects.create(
            seq=2, step="approve", actor_id=cast.county_clerk.pk, decides=True, **event
        )


def test_the_database_refuses_a_gap_between_events(case, cast):
    with pytest.raises(IntegrityError), transaction.atomic():
        CaseEvent.objects.create(
            case=case, seq=3, step="x", to_state="x", actor_id=1, posted_to="0", on=case.opened_on
        )


@transaction.atomic
def move_without_an_event(case):
    Case.everywhere.filter(pk=case.pk).update(state="approved")
    connection.check_constraints()


def test_the_database_refuses_a_change_of_state_without_an_event(case):
    with pytest.raises(IntegrityError):
        move_without_an_event(case)


@pytest.mark.parametrize("change", [{"note": "x"}, {"actor_id": 1}])
def test_an_event_cannot_be_changed(case, change):
    with pytest.raises(IntegrityError), transaction.atomic():
        case.events.update(**change)


def test_an_event_cannot_be_deleted(case):
    with pytest.raises(IntegrityError), transaction.atomic():
        CaseEvent.objects.all()._raw_delete("default")


def test_amended_facts_are_kept_with_the_event(case, cast):
    facts = case.facts | {"x": 1}
    event = amend(case.pk, by=cast.county_clerk, facts=facts, version=case.version, note="更正")
    case.refresh_from_db()
    assert event.facts == case.facts == facts
    assert (case.version, event.seq, case.facts_hash) == (2, 2, digest(facts))


def test_the_same_facts_are_no_amendment(case, cast):
    with pytest.raises(Refused) as refusal:
        amend(case.pk, by=cast.county_clerk, facts=case.facts, version=case.version, note="x")
    assert refusal.value.code == "no_change"


def test_an_amendment_says_why(case, cast):
    with pytest.raises(Incomplete):
        amend(case.pk, by=cast.county_clerk, facts=POOR, version=case.version, note=" ")


def test_an_amendment_of_a_case_that_moved_is_stale(case, cast):
    version = case.version
    take(case, "plan", by=cast.county_approver)
    with pytest.raises(Stale):
        amend(case.pk, by=cast.county_clerk, facts=POOR, version=version, note="x")


def test_events_are_numbered_without_a_gap(case, cast):
    carry(case, cast, "plan", "appraise", "verify", "confirm", "post", "check", "approve")
    assert [event.seq for event in case.events.all()] == list(range(1, case.version + 1))


def test_many_cases_take_one_step_and_the_one_that_cannot_says_why(cast, calendar, tree):
    households = [make.make_household(state=State.PLANNED_EXIT) for _ in range(3)]
    for household in households:
        make.make_survey(household, 2019, wage_income=Decimal(10_000))
    cases = [open_for(household, "exit", by=cast.county_clerk) for household in households]
    take(cases[1], "appraise", by=cast.village_official)
    for case in (cases[0], cases[2]):
        kept_at(case, "appraisal", by=cast.village_official)
    step = machine_of("exit").step("planned", "appraise")
    outcome = take_steps(
        [Order(case.pk, 1) for case in cases],
        "appraise",
        by=cast.village_official,
        evidence=sample_evidence(step),
    )
    assert [event.case_id for event in outcome.events] == [cases[0].pk, cases[2].pk]
    assert isinstance(outcome.refused[cases[1].pk], Stale)


def test_a_case_enters_its_state_on_the_business_date(case, cast):
    move_date(5)
    take(case, "plan", by=cast.county_approver)
    assert (case.entered_state_on - case.opened_on).days == 5


def test_a_step_that_fails_leaves_no_notice(case, cast):
    carry(case, cast, "plan", "appraise", "verify", "confirm")
    with pytest.raises(Incomplete):
        take(case, "post", by=cast.village_official, place=" ")
    assert not Notice.everywhere.exists()


class Deadlock(Exception):
    pgcode = "40P01"


@pytest.mark.django_db
def test_an_act_inside_another_transaction_is_not_done_again():
    done = []

    @retried
    def act():
        done.append(1)
        raise OperationalError from Deadlock()

    with pytest.raises(OperationalError):
        act()
    assert done == [1]


def test_a_clock_that_was_set_back_holds_a_case_until_its_last_step(case, cast):
    move_date(9)
    carry(case, cast, "plan")
    move_date(-9)
    with pytest.raises(Refused) as refused:
        take(case, "appraise", by=cast.village_official)
    assert (refused.value.code, case.events.count()) == ("not_now", 2)
