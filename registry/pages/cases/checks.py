"""How many cases of its year a township or county must check on site."""

from dataclasses import dataclass
from datetime import date

from identification.procedure import CLERK, IDENTIFICATION, TOWNSHIP
from identification.queries import CHECK_STEPS, KINDS, checks_of_year
from officers.models import Officer
from registry.pages.cases.inbox import visible_cases
from workflow.queries import parameter
from workflow.rules import checks_due


@dataclass(frozen=True)
class Checks:
    """Of `done` cases of the year `checked` were seen on site; `due` of the `waiting` must be."""

    done: int
    checked: int
    waiting: int
    due: int
    part: int
    whole: int


def checks_of(officer: Officer, *, today: date) -> Checks | None:
    """What the officer's township or county owes; None for a role that checks nothing on site."""
    role = officer.acting_role
    state = "noticed" if role in TOWNSHIP else "reviewed" if role in CLERK else ""
    if not state:
        return None
    name, digits = CHECK_STEPS[state]
    place = officer.acting_division[:digits]
    passed = checks_of_year(name, place, today.year)
    waiting = visible_cases(officer).open().filter(kind__in=KINDS, state=state).count()
    step = IDENTIFICATION.step(state, name)
    part, whole = parameter(step.parameters[0], place, today.year)
    due = checks_due(waiting=waiting, share=(part, whole), **passed)
    return Checks(waiting=waiting, due=due, part=part, whole=whole, **passed)
