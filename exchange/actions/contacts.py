"""Noting that a client came for changes. No trace: it changes no right and no fact."""

from django.db.models.functions import Now

from exchange.models import Contact
from officers.models import Officer


def note_asked(by: Officer) -> None:
    """Remember when the client asked; more waits for it."""
    Contact.objects.update_or_create(client_id=by.pk, defaults={"asked_at": Now()})


def note_caught_up(by: Officer) -> None:
    """Remember when the client asked, and that it had everything then."""
    fields = {"asked_at": Now(), "caught_up_at": Now()}
    Contact.objects.update_or_create(client_id=by.pk, defaults=fields)
