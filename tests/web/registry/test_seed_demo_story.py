"""What a visitor of the demonstration finds going on."""

from collections import Counter
from datetime import date
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import F
from django.test import override_settings

from assistance.models import Gap, GapRun, RunState
from divisions.models import Division
from exits.models import Evaluation, ExitPlan, Indicator, ListedPlace, Tracking
from exits.procedure import EXIT
from exits.queries.approvers import approvers_of
from exits.queries.counties import evaluated
from exits.queries.exit_plans import plan_page
from exits.queries.figures import figures_of
from exits.queries.household import blocks_of
from exits.queries.returns import returns_of
from exits.rules.household import PAPERS
from exits.rules.villages import incidence_faults
from households.models import Household, Standard, VillageRecord, YearFreeze
from households.rules import State
from households.village_fields import larger_than_whole, read
from officers.models import Officer, Posting
from registry.demo.accounts import COUNTY, DEMO_ACCOUNTS, VILLAGE
from registry.demo.places import PROVINCE
from registry.demo.story import SECOND_COUNTY
from registry.pages.cases.explained import compared, decisions_of_year
from reviews.models import Proposal, Review, ReviewState
from reviews.queries.flow import flow_within
from reviews.queries.standards import effect_of, refusal_to_publish, trial_of
from trail.dates import business_date
from trail.rules import digest
from workflow import evidence_store
from workflow.machine import ANSWERED, OPEN, Evidence, Hand, Kind, Posted, Records, Situation
from workflow.models import Attachment, Case, CaseEvent, Notice, NoticeLine
from workflow.queries import days_in, parameter
from workflow.rules import evidence_faults, same_hand, step_faults

YEARS = (2018, 2019, 2020)
TODAY = date(2020, 12, 10)

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def told(django_db_setup, django_db_blocker):
    """What the command prints in a demonstration; its rows are taken back at the module's end."""
    said = StringIO()
    with django_db_blocker.unblock(), override_settings(DEMO=True), transaction.atomic():
        call_command("seed_demo", households=400, years="2018-2020", stdout=said)
        connection.check_constraints()
        yield said.getvalue()
        transaction.set_rollback(True)


def accepted(year: int):
    """The cases that were opened by accepting proposals of the county's review of a year."""
    reviewed = Proposal.everywhere.filter(review__root_id=COUNTY, review__year=year)
    return Case.everywhere.filter(pk__in=reviewed.exclude(case=None).values("case"))


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
    assert proposals.exclude(case=None).count() > 8
    assert proposals.filter(case=None, kind__in=[2, 3, 5, 6]).exists()


def test_cases_stand_at_different_steps_and_one_is_on_notice():
    states = set(accepted(2020).filter(kind="exit").values_list("state", flat=True))
    assert {"proposed", "planned", "appraised", "verified", "confirmed", "noticed"} == states
    assert Notice.everywhere.filter(division_id=VILLAGE).exists()


def test_the_year_before_is_reviewed_decided_and_frozen():
    review = Review.everywhere.get(root_id=COUNTY, year=2019)
    assert review.state == ReviewState.COMMITTED
    assert {(case.kind, case.state) for case in accepted(2019)} == {
        ("watch", "monitored"), ("identification", "registered"),
    }  # fmt: skip
    frozen = YearFreeze.objects.values_list("year", "division_id", "frozen_by__username")
    assert sorted(frozen) == [
        (2018, PROVINCE, "province-approver"), (2019, COUNTY, "approver"),
    ]  # fmt: skip


def test_the_business_date_stands_in_december_of_the_last_year():
    assert business_date() == TODAY


@pytest.mark.parametrize("year", YEARS)
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


def test_every_step_was_taken_by_somebody_who_was_posted_there():
    postings = set(Posting.objects.values_list("officer", "role", "division"))
    columns = ("actor_id", "role", "posted_to", "case__division_id")
    for officer, role, posted_to, division in CaseEvent.objects.values_list(*columns).distinct():
        assert (officer, role, posted_to) in postings
        assert division.startswith(posted_to)


def test_nobody_but_the_demo_accounts_can_sign_in():
    able = {one.username for one in Officer.objects.all() if one.has_usable_password()}
    assert able <= {account.username for account in DEMO_ACCOUNTS}


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


def entered(wanted: Evidence, value: object) -> object:
    return date.fromisoformat(str(value)) if wanted.kind == Kind.DATE else value


def kept_beside(case: Case) -> Records:
    """What stood on record beside the facts: no later ones came in between, and these files."""
    files = Attachment.everywhere.of("case", str(case.pk)).values_list("purpose", flat=True)
    return Records({"later": None, "papers": frozenset(files)})


def judged(case: Case) -> int:
    """The acts of a case, each judged as `take_step` would have judged it on its day."""
    first, *events = case.events.all()
    assert first.step == OPEN
    assert first.role in EXIT.openers
    hands, posted = [Hand(first.actor_id, OPEN, first.to_state, first.on)], ()
    state, records = first.to_state, kept_beside(case)
    for event in events:
        step = EXIT.step(state, event.step)
        assert (event.from_state, event.to_state) == (state, step.target)
        assert event.role in step.roles
        assert same_hand(step, hands, event.actor_id) is None
        said = {one.name: entered(one, event.evidence.get(one.name)) for one in step.needs_evidence}
        assert evidence_faults(step, said, event.note, event.on) == []
        assert event.note or not event.evidence.get(ANSWERED)
        known = {key: parameter(key, case.division_id, event.on.year) for key in step.parameters}
        situation = Situation(
            state, case.facts, event.on, tuple(hands), posted, 0, said, known, records,
            flags=tuple(one["code"] for one in event.evidence.get(ANSWERED, ())),
        )  # fmt: skip
        assert step_faults(EXIT, step, situation) == [], (case.subject, event.step)
        if step.notice:
            line = NoticeLine.objects.select_related("notice").get(case=case)
            assert line.notice.posted_on == event.on
            posted = (Posted(event.step, line.notice.last_day),)
        days = days_in(event.evidence, EXIT.followed_days())
        hands.append(Hand(event.actor_id, event.step, event.to_state, event.on, days))
        state = event.to_state
    assert (case.state, case.version) == (state, len(events) + 1)
    return len(events)


def test_every_act_of_every_exit_was_lawful():
    """Step, role, separate hands, the days of the notice, the entries, the facts."""
    cases = Case.everywhere.filter(kind=EXIT.kind).prefetch_related("events")
    assert sum(judged(case) for case in cases) > 300


def test_what_an_exit_rests_on_was_kept_between_its_plan_and_its_step():
    rested = CaseEvent.objects.filter(case__kind=EXIT.kind, step__in=PAPERS)
    assert rested.count() > 100
    for event in rested:
        own = Attachment.everywhere.of("case", str(event.case_id)).get(purpose=PAPERS[event.step])
        planned = event.case.events.filter(to_state="planned", seq__lt=event.seq).latest("seq")
        assert planned.at < own.added_at < event.at
        assert evidence_store.kept(own.uuid)


@pytest.mark.parametrize("year", YEARS)
def test_all_decisions_of_a_year_come_out_the_same_from_their_snapshots(year):
    said = StringIO()
    call_command("verify_decisions", division=PROVINCE, year=year, stdout=said)
    assert "，0 项不一致" in said.getvalue()
    assert decisions_of_year(PROVINCE, year).filter(case__kind="exit").count() > 5


@pytest.mark.parametrize("is_covered_up", [True, False])
def test_a_snapshot_that_was_changed_since_is_found_among_all_of_the_year(is_covered_up):
    events = list(decisions_of_year(PROVINCE, 2019))
    wrong = next(one for one in events if (one.case.kind, one.step) == ("exit", "approve"))
    facts = wrong.facts
    facts["facts"]["wage_income"] = "1.00"
    known = digest(facts) if is_covered_up else wrong.facts_hash
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE workflow_caseevent DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE workflow_caseevent SET facts = %s, facts_hash = %s WHERE id = %s",
            [connection.ops.adapt_json_value(facts, None), known, wrong.pk],
        )
        cursor.execute("ALTER TABLE workflow_caseevent ENABLE TRIGGER USER")
    again = list(decisions_of_year(PROVINCE, 2019))
    found = zip(again, compared(again), strict=True)
    assert [one.pk for one, values in found if not all(v.is_same for v in values)] == [wrong.pk]


def test_who_exited_by_a_case_is_tracked_unless_it_was_taken_back():
    announced = Case.everywhere.filter(kind="exit", state="announced")
    left = Household.everywhere.filter(state=State.EXITED, number__in=announced.values("subject"))
    tracked = Tracking.everywhere.filter(ended_on=None, until__gte=TODAY)
    keys = set(tracked.values_list("household", flat=True))
    assert set(left.values_list("pk", flat=True)) == keys
    ended = Tracking.everywhere.exclude(ended_on=None).values_list(
        "ended_by__kind", "household__state"
    )
    assert set(ended) >= {("revocation", State.POOR)}


def test_nobody_left_whom_no_help_had_reached():
    announced = Case.everywhere.filter(kind="exit", state="announced")
    years = dict(announced.values_list("subject", "facts__year"))
    assert years
    assert not any(blocks_of(years).values())


def test_exits_were_refused_to_sign_doubted_rejected_and_wait_for_the_approver():
    steps = set(CaseEvent.objects.filter(case__kind="exit").values_list("step", flat=True))
    assert steps >= {"refuse", "answer", "approve_first", "doubt", "reject"}
    waiting = Case.everywhere.filter(kind="exit", state__in=["checked", "doubted"])
    assert waiting.filter(closed_at=None).exists()


def test_one_approver_waves_everything_through_and_the_other_does_not():
    fast, careful = approvers_of(COUNTY, 2019).rows
    assert (fast.stands_out, careful.stands_out) == (True, False)
    assert careful.name == "高远"


def test_a_village_is_on_notice_one_was_refused_and_one_left():
    cases = Case.everywhere.filter(kind="village_exit")
    states = {"noticed": 1, "rejected": 1, "announced": 1}
    assert Counter(cases.values_list("state", flat=True)) == states
    assert cases.get(state="noticed").subject == VILLAGE
    left = cases.get(state="announced")
    assert left.notice_lines.exists()
    assert (left.listed_place.division_id, left.listed_place.exit_year) == (left.subject, 2019)


def test_the_refused_village_had_to_correct_its_population_and_is_still_too_poor():
    refused = Case.everywhere.get(kind="village_exit", state="rejected").subject
    assert VillageRecord.everywhere.get(village=refused, corrects__isnull=False).year == 2019
    for year in (2019, 2020):
        assert incidence_faults(figures_of([refused], year)[refused].count)


def test_the_province_asks_for_more_and_one_of_its_indicators_waits_for_the_second_officer():
    own = Indicator.objects.filter(division=PROVINCE)
    assert set(own.exclude(confirmed_by=None).values_list("code", flat=True)) == {
        "PLEASED", "INCOME",
    }  # fmt: skip
    assert own.get(confirmed_by=None).code == "NET"


def test_one_county_left_and_another_is_evaluated_before_its_notice():
    left = ListedPlace.everywhere.get(division="970323")
    assert (left.exit_year, left.case.state) == (2019, "approved")
    waiting = Case.everywhere.get(kind="county_exit", closed_at=None)
    assert (waiting.division_id, waiting.state) == ("970322", "verified")
    assert all(rate.passes for rate in evaluated(waiting).rates)
    assert Evaluation.objects.count() == 2


def test_records_are_sound_and_what_they_say_grows_better():
    records = VillageRecord.everywhere.in_force()
    assert all(larger_than_whole(read(one.values)) == {} for one in records)
    by_year = Counter()
    for one in records:
        by_year[one.year] += one.values["unsafe_water_households"]
    assert by_year[2018] > by_year[2019] > by_year[2020]


def test_plans_are_signed_by_two_and_some_quotas_were_hit_exactly():
    plans = ExitPlan.everywhere.all()
    assert not plans.filter(approved_by=F("proposed_by")).exists()
    assert {one.division_id for one in plans.filter(approved_by=None)} == {"97", "9703", COUNTY}
    assert plans.filter(version=2).exists()
    approver = Officer.objects.get(username="approver")
    page = plan_page(approver, Division.objects.get(pk=COUNTY), 2019, "households", today=TODAY)
    assert page.exact.with_quota == 2
    assert page.whole.plan.count > 0


def test_a_wrong_registration_was_removed_and_another_one_waits_with_its_evidence():
    removals = Case.everywhere.filter(kind="removal")
    assert Counter(removals.values_list("state", flat=True)) == {"removed": 1, "proposed": 1}
    gone = Household.everywhere.get(number=removals.get(state="removed").subject)
    assert gone.state == State.CLEARED


def test_an_exit_was_revoked_and_another_revocation_waits_for_the_first_approver():
    revocations = Case.everywhere.filter(division=VILLAGE, kind="revocation")
    assert Counter(revocations.values_list("state", flat=True)) == {"revoked": 1, "checked": 1}
    waiting = revocations.get(state="checked").revocation.exit
    approvers = waiting.events.filter(step__in=["approve", "approve_first"])
    assert "高远" not in approvers.values_list("actor_name", flat=True)


def test_who_came_back_stands_beside_the_exit_before_and_its_signers():
    approver = Officer.objects.get(username="approver")
    found = returns_of(approver, Division.objects.get(pk=COUNTY), 2020)
    [returned] = found.rows
    assert "approve" in [act.step for act in returned.exit.acts]
