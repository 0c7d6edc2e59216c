"""Whatever a cast of officers tries on the exit of a village or a county, its promises hold."""

import os
from datetime import date, timedelta
from typing import Any, ClassVar

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from divisions.models import Division, Level
from exits.actions import counties, villages
from exits.actions.villages import Finding, judge_indicator
from exits.models import ListedPlace
from households.actions.village_records import record_of, record_village
from households.rules import State
from officers.models import Officer
from officers.rules import Role
from tests import factories as make
from tests.oracle.places import (
    Acted,
    Found,
    days_follow,
    facts_kept,
    findings_carry,
    left_by_approval,
    may_be,
    own_digest,
)
from tests.procedures import move_date, sample_evidence, wait_for_notice
from tests.web.exits import listed
from tests.web.exits.test_county_exit import report
from trail.dates import business_date
from trail.errors import Refused
from workflow.actions import dismiss_objection, record_objection, uphold_objection
from workflow.errors import AlreadyOpen
from workflow.machine import Kind, Step, Way
from workflow.models import Case, CaseEvent, Objection
from workflow.procedures import machine_of

EXAMPLES = 500 if os.environ.get("FAULTS") == "full" else 20
"""Sequences for each of the two kinds."""

OFFICERS = st.integers(0, 7)
USUAL = 4
"""From whom on a step is offered at first, so that who finds is nobody who goes on."""

FIGURES = ({"rural_population": 980}, {"rural_population": 1010}, {"clinics": 0}, {"clinics": 2},
           {"households": 299})  # fmt: skip

WORKED = {"open", "amend", "review", "verify", "post", "evaluate"}
"""The steps that prepare the exit of a place: who took one resolves no objection to it."""

plans = st.tuples(
    st.integers(0, 4),
    st.sampled_from([0, 5]),
    st.lists(
        st.one_of(
            *[st.tuples(st.just("go"), OFFICERS)] * 2,
            *[st.tuples(st.just("slip_in"), OFFICERS)] * 2,
            st.tuples(st.just("any"), OFFICERS, st.integers(0, 9), st.integers(0, 3)),
            st.tuples(st.just("back"), OFFICERS),
            st.tuples(st.just("again"), OFFICERS, st.integers(4, 6)),
            st.tuples(st.just("wait"), st.integers(-3, 9)),
            st.tuples(st.just("find"), OFFICERS, st.sampled_from([True, True, False])),
            st.tuples(st.just("figures"), OFFICERS, st.sampled_from(FIGURES)),
            st.tuples(st.just("renew"), OFFICERS, OFFICERS, st.sampled_from(FIGURES)),
            st.tuples(st.just("object"), OFFICERS),
            st.tuples(st.just("resolve"), OFFICERS, st.booleans()),
            st.tuples(st.just("change_post"), OFFICERS, OFFICERS),
        ),
        min_size=4,
        max_size=10,
    ),
)
"""How far the exit has come, how far once more after a return, and what is tried then."""


class Run:
    """The exit of one place among eight officers who may change their posts on the way."""

    kind: ClassVar[str]
    posts: ClassVar[tuple[tuple[Role, str], ...]]
    found_as: ClassVar[str]
    """The name under which the finding of a place bars its hand from later steps."""

    def __init__(self) -> None:
        self.officers = [make.make_officer(role, place) for role, place in self.posts]
        self.hands: list[Acted] = []
        self.findings: list[Found] = []
        self.place = self.prepared()
        self.case = self.proposed(self.officers[self.opener])

    opener: ClassVar[int]

    def prepared(self) -> ListedPlace:
        raise NotImplementedError

    def proposed(self, by: Officer) -> Case:
        raise NotImplementedError

    def found(self, by: Officer, *, speaks_for: bool) -> None:
        raise NotImplementedError

    def replaced(self, by: Officer) -> CaseEvent:
        raise NotImplementedError

    def play(self, op: str, *arguments: Any) -> None:
        kept = list(self.hands), list(self.findings)
        try:
            with transaction.atomic():
                getattr(self, op)(*arguments)
        except Refused:
            self.hands, self.findings = kept
            return
        self.check()

    def forward(self) -> Step | None:
        """The step that moves the case on."""
        self.case.refresh_from_db()
        steps = machine_of(self.kind).steps_from(self.case.state)
        return next((step for step in steps if step.way == Way.FORWARD), None)

    def go(self, number: int) -> None:
        """The step that moves the case on, by whoever may take it, with all that it waits for."""
        step = self.forward()
        wait_for_notice(self.case)
        if step is None or self.moves(step, number):
            return
        for one in reversed(range(len(self.officers))):
            if self.manages("find", one, True):
                break
        self.moves(step, number)

    def moves(self, step: Step, number: int) -> bool:
        """Whether somebody in a fitting role could take the step."""
        turns = [(number + place) % len(self.officers) for place in range(len(self.officers))]
        fitting = [one for one in turns if self.officers[one].acting_role in step.roles]
        return any(self.manages("take", step.name, one) for one in fitting)

    def manages(self, op: str, *arguments: Any) -> bool:
        try:
            with transaction.atomic():
                getattr(self, op)(*arguments)
        except Refused:
            return False
        return True

    def slip_in(self, number: int) -> None:
        """Somebody takes a post that fits the next step, and tries that."""
        step = self.forward()
        wait_for_notice(self.case)
        if step:
            fitting = [post for post, (role, _place) in enumerate(self.posts) if role in step.roles]
            self.change_post(number, fitting[number % len(fitting)])
            self.take(step.name, number)

    def with_hands(self) -> list[int]:
        """Who recorded figures or findings: what a step must not let by, whatever he is by now."""
        known = {one.officer for one in self.hands}
        return [place for place, one in enumerate(self.officers) if one.pk in known]

    def any(self, number: int, choice: int, ago: int) -> None:
        """Anybody takes any step from here, on days that may lie back."""
        self.case.refresh_from_db()
        steps = machine_of(self.kind).steps_from(self.case.state)
        if steps:
            self.take(steps[choice % len(steps)].name, number, ago)

    def back(self, number: int) -> None:
        """Somebody in a fitting role returns the case."""
        self.case.refresh_from_db()
        step = machine_of(self.kind).by_source.get((self.case.state, "return"))
        if step:
            self.moves(step, number)

    def again(self, number: int, steps: int) -> None:
        """The case is returned, and goes that many steps of its way anew."""
        self.play("back", number)
        for _ in range(steps):
            self.play("go", number)

    def take(self, name: str, number: int, ago: int = 0) -> None:
        """One step, its days entered as `ago` days back; never over a notice or an objection."""
        self.case.refresh_from_db()
        step = machine_of(self.kind).by_source[self.case.state, name]
        days = [one.name for one in step.needs_evidence if one.kind == Kind.DATE]
        evidence = sample_evidence(step) | dict.fromkeys(
            days, business_date() - timedelta(days=ago)
        )
        runs, gone = self.runs(), self.case.state == "noticed" and not self.lines()
        objected = Objection.objects.open().filter(line__case=self.case).exists()
        listed.ADVANCE[self.kind](
            self.case.pk, name, by=self.officers[number], version=self.case.version,
            note="原因", evidence=evidence,
        )  # fmt: skip
        if step.way != Way.WITHDRAW:
            assert not runs, f"{name} from {step.source} during a notice"
            held = step.decides or step.source == "noticed"
            assert not (objected and held), f"{name} from {step.source} during an objection"
        if step.way == Way.FORWARD:
            assert not gone, f"{name} after its line left the notice"

    def lines(self) -> list[date]:
        """The last days of the notices on which the case stands."""
        standing = self.case.notice_lines.standing().select_related("notice")
        return [line.notice.last_day for line in standing]

    def runs(self) -> bool:
        """Whether a standing notice of the case has a day left."""
        return any(last >= business_date() for last in self.lines())

    def wait(self, days: int) -> None:
        move_date(days)

    def find(self, number: int, speaks_for: bool) -> None:
        """An officer judges the indicator, or records the report of the evaluation."""
        self.case.refresh_from_db()
        by = self.officers[number]
        self.found(by, speaks_for=speaks_for)
        self.findings.append(Found(self.case.version, speaks_for))
        self.hands.append(Acted(self.case.version, by.pk, self.found_as))

    def figures(self, number: int, changed: dict[str, int]) -> None:
        """An officer corrects the figures of the village."""
        self.case.refresh_from_db()
        by, before = self.officers[number], record_of(make.VILLAGE, listed.YEAR)
        entry = listed.entry(seen=before.pk if before else None, reason="核实", **changed)
        record_village(make.VILLAGE, entry, by=by)
        self.hands.append(Acted(self.case.version, by.pk, "record"))

    def renew(self, number: int, other: int, changed: dict[str, int]) -> None:
        """An officer takes over into the case what another one corrected, or what stands."""
        self.manages("figures", other, changed)
        self.case.refresh_from_db()
        self.replaced(self.officers[number])

    def object(self, number: int) -> None:
        """Received in time, and typed in today."""
        by, day = self.officers[number], min([business_date(), *self.lines()])
        record_objection(self.case.pk, by=by, received_on=day, text="数据不实")

    def resolve(self, number: int, upheld: bool) -> None:
        objection = Objection.objects.open().filter(line__case=self.case).first()
        if objection:
            resolve = uphold_objection if upheld else dismiss_objection
            resolve(objection.pk, by=self.officers[number], finding="查过")
            acts = self.case.events.filter(step__in=WORKED).values_list("actor_id", flat=True)
            hands = {objection.recorded_by_id, *acts, *(one.officer for one in self.hands)}
            assert self.officers[number].pk not in hands

    def change_post(self, number: int, post: int) -> None:
        """An officer leaves his posting and takes another one today."""
        officer, yesterday = self.officers[number], business_date() - timedelta(days=1)
        officer.postings.filter(starts_on__gte=business_date()).delete()
        officer.postings.filter(ends_on=None).update(ends_on=yesterday)
        make.make_posting(officer, *self.posts[post], starts_on=business_date())
        self.officers[number] = Officer.objects.get(pk=officer.pk)

    def open_again(self) -> None:
        """A second exit opens where the first one ended without taking the place off the list."""
        self.case.refresh_from_db()
        clerk = make.make_officer(Role.COUNTY_CLERK)
        ended = self.case.closed_at is not None
        try:
            self.proposed(clerk)
        except AlreadyOpen:
            assert not ended
        else:
            assert ended
            assert self.case.state in ("rejected", "withdrawn")
            raise Refused("taken back")

    def check(self) -> None:
        """What must hold after every act."""
        events = list(self.case.events.select_related("case").order_by("seq"))
        self.case.refresh_from_db()
        assert [event.seq for event in events] == list(range(1, len(events) + 1))
        assert (self.case.version, self.case.state) == (len(events), events[-1].to_state)
        for event in events:
            may_be(event, events, self.hands)
            days_follow(event, events)
        findings_carry(events, self.findings)
        self.place.refresh_from_db()
        left_by_approval(self.place, events)
        facts_kept(events)
        assert own_digest(self.case.facts) == self.case.facts_hash == events[-1].facts_hash


class VillageRun(Run):
    """A listed village with its figures, and one indicator that somebody judges."""

    kind, found_as, opener = "village_exit", "judge", 2
    posts = (
        (Role.VILLAGE_OFFICIAL, make.VILLAGE),
        (Role.TOWNSHIP_REVIEWER, make.TOWNSHIP),
        (Role.TOWNSHIP_REVIEWER, make.TOWNSHIP),
        (Role.COUNTY_CLERK, make.COUNTY),
        (Role.COUNTY_CLERK, make.COUNTY),
        (Role.COUNTY_APPROVER, make.COUNTY),
        (Role.COUNTY_APPROVER, make.COUNTY),
        (Role.COUNTY_APPROVER, make.COUNTY),
    )

    def prepared(self) -> ListedPlace:
        make.make_household(state=State.POOR)
        record_village(make.VILLAGE, listed.entry(), by=self.officers[0])
        self.hands.append(Acted(0, self.officers[0].pk, "record"))
        listed.asked()
        return listed.listed()

    def proposed(self, by: Officer) -> Case:
        return listed.proposed(by)

    def found(self, by: Officer, *, speaks_for: bool) -> None:
        finding = Finding(met=speaks_for, note="核实", on=business_date())
        judge_indicator(self.case.pk, "TV", finding, by=by)

    def replaced(self, by: Officer) -> CaseEvent:
        return villages.take_over(self.case.pk, by=by, version=self.case.version, note="更正")


class CountyRun(Run):
    """An eligible county, which a special evaluation judges."""

    kind, found_as, opener = "county_exit", "report", 0
    posts = (
        (Role.COUNTY_CLERK, make.COUNTY),
        (Role.COUNTY_CLERK, make.COUNTY),
        (Role.CITY_REVIEWER, make.CITY),
        (Role.CITY_REVIEWER, make.CITY),
        (Role.PROVINCE_OFFICER, make.PROVINCE),
        (Role.PROVINCE_OFFICER, make.PROVINCE),
        (Role.PROVINCE_APPROVER, make.PROVINCE),
        (Role.PROVINCE_APPROVER, make.PROVINCE),
    )

    def prepared(self) -> ListedPlace:
        make.make_household(state=State.POOR)
        found = Division.objects.within(make.COUNTY).filter(level=Level.VILLAGE)
        for code in found.exclude(pk=make.VILLAGE).values_list("pk", flat=True):
            listed.recorded(code)
        record_village(make.VILLAGE, listed.entry(), by=self.officers[0])
        self.hands.append(Acted(0, self.officers[0].pk, "record"))
        listed.listed(exited_on=date(2019, 12, 1), exit_year=2019)
        return listed.listed(make.COUNTY)

    def proposed(self, by: Officer) -> Case:
        return listed.proposed_county(by)

    def found(self, by: Officer, *, speaks_for: bool) -> None:
        said = report() if speaks_for else report(households_approving=1799)
        counties.record_evaluation(self.case.pk, said, by=by)

    def replaced(self, by: Officer) -> CaseEvent:
        return counties.take_over(self.case.pk, by=by, version=self.case.version, note="更正")


@pytest.mark.django_db
@pytest.mark.parametrize("played", [VillageRun, CountyRun])
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(plan=plans)
def test_no_sequence_of_acts_breaks_a_promise_of_the_exit_of_a_place(calendar, tree, played, plan):
    done, once_more, tried = plan
    with transaction.atomic():
        run = played()
        for _ in range(done):
            run.play("go", USUAL)
        if once_more:
            run.play("again", USUAL, once_more)
        for op, *arguments in tried:
            run.play(op, *arguments)
        for number in run.with_hands():
            run.play("slip_in", number)
        run.play("open_again")
        transaction.set_rollback(True)
