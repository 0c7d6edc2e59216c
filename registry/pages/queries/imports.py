"""What rests on an import: proposals of reviews, and cases."""

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import ngettext

from households.models import Household, ImportBatch, Survey
from reviews.models import Proposal
from workflow.models import Case


def rests_on(batch: ImportBatch) -> list[str]:
    """A sentence for the proposals and one for the cases that rest on rows of the batch.

    A superseded proposal rests on nothing; a case rests on the household it is about, and on a
    survey that stood when it was opened.
    """
    proposals = (
        Proposal.everywhere.filter(superseded_at=None)
        .filter(Q(survey__batch=batch) | Q(household__batch=batch))
        .count()
    )
    own = Household.everywhere.filter(number=OuterRef("subject"), batch=batch)
    surveyed = Survey.objects.filter(
        household__number=OuterRef("subject"), batch=batch, recorded_at__lte=OuterRef("opened_at")
    )
    cases = Case.everywhere.filter(Q(Exists(own)) | Q(Exists(surveyed))).count()
    told = []
    if proposals:
        text = ngettext(
            "%(count)s proposal rests on it.", "%(count)s proposals rest on it.", proposals
        )
        told.append(text % {"count": proposals})
    if cases:
        text = ngettext("%(count)s case rests on it.", "%(count)s cases rest on it.", cases)
        told.append(text % {"count": cases})
    return told
