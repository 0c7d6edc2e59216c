"""Noting that a client came for changes. No trace: it changes no right and no fact."""

from django.db.models.functions import Now

from exchange.models import Contact
from officers.models import Officer


def note_asked(by: Officer, *, more: bool) -> None:
    """Remember when the client asked, and, where nothing more waited, that it had everything."""
    fields = {"asked_at": Now()} | ({} if more else {"caught_up_at": Now()})
    Contact.objects.update_or_create(client_id=by.pk, defaults=fields)
