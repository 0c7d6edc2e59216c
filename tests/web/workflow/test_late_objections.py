"""An objection that came in time is heard until the decision, whenever it is typed in."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from exits.actions.counties import record_evaluation
from exits.actions.opening import propose_removal
from households.rules import State
from officers.rules import Role
from registry.pages.cases.batch import Place, decide_together
from registry.templatetags.markup import day
from tests import factories as make
from tests.pictures import photo
from tests.procedures import IDENTIFIED, carry, move_date, open_for, take, take_bare
from tests.web.exits import listed
from tests.web.exits.raw import refused, written
from tests.web.exits.test_county_exit import report
from trail.errors import Refused
from workflow.actions import Order, dismiss_objection, record_objection, uphold_objection
from workflow.actions.attachments import attach
from workflow.errors import Incomplete
from workflow.machine import Way
from workflow.models import Objection
from workflow.procedures import machine_of, machines
from workflow.rules import heard_steps

pytestmark = pytest.mark.usefixtures("calendar", "in_english")
CHECKED = ("plan", "appraise", "verify", "confirm", "post", "check")
RECHECKED = IDENTIFIED[: IDENTIFIED.index("approve")]
REFUSED = "An objection is open. It must be resolved first."


def exit_of(cast):
    household = make.make_household(state=State.POOR, persons=2)
    make.make_survey(household, 2019, wage_income=Decimal(20_000))
    case = open_for(household, "exit", by=cast.county_clerk)
    carry(case, cast, *CHECKED)
    return case


def doubted(cast):
    case = exit_of(cast)
    other = make.make_officer(Role.COUNTY_APPROVER, make.COUNTY)
    take(case, "doubt", by=other, note="看一看")
    return case


def removal_of(cast):
    household = make.make_household(state=State.POOR, persons=2)
    make.make_survey(household, 2019, wage_income=Decimal(90_000))
    case = propose_removal(household, by=cast.county_clerk, year=2019, reason="有商品房")
    attach(photo(), by=cast.county_clerk, division=case.division_id, subject_kind="case",
           subject_id=str(case.pk), purpose="check")  # fmt: skip
    verifier = make.make_officer(Role.TOWNSHIP_REVIEWER, make.TOWNSHIP)
    take(case, "verify", by=verifier, ground="house")
    carry(case, cast, "appraise", "post", "check")
    return case


def applied(cast, kind, state):
    household = make.make_household(state=state, persons=3)
    make.make_survey(household, 2019, wage_income=Decimal(6_000), housing=0)
    case = open_for(household, kind, by=cast.county_clerk)
    carry(case, cast, *RECHECKED)
    return case


def watched(cast):
    household = make.make_household(state=State.EXITED, exit_year=2017)
    make.make_survey(household, 2019, wage_income=Decimal(4_000))
    case = open_for(household, "watch", by=cast.county_clerk)
    carry(case, cast, "verify", "appraise", "post", "review")
    return case


def cleared(cast):
    case = watched(cast)
    carry(case, cast, "approve")
    move_date(184)
    take(case, "clear", by=cast.village_official, note="收入稳定")
    carry(case, cast, "post_clear", "review_clear")
    return case


def county(cast):
    listed.eligible_county(cast)
    case = listed.proposed_county(cast.county_clerk)
    listed.carry(case, cast, "review", "verify", "post")
    record_evaluation(case.pk, report(), by=cast.province_officer)
    listed.carry(case, cast, "evaluate")
    return case


WAITING = {
    "exit": (exit_of, "approve", "approved"),
    "exit doubted": (doubted, "approve", "approved"),
    "removal": (removal_of, "approve", "removed"),
    "identification": (
        lambda cast: applied(cast, "identification", State.ORDINARY), "approve", "approved",
    ),
    "reinclusion": (
        lambda cast: applied(cast, "reinclusion", State.EXITED), "approve", "approved",
    ),
    "watch": (watched, "approve", "monitored"),
    "watch cleared": (cleared, "eliminate", "eliminated"),
    "county": (county, "approve", "approved"),
}  # fmt: skip


@pytest.fixture(params=WAITING)
def waiting(request, cast):
    """A case that passed its last notice and waits for a decision, the step and where it leads."""
    carried, step, target = WAITING[request.param]
    return carried(cast), step, target


@pytest.fixture
def checked(cast):
    return exit_of(cast)


def in_time(case):
    """The last day of the latest notice of the case."""
    return case.notice_lines.standing().order_by("-id").first().notice.last_day


def objected(case, cast, **said) -> Objection:
    by = cast.county_clerk
    return record_objection(case.pk, by=by, **{"received_on": in_time(case), "text": "有车"} | said)


def decider(cast, case):
    return cast.province_approver if case.kind == "county_exit" else cast.county_approver


def decided(case, step, by):
    if case.kind == "county_exit":
        return listed.step(case, step, by, note="已看过")
    return take_bare(case, step, by=by, note="已看过")


def test_typed_in_late_it_holds_the_decision_until_it_is_resolved(waiting, cast):
    case, step, target = waiting
    by = decider(cast, case)
    objected(case, cast)
    for name in (step, "reject"):
        if (case.state, name) in machine_of(case.kind).by_source:
            with pytest.raises(Refused) as refusal:
                decided(case, name, by)
            assert refusal.value.message == REFUSED
    with refused("waits for an objection"):
        written(case, step, target, by, decides=True)


def test_dismissed_it_lets_the_case_go_on(waiting, cast):
    case, step, target = waiting
    dismiss_objection(objected(case, cast).pk, by=decider(cast, case), finding="不属实")
    decided(case, step, decider(cast, case))
    assert case.state == target


def test_upheld_it_lets_the_case_go_back_only(waiting, cast):
    case, step, _target = waiting
    by = decider(cast, case)
    uphold_objection(objected(case, cast).pk, by=by, finding="属实")
    with pytest.raises(Refused, match="stands on no notice any more"):
        decided(case, step, by)
    ways = [one for one in machine_of(case.kind).steps_from(case.state) if one.way == Way.RETURN]
    decided(case, ways[0].name, by)
    assert case.state == ways[0].target


def test_the_database_lets_no_case_pass_whose_line_was_taken_off(waiting, cast):
    case, step, target = waiting
    by = decider(cast, case)
    uphold_objection(objected(case, cast).pk, by=by, finding="属实")
    with refused("stands on no notice any more"):
        written(case, step, target, by, decides=True)


def test_the_second_approver_waits_for_it_too(cast):
    household = make.make_household(state=State.POOR, persons=2)
    make.make_survey(household, 2019, wage_income=Decimal(20_000))
    case = open_for(household, "exit", by=cast.county_clerk)
    carry(case, cast, "plan", "appraise", "verify", "refuse", "answer", "post")
    move_date(8)
    take(case, "check", by=make.make_officer(Role.TOWNSHIP_REVIEWER, make.TOWNSHIP))
    take(case, "approve_first", by=cast.county_approver, note="已答复")
    objected(case, cast)
    second = make.make_officer(Role.COUNTY_APPROVER, make.COUNTY)
    with pytest.raises(Refused, match="An objection is open"):
        take(case, "approve", by=second, note="已答复")


def test_received_after_the_last_day_it_is_too_late(checked, cast):
    with pytest.raises(Incomplete) as refusal:
        objected(checked, cast, received_on=in_time(checked) + timedelta(days=1))
    assert list(refusal.value.details["fields"]) == ["received_on"]


@pytest.mark.parametrize("after", [-1, 8])
def test_the_database_takes_none_that_was_received_on_another_day(checked, cast, after):
    """The notice hangs seven days after that of its posting."""
    line = checked.notice_lines.get()
    received = line.notice.posted_on + timedelta(days=after)
    with refused("while its notice stands"):
        Objection.objects.create(
            line=line, received_on=received, recorded_by=cast.county_clerk, text="有车"
        )


def test_it_is_kept_at_the_notice_that_hung_on_its_day(cast):
    case = applied(cast, "identification", State.ORDINARY)
    village, township = case.notice_lines.order_by("id")
    assert objected(case, cast, received_on=village.notice.posted_on).line == village
    assert objected(case, cast, received_on=township.notice.last_day).line == township


def test_once_decided_nothing_is_heard_any_more(waiting, cast):
    case, step, _target = waiting
    last = in_time(case)
    decided(case, step, decider(cast, case))
    with pytest.raises(Refused) as refusal:
        objected(case, cast, received_on=last)
    assert refusal.value.code == "no_notice"


def test_every_procedure_hears_from_its_notice_to_its_decision():
    found = {}
    for machine in machines():
        states = {state for state in machine.states if heard_steps(machine, state)}
        if states:
            found[machine.kind] = states
    applied_for = {"noticed", "reviewed", "rechecked", "announced"}
    assert found == {
        "county_exit": {"noticed", "evaluated"},
        "exit": {"noticed", "checked", "doubted", "seconded"},
        "identification": applied_for,
        "reinclusion": applied_for,
        "removal": {"noticed", "checked"},
        "village_exit": {"noticed"},
        "watch": {"noticed", "reviewed", "clearing_noticed", "clearing_reviewed"},
    }


def test_the_names_of_approvals_that_the_database_holds_are_all_that_there_are():
    """Steps that decide for a case behind its notice, as the trigger names them."""
    found = {
        step.name
        for machine in machines()
        for step in machine.steps
        if step.decides and step.way == Way.FORWARD and heard_steps(machine, step.source)
    }
    assert found == {"approve", "approve_first", "eliminate"}


class TestPages:
    """The case that lies with the approver already."""

    def page(self, client, case):
        return client.get(reverse("pages:case", args=[case.pk]))

    def test_the_form_is_offered_until_the_decision_and_says_for_which_days(
        self, checked, cast, signed_in
    ):
        client = signed_in(cast.village_official)
        address = reverse("pages:case_objection", args=[checked.pk])
        notice = reverse("pages:notice", args=[checked.notice_lines.get().notice_id])
        said = f"What was said by the end of {day(in_time(checked))} is recorded"
        for text in (self.page(client, checked).text, client.get(notice).text):
            assert (address in text, said in text) == (True, True)
        assert said in client.get(address).text
        take(checked, "approve", by=cast.county_approver)
        for text in (self.page(client, checked).text, client.get(notice).text):
            assert (address in text, said in text) == (False, False)
        assert client.get(address).status_code == 409

    def test_it_is_recorded_by_the_page(self, checked, cast, signed_in):
        address = reverse("pages:case_objection", args=[checked.pk])
        entries = {"received_on": in_time(checked), "text": "家中有小轿车"}
        answer = signed_in(cast.village_official).post(address, entries)
        assert (answer.status_code, Objection.objects.count()) == (302, 1)

    def test_the_case_is_flagged_and_its_panel_says_why_nobody_decides(
        self, checked, cast, signed_in
    ):
        client = signed_in(cast.county_approver)
        assert self.page(client, checked).context["view"].panel.may
        objected(checked, cast)
        checked.refresh_from_db()
        assert "objection" in checked.flags
        panel = self.page(client, checked).context["view"].panel
        assert not panel.may
        assert "1 objection is open. It is resolved first." in [
            one.sentence for one in panel.points
        ]

    def test_the_panel_says_that_an_upheld_one_took_the_line_off(self, checked, cast, signed_in):
        uphold_objection(objected(checked, cast).pk, by=cast.county_approver, finding="属实")
        panel = self.page(signed_in(cast.county_approver), checked).context["view"].panel
        assert "no notice any more" in " ".join(one.sentence for one in panel.points)

    def test_a_batch_that_was_ticked_before_it_came_leaves_the_case(self, checked, cast):
        other = exit_of(cast)
        orders = [Order(checked.pk, checked.version), Order(other.pk, other.version)]
        objected(checked, cast)
        place = Place(make.VILLAGE, "exit", "checked")
        told = decide_together(
            place, orders, by=cast.county_approver, note="", notes={}, evidence={}
        )
        assert {one.case: one.result for one in told} == {checked.pk: "refused", other.pk: "done"}
