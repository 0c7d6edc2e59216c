"""That the page of a case was opened by somebody who may decide there."""

from officers.models import Officer
from workflow.models import Case, Look
from workflow.procedures import machine_of


def record_look(case: Case, *, by: Officer) -> None:
    """Keep when the officer first opened the case as it stands, if his role may decide on it.

    Nothing is kept of anybody else, nor of a second opening.
    """
    steps = machine_of(case.kind).steps_from(case.state)
    if any(step.decides and by.acting_role in step.roles for step in steps):
        opened = Look(case=case, version=case.version, officer=by)
        Look.objects.bulk_create([opened], ignore_conflicts=True)
