"""Whatever a cast of officers tries, in whatever order, the promises of a procedure hold."""

import os
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from exits.models import Tracking
from households.actions import take_over_facts
from households.models import Household
from households.rules import State
from identification import actions as identification
from identification.models import RedLineHit
from officers.models import Officer
from officers.rules import Role
from tests import factories as make
from tests.oracle.steps import ORACLE
from tests.procedures import answer, move_date, open_for, take, wait_for_notice
from tests.property.workflow.promises import (
    check_approvers,
    check_recorders,
    check_red_lines,
    check_years,
)
from trail.dates import business_date
from trail.errors import Refused
from workflow.actions import dismiss_objection, record_objection, uphold_objection
from workflow.errors import AlreadyOpen
from workflow.machine import Way
from workflow.models import Case, CaseEvent, Objection
from workflow.procedures import machine_of
from workflow.queries import weighed

FULL = os.environ.get("FAULTS") == "full"
EXAMPLES = 300 if FULL else 8
EXITS = 5000 if FULL else 80
"""Sequences about exits of households, which the county answers for."""
POSTS = (
    (Role.VILLAGE_OFFICIAL, make.VILLAGE),
    (Role.VILLAGE_OFFICIAL, make.VILLAGE),
    (Role.TEAM_MEMBER, make.VILLAGE),
    (Role.TOWNSHIP_REVIEWER, make.TOWNSHIP),
    (Role.TOWNSHIP_REVIEWER, make.TOWNSHIP),
    (Role.COUNTY_CLERK, make.COUNTY),
    (Role.COUNTY_APPROVER, make.COUNTY),
    (Role.COUNTY_APPROVER, make.COUNTY),
)
STARTS = {
    "identification": (State.ORDINARY, {"water": 0}),
    "exit": (State.POOR, {"wage_income": Decimal(10_000)}),
    "watch": (State.ORDINARY, {"wage_income": Decimal(4_000)}),
}
PREPARING = {"open", "amend", "apply", "visit", "verify", "appraise", "confirm", "post"}
WORKED = {"refuse", "disagree", "answer", "clear", "post_clear"}
ON_NOTICE = {
    "identification": {"noticed", "reviewed", "announced"},
    "exit": {"noticed"},
    "watch": {"noticed", "clearing_noticed"},
}
CHECKING = {"compare", "review", "check", "recheck"}
TAKEN_BACK = {"return", "reject", "reopen"}

ops = st.lists(
    st.one_of(
        st.tuples(st.just("on"), st.integers(0, 7)),
        st.tuples(st.just("on"), st.integers(0, 7)),
        st.tuples(st.just("on"), st.integers(0, 7)),
        st.tuples(st.just("any"), st.integers(0, 7), st.integers(0, 9)),
        st.tuples(st.just("aside"), st.integers(0, 7), st.integers(0, 3)),
        st.tuples(st.just("wait"), st.integers(1, 9)),
        st.tuples(st.just("wait"), st.just(8)),
        st.tuples(st.just("amend"), st.integers(0, 7), st.integers(0, 7)),
        st.tuples(st.just("object"), st.integers(0, 7)),
        st.tuples(st.just("resolve"), st.integers(0, 7), st.booleans()),
        st.tuples(st.just("red_line"), st.integers(0, 7), st.sampled_from(["house", "residence"])),
        st.tuples(st.just("explain"), st.integers(0, 7), st.integers(0, 7)),
        st.tuples(st.just("appeal"), st.integers(0, 7), st.integers(0, 7), st.booleans()),
        st.tuples(st.just("change_post"), st.integers(0, 7), st.integers(0, 7)),
        st.tuples(
            st.just("open_again"),
        ),
    ),
    min_size=25,
    max_size=45,
)


exit_ops = st.tuples(
    st.integers(0, 9),
    st.booleans(),
    st.lists(
        st.one_of(
            *[st.tuples(st.just("go"), st.integers(0, 7))] * 4,
            st.tuples(st.just("on"), st.integers(0, 7)),
            st.tuples(st.just("any"), st.integers(0, 7), st.integers(0, 9)),
            st.tuples(st.just("aside"), st.integers(0, 7), st.integers(0, 3)),
            st.tuples(st.just("wait"), st.sampled_from([*range(1, 9), *[8] * 8, 220])),
            st.tuples(st.just("again"), st.integers(0, 7)),
            st.tuples(st.just("amend"), st.integers(0, 7), st.integers(0, 7)),
            st.tuples(st.just("object"), st.integers(0, 7)),
            st.tuples(st.just("resolve"), st.integers(0, 7), st.booleans()),
            st.tuples(st.just("change_post"), st.integers(0, 7), st.integers(0, 7)),
        ),
        min_size=6,
        max_size=14,
    ),
)
"""How far an exit has come, whether the household refused on the way, and what is tried then: also
corrections by whomever, a proposal after a failed one, and facts that grow old.
"""


class Run:
    """One case among eight officers who may change their posts on the way."""

    refuses = False

    def __init__(self, kind: str):
        make.plant_tree()
        self.officers = [make.make_officer(role, place) for role, place in POSTS]
        state, facts = STARTS[kind]
        self.household = make.make_household(state=state)
        make.make_survey(self.household, 2019, recorded_by=self.officers[0], **facts)
        self.case = open_for(self.household, kind, by=self.officers[5])

    def play(self, op: str, *arguments: int) -> None:
        try:
            with transaction.atomic():
                getattr(self, op)(*arguments)
        except Refused:
            return
        self.check()

    def on(self, number: int) -> None:
        """Somebody in a fitting role takes the step that moves the case on."""
        self.case.refresh_from_db()
        steps = machine_of(self.case.kind).steps_from(self.case.state)
        forward = [step for step in steps if step.way == Way.FORWARD]
        if forward:
            fitting = [one for one in self.officers if one.acting_role in forward[0].roles]
            if forward[0].name == "compare":
                answer(self.case, by=fitting[number % len(fitting)])
            self.step(forward[0].name, fitting[number % len(fitting)] if fitting else None)

    def go(self, number: int) -> None:
        """The step that moves the case on, by whoever may take it, its notice waited out."""
        self.case.refresh_from_db()
        steps = machine_of(self.case.kind).steps_from(self.case.state)
        forward = [step for step in steps if step.way == Way.FORWARD]
        if self.refuses and self.case.state == "verified":
            forward = [step for step in forward if step.name == "refuse"]
        wait_for_notice(self.case)
        turn = number % len(self.officers)
        for officer in self.officers[turn:] + self.officers[:turn]:
            for step in forward:
                if officer.acting_role in step.roles and self.takes(step.name, officer):
                    return

    def takes(self, name: str, officer: Officer) -> bool:
        """Whether the officer could take the step."""
        try:
            with transaction.atomic():
                self.step(name, officer)
        except Refused:
            return False
        return True

    def aside(self, number: int, choice: int) -> None:
        """Somebody in a fitting role takes another step than the usual one: refuses, doubts."""
        self.case.refresh_from_db()
        steps = machine_of(self.case.kind).steps_from(self.case.state)
        others = [step for step in steps if step.way == Way.FORWARD][1:]
        if others:
            step = others[choice % len(others)]
            fitting = [one for one in self.officers if one.acting_role in step.roles]
            self.step(step.name, fitting[number % len(fitting)] if fitting else None)

    def any(self, number: int, choice: int) -> None:
        """Anybody takes any step from here."""
        self.case.refresh_from_db()
        steps = machine_of(self.case.kind).steps_from(self.case.state)
        if steps:
            self.step(steps[choice % len(steps)].name, self.officers[number])

    def step(self, name: str, officer: Officer | None) -> None:
        if officer is None:
            return
        machine, source = machine_of(self.case.kind), self.case.state
        runs = any(last >= business_date() for last in self.last_days())
        objected = Objection.objects.open().filter(line__case=self.case).exists()
        event = take(self.case, name, by=officer, note="原因")
        if machine.by_source[source, name].way != Way.WITHDRAW:
            assert not runs, f"{name} from {source} during a notice"
            held = event.decides or source in ON_NOTICE[self.case.kind]
            assert not (objected and held), f"{name} from {source} during an objection"

    def last_days(self) -> list[date]:
        """The last days of the notices on which the case stands, the latest notice at the end."""
        lines = self.case.notice_lines.standing().select_related("notice").order_by("pk")
        return [line.notice.last_day for line in lines]

    def wait(self, days: int) -> None:
        move_date(days)

    def amend(self, author: int, number: int) -> None:
        """One officer corrects the facts, one lets the case rest on them."""
        last = self.household.surveys.order_by("-id").first()
        facts = STARTS[self.case.kind][1] | {"food": 9, "recorded_by": self.officers[author]}
        make.make_survey(self.household, 2019, corrects=last, **facts)
        self.case.refresh_from_db()
        take_over_facts(
            self.case.pk, by=self.officers[number], version=self.case.version, note="更正"
        )

    def object(self, number: int) -> None:
        """Received in time, and typed in today."""
        by, day = self.officers[number], min([business_date(), *self.last_days()[-1:]])
        record_objection(self.case.pk, by=by, received_on=day, text="有车")

    def resolve(self, number: int, upheld: int) -> None:
        objection = Objection.objects.open().filter(line__case=self.case).first()
        if objection:
            resolve = uphold_objection if upheld else dismiss_objection
            resolve(objection.pk, by=self.officers[number], finding="查过")
            acts = self.case.events.filter(step__in=PREPARING | WORKED)
            hands = {objection.recorded_by_id, *acts.values_list("actor_id", flat=True)}
            assert self.officers[number].pk not in hands

    def red_line(self, number: int, rule: str) -> None:
        by = self.officers[number]
        self.refuse_other_kinds()
        identification.record_red_line(self.case.pk, by=by, rule=rule, member=None, found="楼房")

    def explain(self, number: int, other: int) -> None:
        """One officer explains the first red line that stands, another one accepts."""
        hit = RedLineHit.objects.filter(case=self.case, accepted_by=None).first()
        if hit:
            identification.explain_red_line(hit.pk, by=self.officers[number], explanation="租住")
            identification.accept_explanation(hit.pk, by=self.officers[other])

    def appeal(self, number: int, other: int, upheld: int) -> None:
        level = "county" if POSTS[other][0] == Role.COUNTY_APPROVER else "township"
        self.refuse_other_kinds()
        said = {"level": level, "appellant": "applicant", "text": "请复核"}
        day, by = business_date(), self.officers[number]
        one = identification.record_appeal(self.case.pk, by=by, received_on=day, **said)
        result = "uphold" if upheld else "dismiss"
        identification.resolve_appeal(one.pk, by=self.officers[other], result=result, finding="是")

    def refuse_other_kinds(self) -> None:
        """Red lines and appeals belong to identification alone."""
        if self.case.kind != "identification":
            raise Refused("not here")

    def change_post(self, number: int, post: int) -> None:
        """An officer leaves his posting and takes another one today."""
        officer, yesterday = self.officers[number], business_date() - timedelta(days=1)
        officer.postings.filter(starts_on=business_date()).delete()
        officer.postings.filter(ends_on=None).update(ends_on=yesterday)
        make.make_posting(officer, *POSTS[post], starts_on=business_date())
        self.officers[number] = Officer.objects.get(pk=officer.pk)

    def again(self, number: int) -> None:
        """The exit is withdrawn where nobody rejected it, and proposed once more."""
        self.case.refresh_from_db()
        if self.case.closed_at is None:
            self.step("withdraw", self.officers[5])
        fresh = Household.everywhere.get(pk=self.household.pk)
        self.case = open_for(fresh, self.case.kind, by=self.officers[number])

    def open_again(self) -> None:
        closed = Case.everywhere.get(pk=self.case.pk).closed_at is not None
        clerk = make.make_officer(Role.COUNTY_CLERK)
        try:
            open_for(Household.everywhere.get(), self.case.kind, by=clerk)
        except AlreadyOpen:
            assert not closed
        else:
            assert closed
            raise Refused("taken back")

    def check(self) -> None:
        """What must hold after every act."""
        events = list(self.case.events.all())
        assert [event.seq for event in events] == list(range(1, len(events) + 1))
        self.case.refresh_from_db()
        assert (self.case.version, self.case.state) == (len(events), events[-1].to_state)
        for event in events:
            if event.decides:
                earlier = {
                    one.step for one in events[: event.seq - 1] if one.actor_id == event.actor_id
                }
                barred = PREPARING if event.step != "plan" else {"open", "amend"}
                if event.step in ("approve", "eliminate"):
                    barred = barred | CHECKING
                if event.step != "eliminate":
                    assert not earlier & barred, (event.step, earlier)
                assert Role(event.role) in (Role.COUNTY_APPROVER, Role.TOWNSHIP_REVIEWER)
        approved = False
        for event in events:
            if event.to_state == "approved":
                approved = True
            elif event.from_state == "announced" and event.step in TAKEN_BACK:
                approved = False
        self.household.refresh_from_db()
        self.check_table(events)
        check_recorders(self.case, self.household, events)
        if self.case.kind == "exit":
            assert (self.household.state == State.EXITED) is approved
            assert Tracking.everywhere.filter(ended_on=None).exists() is approved
            check_approvers(self.case, events)
            check_years(events)
        if self.case.kind == "identification":
            assert (self.household.state == State.POOR) is approved
            check_red_lines(self.case, events)

    def check_kept(self) -> None:
        """What the inbox lists by stands on the row as it would come out now."""
        self.case.refresh_from_db()
        moves = [one for one in self.case.events.all() if one.from_state != one.to_state]
        assert self.case.entered_by == moves[-1].step
        if self.case.closed_at is None:
            [(_case, found)] = weighed([self.case])
            kept = self.case.risk, self.case.flags
            assert kept == (found.risk, [one.code for one in found.flags])

    def check_table(self, events: list[CaseEvent]) -> None:
        """Every event is a step of the domain reference, by a role and a hand that may take it."""
        table = ORACLE[self.case.kind]
        for place, event in enumerate(events):
            if event.step in ("open", "amend"):
                continue
            assert (event.from_state, event.step) in table, (event.from_state, event.step)
            step = table[event.from_state, event.step]
            assert event.to_state == step.target
            assert Role(event.role) in step.roles
            hands = {one.step for one in events[:place] if one.actor_id == event.actor_id}
            assert not hands & step.apart, (event.step, hands)


SETTINGS = settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.mark.django_db
@settings(SETTINGS, max_examples=EXITS)
@given(plan=exit_ops)
def test_no_sequence_of_acts_breaks_a_promise_of_an_exit(calendar, plan):
    done, refuses, tried = plan
    with transaction.atomic():
        run = Run("exit")
        run.refuses = refuses
        for number in range(done):
            run.play("go", number)
        for op, *arguments in tried:
            run.play(op, *arguments)
        run.check_kept()
        transaction.set_rollback(True)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", sorted(set(STARTS) - {"exit"}))
@SETTINGS
@given(tried=ops)
def test_no_sequence_of_acts_breaks_a_promise(calendar, kind, tried):
    with transaction.atomic():
        run = Run(kind)
        for op, *arguments in tried:
            run.play(op, *arguments)
        run.check_kept()
        transaction.set_rollback(True)
