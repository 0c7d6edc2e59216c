"""What rests on an import: proposals of reviews, cases, helpers of its households."""

from django.db.models import Exists, OuterRef, Q, TextField
from django.db.models.functions import Cast
from django.utils.translation import ngettext

from households.importing.resting import changes_by
from households.models import Household, ImportBatch
from reviews.models import Proposal, ReviewState
from teams.models import Pairing
from workflow.models import Case


def rests_on(batch: ImportBatch) -> list[str]:
    """A sentence each for the proposals, the cases and the helpers that rest on rows of the batch.

    Neither a superseded proposal rests on anything, nor one of a dry run or a cancelled review. A
    case rests on the batch when it was opened after the batch made or changed its household.
    """
    proposals = (
        Proposal.everywhere.filter(superseded_at=None, review__dry_run=False)
        .exclude(review__state=ReviewState.CANCELLED)
        .filter(Q(survey__batch=batch) | Q(household__batch=batch))
        .count()
    )
    earlier = changes_by(batch).filter(
        subject_id=Cast(OuterRef("pk"), TextField()), at__lte=OuterRef(OuterRef("opened_at"))
    )
    touched = Household.everywhere.filter(Exists(earlier), number=OuterRef("subject"))
    cases = Case.everywhere.filter(Exists(touched), opened_at__gte=batch.created_at).count()
    told = []
    if proposals:
        text = ngettext(
            "%(count)s proposal rests on it.", "%(count)s proposals rest on it.", proposals
        )
        told.append(text % {"count": proposals})
    if cases:
        text = ngettext("%(count)s case rests on it.", "%(count)s cases rest on it.", cases)
        told.append(text % {"count": cases})
    helped = (
        Pairing.everywhere.filter(household__batch=batch).values("household").distinct().count()
    )
    if helped:
        text = ngettext(
            "%(count)s household of it had a helper.",
            "%(count)s households of it had a helper.",
            helped,
        )
        told.append(text % {"count": helped})
    return told
