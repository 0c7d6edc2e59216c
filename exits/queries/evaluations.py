"""What the register knows of the counts of a special evaluation, and where the two differ."""

from django.utils.translation import gettext as _

from exits.models import Evaluation
from exits.rules.evaluations import differing_counts
from households.models import Household, Member
from households.rights import shown_count
from households.rules import State
from officers.models import Officer
from workflow.models import Case


def on_record(case: Case) -> dict[str, int]:
    """The counts of the county by the facts of its case, and its exited persons of today."""
    exited = Household.everywhere.standing().within(case.subject).filter(state=State.EXITED)
    return {
        "remaining_poor": case.facts["poor"],
        "exited_total": Member.objects.active().filter(household__in=exited).count(),
        "rural_population": case.facts["population"],
    }


def differences_of(officer: Officer, evaluation: Evaluation) -> list[str]:
    """Each count that differs from what was on record, with both figures, and why they differ."""
    labels = {one.name: one.verbose_name for one in Evaluation._meta.fields}
    names = differing_counts(vars(evaluation), evaluation.on_record)
    text = _("%(what)s: %(said)s in the report, %(known)s on record here.")
    found = [
        text
        % {
            "what": labels[name],
            "said": shown_count(officer, getattr(evaluation, name)),
            "known": shown_count(officer, evaluation.on_record[name]),
        }
        for name in names
    ]
    if found and evaluation.explanation:
        found.append(_("Why they differ: %(text)s") % {"text": evaluation.explanation})
    return found
