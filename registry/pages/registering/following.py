"""What comes after a draft is submitted: who does what next, and until when."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from households.models import Household
from officers.models import ROLE_NAMES, Officer
from workflow.machine import Machine, Step, Way
from workflow.models import Case
from workflow.procedures import machine_of
from workflow.queries import held_back, parameter

SHOWN = 5


@dataclass(frozen=True)
class NextStep:
    """One step that follows. `notice_days` are those of the public notice that it posts, or None.

    `by_another` when the officer who reads this may not take it, because of his own act before.

    `due_on` is told of the first step alone: the others follow from it.
    """

    text: str
    who: str
    by_another: bool
    due_on: date | None = None
    notice_days: int | None = None


@dataclass(frozen=True)
class Following:
    """An open case of the household, and the steps ahead of it on the straight way."""

    case: Case
    procedure: str
    steps: list[NextStep]


def following_of(officer: Officer, household: Household) -> list[Following]:
    """The open cases of a household within the posting, each with the steps ahead."""
    cases = Case.objects.visible_to(officer).open().filter(subject=household.number)
    return [_following(officer, case) for case in cases.defer("facts").order_by("pk")]


def _following(officer: Officer, case: Case) -> Following:
    machine = machine_of(case.kind)
    ahead: list[Step] = []
    state = case.state
    while len(ahead) < SHOWN and (step := _onward(machine, state)):
        ahead.append(step)
        state = step.target
    return Following(
        case,
        _(machine.label),
        [_next_step(officer, machine, case, step, number) for number, step in enumerate(ahead)],
    )


def _onward(machine: Machine, state: str) -> Step | None:
    found = (one for one in machine.steps if one.source == state and one.way == Way.FORWARD)
    return next(found, None)


def _next_step(officer: Officer, machine: Machine, case: Case, step: Step, number: int) -> NextStep:
    def days(key: str) -> int:
        found: int = parameter(key, case.division_id, case.entered_state_on.year)
        return found

    key = machine.deadlines.get(case.state, "") if number == 0 else ""
    return NextStep(
        text=_(step.label),
        who=_(", ").join(sorted(str(ROLE_NAMES[role]) for role in step.roles)),
        by_another=bool(held_back(officer, {case.pk: step})),
        due_on=case.entered_state_on + timedelta(days=days(key)) if key else None,
        notice_days=days(step.notice) if step.notice else None,
    )
