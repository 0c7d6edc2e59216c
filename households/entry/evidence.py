"""Files whose time has come: those of drafts that were deleted."""

from datetime import timedelta

from django.utils import timezone

from households.models import Draft
from workflow.actions.attachments import KEPT_FOR, purge
from workflow.models.attachments import DRAFT

LOOKED_BACK = timedelta(days=60)


def purge_evidence() -> int:
    """Remove files taken away, and those of drafts discarded, some days ago; returns how many."""
    before = timezone.now() - KEPT_FOR
    ended = Draft.everywhere.filter(
        discarded_at__lt=before, discarded_at__gte=before - LOOKED_BACK
    ).values_list("uuid", flat=True)
    return purge((DRAFT, str(uuid)) for uuid in ended)
