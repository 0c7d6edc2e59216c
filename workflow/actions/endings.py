"""Ending a case because another one, about what opened it, was so decided."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from divisions.scope import require_within
from officers.models import Officer
from officers.rights import require
from officers.rules import DECIDERS
from trail.dates import business_date
from trail.errors import Refused
from trail.transactions import retried
from workflow.actions.cases import event_of, refuse_ahead, refuse_closed
from workflow.actions.notices import remove_lines
from workflow.machine import END, Machine, Step, Way
from workflow.models import Case, CaseEvent
from workflow.procedures import machine_of


def way_out(machine: Machine, state: str) -> Step | None:
    """The withdrawal from `state`; None once a decision stands that no withdrawal takes back."""
    steps = machine.steps_from(state)
    return next((step for step in steps if step.way == Way.WITHDRAW), None)


@retried
@transaction.atomic
def end_case(case_id: int, *, cause: CaseEvent, by: Officer) -> CaseEvent:
    """End an open case as a withdrawal would, by the decision `cause` on another case.

    Its lines leave their notices; what it did to the household is for its app to give back. Raises
    NotAllowed; Refused when it is closed, or decided so that no withdrawal leads out of it.
    """
    case = Case.everywhere.select_for_update().get(pk=case_id)
    posting = require(by, *DECIDERS)
    require_within(by, case.division_id)
    refuse_closed(case)
    refuse_ahead(case)
    step = way_out(machine_of(case.kind), case.state)
    if step is None:
        raise Refused(
            _("Case %(case)s has been decided. It cannot be ended any more, only revoked.")
            % {"case": case.pk},
            code="decided",
        )
    source, case.state, case.version = case.state, step.target, case.version + 1
    case.entered_state_on, case.closed_at = business_date(), timezone.now()
    case.entered_by = END
    case.save(update_fields=["state", "version", "entered_state_on", "entered_by", "closed_at"])
    event = event_of(
        case,
        END,
        by=by,
        posting=posting,
        from_state=source,
        note=cause.note,
        evidence={"cause": cause.case_id},
    )
    event.save(force_insert=True)
    remove_lines([case.pk])
    return event
