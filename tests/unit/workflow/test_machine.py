from dataclasses import replace

import pytest

from exits.procedure import EXIT
from identification.procedure import IDENTIFICATION, REINCLUSION
from monitoring.procedure import WATCH
from officers.rules import Role
from workflow.machine import PROPOSERS, IllegalStep, Machine, Step, Way

VILLAGE = frozenset({Role.VILLAGE_OFFICIAL})
COUNTY = frozenset({Role.COUNTY_APPROVER})
ALL = [IDENTIFICATION, REINCLUSION, EXIT, WATCH]


def small(*steps: Step, states: tuple[str, ...] = ("a", "b")) -> Machine:
    names = {state: state for state in states}
    return Machine("small", "small", names, {0: "a"}, steps, VILLAGE)


def test_a_step_that_does_not_start_here_is_illegal():
    machine = small(Step("go", "a", "b", VILLAGE, "go"))
    with pytest.raises(IllegalStep):
        machine.step("b", "go")


def test_two_steps_of_one_name_from_one_state_are_refused():
    with pytest.raises(ValueError, match="share a name"):
        small(Step("go", "a", "b", VILLAGE, "go"), Step("go", "a", "a", VILLAGE, "go"))


def test_a_state_without_a_label_is_refused():
    with pytest.raises(ValueError, match="without label or use"):
        small(Step("go", "a", "c", VILLAGE, "go"))


def test_a_state_that_no_step_leads_to_is_refused():
    with pytest.raises(ValueError, match="no step leads to"):
        small(
            Step("go", "a", "b", VILLAGE, "go"),
            Step("turn", "c", "a", VILLAGE, "turn"),
            states=("a", "b", "c"),
        )


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.MACHINE_CLIENT, Role.SYSTEM_ADMIN])
def test_a_role_that_never_acts_is_refused_in_a_step(role):
    with pytest.raises(ValueError, match="never acts"):
        small(Step("go", "a", "b", frozenset({role}), "go"))


@pytest.mark.parametrize(
    ("roles", "apart"), [(VILLAGE, PROPOSERS), (COUNTY, frozenset()), (COUNTY, {"open"})]
)
def test_a_decision_by_a_non_decider_or_the_proposer_is_refused(roles, apart):
    step = Step("go", "a", "b", roles, "go", decides=True, not_same_hand_as=frozenset(apart))
    with pytest.raises(ValueError, match="deciders other than the proposer"):
        small(step)


def test_a_case_rests_where_no_step_leads_on():
    assert small(Step("go", "a", "b", VILLAGE, "go")).final_states() == {"b"}


def test_a_state_with_a_withdrawal_alone_waits_for_nobody():
    machine = small(Step("leave", "a", "b", VILLAGE, "leave", Way.WITHDRAW))
    assert machine.waiting_states(VILLAGE) == []


@pytest.mark.parametrize("machine", ALL, ids=lambda machine: machine.kind)
def test_every_procedure_can_be_carried_to_its_end(machine):
    for start in set(machine.starts.values()):
        assert machine.main_path(start)[-1] in machine.final_states()


@pytest.mark.parametrize("machine", ALL, ids=lambda machine: machine.kind)
def test_every_open_state_has_a_way_out(machine):
    for state in set(machine.states) - machine.final_states():
        assert any(step.way == Way.FORWARD for step in machine.steps_from(state)), state


@pytest.mark.parametrize("machine", ALL, ids=lambda machine: machine.kind)
def test_the_county_approver_decides_every_procedure(machine):
    deciding = {step.name: step.roles for step in machine.steps if step.decides}
    assert deciding["approve"] == COUNTY


@pytest.mark.parametrize("machine", ALL, ids=lambda machine: machine.kind)
def test_the_approver_of_a_case_is_none_of_its_earlier_hands(machine):
    approve = next(step for step in machine.steps if step.name == "approve")
    path = machine.main_path(next(iter(machine.starts.values())))
    before = path[: path.index(approve.target)]
    recorded = {
        step.name
        for step in machine.steps
        if step.source in before and step.way == Way.FORWARD and not step.decides
    }
    assert recorded | PROPOSERS <= approve.not_same_hand_as


@pytest.mark.parametrize("machine", ALL, ids=lambda machine: machine.kind)
def test_every_return_and_rejection_says_why(machine):
    silent = [s.name for s in machine.steps if s.way != Way.FORWARD and not s.needs_note]
    assert silent == []


def test_reinclusion_takes_the_steps_of_identification():
    assert (
        replace(IDENTIFICATION, kind="reinclusion", label="Re-inclusion", starts={1: "proposed"})
        == REINCLUSION
    )
