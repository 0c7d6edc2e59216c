"""Taking a household's evidence away again, as long as nothing rests on it."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from households.actions.freezing import refuse_frozen
from households.models import Consent
from officers.models import Officer
from trail.errors import Refused
from workflow.actions.attachments import take_away
from workflow.models import Attachment, Case, CaseEvent
from workflow.models.attachments import CASE, HOUSEHOLD


def rests_on(attachment: Attachment) -> bool:
    """Whether a consent names the file, a case about its household was opened since, or the case
    that it belongs to came further since.
    """
    if attachment.subject_kind == CASE:
        last = last_act(attachment.subject_id)
        return last is not None and last >= attachment.added_at
    if attachment.subject_kind != HOUSEHOLD:
        return False
    cases = Case.everywhere.filter(
        subject=attachment.subject_id, opened_at__gte=attachment.added_at
    )
    return Consent.objects.filter(attachment=attachment).exists() or cases.exists()


def last_act(case: str) -> datetime | None:
    """When the last step of a case was taken: what was added before it stays."""
    found: datetime | None = CaseEvent.objects.filter(case=int(case)).aggregate(last=Max("at"))[
        "last"
    ]
    return found


@transaction.atomic
def take_evidence_away(attachment_id: int, *, by: Officer) -> Attachment:
    """Take a file away that proves nothing yet; no step is taken in its case meanwhile.

    Raises what `take_away` raises; Refused when a consent or a case rests on the file, or when the
    year that it proves is frozen for its place.
    """
    found = Attachment.everywhere.select_related("division").get(pk=attachment_id)
    if found.subject_kind == CASE:
        Case.everywhere.select_for_update().get(pk=int(found.subject_id))
    if rests_on(found):
        raise Refused(
            _("A consent or a case rests on this file. Add a better one beside it."),
            code="rests_on_it",
        )
    taken = take_away(attachment_id, by=by)
    if found.year is not None:
        refuse_frozen(found.division, found.year)
    return taken
