import uuid

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from divisions.models import Division
from divisions.scope import EverywhereManager, ScopedManager
from officers.models import Officer


class BatchState(models.TextChoices):
    UPLOADED = "uploaded", _("uploaded")
    JUDGED = "judged", _("checked")
    CONFIRMED = "confirmed", _("being saved")
    SAVED = "saved", _("saved")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("withdrawn")


class ImportBatch(models.Model):
    """One file of the register template, from upload to result or withdrawal.

    `refused` is the code and parameters of `reasons.say` when the whole file was refused. The file
    itself lies sealed outside the database (`importing.store`) and is removed after some days.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    division = models.ForeignKey(
        Division, models.PROTECT, related_name="+", verbose_name=_("division")
    )
    year = models.SmallIntegerField(_("year"))
    file_name = models.CharField(_("file"), max_length=200)
    file_sha256 = models.CharField(max_length=64)
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=BatchState.choices,
        default=BatchState.UPLOADED,
    )
    imported_by = models.ForeignKey(
        Officer, models.PROTECT, related_name="+", verbose_name=_("imported by")
    )
    role = models.CharField(max_length=20)
    counts = models.JSONField(default=dict)
    rows_done = models.IntegerField(default=0)
    refused = models.JSONField(null=True, blank=True)
    attempts = models.SmallIntegerField(default=0)
    created_at = models.DateTimeField(_("uploaded"), db_default=Now())
    saved_at = models.DateTimeField(_("saved"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    withdraw_reason = models.CharField(_("reason"), max_length=200, blank=True, default="")

    objects = ScopedManager()
    everywhere = EverywhereManager()
    scope_column = "division_id"

    class Meta:
        base_manager_name = "everywhere"
        default_manager_name = "everywhere"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.year})"
