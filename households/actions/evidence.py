"""Taking a household's evidence away again, as long as nothing rests on it."""

from django.db import transaction
from django.utils.translation import gettext as _

from households.actions.freezing import refuse_frozen
from households.models import Consent
from officers.models import Officer
from trail.errors import Refused
from workflow.actions.attachments import take_away
from workflow.models import Attachment, Case
from workflow.models.attachments import HOUSEHOLD


def rests_on(attachment: Attachment) -> bool:
    """Whether a consent names the file, or a case about its household was opened since."""
    if attachment.subject_kind != HOUSEHOLD:
        return False
    cases = Case.everywhere.filter(
        subject=attachment.subject_id, opened_at__gte=attachment.added_at
    )
    return Consent.objects.filter(attachment=attachment).exists() or cases.exists()


@transaction.atomic
def take_evidence_away(attachment_id: int, *, by: Officer) -> Attachment:
    """Take a file away that proves nothing yet.

    Raises what `take_away` raises; Refused when a consent or a case rests on the file, or when the
    year that it proves is frozen for its place.
    """
    found = Attachment.everywhere.select_related("division").get(pk=attachment_id)
    taken = take_away(attachment_id, by=by)
    if rests_on(found):
        raise Refused(
            _("A consent or a case rests on this file. Add a better one beside it."),
            code="rests_on_it",
        )
    if found.year is not None:
        refuse_frozen(found.division, found.year)
    return taken
