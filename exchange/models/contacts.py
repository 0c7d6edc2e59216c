"""When a client last asked for changes, and when it had all of them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from officers.models import Client


class Contact(models.Model):
    """The last visits of a client to the change feed. One row a client, overwritten."""

    client = models.OneToOneField(Client, models.CASCADE, primary_key=True, related_name="contact")
    asked_at = models.DateTimeField(_("asked for changes"))
    caught_up_at = models.DateTimeField(_("had all changes"), null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.client_id} {self.asked_at}"
