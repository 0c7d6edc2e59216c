"""Letting an exit on the plan rest on the autumn survey of its own year."""

from django.db import transaction
from django.utils.translation import gettext as _

from exits.actions.opening import standard_of
from exits.procedure import EXIT
from exits.queries.proposing import newer_survey
from households.actions import lock_subject
from households.snapshot import snapshot
from officers.models import Officer
from trail.errors import Refused
from trail.transactions import retried
from workflow.actions import amend
from workflow.models import Case, CaseEvent

OPENING = ("state", "exit_year")


@retried
@transaction.atomic
def rest_on_new_survey(case_id: int, *, by: Officer, version: int, note: str) -> CaseEvent:
    """Replace the facts of a planned exit by those of the latest year surveyed since.

    State and exit year stay those of the opening. The officer cannot decide on the case any more.
    Raises what `workflow.actions.amend` raises; Refused without such a survey, or off the plan.
    """
    household = lock_subject(case_id)
    case = Case.everywhere.get(pk=case_id, kind=EXIT.kind)
    survey = newer_survey(case)
    if survey is None:
        raise Refused(
            _("No later survey is on record, or the exit is not on the plan any more."),
            code="no_survey",
        )
    standard = standard_of(household, survey.year)
    opening = {name: case.facts[name] for name in OPENING}
    facts = case.facts | snapshot(household, year=survey.year, standard=standard) | opening
    return amend(case_id, by=by, facts=facts, version=version, note=note)
