"""Until when a case is to move on: the day it entered its state, and the days of a parameter."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Case as Choose
from django.db.models import (
    DateField,
    ExpressionWrapper,
    F,
    IntegerField,
    Q,
    Value,
    When,
)

from workflow.machine import Machine, Step, Way
from workflow.models import Case
from workflow.procedures import machine_of, machines
from workflow.queries import parameter, parameters_in_force


def returned(known: Iterable[Machine]) -> Q:
    """Whether a case came to where it stands by a step that sends it back."""
    names = {step.name for machine in known for step in machine.steps if step.way == Way.RETURN}
    return Q(entered_by__in=sorted(names))


def due_on(place: str, year: int) -> ExpressionWrapper:
    """The deadline of each case as an expression; null where its procedure sets none.

    The days are those of the county of `place`, or of what lies above it.
    """
    keys = {key for machine in machines() for key in keys_of(machine)}
    days = {key: one.value for key, one in parameters_in_force(keys, place[:6], year).items()}
    cases = []
    for machine in machines():
        for step in back_steps(machine):
            came = Q(kind=machine.kind, state=step.target) & returned([machine])
            cases.append(When(came, then=Value(days[step.deadline])))
        for state, key in machine.deadlines.items():
            cases.append(When(kind=machine.kind, state=state, then=Value(days[key])))
    waits = Choose(*cases, default=None, output_field=IntegerField())
    return ExpressionWrapper(F("entered_state_on") + waits, output_field=DateField())


def keys_of(machine: Machine) -> set[str]:
    """The parameters that hold the days of a procedure's deadlines."""
    return {*machine.deadlines.values(), *(step.deadline for step in back_steps(machine))}


def back_steps(machine: Machine) -> list[Step]:
    """One step for each state that a case can come back to with a deadline of its own."""
    found = {step.target: step for step in machine.steps if step.deadline}
    return list(found.values())


def deadline_of(case: Case) -> date | None:
    """The deadline of one open case; None for a closed one and where its procedure sets none."""
    if case.closed_at is not None:
        return None
    machine = machine_of(case.kind)
    backward = {step.name for step in machine.steps if step.way == Way.RETURN}
    back = {step.target: step.deadline for step in back_steps(machine)}
    key = back.get(case.state) if case.entered_by in backward else None
    key = key or machine.deadlines.get(case.state)
    if not key:
        return None
    days: Any = parameter(key, case.division_id, case.entered_state_on.year)
    return case.entered_state_on + timedelta(days=days)
