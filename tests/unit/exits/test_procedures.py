"""What the procedures of exits promise whatever the case."""

import pytest

from exits.procedure import COUNTY_EXIT, EXIT, REMOVAL, REVOCATION, VILLAGE_EXIT
from tests.oracle.steps import DECIDES, ORACLE, Line
from workflow.machine import Way
from workflow.parameters import PARAMETERS
from workflow.procedures import machine_of

MACHINES = (EXIT, REMOVAL, REVOCATION, VILLAGE_EXIT, COUNTY_EXIT)


@pytest.mark.parametrize("machine", MACHINES, ids=lambda one: one.kind)
def test_wherever_a_case_waits_for_somebody_it_has_a_deadline(machine):
    waits = set(machine.states) - machine.final_states() - machine.resting
    assert set(machine.deadlines) == waits
    assert set(machine.deadlines.values()) <= set(PARAMETERS)


@pytest.mark.parametrize("kind", sorted(ORACLE))
def test_a_procedure_has_just_the_steps_of_the_domain_reference(kind):
    """By the same roles, kept from the same hands, as a table says that no machine made."""
    machine = machine_of(kind)
    found = {
        place: Line(step.target, step.roles, step.not_same_hand_as)
        for place, step in machine.by_source.items()
    }
    assert found == ORACLE[kind]


@pytest.mark.parametrize("machine", MACHINES, ids=lambda one: one.kind)
def test_an_exit_is_decided_by_the_steps_of_an_office_alone(machine):
    assert {step.name for step in machine.steps if step.decides} == DECIDES[machine.kind]


@pytest.mark.parametrize("machine", MACHINES, ids=lambda one: one.kind)
def test_what_is_returned_is_mended_in_the_days_of_a_correction(machine):
    for step in machine.steps:
        if step.way == Way.RETURN:
            assert (step.deadline or machine.deadlines[step.target]).endswith("correction_days")
