"""What the departments answer about a household."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from identification.actions.locks import locked_case
from identification.departments import DEPARTMENTS
from identification.models import Comparison
from identification.procedure import CLERK, TOWNSHIP
from officers.models import Officer
from trail.actions import record
from trail.dates import business_date
from workflow.actions.cases import refuse_closed
from workflow.errors import Incomplete
from workflow.rules import TEXT_LENGTH


@transaction.atomic
def record_comparison(
    case_id: int, *, by: Officer, department: str, result: str, explanation: str, on: date
) -> Comparison:
    """Record the answer of a department, a key of DEPARTMENTS; whoever does decides no more.

    Raises NotAllowed, Incomplete (every hit needs its explanation), Refused for a closed case.
    """
    case = locked_case(case_id, TOWNSHIP | CLERK, by=by)
    refuse_closed(case)
    faults = {}
    if department not in DEPARTMENTS:
        faults["department"] = _("Choose one of the list.")
    if result not in dict(Comparison.RESULTS):
        faults["result"] = _("Choose one of the list.")
    elif result != Comparison.NO_HIT and not explanation.strip():
        faults["explanation"] = _("Explain what the department found.")
    if len(explanation) > TEXT_LENGTH:
        faults["explanation"] = _("Write at most 500 characters.")
    if on > business_date():
        faults["on"] = _("The date lies in the future.")
    if faults:
        raise Incomplete(_("Some entries are missing or wrong."), details={"fields": faults})
    answer = Comparison.objects.create(
        case=case,
        department=department,
        result=result,
        explanation=explanation.strip(),
        on=on,
        recorded_by=by,
    )
    record(
        by=by,
        action="record_comparison",
        subject=answer,
        division=case.division_id,
        after={"department": department, "result": result},
        origin=f"case:{case.pk}",
    )
    return answer
