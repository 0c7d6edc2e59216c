"""What must hold of the register after every act of a life."""

from typing import Any

from django.db.models import Count, F, Q
from hypothesis.stateful import RuleBasedStateMachine, invariant

from households.models import Household, Member, StateChange, Survey
from households.rules import State
from officers.rules import DECIDERS, Role
from trail.dates import business_date
from trail.models import Change
from workflow.models import Case, CaseEvent, NoticeLine

YEAR = 2019
PREPARING = {"open", "amend", "apply", "visit", "appraise", "post", "resend"}


class Promises(RuleBasedStateMachine):
    """`changed` is whether an act was not refused, or a day passed, since they were held last."""

    changed = True
    events = 0
    frozen: list[tuple[Any, ...]] | None = None

    @invariant()
    def what_must_hold(self) -> None:
        """Asked again after each act that was not refused, and after each day that passed."""
        if self.changed:
            self.one_head_where_people_are()
            self.a_person_is_active_once()
            self.who_left_left_with_reason_and_day()
            self.a_cancelled_household_has_nobody()
            self.a_state_comes_from_its_last_change()
            self.nobody_decided_on_his_own()
            self.who_is_poor_went_the_whole_way()
            self.what_is_frozen_stays()
            self.the_trace_only_grows()
        self.changed = False

    def one_head_where_people_are(self) -> None:
        active = Member.objects.active().order_by().values("household")
        heads = active.annotate(n=Count("pk", filter=Q(relation="01")))
        assert not heads.exclude(n=1).exists()

    def a_person_is_active_once(self) -> None:
        people = Member.objects.active().exclude(id_blind=None).order_by().values("id_blind")
        assert not people.annotate(n=Count("pk")).filter(n__gt=1).exists()

    def who_left_left_with_reason_and_day(self) -> None:
        gone = Member.objects.exclude(end_reason="")
        assert not gone.filter(Q(end_date=None) | Q(end_date__gt=business_date())).exists()

    def a_cancelled_household_has_nobody(self) -> None:
        active = Member.objects.active()
        assert not active.filter(household__state=State.CANCELLED).exists()

    def a_state_comes_from_its_last_change(self) -> None:
        changes = StateChange.objects.order_by("id").values_list("household_id", "to_state")
        last = dict(changes)
        for key, state in Household.everywhere.values_list("pk", "state"):
            assert state == last.get(key, State.ORDINARY)

    def nobody_decided_on_his_own(self) -> None:
        columns = ("case_id", "actor_id", "step", "role", "decides")
        done: dict[tuple[int, int], set[str]] = {}
        for case, actor, step, role, decides in CaseEvent.objects.order_by(
            "case_id", "seq"
        ).values_list(*columns):
            mine = done.setdefault((case, actor), set())
            if decides:
                assert not mine & PREPARING
                assert Role(role) in DECIDERS
            mine.add(step)

    def who_is_poor_went_the_whole_way(self) -> None:
        for change in StateChange.objects.filter(to_state=State.POOR).select_related("case"):
            if change.case.kind != "identification":
                continue
            steps = set(change.case.events.values_list("step", flat=True))
            assert steps >= {"visit", "compare", "appraise", "post", "review", "recheck", "approve"}
            notices = NoticeLine.objects.filter(case=change.case).select_related("notice")
            before = [one.notice for one in notices if one.notice.posted_on <= change.on]
            posted = {one.step for one in before if one.last_day < change.on}
            assert posted >= {"post", "review"}
            assert all(one.days >= 7 for one in before)
            assert change.standard_id is not None

    def what_is_frozen_stays(self) -> None:
        if self.frozen is not None:
            assert surveys() == self.frozen

    def the_trace_only_grows(self) -> None:
        count = CaseEvent.objects.count() + Change.objects.count()
        assert count >= self.events
        self.events = count
        cases = Case.everywhere.annotate(n=Count("events"))
        assert not cases.exclude(version=F("n")).exists()


def surveys() -> list[tuple[Any, ...]]:
    found = Survey.objects.filter(year=YEAR).order_by("pk")
    return list(found.values_list("pk", "household_id", "wage_income", "persons", "corrects_id"))
